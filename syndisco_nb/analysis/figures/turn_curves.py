"""A value turn by turn: a line with a band for each condition."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from syndisco_nb.analysis.figures.figure_axes import LINE, Described, add_legend, count_along, label_axes, mark, on_axes
from syndisco_nb.wording import count

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from syndisco_nb.analysis.figures.figure_axes import FigureAxes

_MARKED = 30
"""Turns up to which each has a marker."""
_NAME = 24
"""Characters of names above which the legend has one column."""


def draw_turn_curves(
    curves: "pd.DataFrame", discussions: Mapping[str, int], name: str, ax: "Axes | None" = None
) -> "FigureAxes":
    """Draw the mean of a value at each turn, a line for each condition, with its interval as a band.

    Parameters
    ----------
    curves : DataFrame
        One row per condition and turn, with the columns ``level`` (str), ``turn`` (int), ``mean``, ``low`` and
        ``high`` (float; NaN where there is no interval).
    discussions : mapping of str to int
        The number of discussions of each condition; its order is that of the lines. "" is the condition of data
        without any.
    name : str
        The name of the value, with its unit.
    ax : Axes, optional
        Axes to draw on, instead of a new figure.
    """

    def draw(axes: "Axes") -> Described:
        parts = []
        for number, (level, of) in enumerate(discussions.items()):
            look = mark(number)
            rows = curves[curves["level"] == level].sort_values("turn")
            if rows.empty:
                continue
            turns, means = rows["turn"].to_numpy(), rows["mean"].to_numpy()
            n = count(of, "discussion")
            axes.fill_between(turns, rows["low"], rows["high"], color=look.colour, alpha=0.15, linewidth=0)
            axes.plot(
                turns,
                means,
                color=look.colour,
                linestyle=look.line,
                marker=look.marker if len(turns) <= _MARKED else None,
                markersize=5,
                linewidth=1.6,
                label=f"{level} (n = {n})" if level else f"n = {n}",
            )
            begin, end = f"{means[0]:.3g} at turn {turns[0]}", f"{means[-1]:.3g} at turn {turns[-1]}"
            parts.append(f"{level or 'All discussions'} (n = {n}): from {begin} to {end}")
        axes.grid(axis="y", color=LINE, linewidth=0.7)
        count_along(axes)
        label_axes(axes, "turn", name)
        add_legend(axes, 1 if max(map(len, discussions), default=0) > _NAME else 2)
        caption = f"{name} by turn: means of discussions; bands are 95% bootstrap intervals over discussions."
        return Described(f"{name} by turn", caption, f"Line chart. {caption} {'. '.join(parts)}.")

    return on_axes(draw, ax)
