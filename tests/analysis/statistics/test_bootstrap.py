"""Intervals by bootstrap: a resample that can be counted by hand, and their coverage in simulation."""

import itertools
import math
import time

import numpy as np
import pytest
from support.sizes import size

from syndisco_nb.analysis.statistics.arrays import sum_by_cluster
from syndisco_nb.analysis.statistics.bootstrap import (
    bootstrap_interval,
    difference_interval,
    estimates,
    interval_of,
    mean_interval,
    percentiles,
    ratio,
    resample_weights,
    resampled,
    resampled_sums,
)
from syndisco_nb.errors import InvalidInputError

CONTROL = np.array([[5.0, 3], [8, 3], [4, 3]])  # sums and numbers of the comments of three discussions, example E


def test_all_27_resamples_of_three_discussions():
    chosen = itertools.product(range(3), repeat=3)
    weights = np.array([np.bincount(one, minlength=3) for one in chosen], dtype=float)
    means = ratio(weights @ CONTROL)
    assert means.mean() == pytest.approx(1.888889, abs=5e-7)
    assert means.std() == pytest.approx(0.327102, abs=5e-7)
    assert percentiles(means, 0.025) == pytest.approx((4 / 3, 8 / 3), abs=1e-12)
    drawn = resampled(CONTROL, ratio, 20_000)
    assert drawn.mean() == pytest.approx(means.mean(), abs=0.01)
    assert drawn.std() == pytest.approx(means.std(), abs=0.01)


def test_each_cluster_comes_as_often_as_any_other():
    weights = resample_weights(5, 4000, seed=3)
    assert (weights.sum(axis=1) == 5).all()
    assert weights.mean(axis=0) == pytest.approx(np.ones(5), abs=0.06)
    assert weights.var(axis=0) == pytest.approx(np.full(5, 0.8), abs=0.06)


def test_the_same_seed_gives_the_same_interval():
    values = np.random.default_rng(1).normal(size=12)
    assert mean_interval(values, seed=4) == mean_interval(values, seed=4) != mean_interval(values, seed=5)
    assert mean_interval(values) == mean_interval(values, 0.95, 2000, 0)
    one, other = values[:6], values[6:]
    assert difference_interval(one, other) == difference_interval(one, other)
    assert resampled(np.column_stack([values] * 3), ratio, 10).tolist() == [1.0] * 10


def test_draws_at_once_or_in_parcels_are_the_same(monkeypatch):
    parts = np.random.default_rng(1).random((9, 4))
    whole = resampled(parts, ratio, 50)
    monkeypatch.setattr("syndisco_nb.analysis.statistics.bootstrap._CHUNK", 12)
    assert resampled(parts, ratio, 50) == pytest.approx(whole, abs=1e-15)


def test_several_statistics_share_their_resamples():
    rng = np.random.default_rng(1)
    one, other = (np.column_stack([rng.random(9), rng.integers(1, 5, 9)]) for _ in range(2))
    found = estimates({"one": (one, ratio), "other": (other, ratio)}, draws=300, seed=2)
    for name, parts in (("one", one), ("other", other)):
        interval = bootstrap_interval(parts, ratio, draws=300, seed=2)
        assert found[name] == (pytest.approx(parts[:, 0].sum() / parts[:, 1].sum()), pytest.approx(interval))
    assert interval_of(resampled(one, ratio, 300, 2), 9) == pytest.approx(found["one"][1])
    assert resampled_sums(one, 300, 2) == pytest.approx(resample_weights(9, 300, 2) @ one)


def test_clusters_widen_the_interval():
    rng = np.random.default_rng(2)
    values = np.repeat(rng.normal(size=20), 10) + rng.normal(size=200) / 10
    parts = np.column_stack([values, np.ones(200)])
    low, high = bootstrap_interval(parts, ratio)
    wide_low, wide_high = bootstrap_interval(sum_by_cluster(parts, np.repeat(range(20), 10)), ratio)
    assert wide_high - wide_low > 2.5 * (high - low)


