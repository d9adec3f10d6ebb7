import math

import numpy as np
import pytest

from syndisco_nb.analysis.statistics.arrays import sum_by_cluster
from syndisco_nb.analysis.statistics.bootstrap import bootstrap_interval
from syndisco_nb.analysis.statistics.confusion import (
    accuracy,
    confusion_matrix,
    confusion_parts,
    f1,
    macro_f1,
    matrices,
    precision,
    recall,
)
from syndisco_nb.errors import InvalidInputError

GOLD, GIVEN, LABELS = "aaaabbbccd", "aaabbbacca", "abcde"
MATRIX = [[3, 1, 0, 0, 0], [1, 2, 0, 0, 0], [0, 0, 2, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 0]]


def test_scores_by_hand():
    matrix = confusion_matrix(GOLD, GIVEN, LABELS)
    assert matrix.tolist() == MATRIX
    assert accuracy(matrix) == pytest.approx(0.7, abs=1e-12)
    assert precision(matrix)[:3] == pytest.approx([3 / 5, 2 / 3, 1], abs=1e-12)
    assert recall(matrix)[:4] == pytest.approx([3 / 4, 2 / 3, 1, 0], abs=1e-12)
    assert f1(matrix)[:4] == pytest.approx([6 / 9, 4 / 6, 1, 0], abs=1e-12)
    assert macro_f1(matrix) == pytest.approx((6 / 9 + 4 / 6 + 1 + 0) / 4, abs=1e-12)


def test_a_label_without_units_has_no_score():
    matrix = confusion_matrix(GOLD, GIVEN, LABELS)
    assert np.isnan(precision(matrix)).tolist() == [False, False, False, True, True]
    assert np.isnan(recall(matrix)).tolist() == [False, False, False, False, True]
    assert np.isnan(f1(matrix)).tolist() == [False, False, False, False, True]
    assert math.isnan(macro_f1(np.zeros((2, 2))))
    assert math.isnan(accuracy(np.zeros((2, 2))))


def test_many_matrices_at_once():
    parts = sum_by_cluster(confusion_parts(GOLD, GIVEN, LABELS), [0, 0, 0, 1, 1, 2, 2, 3, 3, 4])
    both = matrices(np.stack([parts.sum(axis=0), 2 * parts.sum(axis=0)]))
    assert macro_f1(both).tolist() == [macro_f1(matrices(parts.sum(axis=0)))] * 2
    low, high = bootstrap_interval(parts, lambda sums: accuracy(matrices(sums)))
    assert 0 < low < 0.7 < high <= 1


def test_what_is_no_label_is_refused():
    with pytest.raises(InvalidInputError, match=r"'z' is not one of the labels \['a', 'b'\]"):
        confusion_matrix("az", "ab", "ab")
    with pytest.raises(InvalidInputError, match="gold has 1 labels, but predicted 2"):
        confusion_matrix("a", "ab", "ab")
