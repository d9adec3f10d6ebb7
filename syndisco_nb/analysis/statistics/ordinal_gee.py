"""Cumulative-logit model of ordinal labels by generalized estimating equations."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from syndisco_nb.analysis.statistics.arrays import numbered
from syndisco_nb.analysis.statistics.model_fit import Columns, ModelFit, coefficients, columns

_BEYOND = 12.0  # a log odds that no data of this size bear out
_LEAST = 1e-6  # a standard error below this is rounding


def ordinal_gee(
    values: ArrayLike, conditions: Sequence[Any], clusters: Sequence[Any], levels: Sequence[Any], turns: Any = None
) -> ModelFit:
    """Fit a cumulative-logit model of ordinal labels, clustered by discussion, by statsmodels' ``OrdinalGEE``.

    A coefficient is the log odds of a higher label. The working correlation is exchangeable (Liang & Zeger 1986,
    *Biometrika* 73:13–22); standard errors are robust against its being wrong, and without the bias of few clusters
    (Mancl & DeRouen 2001, *Biometrics* 57:126–134). p and intervals are by t, with the number of discussions minus that
    of the coefficients as degrees of freedom.

    Parameters
    ----------
    values, conditions, clusters, levels, turns
        As for `columns`.

    Returns
    -------
    ModelFit
        Without coefficients where it cannot be fitted; its warnings say why.

    Examples
    --------
    >>> toxicity = [1, 2, 2, 2, 3, 3, 1, 1, 2] + [1, 1, 1, 2, 1, 2, 1, 2, 1]
    >>> conditions = ["control"] * 9 + ["moderated"] * 9
    >>> fit = ordinal_gee(toxicity, conditions, [place // 3 for place in range(18)], ["control", "moderated"])
    >>> round(fit["moderated"].estimate, 2)
    -1.53
    """
    model = columns(values, conditions, clusters, levels, turns)
    rows, caught = _fitted(model)
    if rows is None:
        return ModelFit((), len(model.values), model.discussions, np.nan, np.nan, converged=False, warnings=caught)
    names = model.names[1:]
    estimates, errors = (np.asarray(one, dtype=np.float64)[-len(names) :] for one in (rows.params, rows.bse))
    reason = ""
    if np.abs(estimates).max() > _BEYOND:
        reason = "All labels of a condition are the lowest, or the highest: their odds have no bound."
    elif not (errors > _LEAST).all():
        reason = "Discussions do not differ at all, so that there are no standard errors."
    if reason:
        return ModelFit((), len(model.values), model.discussions, np.nan, np.nan, converged=False, warnings=(reason,))
    freedom = np.full(len(names), model.discussions - len(names) - 1)
    return ModelFit(
        coefficients(names, estimates, errors, freedom),
        len(model.values),
        model.discussions,
        np.nan,
        np.nan,
        converged=bool(rows.converged) and bool(np.isfinite(errors).all()),
        warnings=caught,
    )


def _fitted(model: Columns) -> tuple[Any, tuple[str, ...]]:
    """Return the library's fit, or None, and its warnings."""
    from statsmodels.genmod.cov_struct import Exchangeable
    from statsmodels.genmod.generalized_estimating_equations import OrdinalGEE

    if len(model.values) < 2 or np.ptp(model.values) == 0:
        return None, ("All labels are the same: there is nothing to model.",)
    if model.discussions <= len(model.names):
        return None, ("There are too few discussions for this model.",)
    if np.linalg.matrix_rank(model.matrix) < model.matrix.shape[1]:
        return None, ("A condition has no labels, or the same turns alone: the model cannot tell its columns apart.",)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            equations = OrdinalGEE(
                numbered(model.values), model.matrix[:, 1:], model.clusters, cov_struct=Exchangeable()
            )
            fit = equations.fit(cov_type="bias_reduced")
            fit.bse  # noqa: B018  # computed now, while warnings are caught
        except (np.linalg.LinAlgError, ValueError, FloatingPointError) as error:
            return None, (f"It could not be fitted: {error}",)
    return fit, tuple(dict.fromkeys(str(one.message) for one in caught))
