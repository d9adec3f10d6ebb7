"""Krippendorff's alpha, of a table of labels, and of many resamples of it at once."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any, Literal, get_args

import numpy as np

from syndisco_nb.analysis.statistics.arrays import Floats, Table, numbered, numbers, sum_by_cluster
from syndisco_nb.errors import require

Level = Literal["nominal", "ordinal", "interval"]


def krippendorff_alpha(table: Table, level: Level = "nominal") -> float:
    """Return Krippendorff's alpha of a table of labels.

    Alpha is 1 minus the disagreement within units divided by that of all labels mixed: 1 is perfect agreement, 0 is
    chance level (Krippendorff 2011, *Computing Krippendorff's Alpha-Reliability*). He asks for .800, or .667 where
    conclusions are tentative.

    Parameters
    ----------
    table : array-like of numbers, shape (units, annotators)
        NaN (or None) where an annotator gave no label. Units with fewer than two labels do not count.
    level : {"nominal", "ordinal", "interval"}
        The distance of two labels: 0 or 1; by their ranks among all labels; or their squared difference.

    Returns
    -------
    float
        NaN where it is not defined, since there are no two different labels to pair.

    Examples
    --------
    Krippendorff's own: four annotators, twelve units.

    >>> n = None
    >>> annotators = [
    ...     [1, 2, 3, 3, 2, 1, 4, 1, 2, n, n, n],
    ...     [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, n, 3],
    ...     [n, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, n],
    ...     [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, n],
    ... ]
    >>> table = list(zip(*annotators))
    >>> [round(krippendorff_alpha(table, level), 3) for level in ("nominal", "ordinal", "interval")]
    [0.743, 0.815, 0.849]
    """
    parts, alpha = alpha_parts(table, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(alpha(parts.sum(axis=0)[None])[0]) if len(parts) else math.nan


def alpha_parts(table: Table, level: Level, clusters: Any = None) -> tuple[Floats, Callable[[Floats], Floats]]:
    """Return the sums on which alpha rests, by cluster, and the function that makes it of them.

    Give both to `bootstrap_interval`: a resample of discussions needs no look at its labels again.

    Parameters
    ----------
    table, level
        As for `krippendorff_alpha`.
    clusters : array-like, shape (units,), optional
        The discussion of each unit; by default, each is one of its own.

    Returns
    -------
    array, shape (clusters, parts), and function
    """
    require(level in get_args(Level), f"level is {level!r}, but must be one of {', '.join(get_args(Level))}.", "level")
    labels = numbers("table", table, 2, missing=True)
    clusters = np.arange(len(labels)) if clusters is None else np.asarray(clusters)
    pairable = (~np.isnan(labels)).sum(axis=1) > 1
    labels, clusters = labels[pairable], clusters[pairable]
    if level == "interval":
        return sum_by_cluster(_moments(labels), clusters), _interval_alpha
    occurring, codes = np.unique(labels[~np.isnan(labels)], return_inverse=True)
    coded = np.full(labels.shape, -1)
    coded[~np.isnan(labels)] = codes
    if level == "nominal":
        return sum_by_cluster(_counts(coded, len(occurring)), clusters), _nominal_alpha
    return _coincidences(coded, len(occurring), numbered(clusters)), partial(_ordinal_alpha, count=len(occurring))


def why_undefined(table: Table) -> str:
    """Return the reason why a table has no alpha; "" where it has one.

    Examples
    --------
    >>> why_undefined([[3, 3], [3, 3]])
    'Alpha is not defined: all 4 labels are 3.'
    """
    labels = numbers("table", table, 2, missing=True)
    given = labels[(~np.isnan(labels)).sum(axis=1) > 1]
    given = given[~np.isnan(given)]
    if not given.size:
        return "Alpha is not defined: no unit has labels of two annotators."
    return f"Alpha is not defined: all {given.size:,} labels are {given[0]:g}." if np.ptp(given) == 0 else ""


def _moments(labels: Floats) -> Floats:
    """Return, of each unit, twice its mean squared distance, and the number, sum and sum of squares of its labels."""
    centred = labels - (np.nanmean(labels) if labels.size else 0)
    number = (~np.isnan(labels)).sum(axis=1)
    total, squares = np.nansum(centred, axis=1), np.nansum(centred**2, axis=1)
    return np.column_stack([(number * squares - total**2) / (number - 1), number, total, squares])


def _interval_alpha(sums: Floats) -> Floats:
    within, number, total, squares = np.moveaxis(sums, -1, 0)
    mixed = number * squares - total**2
    mixed = np.where(mixed > 1e-12 * number * squares, mixed, np.nan)
    return np.asarray(1 - within * (number - 1) / mixed)


def _counts(codes: Any, count: int) -> Floats:
    """Return, of each unit, its share of unequal pairs times its number of labels, and that number by label."""
    number = np.stack([(codes == label).sum(axis=1) for label in range(count)] or [np.zeros(len(codes))], axis=1)
    of_unit = number.sum(axis=1)
    return np.column_stack([(of_unit**2 - (number**2).sum(axis=1)) / (of_unit - 1), number])


def _nominal_alpha(sums: Floats) -> Floats:
    within, number = sums[..., 0], sums[..., 1:]
    total = number.sum(axis=-1)
    mixed = total**2 - (number**2).sum(axis=-1)
    return np.asarray(1 - within * (total - 1) / np.where(mixed > 0, mixed, np.nan))


def _coincidences(codes: Any, count: int, clusters: Any) -> Floats:
    """Return the coincidence matrix of each cluster, as a row."""
    rows = int(clusters.max(initial=-1)) + 1
    share = 1 / ((codes >= 0).sum(axis=1) - 1)
    found = np.zeros(rows * count**2)
    for one in range(codes.shape[1]):
        for other in range(codes.shape[1]):
            both = (codes[:, one] >= 0) & (codes[:, other] >= 0) if one != other else np.zeros(len(codes), dtype=bool)
            if both.any():
                place = (clusters[both] * count + codes[both, one]) * count + codes[both, other]
                found += np.bincount(place, share[both], len(found))
    return found.reshape(rows, count**2)


def _ordinal_alpha(sums: Floats, count: int) -> Floats:
    observed = sums.reshape(*sums.shape[:-1], count, count)
    number = observed.sum(axis=-1)
    total = number.sum(axis=-1)
    ranks = number.cumsum(axis=-1) - number / 2
    distance = (ranks[..., :, None] - ranks[..., None, :]) ** 2
    mixed = (number[..., :, None] * number[..., None, :] * distance).sum(axis=(-2, -1))
    within = (observed * distance).sum(axis=(-2, -1))
    return np.asarray(1 - within * (total - 1) / np.where(mixed > 0, mixed, np.nan))
