"""Which rows a reader asked for, and where in them a search was successful."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from syndisco_nb.widgets.viewer.message_rows import Row, Rows

LabelChoice = tuple[str, Literal["is", "unread", "split"], str]


class Filter(BaseModel):
    """What is asked for.

    Attributes
    ----------
    query : str
        Searched for in texts and names, in any case; it leaves out nothing, it marks.
    speaker : str or None
        Only what this one said.
    discussion : int or None
        Only the discussion of this number in what is viewed.
    condition : str or None
        Only the discussions of this condition of a study.
    label : tuple or None
        Only comments whose label on a scale "is" this, could not be read, or that annotators labelled differently.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    query: str = ""
    speaker: str | None = None
    discussion: int | None = None
    condition: str | None = None
    label: LabelChoice | None = None


class Selection:
    """The rows that a filter lets through, by their numbers, and the places of the search's hits among them."""

    def __init__(self, rows: Rows, chosen: Filter) -> None:
        self.filter = chosen
        self.numbers: list[int] = []
        self.hits: list[int] = []
        self._rows, self._seen = rows, 0
        self._needle = chosen.query.casefold()
        self._passes = _passes(chosen, rows)

    def update(self) -> None:
        """Take in the rows that have been read since."""
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
        """Return the place of a row, or of the next one that is here; of the last, if there is none."""
        return min(bisect_left(self.numbers, number), max(0, len(self.numbers) - 1))

    def hit(self, place: int, step: int) -> tuple[int, int] | None:
        """Return the place and the number, from 1, of the nearest hit from a place on.

        Parameters
        ----------
        place : int
            Where the reader is.
        step : {1, 0, -1}
            The next hit after it, the first at it or after it, or the one before it; past the last comes the first.
        """
        if not self.hits:
            return None
        found = bisect_left(self.hits, place) if step <= 0 else bisect_right(self.hits, place)
        number = (found - (step < 0)) % len(self.hits)
        return self.hits[number], number + 1

    def turn(self, place: int, turn: int) -> int | None:
        """Return the place of the first row at or after a turn, in the discussion in which the reader is."""
        if not self.numbers:
            return None
        discussion = self._row(min(max(place, 0), len(self.numbers) - 1)).discussion
        start = bisect_left(self.numbers, discussion, key=lambda number: self._rows.rows[number].discussion)
        end = bisect_right(self.numbers, discussion, key=lambda number: self._rows.rows[number].discussion)
        return next((at for at in range(start, end) if self._row(at).entry.turn >= turn), end - 1)

    def _row(self, place: int) -> Row:
        return self._rows.rows[self.numbers[place]]


def _passes(chosen: Filter, rows: Rows) -> Callable[[Row], bool]:
    def passes(row: Row) -> bool:
        return (
            (chosen.speaker is None or row.entry.name == chosen.speaker)
            and (chosen.discussion is None or row.discussion == chosen.discussion)
            and (chosen.condition is None or rows.heads[row.discussion].condition == chosen.condition)
            and (chosen.label is None or _labelled(row, chosen.label))
        )

    return passes


def _labelled(row: Row, label: LabelChoice) -> bool:
    scale, how, value = label
    for rating in row.entry.ratings:
        if rating.scale == scale:
            if how == "split":
                return rating.disagreement
            return any(answer.value == (None if how == "unread" else value) for answer in rating.answers)
    return False
