"""Separate a model's reasoning from its answer: reasoning is never part of a comment."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from syndisco_nb.errors import ModelError

Thinking = bool | int
"""True or False to turn thinking on or off, or the largest number of tokens to think for."""

MARKS: Sequence[tuple[str, str]] = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("[THINK]", "[/THINK]"),
    ("<seed:think>", "</seed:think>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("◁think▷", "◁/think▷"),
)
"""The marks that models put around their reasoning."""

CHANNEL = "<|channel|>"
"""The mark by which gpt-oss begins each part of a reply; the part in the channel "final" is the answer."""

_END_OF = dict(MARKS)
_BEGIN = re.compile("|".join(map(re.escape, _END_OF)))
_BEGINS_LINE = re.compile(rf"^[^\S\n]*(?:{_BEGIN.pattern})", re.MULTILINE)
_NOT_QUOTED = re.compile(rf"(?<![`\"'“‘(])(?:{_BEGIN.pattern})")
_ANSWER = (
    ("<response>", "</response>"),
    ("<answer>", "</answer>"),
    ("<|START_RESPONSE|>", "<|END_RESPONSE|>"),
)
"""The marks that some models put around the answer that follows their reasoning."""

_CHANNELS = re.compile(r"<\|channel\|>\s*+(\w++)[^<]*+<\|message\|>")
_CHANNEL_END = re.compile(r"<\|(?:end|return|call|start|channel)\|>.*", re.DOTALL)


class Thoughts(NamedTuple):
    """A reply, split into reasoning and answer.

    Attributes
    ----------
    reasoning : str or None
        None if there is none.
    answer : str
    open : bool
        True if the text ended within the reasoning, so that there is no answer.
    """

    reasoning: str | None
    answer: str
    open: bool


def split_thoughts(text: str, begun: bool = False, cut: bool = False) -> Thoughts:
    r"""Split a reply into its reasoning, which comes first, and its answer.

    A mark without an end begins reasoning only at the beginning of a line: elsewhere the reply may speak about it.

    Parameters
    ----------
    text : str
        The reply.
    begun : bool
        True if the prompt ended inside the reasoning, as with some chat templates: the reply then begins inside it.
    cut : bool
        True if the reply was cut off: a mark within a line then begins reasoning, too, unless it is quoted.

    Examples
    --------
    >>> split_thoughts("<think>Short, please.</think>\n\nI agree.")
    Thoughts(reasoning='Short, please.', answer='I agree.', open=False)
    >>> split_thoughts("Short, please.</think>I agree.")
    Thoughts(reasoning='Short, please.', answer='I agree.', open=False)
    >>> split_thoughts("<think>Short, ple")
    Thoughts(reasoning='Short, ple', answer='', open=True)
    >>> split_thoughts("I agree.\n<think>Short, ple")
    Thoughts(reasoning='Short, ple', answer='I agree.', open=False)
    >>> split_thoughts("I agree.")
    Thoughts(reasoning=None, answer='I agree.', open=False)
    >>> split_thoughts("<|channel|>analysis<|message|>Short.<|end|><|start|>assistant<|channel|>final<|message|>Yes.")
    Thoughts(reasoning='Short.', answer='Yes.', open=False)
    """
    if text.lstrip().startswith(CHANNEL):
        return _split_channels(text)
    first, rest = _split_first(text, begun)
    if rest is None:
        return Thoughts(first or None, "", open=True)
    blocks, answer = _without_blocks(rest)
    thoughts = [first, *blocks]
    if blocks or rest != text:
        answer = _unmarked(answer.lstrip())
    begin = _BEGINS_LINE.search(answer) or (_NOT_QUOTED.search(answer) if cut else None)
    if begin:
        thoughts.append(answer[begin.end() :])
        answer = answer[: begin.start()].rstrip()
    reasoning = "\n\n".join(filter(None, map(str.strip, thoughts)))
    return Thoughts(reasoning or None, answer, open=begin is not None and not answer)


def cut_thoughts(name: str, tokens: int | None) -> ModelError:
    """Return the error for a reply that was cut off before its answer began.

    Parameters
    ----------
    name : str
        The model's name.
    tokens : int or None
        The limit of a reply.
    """
    return ModelError(
        f"{name} used up all {tokens or 'its'} tokens for reasoning, before it said anything. Raise max_out_tokens, or "
        "give thinking=False where the model can do without."
    )


def _split_first(text: str, begun: bool) -> tuple[str, str | None]:
    """Return the reasoning at the beginning of a text, and the rest; None if the reasoning does not end."""
    head = text.lstrip()
    for begin, end in MARKS:
        marked = head.startswith(begin)
        before, closed, after = (head.removeprefix(begin) if marked else text).partition(end)
        if closed and (marked or begun or begin not in before):
            return before.strip(), after
        if marked:
            return before.strip(), None
    return (text.strip(), None) if begun else ("", text)


def _without_blocks(text: str) -> tuple[list[str], str]:
    """Return the texts between marks, and the text without them; linear in the text's length."""
    blocks, kept, done = [], [], 0
    unclosed: set[str] = set()
    begin = _BEGIN.search(text)
    while begin:
        end = _END_OF[begin[0]]
        closed = -1 if end in unclosed else text.find(end, begin.end())
        if closed < 0:
            unclosed.add(end)  # there is none later, either
            begin = _BEGIN.search(text, begin.end())
        else:
            blocks.append(text[begin.end() : closed])
            kept.append(text[done : begin.start()])
            done = closed + len(end)
            begin = _BEGIN.search(text, done)
    return blocks, "".join([*kept, text[done:]])


def _unmarked(answer: str) -> str:
    """Return the answer without the marks that some models put around it."""
    for begin, end in _ANSWER:
        if answer.startswith(begin):
            return answer.rstrip().removeprefix(begin).removesuffix(end)
    return answer


def _split_channels(text: str) -> Thoughts:
    _, *parts = _CHANNELS.split(text)
    channels = [(name, _CHANNEL_END.sub("", text).strip()) for name, text in zip(parts[::2], parts[1::2], strict=True)]
    reasoning = "\n\n".join(text for name, text in channels if name != "final" and text)
    answers = [text for name, text in channels if name == "final"]
    return Thoughts(reasoning or None, " ".join(answers), open=not answers)
