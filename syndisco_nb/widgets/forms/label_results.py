"""Results to show under a form once labels are there: contrasts where there are conditions, else the agreement."""

from collections.abc import Callable
from typing import Any

import ipywidgets

from syndisco_nb.analysis.agreement import agreement
from syndisco_nb.analysis.contrasts.contrasting import contrast
from syndisco_nb.analysis.frames.scored_scales import is_numeric, scales_of
from syndisco_nb.analysis.plotting import plot
from syndisco_nb.display.writers.safe_html import tag
from syndisco_nb.errors import SyndiscoError
from syndisco_nb.runs.sources import Material, gather


def label_results(labels: Any) -> list[Any]:
    """Return the results of some labels, to show below each other.

    Of a study of several conditions, these are the contrast of each scale by each varied setting, and its course over
    the turns; else the agreement of the annotators and the means of the discussions. In place of a result that cannot
    be computed stands the reason.

    Parameters
    ----------
    labels : Run, ConditionRuns or whatever else holds labels
    """
    material = gather(labels)
    scales = {name: scale for held in material.labels for name, scale in scales_of(held.record).items()}
    numeric = [name for name, scale in scales.items() if is_numeric(scale)]
    if len(material.levels) > 1:
        return [result for scale in numeric for result in _contrasts(material, scale)]
    several = len({held.record.index for held in material.labels}) > 1
    agreed = [_result(agreement, [held.record for held in material.labels])] if several else []
    return [*agreed, *(_result(plot, material, scale, "discussions") for scale in numeric)]


def _contrasts(material: Material, scale: str) -> list[Any]:
    settings = material.settings or ("condition",)
    return [*(_result(contrast, material, scale, by) for by in settings), _result(plot, material, scale, "turns")]


def _result(compute: Callable[..., Any], *arguments: Any) -> Any:
    """Return the result of a function, or the reason why there is none."""
    try:
        return compute(*arguments)
    except SyndiscoError as error:
        return ipywidgets.HTML(tag("div", str(error), class_="snb-note"))
