import numpy as np
import pytest

from syndisco_nb.analysis.statistics.arrays import numbered, numbers, sum_by_cluster, variance
from syndisco_nb.errors import InvalidInputError


def test_numbers_are_taken_from_any_sequence():
    assert numbers("values", (1, 2.5)).tolist() == [1.0, 2.5]
    assert np.isnan(numbers("table", [[1, None]], 2, missing=True)[0, 1])


@pytest.mark.parametrize(
    ("values", "dimensions", "missing", "says"),
    [
        (["a"], 1, False, r"values is \['a'\], but must hold numbers"),
        ([1, None], 1, False, "values holds a value that is missing or infinite"),
        ([1, np.inf], 1, True, "values holds a value that is infinite"),
        ([1, 2], 2, False, r"values has 1 dimensions, but must have 2 \(units × annotators\)"),
    ],
)
def test_anything_else_is_refused(values, dimensions, missing, says):
    with pytest.raises(InvalidInputError, match=says) as raised:
        numbers("values", values, dimensions, missing)
    assert raised.value.field == "values"


def test_sums_are_those_of_each_cluster_in_the_order_of_names():
    parts = np.arange(10.0).reshape(5, 2)
    assert sum_by_cluster(parts, ["b", "a", "b", "c", "a"]).tolist() == [[10, 12], [4, 6], [6, 7]]
    assert sum_by_cluster(parts).tolist() == parts.tolist()
    assert sum_by_cluster(np.empty((0, 2)), []).shape == (0, 2)
    assert numbered(["x", "y", "x"]).tolist() == [0, 1, 0]
    with pytest.raises(InvalidInputError, match="clusters has 1 values, but there are 5 units"):
        sum_by_cluster(parts, ["a"])


def test_equal_values_have_no_variance():
    assert variance(np.full(6, 0.1)) == 0
    assert variance(np.array([1.0, 2.0, 4.0])) == pytest.approx(7 / 3, abs=1e-12)
