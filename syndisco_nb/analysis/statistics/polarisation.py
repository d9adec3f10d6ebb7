"""Polarisation of labels: nDFU."""

import math

import numpy as np
from numpy.typing import ArrayLike

from syndisco_nb.analysis.statistics.arrays import numbers
from syndisco_nb.errors import require


def ndfu(counts: ArrayLike) -> float:
    """Return the normalised distance from unimodality of a histogram (Pavlopoulos & Likas 2024, EACL).

    Walking away from the first maximum, the histogram of a unimodal distribution only falls. nDFU is the largest step
    up, divided by the maximum: 0 where opinions have one peak, 1 where they have two that are equal.

    Parameters
    ----------
    counts : array-like, shape (labels,)
        Number of times that each label of the scale was given, in the scale's order. Zeros are needed: without the
        labels that nobody gave, a gap between two camps vanishes, or one appears between neighbours.

    Returns
    -------
    float
        NaN where there is no label.

    Examples
    --------
    >>> [round(ndfu(counts), 6) for counts in ([1, 2, 3, 2, 1], [5, 0, 0, 0, 5], [4, 1, 3, 1, 1], [3, 1, 2, 1, 3])]
    [0.0, 1.0, 0.5, 0.666667]
    """
    heights = numbers("counts", counts)
    require((heights >= 0).all(), "counts holds a number below 0.", "counts")
    if not heights.sum():
        return math.nan
    peak = int(heights.argmax())
    steps = np.concatenate([np.diff(heights[peak:]), np.diff(heights[peak::-1]), [0.0]])
    return float(steps.max() / heights[peak])
