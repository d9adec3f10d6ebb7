"""The mixed model: example E, statsmodels where it converges, and false alarms in simulation."""

import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats
from support.worked_examples import CONDITIONS, DISCUSSIONS, LEVELS, TOXICITY

from syndisco_nb.analysis.statistics.mixed_model import mixed_model
from syndisco_nb.analysis.statistics.t_test import welch_t


def simulated(seed, number, comments, deviation, shift=0.3):
    """Return labels on 1 to 5, conditions, discussions and turns; every other discussion is moderated."""
    rng = np.random.default_rng(seed)
    clusters = np.repeat(range(number), comments)
    moderated = clusters % 2
    values = 2.3 + rng.normal(0, deviation, number)[clusters] + rng.normal(size=len(clusters)) + shift * moderated
    turns = np.tile(range(comments), number)
    return np.clip(np.round(values), 1, 5), [LEVELS[one] for one in moderated], clusters, turns


def test_the_worked_example():
    fit = mixed_model(TOXICITY, CONDITIONS, DISCUSSIONS, LEVELS)
    found = fit["moderated"]
    assert (found.estimate, found.error) == pytest.approx((-5 / 9, np.sqrt(2 * (8 / 9) / 9)), abs=1e-9)
    assert (fit.residual_variance, fit.discussion_variance) == pytest.approx((5 / 18, 11 / 54), abs=1e-9)
    assert (fit.labels, fit.discussions, fit.converged, fit.warnings) == (18, 6, True, ())
    assert found.p == pytest.approx(0.279440, abs=5e-7)  # as the t-test of discussion means, which is exact here


@pytest.mark.parametrize("turns", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_that_of_statsmodels(seed, turns):
    values, conditions, clusters, turn = simulated(seed, 14, 9, 0.8)
    kept = np.random.default_rng(seed).random(len(values)) < 0.8  # discussions of unequal length
    values, clusters, turn = values[kept], clusters[kept], turn[kept]
    conditions = [one for one, keep in zip(conditions, kept, strict=True) if keep]
    fit = mixed_model(values, conditions, clusters, LEVELS, turn if turns else None)
    moderated = np.array([one == "moderated" for one in conditions], dtype=float)
    centred = turn - turn.mean()
    columns = np.column_stack(
        [np.ones(len(values)), moderated, *([centred, centred * moderated] if turns else [])],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its optimizer, which cannot do much better
        reference = sm.MixedLM(values, columns, groups=clusters).fit(reml=True, gtol=1e-11)
    assert [one.estimate for one in fit.coefficients] == pytest.approx(list(reference.fe_params), abs=1e-9)
    assert fit.residual_variance == pytest.approx(reference.scale, abs=1e-9)
    assert fit.discussion_variance == pytest.approx(float(reference.cov_re[0, 0]), abs=1e-9)
    same = clusters[:, None] == clusters
    covariance = fit.residual_variance * np.eye(len(values)) + fit.discussion_variance * same
    errors = np.sqrt(np.diag(np.linalg.inv(columns.T @ np.linalg.solve(covariance, columns))))
    assert [one.error for one in fit.coefficients] == pytest.approx(list(errors), abs=1e-9)
    assert list(errors) == pytest.approx(list(reference.bse_fe), rel=5e-3)


def test_degrees_of_freedom_are_of_discussions_or_of_labels():
    fit = mixed_model(TOXICITY, CONDITIONS, DISCUSSIONS, LEVELS, [0, 1, 2] * 6)
    for name, freedom in (("moderated", 4), ("turn", 10), ("moderated × turn", 10)):
        found = fit[name]
        assert found.p == pytest.approx(2 * stats.t.sf(abs(found.estimate / found.error), freedom), abs=1e-12)


def test_where_discussions_do_not_differ_it_is_least_squares():
    fit = mixed_model([1, 2, 3] * 6, CONDITIONS, DISCUSSIONS, LEVELS)
    assert (fit.discussion_variance, fit.converged) == (0, True)
    assert fit["moderated"].error == pytest.approx(np.sqrt(12 / 16 * 2 / 9), abs=1e-9)
    assert fit.warnings == ("Discussions differ no more than by chance: their variance is estimated as 0.",)


@pytest.mark.parametrize(
    ("values", "conditions", "clusters", "says"),
    [
        ([2] * 18, CONDITIONS, DISCUSSIONS, "All 18 labels are 2"),
        (np.repeat([1, 2, 1, 3, 2, 3], 3), CONDITIONS, DISCUSSIONS, "Labels do not vary within discussions"),
        (TOXICITY, CONDITIONS, [0] * 9 + [1] * 9, "too few discussions"),
        ([1, 2], ["control", "moderated"], [0, 1], "too few discussions"),
        (TOXICITY, ["control"] * 18, DISCUSSIONS, "A condition has no labels"),
    ],
)
def test_where_there_is_nothing_to_fit_it_says_why(values, conditions, clusters, says):
    fit = mixed_model(values, conditions, clusters, LEVELS)
    assert (fit.coefficients, fit.converged) == ((), False)
    assert says in fit.warnings[0]


@pytest.mark.parametrize("start", [0, [0] * 9 + [1, 1, 1, 2, 2, 2, 0, 0, 0]])
def test_labels_without_error_have_no_standard_errors(start):
    turns = np.array([1, 2, 3] * 6)
    fit = mixed_model(turns + start, CONDITIONS, DISCUSSIONS, LEVELS, turns)
    assert (fit.coefficients, fit.converged) == ((), False)
    assert fit.warnings[0].startswith("Within discussions, labels follow from turns without any error")


# False alarms, at an ICC of about .4: t over comments fails, discussions hold 5%


@pytest.mark.long
@pytest.mark.parametrize("number", [3, 10, 30])
def test_false_alarms_are_5_of_100(number):
    alarms = []
    for seed in range(2000):
        values, conditions, clusters, _ = simulated(seed, 2 * number, 10, 0.8, shift=0)
        control, moderated = (values.reshape(-1, 10)[place::2] for place in (0, 1))
        alarms.append(
            [
                stats.ttest_ind(control.ravel(), moderated.ravel()).pvalue < 0.05,
                welch_t(control.mean(axis=1), moderated.mean(axis=1)).p < 0.05,
                mixed_model(values, conditions, clusters, LEVELS)["moderated"].p < 0.05,
            ]
        )
    comments, discussions, mixed = np.mean(alarms, axis=0)
    assert comments > 0.2
    assert 0.03 <= discussions <= 0.065
    assert 0.03 <= mixed <= 0.065


def test_a_sample_of_the_false_alarms():
    found = [mixed_model(*simulated(seed, 12, 6, 0.8, shift=0)[:3], LEVELS)["moderated"].p for seed in range(60)]
    assert 0 <= sum(p < 0.05 for p in found) <= 8
