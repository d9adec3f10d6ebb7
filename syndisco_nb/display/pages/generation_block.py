"""The block that shows how a text came about: the prompt, the sampling, the cost and the raw answer."""

import functools
from dataclasses import asdict

from syndisco_nb.display.page import Prompt
from syndisco_nb.field_labels import field_label
from syndisco_nb.jobs.sentences import whole_sentences
from syndisco_nb.records import Generation, Sampling
from syndisco_nb.wording import count, duration, value_text

_ENDS = {"stop": "finished", "passed": "person passed", "timeout": "person ran out of time"}


def generation_block(generation: Generation, title: str = "prompt") -> Prompt:
    """Return the prompt behind a text, with sampling, seed, tokens, time and the raw answer.

    Parameters
    ----------
    generation : Generation
    title : str
    """
    facts = [("sampling", sampling_text(generation.sampling))] if generation.sampling else []
    facts.append(("seed", str(generation.seed)))
    if generation.prompt_tokens or generation.completion_tokens:
        facts.append(("tokens", f"{generation.prompt_tokens:,} in, {generation.completion_tokens:,} out"))
    if generation.seconds:
        batch = f" (batch of {generation.batch_size:,})" if generation.batch_size > 1 else ""
        facts.append(("time", duration(generation.seconds) + batch))
    facts.append(("reply", _ENDS.get(generation.finish_reason) or cut_off_mark(generation)))
    if generation.notes:
        facts.append(("notes", "; ".join(generation.notes)))
    thoughts = (_reasoning_title(generation), generation.reasoning) if generation.reasoning else None
    return Prompt(title, generation.prompt, tuple(facts), generation.raw, thoughts=thoughts)


def recorded_prompt(generation: Generation | None, title: str = "prompt") -> Prompt | None:
    """Return the same as `generation_block`; None if nothing was generated, or another tool kept no prompt.

    Parameters
    ----------
    generation : Generation or None
    title : str
    """
    return generation_block(generation, title) if generation and generation.prompt else None


@functools.lru_cache(64)
def sampling_text(sampling: Sampling) -> str:
    """Return the sampling settings that are set."""
    settings = {
        field_label(name).lower(): value
        for name, value in asdict(sampling).items()
        if name not in ("max_tokens", "trim") and value is not None
    }
    limit = [] if sampling.max_tokens is None else [f"at most {count(sampling.max_tokens, 'token')}"]
    trim = [] if sampling.trim is None else ["cut replies end with a whole sentence"]
    return ", ".join([text for text in (value_text(settings), *limit, *trim) if text]) or "model defaults"


def cut_off_mark(generation: Generation | None) -> str:
    """Return the mark of a reply that reached its limit of tokens; "" for any other."""
    if generation is None or generation.finish_reason != "length":
        return ""
    sampling, raw = generation.sampling, (generation.raw or "").strip()
    mark = f"cut off at {count((sampling and sampling.max_tokens) or generation.completion_tokens, 'token')}"
    trimmed = sampling is not None and sampling.trim is not None and whole_sentences(raw) != raw
    return f"{mark}, ended after its last whole sentence" if trimmed else mark


def _reasoning_title(generation: Generation) -> str:
    tokens = generation.reasoning_tokens
    return f"reasoning, {count(tokens, 'token')}" if tokens else "reasoning"
