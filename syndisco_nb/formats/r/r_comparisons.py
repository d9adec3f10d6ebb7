"""Comparisons that R repeats: the levels of every varied setting, on every scale whose labels are numbers."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from syndisco_nb.analysis.contrasts.level_table import CONDITION, PREFIX, level_table
from syndisco_nb.analysis.contrasts.measured_values import MeasuredValues
from syndisco_nb.analysis.contrasts.measuring import measured_values
from syndisco_nb.analysis.contrasts.pairing import find_pairing
from syndisco_nb.analysis.frames.label_frame import counted_labels
from syndisco_nb.analysis.frames.scored_scales import is_numeric, numeric_value
from syndisco_nb.backend.scale import Scale
from syndisco_nb.records import Label
from syndisco_nb.runs.sources import Material

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class ScaleComparison:
    """A level and the baseline, on a scale.

    Attributes
    ----------
    scale, setting, level, baseline : str
    paired : bool
    pairing : str
        The reason, in words.
    ordinal : bool
        Whether the labels are ordered numbers.
    """

    scale: str
    setting: str
    level: str
    baseline: str
    paired: bool
    pairing: str
    ordinal: bool


def comparison_frame(material: Material) -> "pd.DataFrame":
    """Return one row per comparison; none without several conditions that have labels.

    Parameters
    ----------
    material : Material
    """
    import pandas as pd

    names = [one.label.scale for one in counted_labels(material)[0] if _has_value(one.label, one.scale)]
    rows = [asdict(one) for name in dict.fromkeys(names) if name for one in _comparisons(material, name)]
    return pd.DataFrame(rows, columns=list(ScaleComparison.__dataclass_fields__))


def _has_value(label: Label, scale: Scale | None) -> bool:
    return is_numeric(scale) and numeric_value(label, scale) is not None


def _comparisons(material: Material, scale: str) -> Iterator[ScaleComparison]:
    values = measured_values(material, scale)
    for setting in _settings(values):
        table = level_table(values.discussions, setting)
        baseline, *others = table.levels
        for level in others:
            pairing = find_pairing(table, level, baseline, material)
            yield ScaleComparison(
                scale=scale,
                setting=table.by,
                level=level,
                baseline=baseline,
                paired=pairing.paired,
                pairing=pairing.reason,
                ordinal=bool(values.labels),
            )


def _settings(values: MeasuredValues) -> list[str]:
    """Return the settings that vary between discussions with values; else "condition", if there are several."""
    discussions = values.discussions
    varied = [
        str(column).removeprefix(PREFIX)
        for column in discussions
        if str(column).startswith(PREFIX) and discussions[column].nunique() > 1
    ]
    return varied or [CONDITION] * (discussions[CONDITION].nunique() > 1)