def test_an_interval_of_a_difference_turns_with_the_groups():
    rng = np.random.default_rng(2)
    one, other = rng.normal(size=15), rng.normal(1, 2, size=25)
    low, high = difference_interval(one, other)
    assert low < other.mean() - one.mean() < high
    assert difference_interval(other, one) == pytest.approx((-high, -low), abs=0.2)
    assert difference_interval(one, one[:1]) == pytest.approx((math.nan, math.nan), nan_ok=True)


def test_equal_values_have_an_exact_difference():
    assert difference_interval([0.1] * 6, [0.7] * 6) == pytest.approx((0.6, 0.6), abs=1e-15)


def test_without_two_clusters_or_a_value_there_is_no_interval():
    assert np.isnan(mean_interval([3.0])).all()
    assert np.isnan(mean_interval([])).all()
    assert np.isnan(percentiles(np.array([np.nan, np.nan, 1.0]), 0.1)).all()
    assert percentiles(np.array([np.nan, 1.0, 2.0]), 0.1) == (1.0, 2.0)
    assert mean_interval([2.0, 2.0]) == (2.0, 2.0)


@pytest.mark.parametrize("change", [{"level": 95}, {"draws": 0}])
def test_a_level_or_number_of_draws_that_cannot_work_is_refused(change):
    with pytest.raises(InvalidInputError, match=r"is (95|0), but must be"):
        mean_interval([1.0, 2.0], **change)


@pytest.mark.seconds
def test_ten_thousand_labels_take_less_than_a_second():
    rng = np.random.default_rng(1)
    for discussions in (40, 1000):
        begun = time.perf_counter()
        clusters = np.repeat(range(discussions), 10_000 // discussions)
        parts = sum_by_cluster(np.column_stack([rng.random(10_000), np.ones(10_000)]), clusters)
        bootstrap_interval(parts, ratio)
        assert time.perf_counter() - begun < 1


# Coverage. Labels from 1 to 5, whose discussions differ (an ICC of about .4).


def discussions(rng, number, shift=0.0, comments=8):
    """Return the sum and number of labels of each discussion."""
    about = rng.normal(shift, 0.8, number)[:, None]
    labels = np.clip(np.round(2.3 + about + rng.normal(0, 1, (number, comments))), 1, 5)
    said = rng.integers(comments // 2, comments + 1, number)
    kept = np.arange(comments) < said[:, None]
    return np.column_stack([(labels * kept).sum(axis=1), said])


def one_sample(rng, number, draws):
    return bootstrap_interval(discussions(rng, number), ratio, draws=draws, seed=int(rng.integers(2**32)))


def paired(rng, number, draws):
    shared = rng.normal(0, 0.5, number)
    means = [ratio(discussions(rng, number, shift=shared + shift)) for shift in (0, 0.5)]
    return mean_interval(means[1] - means[0], draws=draws, seed=int(rng.integers(2**32)))


def unpaired(rng, number, draws):
    one, other = (ratio(discussions(rng, number, shift)) for shift in (0, 0.5))
    return difference_interval(one, other, draws=draws, seed=int(rng.integers(2**32)))


def expected(make):
    rng = np.random.default_rng(0)
    many = 400_000
    low, high = (discussions(rng, many, shift) for shift in (0, 0.5))
    if make is one_sample:
        return low[:, 0].sum() / low[:, 1].sum()
    if make is unpaired:
        return ratio(high).mean() - ratio(low).mean()
    shared = rng.normal(0, 0.5, many)
    return ratio(discussions(rng, many, shared + 0.5)).mean() - ratio(discussions(rng, many, shared)).mean()


@pytest.mark.long
@pytest.mark.parametrize("make", [one_sample, paired, unpaired])
@pytest.mark.parametrize("number", [10, 20, 30])
def test_intervals_cover_the_truth_95_times_of_100(make, number):
    rng, truth = np.random.default_rng(number), expected(make)
    found = [make(rng, number, 1000) for _ in range(3000)]
    covered = np.mean([low <= truth <= high for low, high in found])
    assert 0.93 <= covered <= 0.97


def test_a_sample_of_the_coverage():
    rng = np.random.default_rng(7)
    found = [paired(rng, 10, size(2000, 400)) for _ in range(120)]
    assert 105 <= sum(low <= 0.4516 <= high for low, high in found) <= 118
