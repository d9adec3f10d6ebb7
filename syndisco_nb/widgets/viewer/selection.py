"""The rows that a filter lets through, and the hits of a search among them."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from syndisco_nb.widgets.viewer.message_rows import MessageRow, MessageRows

LabelChoice = tuple[str, Literal["is", "unread", "split"], str]


class MessageFilter(BaseModel):
    """The choices of a reader, as the page sends them; None lets everything through.

    Attributes
    ----------
    query : str
        Marked in texts and names, in any case; it leaves out nothing.
    speaker : str or None
        The speaker's name.
    discussion : int or None
        The number of the discussion among those read.
    condition : str or None
        The condition of a study.
    label : tuple or None
        Scale, kind and value: the comment's label "is" the value, is "unread", or annotators are "split".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    query: str = ""
    speaker: str | None = None
    discussion: int | None = None
    condition: str | None = None
    label: LabelChoice | None = None


class Selection:
    """The numbers of the rows that a filter lets through, and the places of the hits among them.

    Parameters
    ----------
    rows : MessageRows
    chosen : MessageFilter
    """

    def __init__(self, rows: MessageRows, chosen: MessageFilter) -> None:
        self.filter = chosen
        self.numbers: list[int] = []
        self.hits: list[int] = []
        self._rows, self._seen = rows, 0
        self._needle = chosen.query.casefold()
        self._passes = _passes(chosen, rows)

    def update(self) -> None:
        """Add the rows that have been read since the last update."""
        rows = self._rows.rows
        for number in range(self._seen, len(rows)):
            row = rows[number]
            if self._passes(row):
                if self._needle and (
                    self._needle in row.entry.text.casefold() or self._needle in row.entry.name.casefold()
                ):
                    self.hits.append(len(self.numbers))
                self.numbers.append(number)
        self._seen = len(rows)

    def place_of(self, number: int) -> int:
        """Return the place of a row; if it was filtered out, of the next row, or else of the last."""
        return min(bisect_left(self.numbers, number), max(0, len(self.numbers) - 1))

    def hit(self, place: int, step: int) -> tuple[int, int] | None:
        """Return the place and the number, from 1, of the hit nearest to a place; None if there is no hit.

        Parameters
        ----------
        place : int
            The reader's place.
        step : {1, 0, -1}
            1 for the next hit after the place, 0 for the first at it or after it, -1 for the last before it. The first
            hit follows the last.
        """
        if not self.hits:
            return None
        following = bisect_left(self.hits, place) if step <= 0 else bisect_right(self.hits, place)
        number = (following - (step < 0)) % len(self.hits)
        return self.hits[number], number + 1

    def turn(self, place: int, turn: int) -> int | None:
        """Return the place of the first row at or after a turn; of the discussion's last row, if there is none.

        Parameters
        ----------
        place : int
            The reader's place, which tells the discussion.
        turn : int
        """
        if not self.numbers:
            return None
        discussion = self._row(min(max(place, 0), len(self.numbers) - 1)).discussion
        start = bisect_left(self.numbers, discussion, key=lambda number: self._rows.rows[number].discussion)
        end = bisect_right(self.numbers, discussion, key=lambda number: self._rows.rows[number].discussion)
        return next((at for at in range(start, end) if self._row(at).entry.turn >= turn), end - 1)

    def _row(self, place: int) -> MessageRow:
        return self._rows.rows[self.numbers[place]]


def _passes(chosen: MessageFilter, rows: MessageRows) -> Callable[[MessageRow], bool]:
    def passes(row: MessageRow) -> bool:
        return (
            (chosen.speaker is None or row.entry.name == chosen.speaker)
            and (chosen.discussion is None or row.discussion == chosen.discussion)
            and (chosen.condition is None or rows.headings[row.discussion].condition == chosen.condition)
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
