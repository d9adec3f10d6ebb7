import numpy as np
import pytest
from scipy.stats import chisquare

from syndisco_nb.analysis.checks.tally import Tally

FOUR = ("a", "b", "c", "d")


def tally_of(counts, chances=(0.25,) * 4):
    tally = Tally(1)
    for name, number in zip(FOUR, counts, strict=True):
        for _ in range(number):
            tally.add(FOUR, chances, name)
    return tally


@pytest.mark.parametrize("chances", [(0.25,) * 4, (0.1, 0.2, 0.3, 0.4)])
def test_of_equal_draws_it_is_pearsons_chi_square(chances):
    counts = [30, 20, 25, 25]
    assert tally_of(counts, chances).p == pytest.approx(chisquare(counts, np.array(chances) * 100).pvalue, abs=1e-12)


def test_small_counts_are_compared_with_simulated_draws():
    # Two draws of two equal options: all alike has a probability of 1/2.
    tally = Tally(1)
    for _ in range(2):
        tally.add(("a", "b"), (0.5, 0.5), "a")
    assert tally.p == pytest.approx(0.5, abs=0.04)


def test_a_sample_without_replacement_varies_less_than_single_draws():
    # 3 of 4 in each of 40 discussions; that one is never drawn has a probability of 4^-40.
    tally = Tally(1)
    for number in range(40):
        tally.add_sample(FOUR, [name for name in FOUR if name != FOUR[number % 4]])
    assert tally.p == pytest.approx(1.0)
    fixed = Tally(1)
    for _ in range(40):
        fixed.add_sample(FOUR, FOUR[:3])
    assert fixed.p < 1e-20
    assert fixed.farthest[:3] == ("a", 1.0, 0.75) or fixed.farthest[:3] == ("d", 0.0, 0.75)


def test_p_values_of_clean_draws_are_uniform():
    rng = np.random.default_rng(5)
    found = []
    for _ in range(60):
        tally = Tally(1)
        for _ in range(40):
            options = list(rng.permutation(list(FOUR))[:3])
            tally.add(options, (1 / 3,) * 3, options[rng.integers(3)])
            tally.add_sample(FOUR, list(rng.permutation(list(FOUR))[:2]))
        found.append(tally.p)
    assert 0.35 < np.mean(found) < 0.65
    assert np.mean(np.array(found) < 0.05) < 0.15


def test_draws_without_an_alternative_do_not_count():
    tally = Tally(1)
    tally.add(("a",), (1.0,), "a")
    tally.add(("a", "b"), (1.0, 0.0), "a")
    tally.add_sample(FOUR, FOUR)
    assert (tally.n, tally.p, tally.enough) == (0, 1.0, False)


def test_a_finding_names_the_farthest_outcome_and_fails_unless_the_difference_is_small():
    tally = tally_of([45, 15, 20, 20])
    name, share, expected, *_ = tally.farthest
    found = tally.finding(lambda *seen: "{} {} {}".format(*seen))
    assert (found.figure, found.n, found.p, found.worst) == (share, tally.n, tally.p, "fail")
    assert found.explanation == f"{name} {share} {expected}"
    assert tally.finding(lambda *_: "", large=abs(share - expected)).worst == "warn"
    assert tally.finding(lambda *_: "", large=abs(share - expected) / 2).worst == "fail"


def test_the_farthest_outcome_has_its_range():
    name, share, expected, low, high = tally_of([45, 15, 20, 20]).farthest
    assert (name, share, expected) == ("a", 0.45, 0.25)
    assert (low, high) == pytest.approx((0.25 - 2.807 * 0.0433, 0.25 + 2.807 * 0.0433), abs=1e-3)


def test_more_data_are_enough():
    assert not tally_of([3, 3, 3, 3]).enough
    assert tally_of([20, 20, 20, 20]).enough
