"""`Validation`: labels against people's, on each scale."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.agreement import Level, alpha_text
from syndisco_nb.analysis.counted import LeftOut
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.shown import Exported
from syndisco_nb.wording import listed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from syndisco_nb.analysis.figures.figure_axes import FigureAxes
    from syndisco_nb.analysis.statistics.alternative_annotator import AlternativeAnnotatorTest
    from syndisco_nb.analysis.statistics.bootstrap import Interval
    from syndisco_nb.analysis.statistics.prediction_powered import CorrectedEstimate

RELIABLE, TENTATIVE = 0.8, 0.667
"""Krippendorff's (2019) thresholds of alpha: for conclusions, and for tentative ones."""


@dataclass(frozen=True, slots=True)
class ClassScores:
    """Scores of one label; NaN where not defined.

    Attributes
    ----------
    label : str
    gold, given : float
        Number of comments with this label by people and by the annotator. Where several people labelled a comment,
        each counts as a share.
    precision, recall, f1 : float
    intervals : mapping of str to tuple of float
        Of these three, by name.
    """

    label: str
    gold: float
    given: float
    precision: float
    recall: float
    f1: float
    intervals: "Mapping[str, Interval]"

    def __repr__(self) -> str:
        return f"<{self.label}: precision {self.precision:.2f}, recall {self.recall:.2f}, F1 {self.f1:.2f}>"


@dataclass(frozen=True, slots=True)
class ScaleValidation:
    """Labels of one annotator against people's, on one scale; NaN where a figure is not defined.

    Attributes
    ----------
    scale, annotator : str
    people : tuple of str
    level : {"nominal", "ordinal", "interval"}
        The level of measurement for `alpha` and `ac2`.
    comments, discussions : int
        Number of those that the annotator and a person labelled.
    accuracy : float
        Share of equal labels, from 0 to 1; of several people, the mean share of those who agree.
    macro_f1 : float
        Mean F1 of the labels that occur.
    alpha, ac1, ac2 : float
        Krippendorff's and Gwet's coefficients, of all pairs of the annotator's label and a person's: how far people
        agree with each other is no part of it (see `syndisco_nb.agreement`). AC2 for labels with an order.
    bias : float
        Mean of the annotator's label minus people's, of scales of numbers.
    intervals : mapping of str to tuple of float
        Of the figures above, by name, at 95%, by bootstrap over discussions.
    confusion : tuple of tuple of float
        Number of comments by people's label (rows) and the annotator's (columns), in the order of `classes`; empty for
        scales of more than 25 labels.
    classes : tuple of ClassScores
    polarisation, people_polarisation : float
        nDFU of the annotator's and of people's labels, over all labels of the scale.
    alternative : AlternativeAnnotatorTest or None
        Where there are two people or more.
    corrected : mapping of str to CorrectedEstimate
        Means by condition, and differences from the first ("facilitator − none"), corrected for the annotator's error
        (see `syndisco_nb.analysis.ppi_mean`); empty unless people labelled a random sample.
    warnings : tuple of str
    """

    scale: str
    annotator: str
    people: tuple[str, ...]
    level: Level
    comments: int
    discussions: int
    accuracy: float
    macro_f1: float
    alpha: float
    ac1: float
    ac2: float
    bias: float
    intervals: "Mapping[str, Interval]"
    confusion: tuple[tuple[float, ...], ...]
    classes: tuple[ClassScores, ...]
    polarisation: float
    people_polarisation: float
    alternative: "AlternativeAnnotatorTest | None"
    corrected: "Mapping[str, CorrectedEstimate]"
    warnings: tuple[str, ...] = ()

    @property
    def trust(self) -> str:
        """Krippendorff's verdict: "reliable" from an alpha of .8, "tentative" from .667."""
        if math.isnan(self.alpha):
            return "cannot tell"
        return "reliable" if self.alpha >= RELIABLE else "tentative" if self.alpha >= TENTATIVE else "not reliable"

    def __repr__(self) -> str:
        alpha = alpha_text(None if math.isnan(self.alpha) else self.alpha)
        return f"<{self.scale} by {self.annotator}: accuracy {self.accuracy:.2f}, alpha {alpha}, {self.trust}>"


