import numpy as np
import pytest
from statsmodels.stats.power import TTestIndPower, TTestPower

from syndisco_nb.analysis.statistics.power import Power, discussions_needed, paired_power, unpaired_power
from syndisco_nb.errors import InvalidInputError

PILOT = np.random.default_rng(1).normal(0.2, 1, 400)
SPREAD = PILOT.std(ddof=1)


@pytest.mark.parametrize(("difference", "number"), [(0.5, 20), (0.5, 40), (0.2, 40)])
def test_power_is_that_of_theory_where_the_pilot_is_normal(difference, number):
    found = paired_power(PILOT, difference, number, draws=4000)
    assert found.power == pytest.approx(TTestPower().power(difference / SPREAD, number, 0.05), abs=0.03)
    assert found.error == pytest.approx(np.sqrt(found.power * (1 - found.power) / 4000), abs=1e-12)
    found = unpaired_power(PILOT[:200], PILOT[200:] * 2, difference, number, draws=4000)
    pooled = np.sqrt((PILOT[:200].var(ddof=1) + 4 * PILOT[200:].var(ddof=1)) / 2)
    assert found.power == pytest.approx(TTestIndPower().power(difference / pooled, number, 0.05), abs=0.03)


def test_without_a_difference_five_of_a_hundred_find_one():
    assert paired_power(PILOT, 0, 15).power == pytest.approx(0.05, abs=0.02)
    assert unpaired_power(PILOT[:200], PILOT[200:], 0, 15).power == pytest.approx(0.05, abs=0.02)


def test_the_same_seed_gives_the_same_power(monkeypatch):
    assert paired_power(PILOT, 0.4, 12, seed=1) == paired_power(PILOT, 0.4, 12, seed=1)
    assert paired_power(PILOT, 0.4, 12, seed=1) != paired_power(PILOT, 0.4, 12, seed=2)
    whole = paired_power(PILOT, 0.4, 12)
    monkeypatch.setattr("syndisco_nb.analysis.statistics.power._CHUNK", 1200)
    assert paired_power(PILOT, 0.4, 12) == whole


def test_the_smallest_size_with_the_wanted_power():
    needed, tried = discussions_needed(lambda number: Power(number, 1 - 10 / number, 0.0), 0.8)
    assert needed == 50
    assert [one.discussions for one in tried] == sorted({one.discussions for one in tried})
    assert all((one.power >= 0.8) == (one.discussions >= 50) for one in tried)
    theory = TTestPower().solve_power(0.5 / SPREAD, power=0.8, alpha=0.05)
    assert discussions_needed(lambda number: paired_power(PILOT, 0.5, number))[0] == pytest.approx(theory, abs=4)
    assert discussions_needed(lambda number: Power(number, 0.9, 0.0))[0] == 3


def test_a_difference_that_cannot_be_found_is_said():
    needed, tried = discussions_needed(lambda number: Power(number, 0.05, 0.0))
    assert needed is None
    assert tried[-1].discussions == 20_000


def test_a_pilot_that_does_not_vary_is_refused():
    for pilot in ([1], [2, 2], []):
        with pytest.raises(InvalidInputError, match=r"All values of the pilot \(differences\) are the same"):
            paired_power(pilot, 0.5, 10)
    with pytest.raises(InvalidInputError, match="discussions is 1"):
        paired_power(PILOT, 0.5, 1)


def test_a_study_of_equal_values_finds_nothing():
    """Of three draws from these, a third are equal, and have no t-test."""
    pilot = [0.1, 0.1, 0.4]
    assert paired_power(pilot, 50, 3).power == pytest.approx(2 / 3, abs=0.03)
