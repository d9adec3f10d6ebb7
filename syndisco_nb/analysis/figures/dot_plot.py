"""A value of each discussion: dots by condition, with the mean and its interval above them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from syndisco_nb.analysis.figures.figure_axes import (
    INK,
    LINE,
    Described,
    label_axes,
    mark,
    name_ticks,
    on_axes,
    write_beside,
)
from syndisco_nb.analysis.figures.forest import estimate_text
from syndisco_nb.wording import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from syndisco_nb.analysis.figures.figure_axes import FigureAxes

_BINS, _STEP, _REACH = 50, 0.07, 0.28
"""Dots within a fiftieth of the range are stacked, this far apart, within this distance of the middle."""


def draw_dots(
    values: Mapping[str, Sequence[float]],
    intervals: Mapping[str, tuple[float, float]],
    name: str,
    ax: "Axes | None" = None,
) -> "FigureAxes":
    """Draw a dot for each discussion, and the mean of each condition with its interval.

    Parameters
    ----------
    values : mapping of str to sequence of float
        The values of the discussions by condition, "" for the condition of data without any; NaN where there is none,
        which is not drawn.
    intervals : mapping of str to (float, float)
        The 95% interval of each condition's mean; NaN where there is none.
    name : str
        The name of the value, with its unit.
    ax : Axes, optional
        Axes to draw on, instead of a new figure.

    Examples
    --------
    >>> draw_dots({"none": [1.0, 3.0], "facilitator": [1.0]}, {"none": (1.2, 2.8)}, "toxicity").alt
    'Dot plot. toxicity: a dot for each discussion, above them the mean of the condition with its 95% interval.
    none (2 discussions): mean 2.00 [1.20, 2.80]. facilitator (1 discussion): mean 1.00.'
    """
    given = {level: np.array([value for value in some if value == value], float) for level, some in values.items()}
    flat = np.concatenate([*given.values(), np.zeros(0)])
    width = float(np.ptp(flat)) / _BINS if flat.size else 0.0

    def draw(axes: "Axes") -> Described:
        said = []
        for place, (level, numbers) in enumerate(given.items()):
            look = mark(place)
            heights = place + 0.12 + _stacked(numbers, width)
            axes.scatter(numbers, heights, s=18, color=look.colour, marker=look.marker, alpha=0.6, linewidths=0)
            low, high = intervals.get(level, (np.nan, np.nan))
            mean = float(numbers.mean()) if numbers.size else np.nan
            axes.plot([low, high], [place - 0.3] * 2, color=look.colour, linewidth=2, solid_capstyle="butt")
            axes.plot([mean], [place - 0.3], color=INK, marker=look.marker, markersize=7, linestyle="none")
            text = estimate_text(mean, low, high)
            write_beside(axes, text, place - 0.3)
            said.append(f"{_with_n(level, numbers)}: mean {text}.")
        name_ticks(axes, "y", [_with_n(level, numbers) for level, numbers in given.items()])
        axes.set_ylim(len(given) - 0.45, -0.6)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=LINE, linewidth=0.7)
        label_axes(axes, name, "")
        caption = f"{name}: a dot for each discussion, above them the mean of the condition with its 95% interval."
        return Described(f"{name} of each discussion", caption, " ".join(["Dot plot.", caption, *said]))

    return on_axes(draw, ax, 1.0 + 0.75 * len(given))


def _with_n(level: str, numbers: "NDArray[np.float64]") -> str:
    n = count(len(numbers), "discussion")
    return f"{level} ({n})" if level else n


def _stacked(numbers: "NDArray[np.float64]", width: float) -> "NDArray[np.float64]":
    """Return the distance of each dot from the middle, so that equal values stand above each other."""
    bins = np.floor(numbers / width).astype(int) if width else np.zeros(len(numbers), int)
    heights = np.zeros(len(numbers))
    for one in np.unique(bins):
        places = np.flatnonzero(bins == one)
        step = min(_STEP, 2 * _REACH / max(1, len(places) - 1))
        heights[places] = (np.arange(len(places)) - (len(places) - 1) / 2) * step
    return heights
