"""Confusion of two annotators' labels, and precision, recall and F1 that follow from it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from syndisco_nb.analysis.statistics.arrays import Floats
from syndisco_nb.errors import require, short_repr


def confusion_parts(gold: Sequence[Any], predicted: Sequence[Any], labels: Sequence[Any]) -> Floats:
    """Return a one for each unit, at its pair of labels: sums of them are confusion matrices.

    Parameters
    ----------
    gold, predicted : sequence, shape (units,)
        The true label, and the one to judge.
    labels : sequence
        All K labels of the scale.

    Returns
    -------
    array, shape (units, K * K)
        For `sum_by_cluster` and `bootstrap_interval`; gold labels are rows.

    Raises
    ------
    InvalidInputError
        If lengths differ, or a label is not one of the scale's.
    """
    require(len(gold) == len(predicted), f"gold has {len(gold)} labels, but predicted {len(predicted)}.", "predicted")
    place = {label: number for number, label in enumerate(labels)}
    strange = next((label for label in (*gold, *predicted) if label not in place), None)
    require(strange is None, f"{short_repr(strange)} is not one of the labels {short_repr(list(labels))}.", "labels")
    parts = np.zeros((len(gold), len(labels) ** 2))
    cells = [place[one] * len(labels) + place[other] for one, other in zip(gold, predicted, strict=True)]
    parts[np.arange(len(gold)), cells] = 1
    return parts


def confusion_matrix(gold: Sequence[Any], predicted: Sequence[Any], labels: Sequence[Any]) -> Floats:
    """Return the number of units with each pair of labels, shape (K, K); gold labels are rows.

    Parameters
    ----------
    gold, predicted, labels
        As for `confusion_parts`.

    Examples
    --------
    >>> confusion_matrix("aab", "abb", "ab").tolist()
    [[1.0, 1.0], [0.0, 1.0]]
    """
    return matrices(confusion_parts(gold, predicted, labels).sum(axis=0))


def matrices(sums: Floats) -> Floats:
    """Return sums of `confusion_parts`, shape (..., K * K), as matrices, shape (..., K, K)."""
    side = round(sums.shape[-1] ** 0.5)
    return sums.reshape(*sums.shape[:-1], side, side)


def accuracy(confusion: Floats) -> Floats:
    """Return the share of equal labels.

    This and the functions below take one confusion matrix, shape (K, K), or many, shape (..., K, K).

    Examples
    --------
    >>> float(accuracy(np.array([[3.0, 1], [0, 4]])))
    0.875
    """
    return _divided(_diagonal(confusion).sum(axis=-1), confusion.sum(axis=(-2, -1)))


def precision(confusion: Floats) -> Floats:
    """Return, of each label, the share of units given it that have it in gold; NaN where none was given it."""
    return _divided(_diagonal(confusion), confusion.sum(axis=-2))


def recall(confusion: Floats) -> Floats:
    """Return, of each label, the share of units with it in gold that were given it; NaN where none has it in gold."""
    return _divided(_diagonal(confusion), confusion.sum(axis=-1))


def f1(confusion: Floats) -> Floats:
    """Return, of each label, the harmonic mean of precision and recall; NaN where it occurs in neither.

    Examples
    --------
    >>> f1(confusion_matrix("aab", "abb", "ab")).round(6).tolist()
    [0.666667, 0.666667]
    """
    return _divided(2 * _diagonal(confusion), confusion.sum(axis=-1) + confusion.sum(axis=-2))


def macro_f1(confusion: Floats) -> Floats:
    """Return the mean F1 of the labels that occur in either."""
    scores = f1(confusion)
    defined = ~np.isnan(scores)
    return _divided(np.where(defined, scores, 0).sum(axis=-1), defined.sum(axis=-1))


def _diagonal(matrix: Floats) -> Floats:
    return np.diagonal(matrix, axis1=-2, axis2=-1)


def _divided(one: Floats, other: Any) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(one / other)
