"""Small things that several pages say in the same words."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from syndisco_nb.display.page import Prompt
from syndisco_nb.jobs.sentences import whole_sentences
from syndisco_nb.records import Generation, Message, Participant, Sampling
from syndisco_nb.wording import count, duration, listed, shortened

Pairs = tuple[tuple[str, str], ...]

_NAME = 40
"""The longest name of something known of a person."""
_ENDS = {"stop": "by itself", "passed": "the person passed", "timeout": "the person's time was up"}


def window_text(window: int, counts: str) -> str:
    """Return which comments an actor sees."""
    return count(window, "comment") + (", moderators' among them" if counts == "all" else "")


def pairs(values: Mapping[str, Any]) -> Pairs:
    """Return plain data as names and values, one level deep; what is empty is left out."""
    return tuple(
        (str(name), value_text(value)) for name, value in values.items() if value not in (None, "", {}, [], ())
    )


def value_text(value: Any) -> str:
    """Return plain data as a person writes it."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {value_text(one)}" for name, one in value.items() if one not in (None, {}, []))
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return ", ".join(map(value_text, value))
    return str(value)


@functools.lru_cache(64)
def sampling_text(sampling: Sampling) -> str:
    """Return how a reply was drawn."""
    drawn = {
        name.replace("_", " "): value
        for name, value in asdict(sampling).items()
        if name != "max_tokens" and value is not None
    }
    limit = [] if sampling.max_tokens is None else [f"at most {count(sampling.max_tokens, 'token')}"]
    return ", ".join([text for text in (value_text(drawn), *limit) if text]) or "the model's own defaults"


def why(generation: Generation, title: str = "why") -> Prompt:
    """Return how a text came to be."""
    facts = [("sampling", sampling_text(generation.sampling))] if generation.sampling else []
    facts.append(("seed", str(generation.seed)))
    if generation.prompt_tokens or generation.completion_tokens:
        facts.append(("tokens", f"{generation.prompt_tokens:,} in, {generation.completion_tokens:,} out"))
    if generation.seconds:
        batch = f" (with {count(generation.batch_size - 1, 'other')})" if generation.batch_size > 1 else ""
        facts.append(("time", duration(generation.seconds) + batch))
    facts.append(("ended", _ENDS.get(generation.finish_reason) or cut_off(generation)))
    if generation.notes:
        facts.append(("notes", "; ".join(generation.notes)))
    thoughts = (_reasoning(generation), generation.reasoning) if generation.reasoning else None
    return Prompt(title, generation.prompt, tuple(facts), generation.raw, thoughts=thoughts)


def _reasoning(generation: Generation) -> str:
    tokens = generation.reasoning_tokens
    return f"reasoning, {count(tokens, 'token')}" if tokens else "reasoning"


def cut_off(generation: Generation | None) -> str:
    """Return the mark of a reply that was cut off, or nothing."""
    if generation is None or generation.finish_reason != "length":
        return ""
    sampling, raw = generation.sampling, (generation.raw or "").strip()
    mark = f"cut off at {count((sampling and sampling.max_tokens) or generation.completion_tokens, 'token')}"
    trimmed = sampling is not None and sampling.trim is not None and whole_sentences(raw) != raw
    return f"{mark}, ended after its last whole sentence" if trimmed else mark


def take_one(thing: object) -> str:
    """Return how to take one discussion out of several, or nothing if these are none."""
    if isinstance(thing, Mapping):
        return " Take one of a condition's run: study[condition][0]."
    return " Take one of the run: run[0]." if isinstance(thing, Sequence) and not isinstance(thing, str) else ""


def spoken_for(message: Message) -> str:
    """Return the mark of a comment that writes lines for others, or nothing."""
    names = list(dict.fromkeys(message.speaks_for))
    return f"also writes lines for {shortened(listed(names, 3))}" if names else ""


def about(participant: Participant) -> tuple[str, ...]:
    """Return what is known of someone who takes part, a line each."""
    lines = [*participant.attributes, participant.context, participant.instructions, f"model: {participant.model}"]
    return tuple(line for line in lines if line)


def named(lines: Sequence[str]) -> Pairs:
    """Return lines such as "age: 41" as names and values; the others under their number."""
    split = [line.partition(": ") for line in lines]
    return tuple(
        (name, value) if name and value and len(name) <= _NAME else (str(number), line)
        for number, (line, (name, _, value)) in enumerate(zip(lines, split, strict=True), start=1)
    )
