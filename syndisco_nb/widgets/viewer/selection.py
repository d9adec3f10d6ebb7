"""The items of the list that a filter lets through: comments, and groups of silences; and the matches of a search."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from syndisco_nb.widgets.viewer.message_rows import MessageRow, MessageRows

LabelChoice = tuple[str, Literal["is", "unread", "split"], str]
Item = tuple[int, ...]
"""The number of a comment's row, or the numbers of the rows of silences that stand in one line."""

FOLDED = 20
"""The most silences in one line."""


class MessageFilter(BaseModel):
    """The choices of a reader, as the page sends them; None lets everything through.

    Attributes
    ----------
    query : str
        Searched for in texts and names, in any case.
    only : bool
        Whether comments that do not match `query` are left out; they are only marked otherwise.
    speaker : str or None
        The speaker's name.
    discussion : int or None
        The number of the discussion among those read.
    condition : str or None
        The condition of a study.
    status : {"finished", "unfinished"} or None
        The status of the discussion.
    label : tuple or None
        Scale, kind and value: the comment's label "is" the value, is "unread", or annotators are "split".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    query: str = ""
    only: bool = False
    speaker: str | None = None
    discussion: int | None = None
    condition: str | None = None
    status: Literal["finished", "unfinished"] | None = None
    label: LabelChoice | None = None


class Selection:
    """The items that a filter lets through, and the places of the matches among them.

    Parameters
    ----------
    rows : MessageRows
    chosen : MessageFilter

    Attributes
    ----------
    items : list of tuple of int
    messages : int
        The number of messages in the items.
    matches : list of int
        The places of the items that match the search.
    """

    def __init__(self, rows: MessageRows, chosen: MessageFilter) -> None:
        self.filter = chosen
        self.items: list[Item] = []
        self.messages = 0
        self.matches: list[int] = []
        self._rows, self._seen = rows, 0
        self._silent: list[int] = []  # silences whose line may still grow
        self._needle = chosen.query.casefold()
        self._passes = _passes(chosen, rows)

    def update(self) -> None:
        """Add the rows that have been read since the last update."""
        rows = self._rows.rows
        for number in range(self._seen, len(rows)):
            row = rows[number]
            if not self._passes(row):
                continue
            matching = self._matches(row)
            if self._silent and not (row.entry.silent and self._may_join(row)):
                self._close_silences()
            if row.entry.silent:
                if not (self._needle and self.filter.only):
                    self._silent.append(number)
            elif matching or not (self._needle and self.filter.only):
                if matching:
                    self.matches.append(len(self.items))
                self._add((number,))
        self._seen = len(rows)
        if self._rows.done:
            self._close_silences()

    def place_of(self, number: int) -> int:
        """Return the place of a row; if it was filtered out, of the next row, or else of the last."""
        place = bisect_left(self.items, number, key=lambda item: item[-1])
        return min(place, max(0, len(self.items) - 1))

    def opens(self, place: int) -> bool:
        """Return whether the item at a place is the first of its discussion."""
        return place == 0 or self._row(place - 1).discussion != self._row(place).discussion

    def follows(self, place: int) -> bool:
        """Return whether the item at a place is a comment that follows another one of its speaker."""
        if self.opens(place):
            return False
        before, entry = self._row(place - 1).entry, self._row(place).entry
        spoken = not before.silent and not entry.silent
        return spoken and (before.name, before.role) == (entry.name, entry.role)

    def match(self, place: int, step: int) -> tuple[int, int] | None:
        """Return the place and the number, from 1, of the match nearest to a place; None if there is no match.

        Parameters
        ----------
        place : int
            The reader's place.
        step : {1, 0, -1}
            1 for the next match after the place, 0 for the first at it or after it, -1 for the last before it. The
            first match follows the last.
        """
        if not self.matches:
            return None
        following = bisect_left(self.matches, place) if step <= 0 else bisect_right(self.matches, place)
        number = (following - (step < 0)) % len(self.matches)
        return self.matches[number], number + 1

    def turn(self, place: int, turn: int) -> int | None:
        """Return the place of the first item at or after a turn; of the discussion's last item, if there is none.

        Parameters
        ----------
        place : int
            The reader's place, which tells the discussion.
        turn : int
        """
        if not self.items:
            return None
        start, end = self._span(self._row(min(max(place, 0), len(self.items) - 1)).discussion)
        rows = self._rows.rows
        return next((at for at in range(start, end) if rows[self.items[at][-1]].entry.turn >= turn), end - 1)

    def discussion(self, place: int, step: int) -> int | None:
        """Return the place of the first item of the discussion `step` after the one at a place.

        The first of the discussion itself, rather than of the one before, if the place is not its first item; None if
        there is no such discussion.

        Parameters
        ----------
        place : int
        step : {1, -1}
        """
        if not self.items:
            return None
        start, end = self._span(self._row(min(max(place, 0), len(self.items) - 1)).discussion)
        if step > 0:
            return end if end < len(self.items) else None
        if place > start:
            return start
        return self._span(self._row(start - 1).discussion)[0] if start else None

    def counts(self) -> dict[int, int]:
        """Return the number of matches of each discussion; without a search, of the messages let through."""
        counts: dict[int, int] = {}
        for place in self.matches if self._needle else range(len(self.items)):
            discussion = self._row(place).discussion
            counts[discussion] = counts.get(discussion, 0) + len(self.items[place])
        return counts

    def _span(self, discussion: int) -> tuple[int, int]:
        key: Callable[[Item], int] = lambda item: self._rows.rows[item[0]].discussion  # noqa: E731
        return bisect_left(self.items, discussion, key=key), bisect_right(self.items, discussion, key=key)

    def _row(self, place: int) -> MessageRow:
        return self._rows.rows[self.items[place][0]]

    def _matches(self, row: MessageRow) -> bool:
        entry = row.entry
        return bool(self._needle) and (self._needle in entry.text.casefold() or self._needle in entry.name.casefold())

    def _may_join(self, row: MessageRow) -> bool:
        return len(self._silent) < FOLDED and self._rows.rows[self._silent[0]].discussion == row.discussion

    def _close_silences(self) -> None:
        if self._silent:
            self._add(tuple(self._silent))
            self._silent = []

    def _add(self, item: Item) -> None:
        self.items.append(item)
        self.messages += len(item)


def _passes(chosen: MessageFilter, rows: MessageRows) -> Callable[[MessageRow], bool]:
    def passes(row: MessageRow) -> bool:
        heading = rows.headings[row.discussion]
        return (
            (chosen.speaker is None or row.entry.name == chosen.speaker)
            and (chosen.discussion is None or row.discussion == chosen.discussion)
            and (chosen.condition is None or heading.condition == chosen.condition)
            and (chosen.status is None or (chosen.status == "unfinished") == bool(heading.unfinished))
            and (chosen.label is None or _labelled(row, chosen.label))
        )

    return passes


def _labelled(row: MessageRow, label: LabelChoice) -> bool:
    scale, how, value = label
    for rating in row.entry.ratings:
        if rating.scale == scale:
            if how == "split":
                return rating.disagreement
            return any(answer.value == (None if how == "unread" else value) for answer in rating.answers)
    return False
