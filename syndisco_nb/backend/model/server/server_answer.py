"""Read chat completions as servers really send them: an odd field is no reason to lose an answer."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from syndisco_nb.backend.model.server.faults import Fault, of_error, unusable
from syndisco_nb.backend.model.server.first_tokens import first_tokens, mapping
from syndisco_nb.backend.model.thoughts import split_thoughts
from syndisco_nb.wording import replace_surrogates

Ending = Literal["stop", "length", "filtered"]

_ENDINGS: dict[str, Ending] = {
    **dict.fromkeys(
        ("stop", "eos", "eos_token", "end_turn", "stop_sequence", "stop_str", "complete", "completed", "done"),
        "stop",
    ),
    **dict.fromkeys(("length", "max_tokens", "max_output_tokens", "model_length"), "length"),
    **dict.fromkeys(("content_filter", "safety", "prohibited_content", "blocklist", "recitation", "spii"), "filtered"),
}
_PART_TEXTS = ("text", "thinking", "reasoning", "summary", "refusal")
_BROKEN_OFF = re.compile(r"error|fail|abort|cancel|timeout|time_out|malformed|insufficient|interrupt", re.IGNORECASE)

_TURN_END = re.compile(
    r"\s*(<\|im_end\|>|<\|eot_id\|>|<\|eom_id\|>|<\|end_of_text\|>|<\|endoftext\|>|<\|end\|>|<\|return\|>"
    r"|<end_of_turn>|<eos>|</s>|<｜end▁of▁sentence｜>|<\|END_OF_TURN_TOKEN\|>)"
    r"(\s*(<\|im_start\|>|<\|start_header_id\|>|<start_of_turn>|<\|start\|>|<\|START_OF_TURN_TOKEN\|>).*)?\s*\Z",
    re.DOTALL,
)
"""An end-of-turn mark that a server left in the text, and the turn that the model invented after it."""


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """The reply in a chat completion.

    Attributes
    ----------
    text : str
        "" is a silence, unless the reply was cut off or holds only reasoning.
    reasoning : str or None
        The model's thoughts, wherever the server put them.
    ending : {"stop", "length", "filtered"}
        The reason for its end.
    prompt_tokens, completion_tokens, reasoning_tokens : int
        0 if the server does not tell.
    notes : tuple of str
        Oddities, to be recorded.
    batch_size : int
        Requests that were sent together.
    first_tokens : mapping of bytes to float
        The likeliest first tokens with their probabilities; empty if the server does not tell.
    """

    text: str
    reasoning: str | None
    ending: Ending
    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int
    notes: tuple[str, ...]
    batch_size: int = 1
    first_tokens: Mapping[bytes, float] = field(default_factory=dict)


def read_answer(content: bytes) -> ServerAnswer | Fault:
    """Return the reply in a server's answer, or its fault: an error inside it, or a reply that broke off.

    Raises
    ------
    ValueError
        If the content is not a chat completion.
    """
    answer = loaded_json(content)
    choices = mapping(answer).get("choices")
    choice = mapping(choices[0] if isinstance(choices, list) and choices else None)
    error = mapping(answer).get("error") or choice.get("error")
    if error:
        return of_error(error)
    message = choice.get("message")
    if not message or not isinstance(message, dict):
        raise ValueError("no message")
    finish, native = (_lower(choice.get(name)) for name in ("finish_reason", "native_finish_reason"))
    text, reasoning = words(message, cut=_ENDINGS.get(finish) == "length")
    fault = _broken_off(text, reasoning, finish, native, bool(message.get("tool_calls")))
    if fault:
        return fault
    known = finish in ("", *_ENDINGS)
    prompt_tokens, completion_tokens, reasoning_tokens = _tokens(mapping(answer.get("usage")))
    return ServerAnswer(
        text=text,
        reasoning=reasoning,
        ending=_ENDINGS.get(finish, "stop"),
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        reasoning_tokens=reasoning_tokens,
        notes=() if known else (f"the server ended the answer for a reason of its own, {finish[:40]!r}",),
        first_tokens=first_tokens(choice),
    )


def loaded_json(content: bytes | str) -> Any:
    """Parse JSON, half characters included, or raise ValueError."""
    try:
        return json.loads(content if isinstance(content, str) else content.decode("utf-8-sig", errors="replace"))
    except RecursionError:
        raise ValueError("nested too deep") from None


def words(message: dict[str, Any], cut: bool = False) -> tuple[str, str | None]:
    """Return the text and the reasoning of a message, wherever the server put them.

    Parameters
    ----------
    message : dict
    cut : bool
        As in `split_thoughts`.

    Raises
    ------
    ValueError
        If its content is of a kind that holds no text.
    """
    content = message.get("content")
    texts: list[str] = []
    thoughts: list[str] = []
    for is_thought, text in _parts(content):
        (thoughts if is_thought else texts).append(text)
    if not texts and not thoughts and content not in (None, "", []):
        raise ValueError("no text")  # content of another kind is not a silence
    split = split_thoughts("".join(texts), cut=cut)
    beside = (message.get(name) for name in ("reasoning_content", "reasoning", "thinking", "reasoning_details"))
    separate = next(filter(None, ("".join(text for _, text in _parts(field)) for field in beside)), "")
    unfinished = "".join(texts).strip() if split.open else None
    pieces = (separate.strip(), "".join(thoughts).strip(), split.reasoning or unfinished)
    reasoning = "\n\n".join(filter(None, pieces))
    refusal = message.get("refusal")
    text = _TURN_END.sub("", split.answer) or (refusal if isinstance(refusal, str) else "")
    return replace_surrogates(text if text.strip() else ""), replace_surrogates(reasoning) or None


def _parts(content: Any) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a message's content: True for a thought, and the text."""
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, str):
            yield False, part
        elif isinstance(part, dict):
            kind = _lower(part.get("type"))
            field = next((name for name in _PART_TEXTS if name in part), "")
            thought = "think" in kind or "reason" in kind or field in ("thinking", "reasoning")
            if field:
                yield thought, "".join(text for _, text in _parts(part[field]))


