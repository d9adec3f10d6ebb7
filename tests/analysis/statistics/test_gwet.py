"""Gwet's coefficients: by hand, the published figures of irrCAC, and resamples."""

import math

import numpy as np
import pytest
from support.worked_examples import TABLE

from syndisco_nb.analysis.statistics.bootstrap import resample_weights, resampled
from syndisco_nb.analysis.statistics.gwet import gwet_ac1, gwet_ac2, gwet_parts
from syndisco_nb.errors import InvalidInputError

RARE = [[0, 0], [0, 0], [0, 0], [0, 1], [1, 1], [0, 0], [0, 0], [0, None]]


def test_the_worked_example():
    observed, chance = 6 / 7, 2 * 0.8125 * 0.1875
    assert (observed, chance) == pytest.approx((0.857143, 0.304688), abs=6e-7)
    assert gwet_ac1(RARE) == pytest.approx((observed - chance) / (1 - chance), abs=1e-9)
    assert gwet_ac1(RARE) == pytest.approx(0.794543, abs=5e-7)
    assert gwet_ac1([*RARE, [None, None]]) == pytest.approx(gwet_ac1(RARE), abs=1e-12)  # a unit that nobody labelled


def test_the_published_figures():
    assert gwet_ac1(TABLE) == pytest.approx(0.77544, abs=5e-6)  # irrCAC: cac.raw4raters
    counts = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]])  # cont3x3abstractors
    units = [[row, column] for row in range(3) for column in range(3) for _ in range(counts[row, column])]
    assert gwet_ac1(units) == pytest.approx(0.84933, abs=5e-6)


@pytest.mark.parametrize(
    ("weights", "near", "total"),
    [("identity", 0, 3), ("linear", 0.5, 5), ("quadratic", 0.75, 6), ("ordinal", 2 / 3, 3 + 4 * 2 / 3)],
)
def test_weights_count_near_labels(weights, near, total):
    table = [[1, 2], [3, 3], [2, 2], [1, 1], [3, 1]]
    chance = total * (0.4 * 0.6 + 2 * 0.3 * 0.7) / 6
    assert gwet_ac2(table, weights) == pytest.approx(((3 + near) / 5 - chance) / (1 - chance), abs=1e-9)


def test_labels_that_nobody_gave_count_as_possible():
    assert gwet_ac1(RARE, labels=[0, 1, 2]) > gwet_ac1(RARE)
    assert gwet_ac1([[3, 3], [3, 3]], labels=[1, 2, 3]) == 1
    assert math.isnan(gwet_ac1([[3, 3], [3, 3]]))
    assert math.isnan(gwet_ac1([[1, None], [None, 2]]))
    assert math.isnan(gwet_ac1(np.empty((0, 2))))


def test_a_resample_is_the_coefficient_of_its_units():
    clusters = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    labels = [1, 2, 3, 4, 5]
    parts, coefficient = gwet_parts(TABLE, "quadratic", labels, clusters)
    by_hand = [
        gwet_ac2(
            np.concatenate([TABLE[clusters == c] for c in range(6) for _ in range(int(row[c]))]), "quadratic", labels
        )
        for row in resample_weights(6, 15, seed=2)
    ]
    assert resampled(parts, coefficient, 15, seed=2) == pytest.approx(by_hand, abs=1e-9)


def test_what_cannot_be_is_refused():
    with pytest.raises(InvalidInputError, match=r"table holds \[7\.0\], which are not among the labels"):
        gwet_ac1([[1, 7]], labels=[1, 2])
    with pytest.raises(InvalidInputError, match="weights is 'radical', but must be one of identity"):
        gwet_ac2(TABLE, "radical")
