"""Sign flips: an exact test of paired differences that assumes no distribution."""

import math

import numpy as np
from numpy.typing import ArrayLike

from syndisco_nb.analysis.statistics.arrays import numbers
from syndisco_nb.errors import require_int
from syndisco_nb.seeds import Purpose, derive

EXACT = 14
"""Up to as many pairs, all 2^n sign flips are counted."""


def sign_flip_p(differences: ArrayLike, draws: int = 10_000, seed: int = 0) -> float:
    """Return the two-sided p-value of paired differences under random signs (Fisher 1935, *The Design of Experiments*).

    If the conditions of a pair are alike, its difference could as well have the other sign. p is the share of all 2^n
    ways to set the signs whose mean is at least as far from 0; above 14 pairs, of random ones, the given one included.
    With n pairs it cannot be below 2/2^n: 6 pairs are needed for p < .05.

    Parameters
    ----------
    differences : array-like, shape (pairs,)
    draws : int
        Number of random ways above 14 pairs.
    seed : int

    Returns
    -------
    float
        NaN where there is no pair.

    Examples
    --------
    >>> sign_flip_p([-2 / 3, -1, 0])
    0.5
    """
    array = numbers("differences", differences)
    require_int("draws", draws, 1)
    if not len(array):
        return math.nan
    exact = len(array) <= EXACT
    if exact:
        signs = 1.0 - 2 * (np.arange(2 ** len(array))[:, None] >> np.arange(len(array)) & 1)
    else:
        rng = np.random.default_rng(derive(seed, Purpose.SIGN_FLIPS))
        signs = 1.0 - 2 * rng.integers(2, size=(draws, len(array)))
    sums = np.abs(signs @ array)
    reached = int((sums >= abs(array.sum()) - 1e-12 * np.abs(array).sum()).sum())
    return reached / len(signs) if exact else (reached + 1) / (draws + 1)
