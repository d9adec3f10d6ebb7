"""Gwet's AC1 and AC2: agreement that does not collapse where one label dominates."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, get_args

import numpy as np

from syndisco_nb.analysis.statistics.arrays import Floats, Table, numbers, sum_by_cluster
from syndisco_nb.errors import require, short_repr

Weights = Literal["identity", "linear", "quadratic", "ordinal"]


def gwet_ac1(table: Table, labels: Sequence[float] | None = None) -> float:
    """Return Gwet's AC1 of a table of labels (Gwet 2008, *BJMSP* 61:29–48).

    AC1 is ``(p_a - p_e) / (1 - p_e)``: p_a the mean share of equal pairs among the labels of a unit, p_e the agreement
    by chance, Σ π(1 − π)/(K − 1), where π is the mean share of a label among those of a unit.

    Parameters
    ----------
    table : array-like of numbers, shape (units, annotators)
        NaN (or None) where an annotator gave no label.
    labels : sequence of float, optional
        All K labels of the scale; by default, those that occur.

    Returns
    -------
    float
        NaN where no unit has two labels, or there are not two different ones.

    Examples
    --------
    >>> n = None
    >>> round(gwet_ac1([[0, 0], [0, 0], [0, 0], [0, 1], [1, 1], [0, 0], [0, 0], [0, n]]), 6)
    0.794543
    """
    return gwet_ac2(table, "identity", labels)


def gwet_ac2(table: Table, weights: Weights = "quadratic", labels: Sequence[float] | None = None) -> float:
    """Return Gwet's AC2, which counts near labels as partly equal (Gwet 2014, *Handbook of Inter-Rater Reliability*).

    As AC1, but pairs of labels k, l count with a weight, and p_e is Σ weights · Σ π(1 − π)/(K(K − 1)).

    Parameters
    ----------
    table, labels
        As for `gwet_ac1`.
    weights : {"identity", "linear", "quadratic", "ordinal"}
        Of labels at distance d, whose extremes are D apart: ``d == 0``, ``1 - d/D``, ``1 - (d/D)²``; or by ranks,
        ``1 - C(|k - l| + 1, 2)/C(K, 2)``. Those of irrCAC.

    Examples
    --------
    >>> round(gwet_ac2([[1, 2], [3, 3], [2, 2], [1, 1], [3, 1]], "quadratic"), 6)
    0.264706
    """
    parts, coefficient = gwet_parts(table, weights, labels)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(coefficient(parts.sum(axis=0)[None])[0]) if len(parts) else math.nan


def gwet_parts(
    table: Table, weights: Weights = "identity", labels: Sequence[float] | None = None, clusters: Any = None
) -> tuple[Floats, Callable[[Floats], Floats]]:
    """Return the sums on which the coefficient rests, by cluster, and the function that makes it of them.

    Parameters
    ----------
    table, weights, labels
        As for `gwet_ac2`.
    clusters : array-like, shape (units,), optional
        The discussion of each unit; by default, each is one of its own.

    Returns
    -------
    array, shape (clusters, parts), and function
        For `bootstrap_interval`.
    """
    allowed = get_args(Weights)
    require(weights in allowed, f"weights is {weights!r}, but must be one of {', '.join(allowed)}.", "weights")
    given = numbers("table", table, 2, missing=True)
    occurring = np.unique(given[~np.isnan(given)])
    scale = occurring if labels is None else np.unique(numbers("labels", labels))
    strange = np.setdiff1d(occurring, scale)
    require(not len(strange), f"table holds {short_repr(strange.tolist())}, which are not among the labels.", "table")
    counts = np.stack([(given == label).sum(axis=1) for label in scale] or [np.zeros(len(given))], axis=1).astype(float)
    number = counts.sum(axis=1)
    weight = _weights(scale, weights)
    paired = (counts * (counts @ weight - 1)).sum(axis=1) if len(scale) else number
    with np.errstate(divide="ignore", invalid="ignore"):
        equal = np.where(number > 1, paired / (number * (number - 1)), 0)
        shares = np.where(number[:, None] > 0, counts / number[:, None], 0)
    parts = np.column_stack([equal, number > 1, number > 0, shares]).astype(float)
    return sum_by_cluster(parts, clusters), partial(_coefficient, weight=float(weight.sum()))


def _coefficient(sums: Floats, weight: float) -> Floats:
    observed = sums[..., 0] / sums[..., 1]
    shares = sums[..., 3:] / sums[..., 2, None]
    labels = shares.shape[-1]
    chance = weight * (shares * (1 - shares)).sum(axis=-1) / (labels * (labels - 1) if labels > 1 else np.nan)
    return np.asarray((observed - chance) / (1 - chance))


def _weights(labels: Floats, kind: Weights) -> Floats:
    """Return the weight of each pair of labels, from 0 to 1."""
    if kind == "identity" or len(labels) < 2:
        return np.eye(len(labels))
    if kind == "ordinal":
        steps = np.abs(np.subtract.outer(np.arange(len(labels)), np.arange(len(labels))))
        return np.asarray(1 - steps * (steps + 1) / (len(labels) * (len(labels) - 1)))
    distance = np.abs(np.subtract.outer(labels, labels)) / np.ptp(labels)
    return np.asarray(1 - distance ** (1 if kind == "linear" else 2))
