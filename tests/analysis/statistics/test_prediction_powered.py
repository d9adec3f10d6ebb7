"""Corrected estimates: the worked example, clusters by hand, and a biased judge in simulation."""

import numpy as np
import pytest
from scipy import stats

from syndisco_nb.analysis.statistics.prediction_powered import ppi_difference, ppi_mean
from syndisco_nb.errors import InvalidInputError

MANY, FEW, TRUE = [3, 2, 4, 3, 5, 1, 2, 4, 3, 3], [3, 4, 2, 5], [2, 4, 1, 4]


def test_the_worked_example():
    found = ppi_mean(MANY, FEW, TRUE)
    assert (found.estimate, found.model, found.weight) == (2.25, 3.0, 1)
    assert found.error == pytest.approx(np.sqrt((12 / 9) / 10 + 0.25 / 4), abs=1e-9)
    assert found.error == pytest.approx(0.442531, abs=5e-7)
    assert found.interval == pytest.approx((1.3827, 3.1173), abs=5e-5)
    assert np.std(TRUE, ddof=1) / 2 == pytest.approx(0.75, abs=1e-12)  # of people's labels alone, whose mean is 2.75


def test_the_difference_of_two_conditions():
    first = {"predicted": MANY, "predicted_labelled": FEW, "human": TRUE}
    second = {"predicted": [5, 4, 4, 3], "predicted_labelled": [4, 3], "human": [3, 3]}
    one, other, found = ppi_mean(**first), ppi_mean(**second), ppi_difference(first, second)
    assert found.estimate == pytest.approx(other.estimate - one.estimate, abs=1e-12)
    assert found.error == pytest.approx(np.hypot(one.error, other.error), abs=1e-12)
    assert found.model == other.model - one.model == 1


def test_discussions_are_the_units():
    alone = ppi_mean(MANY, FEW, TRUE, range(10), range(10, 14))
    assert alone.error == pytest.approx(ppi_mean(MANY, FEW, TRUE).error, abs=1e-12)
    assert alone.interval[1] - alone.estimate > 1.96 * alone.error
    clusters, labelled = [0, 0, 1, 1, 1, 1, 2, 2, 2, 2], [0, 1, 1, 2]
    found = ppi_mean(MANY, FEW, TRUE, clusters, labelled)
    of_model = np.array([-1, 1, 0]) / 10
    of_people = np.array([-0.25, 0.75 - 0.25, -0.25]) / 4
    assert found.error == pytest.approx(np.sqrt((1.5 * (of_model + of_people) ** 2).sum()), abs=1e-12)


def test_pairs_take_out_their_common_part():
    rng = np.random.default_rng(1)
    shared = rng.normal(0, 2, 20)
    pairs = np.repeat(range(20), 10)

    def condition(shift):
        values = (shared + shift)[pairs] + rng.normal(0, 0.1, 200)
        kept = np.arange(200) % 5 == 0
        return {
            "predicted": values[~kept],
            "predicted_labelled": values[kept],
            "human": values[kept] + 0.5,
            "clusters": pairs[~kept],
            "clusters_labelled": pairs[kept],
        }

    first, second = condition(0), condition(0.3)
    found = ppi_difference(first, second)
    assert found.estimate == pytest.approx(0.3, abs=0.05)
    own = second | {"clusters": pairs[pairs >= 0][np.arange(200) % 5 != 0] + 100, "clusters_labelled": pairs[::5] + 100}
    assert ppi_difference(first, own).error > 10 * found.error


def test_a_useless_model_is_not_relied_on():
    rng = np.random.default_rng(3)
    many, few, true = rng.normal(0, 5, 200), rng.normal(0, 5, 40), rng.normal(2, 1, 40)
    plain, tuned = ppi_mean(many, few, true), ppi_mean(many, few, true, tuned=True)
    assert tuned.weight < 0.2
    assert tuned.error < plain.error / 2
    assert tuned.error == pytest.approx(np.std(true, ddof=1) / np.sqrt(40), rel=0.2)
    good = ppi_mean(many, few, few + rng.normal(0, 0.1, 40), tuned=True)
    assert good.weight > 0.6
    assert ppi_mean([1, 1], [1, 1], [1, 2], tuned=True).weight == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"human": [1]}, "predicted_labelled has 4 values, but human 1"),
        ({"predicted": [1]}, "There must be two units or more"),
        ({"clusters": range(10)}, "Give both kinds of clusters, or none"),
        ({"clusters": range(9), "clusters_labelled": range(4)}, "clusters has 9 values, but there are 10"),
        ({"clusters": range(10), "clusters_labelled": [1] * 4}, "clusters_labelled holds one discussion alone"),
        ({"level": 0}, "level is 0"),
    ],
)
def test_what_cannot_be_corrected_is_refused(change, says):
    with pytest.raises(InvalidInputError, match=says):
        ppi_mean(**{"predicted": MANY, "predicted_labelled": FEW, "human": TRUE} | change)
    with pytest.raises(InvalidInputError, match="of both conditions"):
        ppi_difference({"clusters": [1]}, {})


def biased(rng, discussions, comments=10, labelled=2):
    """Return a corrected mean of a judge who adds .7 and forgets half of what is above 3; the truth is 2.5."""
    clusters = np.repeat(range(discussions), comments)
    true = 2.5 + rng.normal(0, 0.6, discussions)[clusters] + rng.normal(0, 0.8, len(clusters))
    model = true + 0.7 - 0.5 * np.maximum(true - 3, 0) + rng.normal(0, 0.3, len(true))
    by_hand = rng.permuted(np.tile(np.arange(comments) < labelled, (discussions, 1)), axis=1).ravel()
    return ppi_mean(model[~by_hand], model[by_hand], true[by_hand], clusters[~by_hand], clusters[by_hand])


@pytest.mark.long
@pytest.mark.parametrize("discussions", [10, 20, 40])
def test_a_biased_judge_is_corrected(discussions):
    rng = np.random.default_rng(discussions)
    found = [biased(rng, discussions) for _ in range(2000)]
    estimates = np.array([one.estimate for one in found])
    assert abs(stats.ttest_1samp(estimates, 2.5).statistic) < 3
    assert np.mean([one.model for one in found]) > 2.9
    assert 0.93 <= np.mean([one.interval[0] <= 2.5 <= one.interval[1] for one in found]) <= 0.97


def test_a_sample_of_the_correction():
    rng = np.random.default_rng(1)
    found = [biased(rng, 20) for _ in range(150)]
    assert np.mean([one.estimate for one in found]) == pytest.approx(2.5, abs=0.05)
    assert np.mean([one.model for one in found]) > 2.9
