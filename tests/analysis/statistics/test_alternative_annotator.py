"""The alternative-annotator test: the worked example, and scores by hand."""

import numpy as np
import pytest
from scipy import stats

from syndisco_nb.analysis.statistics.alternative_annotator import alternative_annotator_test
from syndisco_nb.errors import InvalidInputError

ITEMS = np.arange(40)
A = ITEMS % 3
B = np.where(ITEMS % 5 == 0, ITEMS + 1, ITEMS) % 3
C = np.where(ITEMS % 4 == 0, ITEMS + 2, ITEMS) % 3
MODEL = np.where(ITEMS % 6 == 0, ITEMS + 1, ITEMS) % 3
HUMANS = np.column_stack([A, B, C])


@pytest.mark.parametrize(
    ("epsilon", "p", "rate"),
    [(0.2, (0.051559, 0.005331, 0.000036), 2 / 3), (0.1, (0.5, 0.072096, 0.001939), 1 / 3)],
)
def test_the_worked_example(epsilon, p, rate):
    found = alternative_annotator_test(MODEL, HUMANS, epsilon=epsilon)
    assert found.advantages == pytest.approx((0.875, 0.875, 0.95), abs=1e-12)
    assert found.advantage == pytest.approx(0.9, abs=1e-12)
    assert found.p == pytest.approx(p, abs=5e-7)
    assert found.winning_rate == pytest.approx(rate, abs=1e-12)
    assert (found.items, found.epsilon) == ((40, 40, 40), epsilon)


def test_numbers_are_compared_by_their_distance():
    humans = np.array([[1.0, 2, 5], [4, 4, np.nan], [2, np.nan, np.nan]] * 12)
    model = np.array([2.0, 5, 1] * 12)
    found = alternative_annotator_test(model, humans, "neg_rmse", epsilon=0.1)
    # Against the first: sqrt((0 + 9)/2) < sqrt((1 + 16)/2), a win; 1 > 0, a loss. The third item has one human alone.
    assert found.advantages == pytest.approx((0.5, 0.5, 1.0), abs=1e-12)
    assert found.items == (24, 24, 12)
    by_hand = np.array([-1, 1] * 12)
    assert found.p[0] == pytest.approx(stats.wilcoxon(by_hand - 0.1, alternative="less").pvalue, abs=1e-12)


def test_below_thirty_items_ranks_are_compared():
    few, more = (alternative_annotator_test(MODEL[:n], HUMANS[:n]) for n in (29, 30))
    differences = [
        (HUMANS[:n, [0]] == HUMANS[:n, 1:]).mean(axis=1) - (MODEL[:n, None] == HUMANS[:n, 1:]).mean(axis=1)
        for n in (29, 30)
    ]
    signs = [np.sign(one) for one in differences]
    assert few.p[0] == pytest.approx(stats.wilcoxon(signs[0] - 0.2, alternative="less").pvalue, abs=1e-12)
    assert more.p[0] == pytest.approx(stats.ttest_1samp(signs[1], 0.2, alternative="less").pvalue, abs=1e-12)


def test_without_spread_no_test_is_needed():
    same = alternative_annotator_test([1] * 40, [[1, 1]] * 40)
    assert (same.p, same.winning_rate, same.advantage) == ((0, 0), 1, 1)
    other = alternative_annotator_test([2] * 40, [[1, 1]] * 40)
    assert (other.p, other.winning_rate, other.advantage) == ((1, 1), 0, 0)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([1, 2], [[1, 2]]), "model has 2 labels, but humans 1 rows"),
        (([1], [[1]]), "humans has one annotator alone"),
        (([1, 1], [[1, None], [None, 1]]), "Annotator 0 of humans shares no item with another"),
        (([1], [[1, 1]], "kappa"), "score is 'kappa', but must be one of accuracy, neg_rmse"),
        (([1], [[1, 1]], "accuracy", 2), "epsilon is 2"),
    ],
)
def test_what_cannot_be_tested_is_refused(arguments, says):
    with pytest.raises(InvalidInputError, match=says):
        alternative_annotator_test(*arguments)
