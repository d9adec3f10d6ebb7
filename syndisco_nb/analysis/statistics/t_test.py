"""Student's t: paired, and of two groups of unequal variance, with its interval."""

import math
from dataclasses import dataclass

from numpy.typing import ArrayLike

from syndisco_nb.analysis.statistics.arrays import numbers, variance
from syndisco_nb.errors import require_number


@dataclass(frozen=True, slots=True)
class TTest:
    """A t-test.

    Attributes
    ----------
    difference : float
        The mean difference.
    statistic : float
        t.
    freedom : float
        Its degrees of freedom.
    p : float
        Two-sided.
    interval : tuple of float
        Of the difference.
    """

    difference: float
    statistic: float
    freedom: float
    p: float
    interval: tuple[float, float]


def paired_t(differences: ArrayLike, level: float = 0.95) -> TTest:
    """Return the t-test of paired differences against 0.

    Parameters
    ----------
    differences : array-like, shape (pairs,)
    level : float
        Confidence level of the interval.

    Returns
    -------
    TTest
        All but the difference NaN where there are fewer than two pairs, or the differences do not vary.

    Examples
    --------
    The differences of example E: three pairs of discussions.

    >>> found = paired_t([-2 / 3, -1, 0])
    >>> round(found.statistic, 6), found.freedom, round(found.p, 6)
    (-1.889822, 2.0, 0.199359)
    """
    array = numbers("differences", differences)
    mean = float(array.mean()) if len(array) else math.nan
    error = math.sqrt(variance(array) / len(array)) if len(array) > 1 else 0.0
    return t_of(mean, error, len(array) - 1, level)


def welch_t(first: ArrayLike, second: ArrayLike, level: float = 0.95) -> TTest:
    """Return Welch's t-test of ``mean(second) - mean(first)``, which allows groups of unequal variance.

    Parameters
    ----------
    first, second : array-like, shape (discussions,)
    level : float
        Confidence level of the interval.

    Returns
    -------
    TTest
        All but the difference NaN where a group has fewer than two values, or none varies.

    Examples
    --------
    >>> found = welch_t([5 / 3, 8 / 3, 4 / 3], [1, 5 / 3, 4 / 3])
    >>> round(found.difference, 6), round(found.statistic, 4), round(found.freedom, 3), round(found.p, 6)
    (-0.555556, -1.25, 2.876, 0.303342)
    """
    groups = [numbers("first", first), numbers("second", second)]
    sizes = [len(group) for group in groups]
    if min(sizes) < 2:
        difference = float(groups[1].mean() - groups[0].mean()) if min(sizes) else math.nan
        return t_of(difference, 0, 0, level)
    shares = [variance(group) / len(group) for group in groups]
    total = sum(shares)
    parts = sum(share**2 / (size - 1) for share, size in zip(shares, sizes, strict=True))
    freedom = total**2 / parts if parts else 0
    return t_of(float(groups[1].mean() - groups[0].mean()), math.sqrt(total), freedom, level)


def t_of(difference: float, error: float, freedom: float, level: float = 0.95) -> TTest:
    """Return the t-test of a difference with this standard error.

    Parameters
    ----------
    difference, error, freedom : float
    level : float
        Confidence level of the interval.
    """
    from scipy import stats

    require_number("level", level, "between 0 and 1", lambda value: 0 < value < 1)
    if not (error > 0 and freedom > 0):
        return TTest(difference, math.nan, float(max(freedom, 0)), math.nan, (math.nan, math.nan))
    half = float(stats.t.ppf((1 + level) / 2, freedom)) * error
    p = float(2 * stats.t.sf(abs(difference / error), freedom))
    return TTest(difference, difference / error, float(freedom), p, (difference - half, difference + half))
