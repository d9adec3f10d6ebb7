import math

import numpy as np
import pytest
from scipy import stats

from syndisco_nb.analysis.statistics.t_test import paired_t, t_of, welch_t
from syndisco_nb.errors import InvalidInputError

CONTROL, MODERATED = [5 / 3, 8 / 3, 4 / 3], [1, 5 / 3, 4 / 3]  # discussion means of example E


def test_the_worked_example():
    welch = welch_t(CONTROL, MODERATED)
    assert (welch.difference, welch.statistic) == pytest.approx((-5 / 9, -1.25), abs=1e-9)
    assert (welch.freedom, welch.p) == pytest.approx((2.876, 0.303342), abs=5e-4)
    paired = paired_t(np.subtract(MODERATED, CONTROL))
    assert (paired.difference, paired.statistic, paired.freedom) == pytest.approx((-5 / 9, -1.889822, 2), abs=5e-7)
    assert paired.p == pytest.approx(0.199359, abs=5e-7)


def test_they_are_those_of_scipy():
    rng = np.random.default_rng(1)
    for number in (2, 7, 40):
        one, other = rng.normal(size=number), rng.normal(0.4, 3, size=number + 3)
        found, reference = welch_t(one, other, 0.9), stats.ttest_ind(other, one, equal_var=False)
        assert (found.statistic, found.p, found.freedom) == pytest.approx((*reference, reference.df), abs=1e-9)
        assert found.interval == pytest.approx(tuple(reference.confidence_interval(0.9)), abs=1e-9)
        found, reference = paired_t(one - other[:number]), stats.ttest_rel(one, other[:number])
        assert (found.statistic, found.p) == pytest.approx(tuple(reference), abs=1e-9)
        assert found.interval == pytest.approx(tuple(reference.confidence_interval(0.95)), abs=1e-9)


@pytest.mark.parametrize("found", [paired_t([1]), paired_t([2, 2]), welch_t([1, 1], [3, 3]), welch_t([1], [3, 3])])
def test_where_nothing_varies_there_is_a_difference_alone(found):
    assert found.difference in (1, 2)
    assert math.isnan(found.p)
    assert np.isnan(found.interval).all()


def test_nothing_has_no_difference():
    assert math.isnan(paired_t([]).difference)
    assert math.isnan(welch_t([], [1]).difference)


def test_a_level_that_cannot_be_is_refused():
    with pytest.raises(InvalidInputError, match="level is 95"):
        t_of(1, 1, 3, level=95)


def test_equal_values_have_no_spread_even_where_their_mean_is_off_by_rounding():
    assert np.std([0.1] * 6, ddof=1) > 0
    for found in (paired_t([0.1] * 6), welch_t([0.1] * 6, [0.7] * 6)):
        assert math.isnan(found.p)
        assert math.isnan(found.statistic)
