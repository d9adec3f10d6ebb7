"""`Contrast`: the difference of a measure between the levels of a setting, with all that a paper needs of it."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from syndisco_nb.analysis.contrasts.assumption import Assumption
from syndisco_nb.analysis.contrasts.contrast_models import ModelEstimate, fit_models
from syndisco_nb.analysis.contrasts.contrast_rows import contrast_rows, printed_rows
from syndisco_nb.analysis.contrasts.corpus_distance import CorpusDistance
from syndisco_nb.analysis.contrasts.level_comparison import EffectSize, Interval, LevelComparison, LevelMean
from syndisco_nb.analysis.contrasts.level_table import level_table
from syndisco_nb.analysis.contrasts.measured_values import MeasuredValues
from syndisco_nb.analysis.counted import LeftOut
from syndisco_nb.analysis.paper_tables import save_table
from syndisco_nb.errors import UnknownItemError, require, short_repr, suggestion
from syndisco_nb.shown import Exported

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from syndisco_nb.analysis.figures.figure_axes import FigureAxes
    from syndisco_nb.runs.layout import PathLike


@dataclass(frozen=True, eq=False, repr=False)
class Contrast(Exported):
    """The difference of a measure between the levels of a setting; see `Study.contrast`.

    With more than two levels, each is compared with the baseline, and a comparison is chosen by its level:
    ``effect["facilitator"].difference``.

    Attributes
    ----------
    measure : str
    quantity : str
        The kind of value, in words, such as "expected value".
    by : str
        The setting that tells the levels apart.
    levels : tuple of LevelMean
        In the order of the study.
    comparisons : tuple of LevelComparison
        Of each level with the baseline.
    left_out : LeftOut
        What does not count, and how many.
    assumptions : tuple of Assumption
    method : str
        Sentences for the methods section of a paper.
    human : tuple of CorpusDistance
        The distance of each level from a human corpus, if one was given.
    values : MeasuredValues
        The values behind it.
    """

    measure: str
    quantity: str
    by: str
    levels: tuple[LevelMean, ...]
    comparisons: tuple[LevelComparison, ...]
    left_out: LeftOut
    assumptions: tuple[Assumption, ...]
    method: str
    values: MeasuredValues
    human: tuple[CorpusDistance, ...] = ()

    def __getitem__(self, level: str) -> LevelComparison:
        """Return the comparison of a level with the baseline."""
        found = {one.level: one for one in self.comparisons}
        if level not in found:
            raise UnknownItemError(
                f"There is no comparison of {short_repr(level)} with {self.baseline!r}.{suggestion(str(level), found)} "
                f"There are: {', '.join(map(repr, found))}."
            )
        return found[level]

    def _ipython_key_completions_(self) -> list[str]:
        """Return the completions that a notebook offers between the brackets."""
        return [one.level for one in self.comparisons]

    @property
    def baseline(self) -> str:
        """The level with which the others are compared."""
        return self.comparisons[0].baseline

    @property
    def difference(self) -> float:
        """The difference between the level and the baseline, if there are two."""
        return self._only.difference

    @property
    def interval(self) -> Interval:
        """Its interval."""
        return self._only.interval

    @property
    def p(self) -> float:
        """Its p-value, two-sided."""
        return self._only.p

    @property
    def n(self) -> int:
        """Number of pairs of discussions, or of discussions where they are unpaired."""
        return self._only.n

    @property
    def effect_size(self) -> EffectSize:
        """The difference in standard deviations, and Cliff's delta."""
        return self._only.effect_size

    @property
    def warnings(self) -> tuple[str, ...]:
        """The assumptions that the data break, in words."""
        return tuple(f"{one.name}: {one.text}" for one in self.assumptions if one.holds is False)

    @functools.cached_property
    def models(self) -> tuple[ModelEstimate, ...]:
        """Regressions on comments, which also look at turns; fitted when first asked for."""
        return fit_models(self.values, level_table(self.values.discussions, self.by), self.baseline)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a row per level, comparison, estimate of a model and distance from the human corpus.

        Columns: ``row`` ("level", "comparison", "human corpus", or the name of a model), ``name``, ``estimate``,
        ``low``, ``high``, ``se``, ``p``, ``p_alone`` (uncorrected), ``n`` (discussions or pairs), ``comments``, ``sd``,
        ``effect_size`` (its name in ``effect_size_name``), ``cliffs_delta``, ``p_sign_flips`` and ``note``.
        """
        return contrast_rows(self.levels, self.comparisons, self.models, self.human)

    def plot(self, ax: "Axes | None" = None) -> "FigureAxes":
        """Draw the differences with their intervals as a forest plot.

        Parameters
        ----------
        ax : Axes, optional
            Axes to draw on, instead of a new figure.
        """
        from syndisco_nb.analysis.figures.forest import draw_forest

        unit = f"difference in {self.measure}" + (f" ({self.quantity})" if self.quantity else "")
        sizes = "; ".join(f"{one.name}: {one.size_text}" for one in self.comparisons)
        return draw_forest(
            [one.name for one in self.comparisons],
            [one.difference for one in self.comparisons],
            [one.interval for one in self.comparisons],
            f"{self.measure} by {self.by}",
            unit,
            f"Differences of {self.measure} between levels of {self.by}, with their intervals ({sizes}).",
            ax=ax,
        )

    def table(self, path: "PathLike") -> Path:
        """Write levels and differences as a table for a paper; return its path.

        Parameters
        ----------
        path : str or path-like
            Ends in .tex, .docx or .html; the file is replaced if it exists.

        Raises
        ------
        InvalidInputError
            If the file has another ending.
        MissingDependencyError
            If maketables is not installed, which the extra ``paper`` brings.
        """
        caption = f"{self.measure[0].upper()}{self.measure[1:]} by {self.by}."
        return save_table(printed_rows(self.levels, self.comparisons), path, caption, self.method)

    def __repr__(self) -> str:
        texts = "; ".join(f"{one.name} {one.text}" for one in self.comparisons)
        return f"<Contrast of {self.measure} by {self.by}: {texts}>"

    @property
    def _only(self) -> LevelComparison:
        names = [f"effect[{one.level!r}]" for one in self.comparisons]
        require(
            len(names) == 1,
            f"{len(names)} levels are compared with {self.baseline!r}. Choose one: {', '.join(names)}.",
            "level",
        )
        return self.comparisons[0]
