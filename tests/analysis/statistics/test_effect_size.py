import itertools
import math

import numpy as np
import pytest

from syndisco_nb.analysis.statistics.effect_size import cliffs_delta, cohen_d, cohen_dz, hedges_g, hedges_gz

DIFFERENCES = [0.4, 0.1, -0.2, 0.5, 0.3, 0.0]


def test_paired_effects_of_the_worked_example():
    assert np.std(DIFFERENCES, ddof=1) == pytest.approx(0.263944, abs=5e-7)
    assert cohen_dz(DIFFERENCES) == pytest.approx(0.694591, abs=5e-7)
    assert hedges_gz(DIFFERENCES) == pytest.approx(0.584918, abs=6e-7)
    assert hedges_gz(DIFFERENCES) == pytest.approx(cohen_dz(DIFFERENCES) * 16 / 19, abs=1e-12)


def test_effects_of_two_groups():
    one, other = [1, 2, 3, 6], [2, 4, 4]
    pooled = math.sqrt((14 + 8 / 3) / 5)
    assert cohen_d(one, other) == pytest.approx((10 / 3 - 3) / pooled, abs=1e-12)
    assert hedges_g(one, other) == pytest.approx(cohen_d(one, other) * (1 - 3 / 19), abs=1e-12)
    assert cohen_d(other, one) == -cohen_d(one, other)


def test_cliffs_delta_counts_pairs():
    assert cliffs_delta([1, 2, 3], [2, 3, 4, 5]) == pytest.approx(2 / 3, abs=1e-12)
    rng = np.random.default_rng(1)
    one, other = rng.integers(1, 6, 17), rng.integers(1, 6, 23)
    counted = sum(np.sign(y - x) for x, y in itertools.product(one, other)) / (17 * 23)
    assert cliffs_delta(one, other) == pytest.approx(counted, abs=1e-12)
    assert cliffs_delta([1], [2]) == -cliffs_delta([2], [1]) == 1


def test_without_spread_or_enough_values_there_is_none():
    for found in (cohen_d([1, 1], [2, 2]), cohen_d([1], [1, 2]), cohen_dz([1]), cohen_dz([2, 2]), hedges_gz([1])):
        assert math.isnan(found)
    assert math.isnan(cliffs_delta([], [1]))
    assert math.isnan(cohen_dz([0.1] * 6))  # whose mean is not 0.1
    assert math.isnan(cohen_d([0.1] * 6, [0.7] * 6))
    assert math.isnan(hedges_gz([1, 2]))  # its factor is 0, which says nothing about the effect
