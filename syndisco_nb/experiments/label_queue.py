"""`LabelQueue`: the order in which a person gives labels, skips some, and goes back to others."""

from collections.abc import Mapping

from syndisco_nb.errors import require, require_int
from syndisco_nb.records import Label, Value


class LabelQueue:
    """The next label to give: the first that is open, then those that were skipped; or one that was gone back to.

    A label is named by its position in the order in which all are to be given, from 0.

    Parameters
    ----------
    total : int
        Number of labels.
    values : mapping of int to value
        The labels given so far, by position; None where one was skipped.

    Attributes
    ----------
    values : dict of int to value
        As the parameter, up to now.

    Examples
    --------
    >>> queue = LabelQueue(3, {})
    >>> for value in (4, None, 2):
    ...     queue.give(queue.position, value)
    >>> queue.position, queue.skipped, queue.history
    (1, [1], [2, 1, 0])
    """

    def __init__(self, total: int, values: Mapping[int, Value | None]) -> None:
        self.values = dict(values)
        self._total = total
        self._past: list[tuple[int, Label | None]] = [(position, None) for position in sorted(values)]
        self._open = 0  # the first position without a label
        self._again: list[int] = []  # skipped ones that are asked again
        self._asked_again = False  # whether they have come up by themselves, which they do once
        self._chosen: int | None = None
        self._advance()

    @property
    def position(self) -> int | None:
        """The label that is asked for; None if none is open, and those that were skipped have come up again."""
        return self._next if self._chosen is None else self._chosen

    @property
    def is_away(self) -> bool:
        """Whether `go_on` leads elsewhere: to where one was, or from the skipped ones to the first open label."""
        return bool(self._again) if self._chosen is None else self._chosen != self._next

    @property
    def labelled(self) -> int:
        """The number of labels given; those skipped do not count."""
        return sum(value is not None for value in self.values.values())

    @property
    def skipped(self) -> list[int]:
        """The positions that were skipped, in order."""
        return sorted(position for position, value in self.values.items() if value is None)

    @property
    def history(self) -> list[int]:
        """The positions that have a label or were skipped, the last first."""
        return list(dict.fromkeys(position for position, _ in reversed(self._past)))

    @property
    def last(self) -> tuple[int, Label | None] | None:
        """The position labelled last, and the label that was replaced there; None if there is none."""
        return self._past[-1] if self._past else None

    def give(self, position: int, value: Value | None, replaced: Label | None = None) -> None:
        """Note a label, and go on to the next.

        Parameters
        ----------
        position : int
        value : bool, int, str or None
            None if it is skipped.
        replaced : Label, optional
            The label that was there before, for `last`.
        """
        self.values[position] = value
        self._past.append((position, replaced))
        self._chosen = None
        self._again = [one for one in self._again if one != position]
        self._advance()
        if self._open == self._total and not self._again and not self._asked_again:
            self._asked_again, self._again = True, self.skipped

    def undo(self) -> None:
        """Forget the last label and go back to it; a label that it replaced is there again."""
        position, replaced = self._past.pop()
        if replaced is None:
            del self.values[position]
            self._open = min(self._open, position)
        else:
            self.values[position] = replaced.value
        self._chosen = position

    def go_to(self, position: int) -> None:
        """Go to a label, given or not."""
        require_int("position", position, 0, self._total - 1)
        self._chosen = position

    def go_on(self) -> None:
        """Return to where one was before `go_to`, or from the skipped ones to the first open label."""
        if self._chosen is None:
            self._again = []
        self._chosen = None

    def take_up_skipped(self) -> None:
        """Ask for those that were skipped once more, one after the other."""
        require(self.skipped, "No label was skipped.")
        self._chosen, self._again = None, self.skipped
        self._asked_again = self._asked_again or self._open == self._total

    def step_back(self) -> None:
        """Go to the label that was given before the one shown."""
        history = self.history
        place = self._place_in(history) + 1
        require(place < len(history), "There is no earlier label.")
        self._chosen = history[place]

    def step_forward(self) -> None:
        """Go to the label that was given after the one shown; from the last one, to where one was."""
        history = self.history
        place = self._place_in(history)
        self._chosen = history[place - 1] if place > 0 else None

    @property
    def _next(self) -> int | None:
        """The label that comes next, unless one has gone to another."""
        if self._again:
            return self._again[0]
        return self._open if self._open < self._total else None

    def _place_in(self, history: list[int]) -> int:
        return -1 if self._chosen is None or self._chosen not in history else history.index(self._chosen)

    def _advance(self) -> None:
        while self._open in self.values:
            self._open += 1
