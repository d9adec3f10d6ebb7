"""The power of a study by its number of discussions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from syndisco_nb.analysis.figures.figure_axes import LINE, SOFT, Described, count_along, label_axes, mark, on_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from syndisco_nb.analysis.figures.figure_axes import FigureAxes


def draw_power(
    discussions: Sequence[int],
    power: Sequence[float],
    errors: Sequence[float],
    wanted: float,
    caption: str,
    ax: "Axes | None" = None,
) -> "FigureAxes":
    """Draw the power by number of discussions, with the error of the simulation as a band.

    Parameters
    ----------
    discussions : sequence of int
        Numbers of discussions of each condition, in order.
    power, errors : sequence of float
        The power at each, from 0 to 1, and its Monte Carlo standard error.
    wanted : float
        The wanted power; a dashed line.
    caption : str
        The figure in a sentence, with the wanted difference.
    ax : Axes, optional
        Axes to draw on, instead of a new figure.

    Examples
    --------
    >>> draw_power([10, 20], [0.42, 0.81], [0.02, 0.01], 0.8, "Power to find a difference of 0.5.").alt
    'Line chart. Power to find a difference of 0.5. 10 discussions: 42%. 20 discussions: 81%. The dashed line is the
    wanted power, 80%.'
    """

    def draw(axes: "Axes") -> Described:
        look = mark(0)
        high, half = 100 * np.asarray(power, float), 196 * np.asarray(errors, float)
        axes.axhline(100 * wanted, color=SOFT, linewidth=1, linestyle="dashed", zorder=1)
        axes.fill_between(
            discussions, np.maximum(high - half, 0), np.minimum(high + half, 100), color=look.colour, alpha=0.15, lw=0
        )
        axes.plot(discussions, high, color=look.colour, marker=look.marker, markersize=5, linewidth=1.6)
        axes.set_ylim(0, 102)
        axes.grid(axis="y", color=LINE, linewidth=0.7)
        count_along(axes)
        label_axes(axes, "discussions per condition", "power (%)")
        said = [f"{n} discussions: {100 * p:.0f}%." for n, p in zip(discussions, power, strict=True)]
        end = f"The dashed line is the wanted power, {100 * wanted:.0f}%."
        return Described("Power", caption, " ".join(["Line chart.", caption, *said, end]))

    return on_axes(draw, ax, 3.2)
