import math

import numpy as np
import pytest
from scipy import stats

from syndisco_nb.analysis.statistics import sign_flips
from syndisco_nb.analysis.statistics.sign_flips import sign_flip_p


def test_the_worked_example():
    assert sign_flip_p([-2 / 3, -1, 0]) == 0.5


def test_all_of_one_sign_is_the_rarest_way():
    assert sign_flip_p([1, 2, 3, 4, 5, 6]) == 2 / 64
    assert sign_flip_p([0, 0]) == 1
    assert math.isnan(sign_flip_p([]))


def test_it_is_that_of_scipy():
    rng = np.random.default_rng(1)
    for number in (3, 8, 12):
        differences = rng.normal(0.3, 1, size=number)
        reference = stats.permutation_test(
            (differences,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
        )
        assert sign_flip_p(differences) == pytest.approx(reference.pvalue, abs=1e-12)


def test_random_flips_come_near_all_of_them(monkeypatch):
    differences = np.random.default_rng(2).normal(0.4, 1, size=13)
    exact = sign_flip_p(differences)
    monkeypatch.setattr(sign_flips, "EXACT", 12)
    drawn = sign_flip_p(differences, seed=1)
    assert abs(drawn - exact) < 0.015
    assert exact != drawn == sign_flip_p(differences, seed=1) != sign_flip_p(differences, seed=2)
    assert sign_flip_p(np.ones(20), draws=99) == 0.01
