"""The mixed model: labels of one discussion have a deviation in common."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from syndisco_nb.analysis.statistics.arrays import Floats, sum_by_cluster
from syndisco_nb.analysis.statistics.model_fit import Columns, ModelFit, coefficients, columns

_MOST = 1 - 1e-9  # share of the variance that lies between discussions, at most
_ROUNDING = 1e-9  # a deviation below this is none


def mixed_model(
    values: ArrayLike, conditions: Sequence[Any], clusters: Sequence[Any], levels: Sequence[Any], turns: Any = None
) -> ModelFit:
    """Fit ``value = β₀ + condition + turn + condition × turn + u(discussion) + error`` by REML.

    u and the error are normal (Laird & Ware 1982, *Biometrics* 38:963–974). With one random deviation, all but the
    ratio of the two variances has a closed form, and that is the root of the restricted likelihood's slope. So it is
    found where statsmodels' ``MixedLM``, whose estimates these are, fails to converge: where discussions hardly differ.
    Standard errors are those of R's lme4: statsmodels', which add the covariance with the variances' estimates, differ
    by thousandths where discussions are of unequal length. p-values and intervals are by t: normal ones are wrong for
    few discussions. For a column that is constant within discussions, its degrees of freedom are their number
    minus that of such columns (Schluchter & Elashoff 1990, *Journal of Statistical Computation and Simulation* 37).

    Parameters
    ----------
    values, conditions, clusters, levels, turns
        As for `columns`.

    Returns
    -------
    ModelFit

    Examples
    --------
    Example E: six discussions of three comments.

    >>> toxicity = [1, 2, 2, 2, 3, 3, 1, 1, 2] + [1, 1, 1, 2, 1, 2, 1, 2, 1]
    >>> conditions = ["control"] * 9 + ["moderated"] * 9
    >>> fit = mixed_model(toxicity, conditions, [place // 3 for place in range(18)], ["control", "moderated"])
    >>> round(fit["moderated"].estimate, 6), round(fit["moderated"].error, 6)
    (-0.555556, 0.444444)
    >>> round(fit.residual_variance, 6), round(fit.discussion_variance, 6)
    (0.277778, 0.203704)
    """
    model = columns(values, conditions, clusters, levels, turns)
    reason = _unfit(model)
    if reason:
        return ModelFit((), len(model.values), model.discussions, np.nan, np.nan, converged=False, warnings=(reason,))
    likelihood = RestrictedLikelihood(model)
    share = likelihood.best_share()
    estimates, inverse, residual = likelihood.solution(share)
    freedom = np.where(
        model.within,
        len(model.values) - model.discussions - model.within.sum(),
        model.discussions - (~model.within).sum(),
    )
    errors = np.sqrt(np.diag(inverse) * residual)
    alike = "Discussions differ no more than by chance: their variance is estimated as 0."
    return ModelFit(
        coefficients(model.names, estimates, errors, freedom),
        len(model.values),
        model.discussions,
        residual,
        residual * share / (1 - share),
        converged=True,
        warnings=() if share else (alike,),
    )


class RestrictedLikelihood:
    """The restricted likelihood of a model with a random intercept, by the share of variance between discussions.

    Parameters
    ----------
    model : Columns
    """

    def __init__(self, model: Columns) -> None:
        matrix, values = model.matrix, model.values
        self._freedom = len(values) - matrix.shape[1]
        self._sizes = np.bincount(model.clusters).astype(np.float64)
        self._sums = sum_by_cluster(np.column_stack([matrix, values]), model.clusters)
        both = np.column_stack([matrix, values])
        self._products = both.T @ both

    def best_share(self) -> float:
        """Return the share, between 0 and 1, at which it is highest."""
        from scipy import optimize

        if self.slope(0) <= 0:
            return 0.0
        return float(optimize.brentq(self.slope, 0, _MOST, xtol=1e-15)) if self.slope(_MOST) < 0 else _MOST

    def slope(self, share: float) -> float:
        """Return the likelihood's derivative in the ratio of the variances, but for a positive factor."""
        estimates, inverse, residual = self.solution(share)
        weights = 1 / (1 + share / (1 - share) * self._sizes)
        columns, sums = self._sums[:, :-1], self._sums[:, -1]
        fit = ((weights * (sums - columns @ estimates)) ** 2).sum() / residual
        leverage = ((columns @ inverse) * columns).sum(axis=1) @ weights**2
        return float(fit + leverage - (self._sizes * weights).sum())

    def solution(self, share: float) -> tuple[Floats, Floats, float]:
        """Return the coefficients, the inverse of their weighted products, and the residual variance."""
        ratio = share / (1 - share)
        weighted = self._products - (self._sums * (ratio / (1 + ratio * self._sizes))[:, None]).T @ self._sums
        inverse: Floats = np.linalg.inv(weighted[:-1, :-1]).astype(np.float64)
        estimates: Floats = inverse @ weighted[:-1, -1]
        left = max(float(weighted[-1, -1] - weighted[:-1, -1] @ estimates), 0.0)
        return estimates, inverse, left / self._freedom


def _unfit(model: Columns) -> str:
    """Return a reason why there are no estimates; "" if there is none."""
    if len(model.values) <= model.matrix.shape[1] or model.discussions <= (~model.within).sum():
        return "There are too few discussions for a mixed model."
    if np.ptp(model.values) == 0:
        return f"All {len(model.values)} labels are {model.values[0]:g}: there is nothing to model."
    both = np.column_stack([model.values, model.matrix])
    means = sum_by_cluster(both, model.clusters) / np.bincount(model.clusters)[:, None]
    values, *matrix = (both - means[model.clusters]).T
    if np.abs(values).max() < _ROUNDING:
        return "Labels do not vary within discussions: compare the means of discussions instead."
    if np.linalg.matrix_rank(model.matrix) < model.matrix.shape[1]:
        return "A condition has no labels, or the turn does not vary: the model cannot tell its columns apart."
    within = np.stack(matrix, axis=1)
    if np.abs(values - within @ np.linalg.lstsq(within, values, rcond=None)[0]).max() < _ROUNDING:
        return "Within discussions, labels follow from turns without any error, so that there are no standard errors."
    return ""
