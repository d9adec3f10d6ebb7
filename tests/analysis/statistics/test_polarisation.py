import math

import numpy as np
import pytest

from syndisco_nb.analysis.statistics.polarisation import ndfu
from syndisco_nb.errors import InvalidInputError


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([1, 2, 3, 2, 1], 0),
        ([5, 0, 0, 0, 5], 1),
        ([4, 1, 3, 1, 1], 0.5),
        ([3, 1, 2, 1, 3], 2 / 3),
        ([3, 1, 3], 2 / 3),
        ([1, 0, 5], 0.2),
        ([7], 0),
        ([0, 0, 4], 0),
    ],
)
def test_the_worked_examples(counts, expected):
    assert ndfu(counts) == pytest.approx(expected, abs=1e-12)
    assert ndfu(np.array(counts) / sum(counts)) == pytest.approx(expected, abs=1e-12)


def test_bins_of_labels_that_occur_find_polarisation_where_there_is_none():
    scale, occurring = [6, 5, 0, 0, 0], np.histogram([1] * 6 + [2] * 5, bins=5)[0]
    assert ndfu(scale) == 0
    assert ndfu(occurring) == pytest.approx(0.833, abs=5e-4)


def test_without_labels_there_is_none():
    assert math.isnan(ndfu([0, 0]))
    with pytest.raises(InvalidInputError, match="below 0"):
        ndfu([1, -1])
