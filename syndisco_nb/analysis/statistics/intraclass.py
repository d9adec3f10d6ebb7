"""Intraclass correlation of the labels of one discussion, and its cost in precision."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from syndisco_nb.analysis.statistics.arrays import numbered, numbers, sum_by_cluster
from syndisco_nb.errors import require


@dataclass(frozen=True, slots=True)
class IntraclassCorrelation:
    """Resemblance of the labels of one discussion.

    Attributes
    ----------
    between, within : float
        Mean squares of discussions (within their condition), and of labels within discussions.
    correlation : float
        ICC(1): share of the variance that lies between discussions; below 0 where they differ less than by chance.
    design_effect : float
        1 + (m − 1)·ICC: how many times more labels are needed than if they were independent.
    """

    between: float
    within: float
    correlation: float
    design_effect: float


def intraclass_correlation(values: ArrayLike, clusters: Any, conditions: Any = None) -> IntraclassCorrelation:
    """Return ICC(1) by analysis of variance (Shrout & Fleiss 1979), and Kish's design effect (1965).

    Parameters
    ----------
    values : array-like, shape (labels,)
    clusters : array-like, shape (labels,)
        Each label's discussion.
    conditions : array-like, shape (labels,), optional
        Each label's condition: differences between conditions then do not count.

    Returns
    -------
    IntraclassCorrelation
        m, where discussions are of unequal length, is (N − Σ m²/n)/(k − c): N labels, n of them in the discussion's
        condition, k discussions, c conditions. NaN where there are too few discussions, or none has two labels.

    Examples
    --------
    >>> toxicity = [1, 2, 2, 2, 3, 3, 1, 1, 2] + [1, 1, 1, 2, 1, 2, 1, 2, 1]
    >>> found = intraclass_correlation(toxicity, [place // 3 for place in range(18)], [0] * 9 + [1] * 9)
    >>> round(found.correlation, 6), round(found.design_effect, 6)
    (0.423077, 1.846154)
    """
    array, cluster = numbers("values", values), numbered(clusters)
    group = np.zeros(len(array), dtype=np.int64) if conditions is None else numbered(conditions)
    for name, given in (("clusters", cluster), ("conditions", group)):
        require(len(given) == len(array), f"{name} has {len(given)} values, but values has {len(array)}.", name)
    sizes, means = _means(array, cluster)
    group_sizes, group_means = _means(array, group)
    freedom, rest = len(sizes) - len(group_sizes), len(array) - len(sizes)
    if freedom < 1 or rest < 1:
        return IntraclassCorrelation(math.nan, math.nan, math.nan, math.nan)
    between = float(((means[cluster] - group_means[group]) ** 2).sum()) / freedom
    within = float(((array - means[cluster]) ** 2).sum()) / rest
    shares = sum_by_cluster((sizes[cluster])[:, None], group)[:, 0] / group_sizes  # Σ m² / n, of each condition
    size = float(len(array) - shares.sum()) / freedom
    total = between + (size - 1) * within
    correlation = (between - within) / total if total else math.nan
    return IntraclassCorrelation(between, within, correlation, 1 + (size - 1) * correlation)


def _means(values: Any, clusters: Any) -> tuple[Any, Any]:
    sizes = np.bincount(clusters)
    return sizes, np.bincount(clusters, values) / sizes
