"""Measures of labels, per discussion: their mean, and how they change from turn to turn."""

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from statistics import fmean

from syndisco_nb.analysis.frames.columns import PLACE
from syndisco_nb.analysis.frames.mean_values import CommentValue, comment_values
from syndisco_nb.analysis.measures.measure_registry import MEASURES
from syndisco_nb.runs.sources import Material


def label_measures(material: Material, roles: Collection[str]) -> dict[str, dict[str, float]]:
    """Return the cells of each discussion by its id: ``SCALE``, a mean value, and ``SCALE_slope``, its change per turn.

    A scale that is called as another column gets ``SCALE_label`` and ``SCALE_label_slope``; one that was asked about
    participants or whole discussions, no slope.

    Parameters
    ----------
    material : Material
    roles : collection of str
        As `check_roles` returns them.
    """
    of_scale: dict[tuple[str, str], list[CommentValue]] = defaultdict(list)
    for one in comment_values(material, roles):
        of_scale[one.discussion_id, one.scale].append(one)
    cells: dict[str, dict[str, float]] = defaultdict(dict)
    for (discussion, scale), units in of_scale.items():
        column = f"{scale}_label" if scale in MEASURES | PLACE | {"condition": ""} else scale
        values = [unit.value for unit in units]
        turns = [unit.turn for unit in units if unit.turn is not None]
        cells[discussion][column] = fmean(values)
        if all(unit.comment is not None for unit in units):
            cells[discussion][f"{column}_slope"] = slope(turns, values) if len(turns) == len(values) else math.nan
    return cells


def slope(turns: Sequence[float], values: Sequence[float]) -> float:
    """Return the least-squares slope of values on turns; NaN where all turns are the same.

    Parameters
    ----------
    turns, values : sequence of float, shape (comments,)

    Examples
    --------
    >>> slope([1, 2, 3], [1.0, 3.0, 5.0])
    2.0
    """
    middle = fmean(turns)
    spread = sum((turn - middle) ** 2 for turn in turns)
    change = sum((turn - middle) * value for turn, value in zip(turns, values, strict=True))
    return change / spread if spread else math.nan