def _broken_off(text: str, reasoning: str | None, finish: str, native: str, called: bool) -> Fault | None:
    """Return the fault of a reply that is neither complete nor a silence; None for others."""
    if _BROKEN_OFF.search(finish):
        return unusable(f"an answer that broke off, with finish_reason {finish!r}", "Look into the server's log.")
    if text or reasoning or _ENDINGS.get(finish, "stop") != "stop":
        return None
    if native and _ENDINGS.get(native) != "stop":
        return unusable(f"an empty answer, which ended with {native[:40]!r}", "Look into the server's log.")
    if called or finish not in _ENDINGS:
        why = "which calls a tool" if called else f"with finish_reason {finish[:40] or None!r}"
        return unusable(f"an answer without a word, {why}", "Look into the server's log.")
    return None


def _tokens(usage: dict[str, Any]) -> tuple[int, int, int]:
    """Return the tokens of the prompt, of the answer with its thoughts, and of the thoughts."""
    prompt, answer, total = (_count(usage.get(f"{name}_tokens")) for name in ("prompt", "completion", "total"))
    thoughts = _count(mapping(usage.get("completion_tokens_details")).get("reasoning_tokens"))
    if prompt and total > prompt + answer:  # Gemini counts thoughts in the total alone
        thoughts = max(thoughts, total - prompt - answer)
        answer = total - prompt
    return prompt, answer, thoughts


def _count(value: Any) -> int:
    """Return a number of tokens; 0 for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    return int(number) if math.isfinite(number) and 0 < number < 2**53 else 0


def _lower(value: Any) -> str:
    return value.strip().lower() if isinstance(value, str) else ""