@dataclass(frozen=True, slots=True)
class Validation(Exported):
    """Labels against people's; see `Analysed.validate`.

    Attributes
    ----------
    rows : tuple of ScaleValidation
        One per scale and annotator.
    people : tuple of str
        Those whose labels count as true.
    part : {"all", "test", "tuning"}
        The part of the discussions that counts.
    left_out : LeftOut
        Comments that do not count.
    warnings : tuple of str
        Reasons to be careful, in words.
    """

    rows: tuple[ScaleValidation, ...]
    people: tuple[str, ...]
    part: str
    left_out: LeftOut
    warnings: tuple[str, ...] = field(default=())

    def __getitem__(self, key: str | tuple[str, str]) -> ScaleValidation:
        """Return the row of a scale, or of a scale and annotator."""
        scale, annotator = (key, None) if isinstance(key, str) else key
        found = [row for row in self.rows if row.scale == scale and annotator in (None, row.annotator)]
        if len(found) == 1:
            return found[0]
        there = ", ".join(repr((row.scale, row.annotator)) for row in self.rows)
        problem = "There are several annotators on" if found else "There is no validation of"
        raise InvalidInputError(f"{problem} {key!r}. There are: {there}.", field="scale")

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per scale, annotator and figure.

        Columns are ``scale``, ``annotator``, ``figure`` ("accuracy", "alpha", "recall of yes", "mean of none" …),
        ``value``, ``low`` and ``high`` (ends of its interval) and ``comments``.
        """
        import pandas as pd

        rows = [
            {"scale": row.scale, "annotator": row.annotator, **figure, "comments": row.comments}
            for row in self.rows
            for figure in figures(row)
        ]
        columns = ["scale", "annotator", "figure", "value", "low", "high", "comments"]
        dtypes = dict.fromkeys(columns, "float64") | dict.fromkeys(columns[:3], "string") | {"comments": "int64"}
        return pd.DataFrame(rows, columns=columns).astype(dtypes)

    def plot(self, scale: str | None = None, annotator: str | None = None, ax: "Axes | None" = None) -> "FigureAxes":
        """Draw the confusion of an annotator's labels with people's as a heat map.

        Parameters
        ----------
        scale, annotator : str, optional
            By default the first that have one.
        ax : Axes, optional
            Axes to draw on, instead of a new figure.

        Raises
        ------
        InvalidInputError
            If there is no confusion matrix: the scale has more than 25 labels.
        """
        from syndisco_nb.analysis.figures.heat_map import draw_heat_map

        fitting = [
            row
            for row in self.rows
            if row.confusion and scale in (None, row.scale) and annotator in (None, row.annotator)
        ]
        if not fitting:
            there = ", ".join(repr((row.scale, row.annotator)) for row in self.rows if row.confusion) or "none"
            raise InvalidInputError(f"There is no confusion matrix of these. There are: {there}.", field="scale")
        row = fitting[0]
        labels = [one.label for one in row.classes]
        return draw_heat_map(
            row.confusion,
            labels,
            labels,
            (listed(row.people), row.annotator),
            f"Confusion on {row.scale}",
            f"Labels of {row.annotator} and of {listed(row.people)} on {row.scale}, of {row.comments:,} comments.",
            "{:.3g}".format,
            ax=ax,
        )

    def __repr__(self) -> str:
        texts = [f"{row.scale} by {row.annotator} accuracy {row.accuracy:.2f}, {row.trust}" for row in self.rows]
        return f"<Validation against {listed(self.people)}: {'; '.join(texts)}>"


def figures(row: ScaleValidation) -> list[dict[str, Any]]:
    """Return the figures of a row, each with its interval, as cells of a table."""
    found = []

    def add(figure: str, value: float, interval: "Interval | None" = None) -> None:
        low, high = interval or (math.nan, math.nan)
        found.append({"figure": figure, "value": value, "low": low, "high": high})

    for name in ("accuracy", "macro_f1", "alpha", "ac1", "ac2", "bias", "polarisation", "people_polarisation"):
        value = getattr(row, name)
        if name in row.intervals or not math.isnan(value):
            add(name, value, row.intervals.get(name))
    for scores in row.classes:
        for name in ("precision", "recall", "f1"):
            add(f"{name} of {scores.label}", getattr(scores, name), scores.intervals[name])
    if row.alternative is not None:
        add("winning_rate", row.alternative.winning_rate)
        add("advantage", row.alternative.advantage)
    for name, estimate in row.corrected.items():
        add(f"corrected mean of {name}" if name else "corrected mean", estimate.estimate, estimate.interval)
    return found
