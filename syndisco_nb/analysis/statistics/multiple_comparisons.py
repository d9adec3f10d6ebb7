"""Several comparisons at once, without more false alarms than one."""

import numpy as np
from numpy.typing import ArrayLike

from syndisco_nb.analysis.statistics.arrays import Floats, numbers
from syndisco_nb.errors import require


def holm(p: ArrayLike) -> Floats:
    """Return p-values that hold for all of a family together (Holm 1979, *Scandinavian Journal of Statistics* 6:65–70).

    The smallest is multiplied by their number m, the next by m − 1, and so on; none is below one before it, nor above
    1. With them, the probability of any false rejection stays below the level, however the tests depend on each other.

    Parameters
    ----------
    p : array-like, shape (tests,)
        p-values of one family; NaN, of a test that could not be done, stays and does not count.

    Returns
    -------
    array, shape (tests,)
        In the order given.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    given = numbers("p", p, missing=True)
    place = np.flatnonzero(~np.isnan(given))
    require(((given[place] >= 0) & (given[place] <= 1)).all(), "p holds values that are not between 0 and 1.", "p")
    order = place[np.argsort(given[place], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    adjusted = np.full(given.shape, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(given[order] * factors), 1)
    return adjusted
