"""Effect sizes: differences in standard deviations, and Cliff's delta."""

import math

import numpy as np
from numpy.typing import ArrayLike

from syndisco_nb.analysis.statistics.arrays import numbers, variance


def cohen_d(first: ArrayLike, second: ArrayLike) -> float:
    """Return Cohen's d of two groups: the difference of means in pooled standard deviations (Cohen 1988).

    Parameters
    ----------
    first, second : array-like, shape (discussions,)
        Positive where the second is higher.

    Returns
    -------
    float
        NaN where the groups do not vary, or hold fewer than two values.

    Examples
    --------
    >>> cohen_d([1, 2, 3], [2, 3, 4])
    1.0
    """
    one, other = numbers("first", first), numbers("second", second)
    if min(len(one), len(other)) < 2:
        return math.nan
    freedom = len(one) + len(other) - 2
    pooled = math.sqrt(((len(one) - 1) * variance(one) + (len(other) - 1) * variance(other)) / freedom)
    return _divided(float(other.mean() - one.mean()), pooled)


def hedges_g(first: ArrayLike, second: ArrayLike) -> float:
    """Return Hedges' g: `cohen_d` times 1 − 3/(4·df − 1), without its bias in small groups (Hedges 1981).

    Parameters
    ----------
    first, second
        As for `cohen_d`.

    Examples
    --------
    >>> round(hedges_g([1, 2, 3], [2, 3, 4]), 6)
    0.8
    """
    return cohen_d(first, second) * _correction(np.size(first) + np.size(second) - 2)


def cohen_dz(differences: ArrayLike) -> float:
    """Return d_z of paired differences: their mean in their own standard deviations (Cohen 1988).

    Parameters
    ----------
    differences : array-like, shape (pairs,)

    Returns
    -------
    float
        NaN where they do not vary, or are fewer than two.

    Examples
    --------
    >>> round(cohen_dz([0.4, 0.1, -0.2, 0.5, 0.3, 0.0]), 6)
    0.694591
    """
    array = numbers("differences", differences)
    return _divided(float(array.mean()), math.sqrt(variance(array))) if len(array) > 1 else math.nan


def hedges_gz(differences: ArrayLike) -> float:
    """Return `cohen_dz` times 1 − 3/(4·df − 1), without its bias where there are few pairs; NaN with two pairs.

    Examples
    --------
    >>> round(hedges_gz([0.4, 0.1, -0.2, 0.5, 0.3, 0.0]), 6)
    0.584918
    """
    return cohen_dz(differences) * _correction(np.size(differences) - 1)


def cliffs_delta(first: ArrayLike, second: ArrayLike) -> float:
    """Return Cliff's delta, P(second > first) − P(second < first), of all pairs (Cliff 1993).

    It takes only the order of values, so it suits ordinal scales: from −1 to 1, 0 where neither is higher.

    Parameters
    ----------
    first, second : array-like, shape (discussions,)

    Returns
    -------
    float
        NaN where a group is empty.

    Examples
    --------
    >>> round(cliffs_delta([1, 2, 3], [2, 3, 4, 5]), 6)
    0.666667
    """
    one, other = np.sort(numbers("first", first)), numbers("second", second)
    if not (len(one) and len(other)):
        return math.nan
    above = np.searchsorted(one, other, side="left").sum()
    below = (len(one) - np.searchsorted(one, other, side="right")).sum()
    return float(above - below) / (len(one) * len(other))


def _correction(freedom: int) -> float:
    return 1 - 3 / (4 * freedom - 1) if freedom > 1 else math.nan  # with 1, it would make every effect 0


def _divided(difference: float, deviation: float) -> float:
    return difference / deviation if deviation else math.nan
