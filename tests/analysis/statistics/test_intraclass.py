import math

import numpy as np
import pytest
from support.worked_examples import CONDITIONS, DISCUSSIONS, LEVELS, TOXICITY

from syndisco_nb.analysis.statistics.intraclass import intraclass_correlation
from syndisco_nb.analysis.statistics.mixed_model import mixed_model
from syndisco_nb.errors import InvalidInputError


def test_the_worked_example():
    found = intraclass_correlation(TOXICITY, DISCUSSIONS, CONDITIONS)
    assert (found.between, found.within) == pytest.approx((8 / 9, 5 / 18), abs=1e-9)
    assert (found.correlation, found.design_effect) == pytest.approx((0.423077, 1.846154), abs=5e-7)
    fit = mixed_model(TOXICITY, CONDITIONS, DISCUSSIONS, LEVELS)
    share = fit.discussion_variance / (fit.discussion_variance + fit.residual_variance)
    assert found.correlation == pytest.approx(share, abs=1e-9)


def test_differences_between_conditions_count_unless_these_are_given():
    assert intraclass_correlation(TOXICITY, DISCUSSIONS).between == pytest.approx(
        3 * np.var([5 / 3, 8 / 3, 4 / 3, 1, 5 / 3, 4 / 3], ddof=1), abs=1e-9
    )


def test_discussions_of_unequal_length():
    found = intraclass_correlation([1, 2, 3, 3, 5, 4], ["a", "a", "b", "b", "b", "c"])
    between = (2 * (1.5 - 3) ** 2 + 3 * (11 / 3 - 3) ** 2 + 1) / 2
    within = (0.5 + 8 / 3) / 3
    size = (6 - (4 + 9 + 1) / 6) / 2
    assert (found.between, found.within) == pytest.approx((between, within), abs=1e-9)
    assert found.correlation == pytest.approx((between - within) / (between + (size - 1) * within), abs=1e-9)


def test_too_few_have_none():
    assert math.isnan(intraclass_correlation([1, 2, 3], ["a", "a", "a"]).correlation)
    assert math.isnan(intraclass_correlation([1, 2, 3], ["a", "b", "c"]).design_effect)
    assert math.isnan(intraclass_correlation([1, 1, 1, 1], ["a", "a", "b", "b"]).correlation)
    with pytest.raises(InvalidInputError, match="clusters has 1 values, but values has 2"):
        intraclass_correlation([1, 2], ["a"])
