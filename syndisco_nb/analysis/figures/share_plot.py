"""Shares of the comments by speaker: a row for each speaker, a dot for each condition."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from syndisco_nb.analysis.figures.figure_axes import (
    LINE,
    SOFT,
    Described,
    add_legend,
    label_axes,
    mark,
    name_ticks,
    on_axes,
)
from syndisco_nb.wording import more

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from syndisco_nb.analysis.figures.figure_axes import FigureAxes

_MOST = 24
"""Speakers in a figure; those with the smallest shares are left out, with a note."""


def draw_shares(
    speakers: Sequence[str],
    shares: Mapping[str, Sequence[float]],
    expected: float | None = None,
    ax: "Axes | None" = None,
) -> "FigureAxes":
    """Draw the mean share of the comments that each speaker wrote in the discussions they took part in.

    Parameters
    ----------
    speakers : sequence of str
    shares : mapping of str to sequence of float
        For each condition, "" for that of data without any, the share of each speaker, from 0 to 1; NaN where a speaker
        took no part.
    expected : float, optional
        The share of everybody, were all equal; a dashed line.
    ax : Axes, optional
        Axes to draw on, instead of a new figure.

    Examples
    --------
    >>> draw_shares(["Ana", "Ben"], {"none": [0.75, 0.25]}, expected=0.5).alt
    'Dot plot. Share of the comments by speaker: mean of the discussions in which they took part. The dashed line is an
    equal share, 50%. Ana: none 75%. Ben: none 25%.'
    """
    table = np.array([list(some) for some in shares.values()], float).reshape(len(shares), len(speakers))
    known = ~np.isnan(table)
    means = np.where(known, table, 0).sum(0) / np.maximum(known.sum(0), 1)
    greatest = float(max(np.where(known, table, 0).max(initial=0), expected or 0)) or 1.0
    order = np.argsort(-means, kind="stable")[:_MOST]

    def draw(axes: "Axes") -> Described:
        if expected is not None:
            axes.axvline(100 * expected, color=SOFT, linewidth=1, linestyle="dashed", zorder=1)
        middle = (len(shares) - 1) / 2
        for number, level in enumerate(shares):
            look = mark(number)
            places = np.arange(len(order)) + (number - middle) * min(0.18, 0.6 / max(1, len(shares)))
            axes.plot(
                100 * table[number, order],
                places,
                color=look.colour,
                marker=look.marker,
                markersize=6,
                linestyle="none",
                label=level,
            )
        name_ticks(axes, "y", [speakers[place] for place in order])
        axes.set_ylim(len(order) - 0.5, -0.5)
        axes.set_xlim(0, 105 * greatest)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="both", color=LINE, linewidth=0.7)
        label_axes(axes, "share of the comments (%)", "")
        if any(shares):
            add_legend(axes, min(3, len(shares)))
        return _described(speakers, shares, order.tolist(), expected)

    return on_axes(draw, ax, 1.1 + 0.27 * len(order))


def _described(
    speakers: Sequence[str], shares: Mapping[str, Sequence[float]], order: Sequence[int], expected: float | None
) -> Described:
    caption = "Share of the comments by speaker: mean of the discussions in which they took part."
    if expected is not None:
        caption += f" The dashed line is an equal share, {expected:.0%}."
    if left := more(len(speakers) - len(order)):
        caption += f" {left} with smaller shares."
    rows = []
    for place in order:
        of_levels = [
            f"{level} {some[place]:.0%}".strip() for level, some in shares.items() if some[place] == some[place]
        ]
        rows.append(f"{speakers[place]}: {', '.join(of_levels)}.")
    return Described("Shares of the comments", caption, " ".join(["Dot plot.", caption, *rows]))
