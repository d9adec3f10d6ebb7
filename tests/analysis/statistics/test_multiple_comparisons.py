import numpy as np
import pytest

from syndisco_nb.analysis.statistics.multiple_comparisons import holm
from syndisco_nb.errors import InvalidInputError


def test_the_published_way_of_counting():
    assert holm([0.01, 0.04, 0.03]).tolist() == pytest.approx([0.03, 0.06, 0.06], abs=1e-12)


def test_it_steps_down_and_never_back():
    rng = np.random.default_rng(1)
    for number in range(1, 30):
        p = rng.random(number) ** 2
        by_hand = [min(1, max((number - place) * q for place, q in enumerate(sorted(p)) if q <= one)) for one in p]
        assert holm(p) == pytest.approx(by_hand, abs=1e-12)


def test_a_test_that_could_not_be_done_does_not_count():
    assert holm([0.02, np.nan, 0.03]).tolist() == pytest.approx([0.04, np.nan, 0.04], nan_ok=True)
    assert holm([]).tolist() == []


def test_what_is_no_p_value_is_refused():
    with pytest.raises(InvalidInputError, match="not between 0 and 1"):
        holm([1.2])
