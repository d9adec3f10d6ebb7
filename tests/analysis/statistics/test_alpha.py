"""Krippendorff's alpha: his own example, and the reference implementation on random tables."""

import math
import time
import warnings

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.worked_examples import TABLE

from syndisco_nb.analysis.statistics.alpha import alpha_parts, krippendorff_alpha, why_undefined
from syndisco_nb.analysis.statistics.bootstrap import bootstrap_interval, resample_weights, resampled
from syndisco_nb.errors import InvalidInputError

LEVELS = ["nominal", "ordinal", "interval"]


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_of_the_published_example(level, published):
    assert krippendorff_alpha(TABLE, level) == pytest.approx(published, abs=0.0005)


TABLES = st.tuples(st.integers(1, 6), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(st.sampled_from([None, 1, 2, 3.5, 9]), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=50, deadline=None)
@given(TABLES)
def test_alpha_is_that_of_the_reference(level, table):
    table = np.array(table, dtype=float)
    found = krippendorff_alpha(table, level)
    pairable = table[(~np.isnan(table)).sum(axis=1) > 1]
    if len(np.unique(pairable[~np.isnan(pairable)])) < 2:
        assert math.isnan(found)
        assert why_undefined(table).startswith("Alpha is not defined")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = krippendorff.alpha(reliability_data=table.T, level_of_measurement=level)
    assert math.isclose(found, expected, abs_tol=1e-9)
    assert why_undefined(table) == ""


@pytest.mark.parametrize("level", LEVELS)
def test_a_resample_is_the_alpha_of_its_units(level):
    rng = np.random.default_rng(1)
    table = rng.integers(1, 5, (60, 3)).astype(float)
    table[rng.random(table.shape) < 0.2] = np.nan
    clusters = rng.integers(0, 7, 60)
    parts, alpha = alpha_parts(table, level, clusters)
    weights = resample_weights(7, 20, seed=3)
    by_hand = [
        krippendorff_alpha(np.concatenate([table[clusters == c] for c in range(7) for _ in range(int(row[c]))]), level)
        for row in weights
    ]
    assert resampled(parts, alpha, 20, seed=3) == pytest.approx(by_hand, abs=1e-9)
    low, high = bootstrap_interval(parts, alpha)
    assert low < krippendorff_alpha(table, level) < high


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("table", [np.empty((0, 2)), [[2, 2], [2, 2]], [[1, None], [None, 2]], [[0.1] * 3] * 3])
def test_without_two_different_labels_to_pair_there_is_none(level, table):
    assert math.isnan(krippendorff_alpha(table, level))
    assert krippendorff_alpha([[1, 2]], level) == 0


def test_the_reason_is_said():
    assert why_undefined([[3, 3], [3, 3], [4, None]]) == "Alpha is not defined: all 4 labels are 3."
    assert why_undefined([[3, None]]) == "Alpha is not defined: no unit has labels of two annotators."


def test_a_level_or_table_that_cannot_be_is_refused():
    with pytest.raises(InvalidInputError, match="level is 'ratio', but must be one of nominal, ordinal, interval"):
        krippendorff_alpha(TABLE, "ratio")
    with pytest.raises(InvalidInputError, match="table has 1 dimensions"):
        krippendorff_alpha([1, 2])


@pytest.mark.seconds
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("labels", [5, 101])
def test_ten_thousand_labels_take_less_than_a_second(level, labels):
    rng = np.random.default_rng(1)
    table = rng.integers(0, labels, (10_000, 3)).astype(float)
    begun = time.perf_counter()
    bootstrap_interval(*alpha_parts(table, level, np.repeat(range(1000), 10)))
    assert time.perf_counter() - begun < 1 + 3 * (level == "ordinal" and labels == 101)
