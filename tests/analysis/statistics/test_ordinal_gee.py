import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from support.worked_examples import CONDITIONS, DISCUSSIONS, LEVELS, TOXICITY

from syndisco_nb.analysis.statistics.ordinal_gee import ordinal_gee


def simulated(seed, number, shift):
    rng = np.random.default_rng(seed)
    clusters = np.repeat(range(number), 8)
    latent = 2.3 + rng.normal(0, 0.8, number)[clusters] + rng.normal(size=len(clusters)) + shift * (clusters % 2)
    return np.clip(np.round(latent), 1, 5), [LEVELS[one % 2] for one in clusters], clusters


@pytest.mark.filterwarnings("ignore")
def test_it_is_that_of_statsmodels():
    values, conditions, clusters = simulated(1, 24, 0.6)
    found = ordinal_gee(values, conditions, clusters, LEVELS)["moderated"]
    moderated = np.array([one == "moderated" for one in conditions], dtype=float)
    equations = sm.OrdinalGEE(values, moderated[:, None], clusters, cov_struct=sm.cov_struct.Exchangeable())
    reference = equations.fit(cov_type="bias_reduced")
    estimate, error = float(np.asarray(reference.params)[-1]), float(np.asarray(reference.bse)[-1])
    assert (found.estimate, found.error) == pytest.approx((estimate, error), abs=1e-9)
    assert found.p == pytest.approx(2 * stats.t.sf(estimate / error, 22), abs=1e-9)
    assert 0.3 < found.estimate < 2.5


def test_names_are_those_of_the_columns():
    fit = ordinal_gee(TOXICITY, CONDITIONS, DISCUSSIONS, LEVELS, [0, 1, 2] * 6)
    assert [one.name for one in fit.coefficients] == ["moderated", "turn", "moderated × turn"]
    assert fit["moderated"].estimate < 0 < fit["turn"].estimate
    assert (fit.labels, fit.discussions) == (18, 6)


@pytest.mark.parametrize(
    ("values", "clusters", "says"),
    [([3] * 18, DISCUSSIONS, "All labels are the same"), (TOXICITY, [0] * 9 + [1] * 9, "too few discussions")],
)
def test_where_there_is_nothing_to_fit_it_says_why(values, clusters, says):
    fit = ordinal_gee(values, CONDITIONS, clusters, LEVELS)
    assert (fit.coefficients, fit.converged) == ((), False)
    assert says in fit.warnings[0]


def test_odds_without_bound_are_no_finding():
    values = [1] * 9 + [1, 2, 3] * 3  # statsmodels says 27.7, p = .000006
    fit = ordinal_gee(values, CONDITIONS, DISCUSSIONS, LEVELS)
    assert (fit.coefficients, fit.converged) == ((), False)
    assert fit.warnings == ("All labels of a condition are the lowest, or the highest: their odds have no bound.",)


def test_columns_that_cannot_be_told_apart_are_no_finding():
    turns = [1, 2, 3] * 3 + [1] * 9  # statsmodels gives 0 ± 207,168,610
    fit = ordinal_gee(TOXICITY, CONDITIONS, DISCUSSIONS, LEVELS, turns)
    assert (fit.coefficients, fit.converged) == ((), False)
    assert fit.warnings[0].startswith("A condition has no labels, or the same turns alone")


def test_discussions_that_are_all_alike_are_no_finding():
    fit = ordinal_gee([1, 3, 2] * 6, CONDITIONS, DISCUSSIONS, LEVELS)  # statsmodels gives 0 ± 1e-17
    assert (fit.coefficients, fit.converged) == ((), False)
    assert fit.warnings == ("Discussions do not differ at all, so that there are no standard errors.",)


@pytest.mark.long
@pytest.mark.parametrize("number", [6, 20])
def test_false_alarms_are_5_of_100(number):
    found = [ordinal_gee(*simulated(seed, number, 0), LEVELS) for seed in range(600)]
    p = [fit["moderated"].p for fit in found if fit.converged]
    alarms = np.mean(np.array(p) < 0.05)
    assert 0.02 <= alarms <= 0.08
