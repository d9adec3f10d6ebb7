"""A forest plot: estimates with their intervals, one below the other."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from syndisco_nb.analysis.figures.figure_axes import (
    LINE,
    SOFT,
    Described,
    label_axes,
    mark,
    name_ticks,
    on_axes,
    write_beside,
)
from syndisco_nb.wording import decimal

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from syndisco_nb.analysis.figures.figure_axes import FigureAxes


def draw_forest(
    names: Sequence[str],
    estimates: Sequence[float],
    intervals: Sequence[tuple[float, float]],
    title: str,
    label: str,
    caption: str,
    reference: float | None = 0.0,
    ax: "Axes | None" = None,
) -> "FigureAxes":
    """Draw estimates with their intervals as a forest plot, and write each beside it.

    Parameters
    ----------
    names : sequence of str
        One for each estimate, from top to bottom.
    estimates : sequence of float
        NaN where there is none.
    intervals : sequence of (float, float)
        Their lower and upper ends; NaN where there is none.
    title : str
        The figure in a few words.
    label : str
        The label of the axis, with the unit.
    caption : str
        The figure in a sentence, with n and the kind of interval.
    reference : float or None
        The place of the vertical line, which is the value of no effect.
    ax : Axes, optional
        Axes to draw on, instead of a new figure.

    Examples
    --------
    >>> names, caption = ["facilitator − none"], "40 pairs of discussions, 95% interval."
    >>> draw_forest(names, [-0.3], [(-0.5, -0.1)], "Effect on toxicity", "difference in toxicity", caption).alt
    'Forest plot. 40 pairs of discussions, 95% interval. facilitator − none: −0.30 [−0.50, −0.10].'
    """

    def draw(axes: "Axes") -> Described:
        look = mark(0)
        if reference is not None:
            axes.axvline(reference, color=SOFT, linewidth=1, linestyle="dashed", zorder=1)
        said = []
        for place, (name, estimate, (low, high)) in enumerate(zip(names, estimates, intervals, strict=True)):
            axes.plot([low, high], [place, place], color=look.colour, linewidth=2, solid_capstyle="butt")
            axes.plot([estimate], [place], color=look.colour, marker="s", markersize=7, linestyle="none")
            text = estimate_text(estimate, low, high)
            said.append(f"{name}: {text}.")
            write_beside(axes, text, place)
        name_ticks(axes, "y", names)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.margins(x=0.08)
        axes.locator_params(axis="x", nbins=4)  # room for numbers of many digits
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=LINE, linewidth=0.7)
        label_axes(axes, label, "")
        return Described(title, caption, " ".join(["Forest plot.", caption, *said]))

    return on_axes(draw, ax, 1.1 + 0.36 * len(names))


def estimate_text(estimate: float, low: float, high: float) -> str:
    """Return an estimate with its interval, where there is one.

    Parameters
    ----------
    estimate, low, high : float
        NaN where there is none.

    Examples
    --------
    >>> estimate_text(-0.314, -0.52, float("nan")), estimate_text(1, 0.5, 1.5)
    ('−0.31', '1.00 [0.50, 1.50]')
    """
    known = all(map(math.isfinite, (estimate, low, high)))
    return f"{decimal(estimate)} [{decimal(low)}, {decimal(high)}]" if known else decimal(estimate)
