"""Raking meets the quotas, and rows are drawn by weight."""

import itertools

import pandas as pd
import pytest

from syndisco_nb.backend.raking import checked_quotas, checked_weights, raked_weights, systematic_rows
from syndisco_nb.errors import InvalidInputError

PEOPLE = pd.DataFrame(itertools.product(["f", "m"], ["north", "south", "west"]), columns=["sex", "region"])
TARGETS = {"sex": {"f": 0.6, "m": 0.4}, "region": {"north": 0.2, "south": 0.3, "west": 0.5}}


def shares(weights, column):
    return weights.groupby(PEOPLE[column]).sum().to_dict()


@pytest.mark.parametrize("own", [[1.0] * 6, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]])
def test_raked_weights_have_the_shares_of_all_quotas(own):
    weights = raked_weights(PEOPLE, pd.Series(own), TARGETS)
    assert weights.sum() == pytest.approx(1)
    for column, target in TARGETS.items():
        assert shares(weights, column) == pytest.approx(target, abs=1e-5)


def test_equal_weights_become_the_product_of_the_shares():
    weights = raked_weights(PEOPLE, pd.Series([1.0] * 6), TARGETS)
    expected = [a * b for a, b in itertools.product(TARGETS["sex"].values(), TARGETS["region"].values())]
    assert weights.tolist() == pytest.approx(expected)


def test_rows_without_a_quota_are_not_drawn_and_a_value_without_rows_is_an_error():
    weights = raked_weights(PEOPLE, pd.Series([1.0] * 6), {"region": {"north": 1.0}})
    assert shares(weights, "region") == {"north": 1.0, "south": 0.0, "west": 0.0}
    with pytest.raises(InvalidInputError, match="nobody with region 'east'"):
        raked_weights(PEOPLE, pd.Series([1.0] * 6), {"region": {"east": 1.0}})


def test_without_quotas_the_weights_are_the_own_ones():
    assert raked_weights(PEOPLE, pd.Series([1.0, 2, 3, 0, 0, 4]), {}).tolist() == [0.1, 0.2, 0.3, 0, 0, 0.4]


def test_shares_are_scaled_to_a_sum_of_1_and_zeros_left_out():
    assert checked_quotas(PEOPLE, {"sex": {"f": 0.505, "m": 0.505, "x": 0}}) == {"sex": {"f": 0.5, "m": 0.5}}


def test_weights_are_numbers_even_as_text():
    assert checked_weights(pd.DataFrame({"w": ["1", "2.5"]}), "w").tolist() == [1.0, 2.5]
    assert checked_weights(pd.DataFrame({"w": ["1", "2,5"]}), "w").tolist() == [1.0, 2.5]
    assert checked_weights(PEOPLE, None).tolist() == [1.0] * 6
    for column in (["1", "much"], [1, -1], [1, float("inf")], [1, None]):
        with pytest.raises(InvalidInputError, match="The weight in row 2 is not a number of 0 or more"):
            checked_weights(pd.DataFrame({"w": column}), "w")
    with pytest.raises(InvalidInputError, match="are all 0"):
        checked_weights(pd.DataFrame({"w": [0, 0]}), "w")


def test_rows_are_drawn_on_an_even_grid_along_the_order():
    weights = pd.Series([0.5, 0.25, 0.25])
    assert systematic_rows(weights, [0, 1, 2], 4, 0.5) == [0, 0, 1, 2]
    assert systematic_rows(weights, [2, 1, 0], 4, 0.5) == [2, 1, 0, 0]
    assert systematic_rows(weights, [0, 1, 2], 1, 0.6) == [1]
    assert systematic_rows(pd.Series([1.0, 0.0]), [0, 1], 2, 0.999) == [0, 0]
