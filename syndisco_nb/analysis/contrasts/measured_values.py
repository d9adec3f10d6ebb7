"""`MeasuredValues`: the values of one measure, of every counted comment or of every discussion."""

import functools
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from syndisco_nb.analysis.contrasts.level_table import CONDITION, PREFIX
from syndisco_nb.analysis.counted import LeftOut
from syndisco_nb.runs.sources import Material

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class MeasuredValues:
    """Values of one measure.

    Attributes
    ----------
    name : str
        Name of the scale or measure, with the label whose share is measured: "stance: agree".
    quantity : str
        The kind of value, in words; "" where the name says it.
    unit : {"comment", "participant", "discussion"}
        The subject of each value.
    rows : DataFrame
        One row per value: ``condition``, ``condition_<setting>``, ``discussion_index``, ``unit`` (a comment or
        participant; "" for a whole discussion), ``turn``, ``annotator`` ("" without labels), ``value`` and
        ``label`` (the plain label of a Likert scale, NaN of any other measure).
    left_out : LeftOut
    material : Material
        The records behind it.
    limits : tuple of float
        The lowest and the highest possible value; empty where there are none.
    labels : tuple of float
        All labels of a Likert scale; empty for any other measure.
    masses : tuple of float
        The masses of the labels.
    missing : mapping of str to int
        Number of answers without a label, by condition.
    of_unknown_role : int
        Number of labels that count although nothing tells whose comment they are about.
    """

    name: str
    quantity: str
    unit: str
    rows: "pd.DataFrame"
    left_out: LeftOut
    material: Material
    limits: tuple[float, ...] = ()
    labels: tuple[float, ...] = ()
    masses: tuple[float, ...] = ()
    missing: Counter[str] = field(default_factory=Counter)
    of_unknown_role: int = 0

    @functools.cached_property
    def units(self) -> "pd.DataFrame":
        """One row per comment, participant or discussion: the mean of the annotators' values."""
        keys = [*self._place, "unit", "turn"]
        return self.rows.groupby(keys, sort=False, dropna=False).value.mean().reset_index()

    @functools.cached_property
    def discussions(self) -> "pd.DataFrame":
        """One row per discussion, in the order of the study: the mean of its units' values, and their number ``n``."""
        groups = self.units.groupby(self._place, sort=False, dropna=False).value
        return groups.agg(value="mean", n="count").reset_index()

    @property
    def annotators(self) -> list[str]:
        """Names of the annotators; none where the values are no labels."""
        return [name for name in dict.fromkeys(self.rows.annotator) if name]

    def of_annotator(self, name: str) -> "MeasuredValues":
        """Return the values of one annotator alone."""
        return replace(self, rows=self.rows[self.rows.annotator == name])

    @property
    def _place(self) -> list[str]:
        settings = [column for column in map(str, self.rows) if column.startswith(PREFIX)]
        return [CONDITION, *settings, "discussion_index"]
