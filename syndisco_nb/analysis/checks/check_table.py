"""`Checks`: the results of all checks, as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, SupportsIndex, get_args, overload

from syndisco_nb.errors import UnknownItemError, suggestion
from syndisco_nb.shown import Exported, Shown
from syndisco_nb.wording import count, listed

if TYPE_CHECKING:
    import pandas as pd

CheckStatus = Literal["fail", "warn", "cannot tell", "pass"]
"""The outcome of a check, in the order of the table."""

ORDER: tuple[str, ...] = get_args(CheckStatus)


@dataclass(frozen=True, slots=True)
class Check(Shown):
    """The result of one check.

    Attributes
    ----------
    name : str
        Name of the check, such as "turn taking".
    status : {"pass", "warn", "fail", "cannot tell"}
        "cannot tell": too little data, or a rule that cannot be computed from the records.
    figure : float or None
        The figure that was checked: a share from 0 to 1, or a number of cases; None if there is none.
    expected : str
        The expected figure, and the range in which it would lie by chance in 199 of 200 runs; or the limit.
    n : int
        Number of cases: turns, discussions, comments or labels.
    p : float or None
        Of a test, the probability of a figure at least as far off by chance, before correction for the number of
        tests; None if the check is no test.
    explanation : str
        The finding in words, and what to do.
    condition : str
        The condition that the figure is about; "" for all of them.
    """

    name: str
    status: CheckStatus
    figure: float | None
    expected: str
    n: int
    p: float | None
    explanation: str
    condition: str = ""

    def __repr__(self) -> str:
        figure = "" if self.figure is None else f", {self.figure:.3g} (expected: {self.expected})"
        return f"<Check {self.name}: {self.status}{figure}>"

    def __str__(self) -> str:
        return f"{self.name}: {self.status}. {self.explanation}".strip()


@dataclass(frozen=True, slots=True)
class Checks(Sequence[Check], Exported):
    """The results of all checks, failures first: a sequence of `Check`, which also takes a check's name.

    Attributes
    ----------
    rows : tuple of Check
    """

    rows: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return self._of("fail")

    @property
    def warned(self) -> tuple[Check, ...]:
        """The checks with a warning."""
        return self._of("warn")

    @property
    def passed(self) -> tuple[Check, ...]:
        """The checks that passed."""
        return self._of("pass")

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per check; the columns are the fields of `Check`."""
        import pandas as pd

        columns = list(Check.__dataclass_fields__)
        frame = pd.DataFrame([asdict(row) for row in self.rows], columns=columns)
        return frame.astype({"figure": float, "n": int, "p": float})

    @overload
    def __getitem__(self, place: int | str) -> Check: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Check, ...]: ...
    def __getitem__(self, place: int | slice | str) -> Check | tuple[Check, ...]:
        if isinstance(place, slice):
            return self.rows[place]
        names = [row.name for row in self.rows]
        if isinstance(place, str) and place in names:
            return self.rows[names.index(place)]
        if not isinstance(place, SupportsIndex) or not -len(names) <= place.__index__() < len(names):
            raise UnknownItemError(
                f"There is no check {place!r}.{suggestion(str(place), names)} There are: {', '.join(names)}."
            )
        return self.rows[place]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Check]:
        return iter(self.rows)

    def __repr__(self) -> str:
        counts = []
        for status, word in _WORDS.items():
            names = [row.name for row in self._of(status)]
            named = f" ({listed(names)})" if status in ("fail", "warn") else ""
            counts += [f"{len(names)} {word}{named}"] if names else []
        return f"<Checks: {', '.join(counts) or count(0, 'check')}>"

    def __str__(self) -> str:
        return "\n".join(map(str, self.rows))

    def _of(self, status: str) -> tuple[Check, ...]:
        return tuple(row for row in self.rows if row.status == status)


_WORDS = {"fail": "failed", "warn": "with a warning", "pass": "passed", "cannot tell": "undecided"}
