"""Krippendorff's alpha: his own example, and the reference implementation on random tables."""

import math
import warnings

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndisco_nb.analysis.alpha import krippendorff_alpha

# Krippendorff (2011): four observers, twelve units, 0 for a missing label.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]
LEVELS = ["nominal", "ordinal", "interval"]


def counted(table, labels):
    return [[unit.count(label) for label in labels] for unit in zip(*table, strict=True)]


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_of_the_published_example(level, published):
    assert krippendorff_alpha(counted(OBSERVERS, range(1, 6)), level) == pytest.approx(published, abs=0.0005)


def test_values_count_at_the_interval_level():
    counts = [[2, 0, 0], [0, 2, 0], [0, 1, 1]]
    near, far = (krippendorff_alpha(counts, "interval", values) for values in ([0, 1, 2], [0, 1, 9]))
    assert krippendorff_alpha(counts, "interval") == near != far


TABLES = st.integers(1, 5).flatmap(
    lambda units: st.lists(st.lists(st.integers(0, 4), min_size=units, max_size=units), min_size=1, max_size=5)
)


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_alpha_is_that_of_the_reference(level, table):
    counts = counted(table, range(1, 5))
    found = krippendorff_alpha(counts, level)
    pairable = [label for unit in counts if sum(unit) > 1 for label, count in enumerate(unit) if count]
    if len(set(pairable)) < 2:
        assert found is None
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = krippendorff.alpha(value_counts=np.array(counts), level_of_measurement=level)
    assert math.isclose(found, expected, abs_tol=1e-12)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("counts", [[], [[1, 0], [0, 1]], [[2, 0], [3, 0]], [[0, 0]]])
def test_without_two_different_labels_to_pair_it_is_not_defined(level, counts):
    assert krippendorff_alpha(counts, level) is None
