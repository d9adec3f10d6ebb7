"""A table of numbers as a heat map: a confusion matrix, or the agreement of all pairs of annotators."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from syndisco_nb.analysis.figures.figure_axes import INK, Described, label_axes, name_ticks, on_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from syndisco_nb.analysis.figures.figure_axes import FigureAxes

_COLOURS = LinearSegmentedColormap.from_list("snb", ["#f2f7fb", "#56a0d3", "#0b3c66"])
_DARK = 0.55
"""Share of the range from which a cell is dark, so that its number is white."""
_ROW = 0.42
"""Inches of a row."""


def draw_heat_map(
    table: "ArrayLike",
    rows: Sequence[str],
    columns: Sequence[str],
    labels: tuple[str, str],
    title: str,
    caption: str,
    text: Callable[[float], str] = "{:.2f}".format,
    limits: tuple[float, float] | None = None,
    ax: "Axes | None" = None,
) -> "FigureAxes":
    """Draw a table as a heat map, with the number in each cell.

    Parameters
    ----------
    table : array of float, of shape (rows, columns)
        NaN where a cell stays empty.
    rows, columns : sequence of str
    labels : (str, str)
        The labels of rows and of columns, such as ("Dana", "judge").
    title : str
        The figure in a few words.
    caption : str
        The figure in a sentence, with n.
    text : callable
        Returns the text of a number.
    limits : (float, float), optional
        The numbers of the lightest and the darkest cell; those of the table by default.
    ax : Axes, optional
        Axes to draw on, instead of a new figure.

    Examples
    --------
    >>> counts, labels, number = [[8, 2], [1, 9]], ["yes", "no"], "{:.0f}".format
    >>> draw_heat_map(counts, labels, labels, ("Dana", "judge"), "Confusion", "20 comments.", number).alt
    'Heat map. 20 comments. Rows are Dana, columns judge. yes: yes 8, no 2. no: yes 1, no 9.'
    """
    numbers = np.asarray(table, float)
    known = numbers[~np.isnan(numbers)]
    least, most = limits or ((known.min(), known.max()) if known.size else (0.0, 1.0))

    def draw(axes: "Axes") -> Described:
        axes.imshow(numbers, cmap=_COLOURS, vmin=least, vmax=most if most > least else least + 1, aspect="auto")
        for (row, column), number in np.ndenumerate(numbers):
            if number == number:
                dark = number - least > _DARK * (most - least) > 0
                axes.text(
                    column, row, text(number), ha="center", va="center", fontsize=9.5, color="white" if dark else INK
                )
        name_ticks(axes, "x", columns, 14)
        name_ticks(axes, "y", rows)
        for spine in axes.spines.values():
            spine.set_visible(False)
        label_axes(axes, labels[1], labels[0])
        said = [
            f"{row}: {', '.join(f'{c} {text(n)}' for c, n in zip(columns, line, strict=True) if n == n) or 'none'}."
            for row, line in zip(rows, numbers, strict=True)
        ]
        return Described(
            title, caption, " ".join(["Heat map.", caption, f"Rows are {labels[0]}, columns {labels[1]}.", *said])
        )

    return on_axes(draw, ax, 1.0 + _ROW * len(rows))
