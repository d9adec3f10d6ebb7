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
    ("<|channel|>analysis<|message|>", "<|end|>"),
)
"""How models mark the beginning and the end of their reasoning."""


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


def split_thoughts(text: str, begun: bool = False) -> Thoughts:
    """Tell a model's reasoning, which comes first if there is any, from its answer.

    Parameters
    ----------
    text : str
        The model's words.
    begun : bool
        Whether the prompt ended inside the reasoning, as some chat templates have it: the text begins with it then.

    Examples
    --------
    >>> split_thoughts("<think>Short, please.</think>\\n\\nI agree.")
    Thoughts(reasoning='Short, please.', answer='I agree.', open=False)
    >>> split_thoughts("Short, please.</think>I agree.")
    Thoughts(reasoning='Short, please.', answer='I agree.', open=False)
    >>> split_thoughts("<think>Short, ple")
    Thoughts(reasoning='Short, ple', answer='', open=True)
    >>> split_thoughts("I agree.")
    Thoughts(reasoning=None, answer='I agree.', open=False)
    """
    head = text.lstrip()
    for begin, end in MARKS:
        marked = head.startswith(begin)
        before, closed, after = (head.removeprefix(begin) if marked else text).partition(end)
        if closed and (marked or begun or end != "<|end|>"):
            return Thoughts(before.strip(), _after(after), open=False)
        if marked:
            return Thoughts(before.strip(), "", open=True)
    return Thoughts(text.strip(), "", open=True) if begun else Thoughts(None, text, open=False)


def cut_thoughts(name: str, tokens: int | None) -> ModelError:
    """Return the error of a reply that was cut off before its answer began."""
    return ModelError(
        f"{name} used up all {tokens or 'its'} tokens for reasoning, before it said anything. Raise max_out_tokens, or "
        "give thinking=False where the model can do without."
    )


def _after(text: str) -> str:
    """Return an answer without the marks that some models put between it and the reasoning."""
    return re.sub(r"^\s*(<\|start\|>assistant)?(<\|channel\|>final<\|message\|>)?", "", text)
