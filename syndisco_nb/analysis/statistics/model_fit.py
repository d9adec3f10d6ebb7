"""A model of labels on condition and turn: its columns, and its estimates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from syndisco_nb.analysis.statistics.arrays import Floats, Integers, numbered, numbers
from syndisco_nb.errors import require

INTERCEPT = "intercept"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One estimate of a model.

    Attributes
    ----------
    name : str
        A level of the condition (its difference from the first level, at the mean turn), "turn", or "LEVEL × turn".
    estimate, error : float
        Coefficient and standard error.
    interval : tuple of float
        At 95%.
    p : float
        Two-sided.
    """

    name: str
    estimate: float
    error: float
    interval: tuple[float, float]
    p: float


@dataclass(frozen=True, slots=True)
class ModelFit:
    """Estimates of a model.

    Attributes
    ----------
    coefficients : tuple of Coefficient
        Without thresholds, for an ordinal model.
    labels, discussions : int
        Number of values, and of clusters.
    residual_variance, discussion_variance : float
        Within and between discussions; NaN for an ordinal model.
    converged : bool
    warnings : tuple of str
        Reasons to distrust it.
    """

    coefficients: tuple[Coefficient, ...]
    labels: int
    discussions: int
    residual_variance: float
    discussion_variance: float
    converged: bool
    warnings: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Coefficient:
        """Return the coefficient of this name."""
        found = {one.name: one for one in self.coefficients}
        require(name in found, f"There is no coefficient {name!r}. There are: {', '.join(found)}.", "name")
        return found[name]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a model.

    Attributes
    ----------
    values : array, shape (labels,)
    matrix : array, shape (labels, columns)
        Intercept, a column for each level but the first, the turn (its mean taken off), and their products.
    names : tuple of str
    clusters : array of int, shape (labels,)
        Number of each label's discussion, from 0.
    """

    values: Floats
    matrix: Floats
    names: tuple[str, ...]
    clusters: Integers

    @property
    def within(self) -> Any:
        """Whether each column varies within discussions, shape (columns,)."""
        count = np.bincount(self.clusters)
        means = np.stack([np.bincount(self.clusters, column) / count for column in self.matrix.T], axis=1)
        return (np.abs(self.matrix - means[self.clusters]) > 1e-9).any(axis=0)

    @property
    def discussions(self) -> int:
        """Number of discussions."""
        return int(self.clusters.max(initial=-1)) + 1


def columns(
    values: ArrayLike, conditions: Sequence[Any], clusters: Sequence[Any], levels: Sequence[Any], turns: Any = None
) -> Columns:
    """Return the columns of ``value ~ condition * turn``; the turn is counted from its mean.

    Parameters
    ----------
    values : array-like, shape (labels,)
    conditions : sequence, shape (labels,)
        Each label's condition.
    clusters : sequence, shape (labels,)
        Each label's discussion; two discussions never share one.
    levels : sequence
        The conditions; the others are compared with the first.
    turns : array-like, shape (labels,), optional
        Each label's turn; without it, the model has the condition alone.

    Raises
    ------
    InvalidInputError
        If lengths differ, or a condition is not one of the levels.
    """
    array = numbers("values", values)
    lengths = {"conditions": len(conditions), "clusters": len(clusters)} | (
        {} if turns is None else {"turns": len(turns)}
    )
    for name, length in lengths.items():
        require(length == len(array), f"{name} has {length} values, but values has {len(array)}.", name)
    given = np.asarray([levels.index(one) if one in levels else -1 for one in conditions], dtype=np.int64)
    if (given < 0).any():
        strange = conditions[int(np.argmin(given))]
        require(False, f"{strange!r} is not one of the levels: {', '.join(map(str, levels))}.", "conditions")  # noqa: FBT003
    parts = [np.ones(len(array)), *((given == place).astype(float) for place in range(1, len(levels)))]
    names = [INTERCEPT, *map(str, levels[1:])]
    if turns is not None:
        turn = numbers("turns", turns)
        turn = turn - turn.mean() if len(turn) else turn
        parts += [turn, *(turn * part for part in parts[1:])]
        names += ["turn", *(f"{level} × turn" for level in names[1:])]
    return Columns(array, np.stack(parts, axis=1), tuple(names), numbered(clusters))


def coefficients(names: Sequence[str], estimates: Floats, errors: Floats, freedom: Floats) -> tuple[Coefficient, ...]:
    """Return estimates with their intervals and p-values by Student's t.

    Parameters
    ----------
    names : sequence of str
    estimates, errors, freedom : array, shape (names,)
    """
    from scipy import stats

    half = np.asarray(stats.t.ppf(0.975, freedom)) * errors
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.asarray(2 * stats.t.sf(np.abs(estimates / errors), freedom))
    rows = np.stack([estimates, errors, estimates - half, estimates + half, p], axis=1).tolist()
    return tuple(
        Coefficient(name, estimate, error, (low, high), chance)
        for name, (estimate, error, low, high, chance) in zip(names, rows, strict=True)
    )
