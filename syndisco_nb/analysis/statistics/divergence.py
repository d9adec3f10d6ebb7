"""Jensen–Shannon divergence of two distributions."""

import numpy as np
from numpy.typing import ArrayLike

from syndisco_nb.analysis.statistics.arrays import Floats, numbers
from syndisco_nb.errors import require, require_number

_POINTS = 50


def jensen_shannon(p: ArrayLike, q: ArrayLike, base: float = 2) -> float:
    """Return the Jensen–Shannon divergence of two distributions (Lin 1991, *IEEE Trans. Inf. Theory* 37:145–151).

    It is the mean of their Kullback–Leibler divergences from their mixture: 0 where they are equal, 1 (in bits) where
    they have nothing in common. scipy's ``jensenshannon`` is its square root.

    Parameters
    ----------
    p, q : array-like, shape (bins,)
        Counts or probabilities on the same bins.
    base : float
        Of the logarithm: 2 for bits, e for nats.

    Examples
    --------
    >>> round(jensen_shannon([2, 3, 5], [5, 3, 2]), 7)
    0.0958156
    """
    one, other = (_shares(name, values) for name, values in (("p", p), ("q", q)))
    require(len(one) == len(other), f"p has {len(one)} bins, but q has {len(other)}.", "q")
    require_number("base", base, "above 1", lambda value: value > 1)
    mixture = (one + other) / 2
    return max(0.0, (_from(one, mixture) + _from(other, mixture)) / 2 / float(np.log(base)))


def jensen_shannon_kde(first: ArrayLike, second: ArrayLike, low: float = 0, high: float = 1) -> float:
    """Return the divergence as the SynDisco papers compute it, to compare with theirs.

    They estimate both densities with Gaussian kernels (Scott's bandwidth) on 50 points and report the squared
    Jensen–Shannon distance with the natural logarithm. It depends on the bandwidth, so on the number of values:
    `jensen_shannon` on common bins is to be preferred.

    Parameters
    ----------
    first, second : array-like, shape (values,)
        Values of a measure in each corpus.
    low, high : float
        Ends of the grid; the papers' measures lie between 0 and 1.

    Raises
    ------
    InvalidInputError
        If the values of one are fewer than two, or all alike: they have no density.

    Examples
    --------
    >>> jensen_shannon_kde([0.1, 0.2, 0.4], [0.1, 0.2, 0.4])
    0.0
    """
    from scipy import stats

    grid = np.linspace(low, high, _POINTS)
    densities = []
    for name, values in (("first", first), ("second", second)):
        array = numbers(name, values)
        require(len(array) > 1 and np.ptp(array) > 0, f"{name} does not vary, so it has no density. Give more.", name)
        densities.append(stats.gaussian_kde(array)(grid))
    return jensen_shannon(densities[0], densities[1], base=float(np.e))


def _shares(name: str, values: ArrayLike) -> Floats:
    array = numbers(name, values)
    require(
        (array >= 0).all() and array.sum() > 0, f"{name} must hold counts or shares, of which one is above 0.", name
    )
    return np.asarray(array / array.sum())


def _from(one: Floats, mixture: Floats) -> float:
    present = one > 0
    return float((one[present] * np.log(one[present] / mixture[present])).sum())
