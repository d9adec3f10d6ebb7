import numpy as np
import pytest

from syndisco_nb.analysis.statistics.model_fit import ModelFit, coefficients, columns
from syndisco_nb.errors import InvalidInputError


def test_columns_are_levels_turn_and_their_products():
    model = columns([1, 2, 3, 4], ["b", "a", "c", "a"], ["x", "y", "z", "y"], ["a", "b", "c"], [1, 2, 3, 6])
    assert model.names == ("intercept", "b", "c", "turn", "b × turn", "c × turn")
    assert model.matrix.tolist() == [
        [1, 1, 0, -2, -2, 0],
        [1, 0, 0, -1, 0, 0],
        [1, 0, 1, 0, 0, 0],
        [1, 0, 0, 3, 0, 0],
    ]
    assert model.within.tolist() == [False, False, False, True, False, False]
    assert (model.discussions, model.clusters.tolist()) == (3, [0, 1, 2, 1])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"conditions": ["a", "q"]}, "'q' is not one of the levels: a, b"),
        ({"clusters": [1]}, "clusters has 1 values, but values has 2"),
        ({"turns": [1, 2, 3]}, "turns has 3 values, but values has 2"),
    ],
)
def test_what_does_not_fit_together_is_refused(change, says):
    given = {"values": [1, 2], "conditions": ["a", "b"], "clusters": [1, 2], "levels": ["a", "b"]}
    with pytest.raises(InvalidInputError, match=says):
        columns(**given | change)


def test_coefficients_have_intervals_by_t():
    one, certain = coefficients(("a", "b"), np.array([1.0, 2.0]), np.array([0.5, 0.0]), np.array([4, 4]))
    assert one.interval == pytest.approx((1 - 0.5 * 2.776445105, 1 + 0.5 * 2.776445105), abs=1e-9)
    assert one.p == pytest.approx(0.116116524, abs=1e-9)
    assert (certain.interval, certain.p) == ((2, 2), 0)


def test_a_coefficient_is_found_by_its_name():
    fit = ModelFit(coefficients(("a",), np.ones(1), np.ones(1), np.ones(1)), 2, 2, 1.0, 1.0, converged=True)
    assert fit["a"].estimate == 1
    with pytest.raises(InvalidInputError, match=r"There is no coefficient 'b'\. There are: a"):
        fit["b"]
