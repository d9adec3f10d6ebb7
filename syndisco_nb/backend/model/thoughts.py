"""Telling what a model thinks from what it says: reasoning is never spoken."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from syndisco_nb.errors import ModelError

Thinking = bool | int
"""Whether a model is to think before it answers, or for how many tokens at most."""

MARKS: Sequence[tuple[str, str]] = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("[THINK]", "[/THINK]"),
    ("<seed:think>", "</seed:think>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("◁think▷", "◁/think▷"),
)
"""How models mark the beginning and the end of their reasoning."""

CHANNEL = "<|channel|>"
"""How gpt-oss begins a part of its words; only what is in the channel "final" is meant for others."""

_END_OF = dict(MARKS)
_BEGIN = re.compile("|".join(map(re.escape, _END_OF)))
_BEGINS_LINE = re.compile(rf"^[^\S\n]*(?:{_BEGIN.pattern})", re.MULTILINE)
_NOT_QUOTED = re.compile(rf"(?<![`\"'“‘(])(?:{_BEGIN.pattern})")
_ANSWER = (
    ("<response>", "</response>"),
    ("<answer>", "</answer>"),
    ("<|START_RESPONSE|>", "<|END_RESPONSE|>"),
)
"""How some models mark their answer, if they have thought before."""

_CHANNELS = re.compile(r"<\|channel\|>\s*+(\w++)[^<]*+<\|message\|>")
_CHANNEL_END = re.compile(r"<\|(?:end|return|call|start|channel)\|>.*", re.DOTALL)


class Thoughts(NamedTuple):
    """A model's words, taken apart.

    Attributes
    ----------
    reasoning : str or None
        What it thought; None if it did not.
    answer : str
        What it says.
    open : bool
        Whether it was still thinking when the text ended, so that there is no answer.
    """

    reasoning: str | None
    answer: str
    open: bool


def split_thoughts(text: str, begun: bool = False, cut: bool = False) -> Thoughts:
    r"""Tell a model's reasoning, which comes first if there is any, from its answer.

    A mark that is never closed begins reasoning where it begins a line. Within one, it may be what is spoken about.

    Parameters
    ----------
    text : str
        The model's words.
    begun : bool
        Whether the prompt ended inside the reasoning, as some chat templates have it: the text begins with it then.
    cut : bool
        Whether the text was cut off: a mark within a line begins reasoning then, too, unless it stands in quotes.

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
    found = [first, *blocks]
    if blocks or rest != text:
        answer = _unmarked(answer.lstrip())
    begin = _BEGINS_LINE.search(answer) or (_NOT_QUOTED.search(answer) if cut else None)
    if begin:
        found.append(answer[begin.end() :])
        answer = answer[: begin.start()].rstrip()
    reasoning = "\n\n".join(filter(None, map(str.strip, found)))
    return Thoughts(reasoning or None, answer, open=begin is not None and not answer)


def cut_thoughts(name: str, tokens: int | None) -> ModelError:
    """Return the error of a reply that was cut off before its answer began."""
    return ModelError(
        f"{name} used up all {tokens or 'its'} tokens for reasoning, before it said anything. Raise max_out_tokens, or "
        "give thinking=False where the model can do without."
    )


def _split_first(text: str, begun: bool) -> tuple[str, str | None]:
    """Return the reasoning that a text begins with, and what follows; None if it goes on to the end."""
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
    """Return what stands between marks, and the text without it; reads the text once, however many marks it has."""
    blocks, kept, done = [], [], 0
    unclosed: set[str] = set()
    begin = _BEGIN.search(text)
    while begin:
        end = _END_OF[begin[0]]
        closed = -1 if end in unclosed else text.find(end, begin.end())
        if closed < 0:
            unclosed.add(end)  # none follows here, so none follows later
            begin = _BEGIN.search(text, begin.end())
        else:
            blocks.append(text[begin.end() : closed])
            kept.append(text[done : begin.start()])
            done = closed + len(end)
            begin = _BEGIN.search(text, done)
    return blocks, "".join([*kept, text[done:]])


def _unmarked(answer: str) -> str:
    """Return the answer without the marks that some models put around all of it."""
    for begin, end in _ANSWER:
        if answer.startswith(begin):
            return answer.rstrip().removeprefix(begin).removesuffix(end)
    return answer


def _split_channels(text: str) -> Thoughts:
    _, *parts = _CHANNELS.split(text)
    said = [(name, _CHANNEL_END.sub("", words).strip()) for name, words in zip(parts[::2], parts[1::2], strict=True)]
    reasoning = "\n\n".join(words for name, words in said if name != "final" and words)
    answers = [words for name, words in said if name == "final"]
    return Thoughts(reasoning or None, " ".join(answers), open=not answers)
