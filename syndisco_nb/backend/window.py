"""The window: the last comments, which an actor sees."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

from syndisco_nb.errors import require
from syndisco_nb.records import Message

Counts = Literal["participants", "all"]
"""Comments that a window counts."""

COUNTS: Counts = "participants"
"""Comments that a window counts by default."""

_OUTSIDE = ("moderator", "guest")


def check_counts(counts: Any) -> Counts:
    """Return the argument `window_counts`, or raise `InvalidInputError`."""
    allowed = get_args(Counts)
    require(
        isinstance(counts, str) and counts in allowed,
        f"window_counts is {counts!r}, but must be 'participants' (comments of moderators and guests come in "
        "addition), or 'all'.",
        "window_counts",
    )
    checked: Counts = counts
    return checked


def windowed(messages: Sequence[Message], window: int, counts: Counts = COUNTS) -> list[Message]:
    """Return the last comments, from the oldest that counts.

    Parameters
    ----------
    messages : sequence of Message
        In order. Silences are left out.
    window : int
        The number of comments that count; 0 for an empty window.
    counts : {"participants", "all"}
        With "participants", only their comments count, openings included. Comments of moderators and guests come in
        addition, so that a moderated participant sees as much of the others as an unmoderated one.

    Examples
    --------
    >>> talk = [Message(n, n, "Mo" if n % 2 else "Ana", "Hm.", "m", "moderator" if n % 2 else "participant")
    ...         for n in range(8)]
    >>> [c.index for c in windowed(talk, 3)], [c.index for c in windowed(talk, 3, "all")]
    ([2, 3, 4, 5, 6, 7], [5, 6, 7])
    """
    seen: list[Message] = []
    left = window
    for message in reversed(messages):
        if left <= 0:
            break
        if not message.silent:
            seen.append(message)
            left -= counts == "all" or message.role not in _OUTSIDE
    return seen[::-1]


def window_of_label(comments: Sequence[Message], window: int, counts: Counts = COUNTS) -> Sequence[Message]:
    """Return the window of an annotator who labels the last comment, which always counts.

    Parameters
    ----------
    comments : sequence of Message
        In order, without silences; the last is to be labelled.
    window, counts
        See `windowed`.
    """
    return [*windowed(comments[:-1], window - 1, counts), comments[-1]]
