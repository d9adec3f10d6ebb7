"""The window: which of the comments an actor sees."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

from syndisco_nb.errors import require
from syndisco_nb.records import Message

Counts = Literal["participants", "all"]
"""Whose comments a window counts."""

COUNTS: Counts = "participants"
"""Whose comments a window counts, unless told otherwise."""

_OUTSIDE = ("moderator", "guest")


def check_counts(counts: Any) -> Counts:
    """Return whose comments count, or raise `InvalidInputError`."""
    allowed = get_args(Counts)
    require(
        isinstance(counts, str) and counts in allowed,
        f"window_counts is {counts!r}, but must be 'participants' (comments of moderators and guests come in "
        "addition), or 'all'.",
    )
    found: Counts = counts
    return found


def windowed(comments: Sequence[Message], window: int, counts: Counts = COUNTS) -> Sequence[Message]:
    """Return the last comments, from the oldest that counts.

    Parameters
    ----------
    comments : sequence of Message
        In order, without silences.
    window : int
        How many comments count; 0 for nothing.
    counts : {"participants", "all"}
        Whose: with "participants", the opening among theirs, comments of moderators and guests come in addition, so
        that a moderated participant sees as much of the others as an unmoderated one.

    Examples
    --------
    >>> talk = [Message(n, n, "Mo" if n % 2 else "Ana", "Hm.", "m", "moderator" if n % 2 else "participant")
    ...         for n in range(8)]
    >>> [one.index for one in windowed(talk, 3)], [one.index for one in windowed(talk, 3, "all")]
    ([2, 3, 4, 5, 6, 7], [5, 6, 7])
    """
    left = window
    for place in range(len(comments) - 1, -1, -1):
        left -= counts == "all" or comments[place].role not in _OUTSIDE
        if left <= 0:
            return comments[place:] if window else comments[:0]
    return comments


def window_of_label(comments: Sequence[Message], window: int, counts: Counts = COUNTS) -> Sequence[Message]:
    """Return what an annotator sees who labels the last of these comments, which counts whoever wrote it."""
    return [*windowed(comments[:-1], window - 1, counts), comments[-1]]
