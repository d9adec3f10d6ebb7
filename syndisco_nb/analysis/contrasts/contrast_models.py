"""Models of the values of comments, beside a contrast of discussions: they also look at turns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from syndisco_nb.analysis.contrasts.level_comparison import Interval, interval_text
from syndisco_nb.analysis.contrasts.level_table import LevelTable
from syndisco_nb.analysis.contrasts.measured_values import MeasuredValues
from syndisco_nb.shown import Shown
from syndisco_nb.wording import decimal, p_text

if TYPE_CHECKING:
    import pandas as pd

    from syndisco_nb.analysis.statistics.model_fit import ModelFit

MIXED, ORDINAL = "mixed model", "ordinal GEE"

_MOST = 60_000  # labels times those of the longest discussion, of which its time depends

ABOUT = (
    "The mixed model (REML) has the discussion as random intercept, and condition, turn (from its mean) and their "
    "product as fixed effects. It takes discussions as independent: unlike the differences above, it makes no use of "
    "pairs."
)
ABOUT_ORDINAL = (
    "Coefficients of the ordinal GEE are log odds of a higher label; labels of one discussion are correlated "
    "(exchangeable), standard errors are robust. An ordinal mixed model needs R: "
)


@dataclass(frozen=True, slots=True)
class ModelEstimate(Shown):
    """One coefficient of a model of comments.

    Attributes
    ----------
    model : {"mixed model", "ordinal GEE"}
    term : str
        "LEVEL − BASELINE", "turn" or "LEVEL × turn"; "" where the model could not be fitted.
    estimate : float
        In the unit of the measure (per turn, for terms with it), or as log odds.
    interval : tuple of float
        At 95%.
    se : float
    p : float
    note : str
        Reasons to distrust the model.
    """

    model: str
    term: str
    estimate: float
    interval: Interval
    se: float
    p: float
    note: str

    def __repr__(self) -> str:
        figures = f"{decimal(self.estimate)} {interval_text(self.interval)}, {p_text(self.p)}"
        return f"<ModelEstimate of the {self.model}: {self.term or self.note} {figures}>"


def fit_models(values: MeasuredValues, table: LevelTable, baseline: str) -> tuple[ModelEstimate, ...]:
    """Return the estimates of a mixed model and, for a Likert scale, of an ordinal GEE.

    Parameters
    ----------
    values : MeasuredValues
    table : LevelTable
    baseline : str

    Returns
    -------
    tuple of ModelEstimate
        None where there is one value for a discussion.
    """
    from syndisco_nb.analysis.statistics.mixed_model import mixed_model

    if values.discussions.n.max() == 1:
        return ()
    levels = [baseline, *(level for level in table.levels if level != baseline)]
    fit = mixed_model(values.units.value, *_columns(values.units, table, levels))
    return (*_estimates(MIXED, fit, baseline), *_ordinal(values, table, levels))


def model_notes(values: MeasuredValues, by: str) -> tuple[str, ...]:
    """Return the models in words, with the line in R for the one that is not here.

    Parameters
    ----------
    values : MeasuredValues
    by : str
    """
    if not values.labels:
        return (ABOUT,)
    condition = by if by == "condition" else f"condition_{by}"
    line = f"ordinal::clmm(factor(label, ordered = TRUE) ~ {condition} * turn + (1 | discussion_id), data = labels)"
    return (ABOUT, f"{ABOUT_ORDINAL}{line}, with labels.to_dataframe() written as CSV.")


def _ordinal(values: MeasuredValues, table: LevelTable, levels: list[str]) -> tuple[ModelEstimate, ...]:
    from syndisco_nb.analysis.statistics.ordinal_gee import ordinal_gee

    rows = values.rows[values.rows.label.notna()]
    if not values.labels or not len(rows):
        return ()
    if len(rows) * rows.groupby(["condition", "discussion_index"]).size().max() > _MOST:
        return (_unfitted(ORDINAL, "Not fitted: with so many labels in a discussion, it takes minutes."),)
    return _estimates(ORDINAL, ordinal_gee(rows.label, *_columns(rows, table, levels)), levels[0])


def _unfitted(model: str, note: str) -> ModelEstimate:
    nan = float("nan")
    return ModelEstimate(model, "", nan, (nan, nan), nan, nan, note)


def _columns(
    rows: "pd.DataFrame", table: LevelTable, levels: list[str]
) -> tuple[list[str], list[int], list[str], "pd.Series[float] | None"]:
    """Return level and discussion of each row, the levels, and the turns, if these are known."""
    discussions = rows.groupby(["condition", "discussion_index"], sort=False).ngroup().tolist()
    turns = rows.turn if rows.turn.notna().all() and rows.turn.nunique() > 1 else None
    return table.levels_of(rows).tolist(), discussions, levels, turns


def _estimates(model: str, fit: "ModelFit", baseline: str) -> tuple[ModelEstimate, ...]:
    from syndisco_nb.analysis.statistics.model_fit import INTERCEPT

    note = " ".join([*fit.warnings, *([] if fit.converged else ["It did not converge."])])
    if not fit.coefficients:
        return (_unfitted(model, note),)
    return tuple(
        ModelEstimate(
            model=model,
            term=one.name if "turn" in (one.name, one.name.rpartition(" × ")[2]) else f"{one.name} − {baseline}",
            estimate=one.estimate,
            interval=one.interval,
            se=one.error,
            p=one.p,
            note=note,
        )
        for one in fit.coefficients
        if one.name != INTERCEPT
    )
