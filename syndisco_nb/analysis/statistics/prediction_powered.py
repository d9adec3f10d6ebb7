"""Prediction-powered inference: estimates from a model's labels, corrected by a sample labelled by people."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from syndisco_nb.analysis.statistics.arrays import Floats, numbers, sum_by_cluster
from syndisco_nb.errors import require, require_number


@dataclass(frozen=True, slots=True)
class CorrectedEstimate:
    """An estimate corrected for the error of a model's labels.

    Attributes
    ----------
    estimate, error : float
        Value and standard error.
    interval : tuple of float
    model : float
        The same from the model's labels alone.
    weight : float
        λ: how far the model's labels are relied on, 1 in the original method.
    """

    estimate: float
    error: float
    interval: tuple[float, float]
    model: float
    weight: float

    def __repr__(self) -> str:
        low, high = self.interval
        alone = f"the model's labels alone: {self.model:.3f}"
        return f"<CorrectedEstimate {self.estimate:.3f} [{low:.3f}, {high:.3f}]; {alone}>"


def ppi_mean(
    predicted: ArrayLike,
    predicted_labelled: ArrayLike,
    human: ArrayLike,
    clusters: Any = None,
    clusters_labelled: Any = None,
    tuned: bool = False,
    level: float = 0.95,
) -> CorrectedEstimate:
    """Return the mean that people's labels would have, of many labels by a model and few by people.

    It is the mean of the model's labels plus the mean error of the model on a **random** sample that people labelled:
    unbiased however biased the model is (Angelopoulos et al. 2023, *Science* 382:669–674). Its variance is s²(f)/N +
    s²(y − f)/n; where units come in clusters, that of sums over clusters, to which both parts add up.

    Parameters
    ----------
    predicted : array-like, shape (N,)
        The model's labels of units that nobody labelled by hand.
    predicted_labelled, human : array-like, shape (n,)
        The model's and people's labels of the human sample.
    clusters, clusters_labelled : array-like, shape (N,) and (n,), optional
        The discussion of each unit. The interval is then by t (Satterthwaite), since discussions may be few;
        without, by the normal distribution, as published.
    tuned : bool
        Whether to rely on the model only as far as it helps (PPI++, Angelopoulos, Duchi & Zrnic 2023).
    level : float
        Confidence level.

    Raises
    ------
    InvalidInputError
        If lengths differ, or there are fewer than two units, or clusters, of either kind.

    Examples
    --------
    >>> found = ppi_mean([3, 2, 4, 3, 5, 1, 2, 4, 3, 3], [3, 4, 2, 5], [2, 4, 1, 4])
    >>> found.estimate, round(found.error, 6), tuple(round(end, 4) for end in found.interval)
    (2.25, 0.442531, (1.3827, 3.1173))
    """
    found = _estimated(predicted, predicted_labelled, human, clusters, clusters_labelled, tuned)
    return _corrected(found, clusters is not None, level)


def ppi_difference(first: dict[str, Any], second: dict[str, Any], level: float = 0.95) -> CorrectedEstimate:
    """Return the corrected mean of the second condition minus that of the first.

    Parameters
    ----------
    first, second : mapping of str to array-like
        Arguments of `ppi_mean` by name. Clusters of one name in both, such as the index that two discussions of a pair
        have in common, count as one: what pairs have in common then cancels out.
    level : float
        Confidence level.

    Examples
    --------
    >>> model = {"predicted": [3, 2, 4, 3, 5, 1], "predicted_labelled": [3, 4, 2, 5], "human": [2, 4, 1, 4]}
    >>> ppi_difference(model, model | {"human": [3, 4, 2, 5]}).estimate
    0.75
    """
    clustered = [one.get("clusters") is not None for one in (first, second)]
    require(clustered[0] == clustered[1], "Give clusters of both conditions, or of neither.", "clusters")
    one, other = _estimated(**first, condition="first"), _estimated(**second, condition="second")
    change = _Estimated(
        other.estimate - one.estimate,
        other.model - one.model,
        min(one.weight, other.weight),
        (*other.clusters, *one.clusters),
        np.concatenate([other.shares, -one.shares]),
        (*other.spread, *one.spread),
    )
    return _corrected(change, clustered[0], level)


@dataclass(frozen=True, slots=True)
class _Estimated:
    """An estimate, and the share of each cluster in its error."""

    estimate: float
    model: float
    weight: float
    clusters: tuple[str, ...]
    shares: Floats  # their squares add up to the variance
    spread: tuple[tuple[float, int], ...]  # variance and degrees of freedom of each part


def _estimated(
    predicted: ArrayLike,
    predicted_labelled: ArrayLike,
    human: ArrayLike,
    clusters: Any = None,
    clusters_labelled: Any = None,
    tuned: bool = False,
    condition: str = "",
) -> _Estimated:
    many = numbers("predicted", predicted)
    few, true = numbers("predicted_labelled", predicted_labelled), numbers("human", human)
    require(
        len(few) == len(true),
        f"predicted_labelled has {len(few)} values, but human {len(true)}: both are of the human sample.",
        "human",
    )
    require(min(len(many), len(few)) > 1, "There must be two units or more, both labelled by hand and not.", "human")
    require((clusters is None) == (clusters_labelled is None), "Give both kinds of clusters, or none.", "clusters")
    weight = _weight(many, few, true) if tuned else 1.0
    of_model = _shares(weight * many, clusters, "clusters", f"{condition} model")
    of_people = _shares(true - weight * few, clusters_labelled, "clusters_labelled", f"{condition} people")
    return _Estimated(
        weight * float(many.mean()) + float((true - weight * few).mean()),
        float(many.mean()),
        weight,
        (*of_model, *of_people),
        np.array([*of_model.values(), *of_people.values()]),
        tuple((sum(share**2 for share in part.values()), len(part) - 1) for part in (of_model, of_people)),
    )


def _weight(many: Floats, few: Floats, true: Floats) -> float:
    """Return the λ of least variance, between 0 and 1."""
    variance = float(np.concatenate([many, few]).var(ddof=1)) * (1 + len(few) / len(many))
    return min(1.0, max(0.0, float(np.cov(true, few)[0, 1]) / variance)) if variance else 0.0


def _shares(values: Floats, clusters: Any, name: str, own: str) -> dict[str, float]:
    """Return the share of each cluster in the error of a mean."""
    names = [f"{own} {place}" for place in range(len(values))] if clusters is None else [str(one) for one in clusters]
    require(len(names) == len(values), f"{name} has {len(names)} values, but there are {len(values)} units.", name)
    sums = sum_by_cluster((values - values.mean())[:, None], names)[:, 0] / len(values)
    count = len(sums)
    require(count > 1, f"{name} holds one discussion alone, so that its variance is not known. Give more.", name)
    return dict(zip(sorted(set(names)), (sums * math.sqrt(count / (count - 1))).tolist(), strict=True))


def _corrected(found: _Estimated, by_t: bool, level: float) -> CorrectedEstimate:
    from scipy import stats

    require_number("level", level, "between 0 and 1", lambda value: 0 < value < 1)
    error = math.sqrt((sum_by_cluster(found.shares[:, None], found.clusters) ** 2).sum())
    quantile = (1 + level) / 2
    scatter = sum(variance**2 / freedom for variance, freedom in found.spread)
    freedom = sum(variance for variance, _ in found.spread) ** 2 / scatter if scatter else 1
    half = error * float(stats.t.ppf(quantile, freedom) if by_t else stats.norm.ppf(quantile))
    interval = (found.estimate - half, found.estimate + half)
    return CorrectedEstimate(found.estimate, error, interval, found.model, found.weight)
