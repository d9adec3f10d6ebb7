"""`LevelTable`: the values of all discussions, by the level of one varied setting."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syndisco_nb.errors import InvalidInputError, require, suggestion

if TYPE_CHECKING:
    import pandas as pd

    from syndisco_nb.analysis.statistics.arrays import Floats

CONDITION = "condition"
"""`by` of a contrast between whole conditions, whatever they vary."""

PREFIX = "condition_"
"""Beginning of the columns that hold the levels of the varied settings."""

_JOINT = " + "


@dataclass(frozen=True, slots=True)
class LevelTable:
    """Values of discussions by level; discussions of other levels, but of one index, stand in one row.

    Attributes
    ----------
    by : str
        The setting that tells the levels apart, or "condition".
    levels : tuple of str
        Its levels, in the order of the study.
    others : tuple of str
        The other varied settings, over whose levels a contrast averages.
    cells : DataFrame
        A column for each level; the rows are indexed by the levels of the other settings, as text, and by
        `Transcript.index`. NaN where there is no such discussion.
    """

    by: str
    levels: tuple[str, ...]
    others: tuple[str, ...]
    cells: "pd.DataFrame"

    def differences(self, level: str, baseline: str) -> "Floats":
        """Return level − baseline for each index of a discussion, averaged over the other settings, shape (pairs,).

        Discussions without a partner are left out.

        Parameters
        ----------
        level, baseline : str
        """
        first, second = self.pairs(level, baseline)
        return _settled(second - first, max(map(_largest, (first, second))))

    def pairs(self, level: str, baseline: str) -> tuple["Floats", "Floats"]:
        """Return the values of the pairs at the baseline and at the level, each of shape (pairs,).

        Parameters
        ----------
        level, baseline : str
        """
        means = self.matched(level, baseline).groupby(level=-1).mean()
        return means[baseline].to_numpy(dtype=float), means[level].to_numpy(dtype=float)

    def matched(self, level: str, baseline: str) -> "pd.DataFrame":
        """Return the rows of the pairs: those with a value at both levels.

        Parameters
        ----------
        level, baseline : str
        """
        return self.cells[[level, baseline]].dropna()

    def values(self, level: str) -> "Floats":
        """Return the value of each discussion of a level, averaged over the other settings, shape (discussions,)."""
        means = self.cells[level].dropna().groupby(level=-1).mean().to_numpy(dtype=float)
        return _settled(means, _largest(means))

    def cell(self, condition: str, levels: Mapping[str, str], index: int) -> tuple[tuple[str, int], str]:
        """Return the row and the column of a discussion.

        Parameters
        ----------
        condition : str
        levels : mapping of str to str
            The level of each varied setting.
        index : int
            `Transcript.index`.
        """
        level = condition if self.by == CONDITION else levels.get(self.by, "")
        return (_JOINT.join(levels.get(name, "") for name in self.others), index), level

    def levels_of(self, rows: "pd.DataFrame") -> "pd.Series[str]":
        """Return the level of each row of a table with the columns of conditions."""
        return rows[CONDITION if self.by == CONDITION else PREFIX + self.by]

    def discussions(self, level: str) -> int:
        """Return the number of discussions of a level, those of all other settings together."""
        return int(self.cells[level].count())


def level_table(discussions: "pd.DataFrame", by: str | None) -> LevelTable:
    """Return the values by level.

    Parameters
    ----------
    discussions : DataFrame
        One row per discussion, with columns ``condition``, ``condition_<setting>`` for each varied setting,
        ``discussion_index`` and ``value``.
    by : str or None
        The setting, or "condition"; None for the only one that is varied.

    Raises
    ------
    InvalidInputError
        If nothing is varied, `by` is none of the varied settings, or it is None and there are several.
    """
    names = [str(column).removeprefix(PREFIX) for column in discussions if str(column).startswith(PREFIX)]
    varied = [name for name in names if discussions[PREFIX + name].nunique() > 1]
    chosen = _chosen(by, varied, discussions[CONDITION].unique().tolist())
    others = () if chosen == CONDITION else tuple(name for name in varied if name != chosen)
    column = CONDITION if chosen == CONDITION else PREFIX + chosen
    rest = discussions[[PREFIX + name for name in others]].agg(_JOINT.join, axis=1) if others else ""
    rows = discussions.assign(rest=rest).set_index(["rest", "discussion_index", column]).value
    levels = tuple(map(str, dict.fromkeys(discussions[column])))
    return LevelTable(chosen, levels, others, rows.unstack(column)[list(levels)].astype(float))


def _largest(values: "Floats") -> float:
    return float(abs(values).max(initial=0))


def _settled(values: "Floats", largest: float) -> "Floats":
    """Return values; equal ones where they differ only by the errors of binary fractions, which are no variation.

    Without it, differences of 1/3 each had a spread of 1e-16, so that a t-test found p = 1e-93.

    Parameters
    ----------
    values : array
    largest : float
        The largest of the numbers from which they were computed; 12 digits of it count.
    """
    rounded = values.round(11 - math.floor(math.log10(largest))) if largest else values
    return rounded if len(set(rounded.tolist())) == 1 else values


def _chosen(by: str | None, varied: Sequence[str], conditions: Sequence[str]) -> str:
    """Return the setting that tells the levels apart."""
    allowed = ", ".join(map(repr, [*varied, CONDITION]))
    if len(conditions) < 2:
        only = f"All values are of one condition{f', {conditions[0]!r}' * bool(conditions[0])}"
        raise InvalidInputError(
            f"{only}, so there is nothing to contrast. Give a study of several conditions, or its labels; run or label "
            "those that have no values yet.",
            field="by",
        )
    if by is None:
        require(len(varied) < 2, f"Several settings are varied. Say which one to contrast, by=…: {allowed}.", "by")
        return varied[0] if varied else CONDITION
    require(
        by in varied or by == CONDITION,
        f"by is {by!r}, but must be a setting that is varied.{suggestion(str(by), varied)} There are: {allowed}.",
        "by",
    )
    return by
