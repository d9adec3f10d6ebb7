import math

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon

from syndisco_nb.analysis.statistics.divergence import jensen_shannon, jensen_shannon_kde
from syndisco_nb.errors import InvalidInputError


def test_the_worked_examples():
    assert jensen_shannon([2, 3, 5], [5, 3, 2]) == pytest.approx(0.0958156, abs=5e-8)
    assert jensen_shannon([0.5, 0.5, 0], [0, 0.5, 0.5]) == pytest.approx(0.5, abs=1e-12)
    assert jensen_shannon([0.5, 0.5, 0], [0, 0.5, 0.5], base=math.e) == pytest.approx(0.346574, abs=5e-7)
    assert jensen_shannon([1, 0], [0, 3]) == 1
    assert jensen_shannon([0.1, 0.7], [0.1, 0.7]) == 0


def test_it_is_the_square_of_scipys_distance():
    rng = np.random.default_rng(1)
    for _ in range(20):
        p, q = rng.random((2, 9))
        assert jensen_shannon(p, q) == pytest.approx(jensenshannon(p, q, base=2) ** 2, abs=1e-9)


def test_the_papers_way_is_by_kernels_on_fifty_points():
    rng = np.random.default_rng(2)
    one, other = rng.beta(2, 5, 40), rng.beta(5, 2, 30)
    grid = np.linspace(0, 1, 50)
    expected = jensenshannon(stats.gaussian_kde(one)(grid), stats.gaussian_kde(other)(grid)) ** 2
    assert jensen_shannon_kde(one, other) == pytest.approx(expected, abs=1e-9)
    assert jensen_shannon_kde(one, one + 1e-9) < 1e-12


@pytest.mark.parametrize(
    ("compute", "says"),
    [
        (lambda: jensen_shannon([1, 2], [1, 2, 3]), "p has 2 bins, but q has 3"),
        (lambda: jensen_shannon([0, 0], [1, 2]), "p must hold counts or shares"),
        (lambda: jensen_shannon([1, 1], [1, 2], base=1), "base is 1, but must be a number above 1"),
        (lambda: jensen_shannon_kde([0.5, 0.5], [0.1, 0.2]), "first does not vary"),
    ],
)
def test_what_has_no_divergence_is_refused(compute, says):
    with pytest.raises(InvalidInputError, match=says):
        compute()
