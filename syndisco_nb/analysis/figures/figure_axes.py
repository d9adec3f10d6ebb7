"""`FigureAxes`: matplotlib Axes with an alternative text, and the style that all figures share.

There is no pyplot here: each figure has a canvas of its own and names its colours, so it looks the same whatever the
notebook has set, on an opaque white ground that both themes and print bear. matplotlib's settings are changed only
while a figure is drawn or saved.
"""

import functools
import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import MaxNLocator

from syndisco_nb.analysis.figures.picture import Picture
from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.runs.files import as_path, save_file
from syndisco_nb.wording import shortened

if TYPE_CHECKING:
    from syndisco_nb.doors import PathLike

WIDTH = 6.25
"""Inches; 600 pixels at the 96 a inch of screens."""
_DPI = 192
INK, SOFT, LINE = "#1c1f23", "#5a6068", "#d9dce0"
"""Colours of text, of axes and their numbers, and of grid lines."""
_SIZE = 9.5
"""Points of the smaller text."""
_PAD = 0.08
"""Inches around the drawing."""
_ENDINGS = (".png", ".svg", ".pdf")
_SCRIPTS = (
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "PingFang SC", "Hiragino Sans", "Microsoft YaHei"),
    *("Yu Gothic", "Malgun Gothic", "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Thai"),
)
"""Fonts for names in scripts that matplotlib's own font lacks, taken where they are installed."""


class Mark(NamedTuple):
    """The look of one condition: no two share a colour, and none a marker and a line style."""

    colour: str
    marker: str
    line: str | tuple[int, tuple[int, ...]]


_MARKS = (
    Mark("#0072B2", "o", "solid"),
    Mark("#D55E00", "s", "dashed"),
    Mark("#009E73", "^", "dashdot"),
    Mark("#CC79A7", "D", "dotted"),
    Mark("#E69F00", "v", (0, (6, 1, 1, 1, 1, 1))),
    Mark("#56B4E9", "P", (0, (8, 2))),
    Mark("#000000", "X", (0, (2, 1))),
)
"""Colours of M. Okabe and K. Ito (2008), *Color Universal Design*, but for yellow, which is faint on white."""


def mark(number: int) -> Mark:
    """Return the look of a condition by its number, from 0; the eighth has that of the first."""
    return _MARKS[number % len(_MARKS)]


class FigureAxes(Picture, Axes):
    """Axes that a notebook shows as an image with its alternative text; see `Picture`.

    Examples
    --------
    >>> def line(ax):
    ...     ax.plot([0, 1])
    ...     return Described("A line", "A line.", "A line from 0 to 1.")
    >>> ax = on_axes(line, None)
    >>> ax, ax.alt
    (<FigureAxes: A line>, 'A line from 0 to 1.')
    """

    heading = ""
    caption = ""
    alt = ""

    def png(self) -> bytes:
        """Return the image as PNG, twice as many pixels as it is shown with."""
        return self._bytes(".png")

    def save(self, path: "PathLike") -> Path:
        """Write the image to a file, as PNG, SVG or PDF by the ending of its name; return its path.

        Parameters
        ----------
        path : str or path-like
            The file; replaced if it exists.

        Raises
        ------
        InvalidInputError
            If the name has another ending.
        """
        file = as_path("path", path)
        ending = file.suffix.lower()
        require(ending in _ENDINGS, f"path is {str(file)!r}, but must end in {', '.join(_ENDINGS)}.", "path")
        return save_file(file, self._bytes(ending))

    def __repr__(self) -> str:
        return f"<FigureAxes: {shortened(self.heading)}>"

    def __str__(self) -> str:
        return self.alt

    def _bytes(self, ending: str) -> bytes:
        metadata: dict[str, Any] = {  # without the time and the version, so that equal figures have equal bytes
            ".png": {"Software": None, "Description": self.alt},
            ".svg": {"Date": None, "Title": self.caption, "Description": self.alt},
            ".pdf": {"CreationDate": None, "Title": self.caption, "Subject": self.alt},
        }[ending]
        file = io.BytesIO()
        with _settings():
            cast("Figure", self.figure).savefig(file, format=ending[1:], dpi=_DPI, metadata=metadata)
        return file.getvalue()


class Described(NamedTuple):
    """Heading, caption and alternative text of a figure; see `Picture`."""

    heading: str
    caption: str
    alt: str


def on_axes(draw: Callable[[Axes], Described], ax: Axes | None, height: float = 3.6) -> FigureAxes:
    """Draw on new axes, or on those given, and return them.

    Parameters
    ----------
    draw : callable
        Draws on axes; returns the words for them.
    ax : Axes, optional
        Axes of a figure of the caller's, returned as they are.
    height : float
        Inches of a new figure; it is 6.25 wide.

    Raises
    ------
    InvalidInputError
        If `ax` is something else.
    """
    if ax is not None:
        if not isinstance(ax, Axes):
            raise InvalidInputError(f"ax is {ax!r}, but must be matplotlib Axes, such as plt.gca().", field="ax")
        with _settings():
            draw(ax)
        return cast("FigureAxes", ax)  # plotting libraries return the axes they were given
    figure = Figure(figsize=(WIDTH, height), dpi=_DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    cast("Any", figure.get_layout_engine()).set(w_pad=_PAD, h_pad=_PAD)
    with _settings():
        new = FigureAxes(figure, 1, 1, 1)
        figure.add_subplot(new)
        _plain(new)
        new.heading, new.caption, new.alt = draw(new)
    return new


def label_axes(ax: Axes, x: str, y: str) -> None:
    """Label both axes; nothing in the text is taken for a formula.

    Parameters
    ----------
    ax : Axes
    x, y : str
        Each with its unit; "" for none.
    """
    ax.set_xlabel(x, fontsize=_SIZE + 0.5, color=INK)
    ax.set_ylabel(y, fontsize=_SIZE + 0.5, color=INK)


def name_ticks(ax: Axes, axis: Literal["x", "y"], names: Sequence[str], most: int = 28) -> None:
    """Put a name at each of the places 0, 1, 2 … of an axis.

    Parameters
    ----------
    ax : Axes
    axis : {"x", "y"}
    names : sequence of str
    most : int
        Characters of a name; longer ones are cut.
    """
    shown = [shortened(name, most) for name in names]
    place = ax.set_xticks if axis == "x" else ax.set_yticks
    place(range(len(names)), shown, fontsize=_SIZE, color=INK)
    ax.tick_params(axis=axis, length=0)


def count_along(ax: Axes) -> None:
    """Have whole numbers alone along the horizontal axis."""
    ax.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))


def write_beside(ax: Axes, text: str, height: float) -> None:
    """Write a text at the right of the axes.

    Parameters
    ----------
    ax : Axes
    text : str
    height : float
        Its place on the vertical axis.
    """
    place = {"xy": (1.02, height), "xycoords": ("axes fraction", "data"), "va": "center"}
    ax.annotate(text, **place, fontsize=_SIZE, color=INK)  # type: ignore[arg-type]


def add_legend(ax: Axes, columns: int = 2) -> None:
    """Add a legend above the axes.

    Parameters
    ----------
    ax : Axes
    columns : int
    """
    legend = ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1.01), ncols=columns, frameon=False, fontsize=_SIZE, borderaxespad=0
    )
    for text in legend.get_texts():
        text.set_color(INK)


def _plain(ax: Axes) -> None:
    ax.set_facecolor("white")
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(SOFT)
    ax.tick_params(colors=SOFT, labelcolor=SOFT, labelsize=_SIZE)
    ax.set_axisbelow(True)


@functools.cache
def _families() -> list[str]:
    """Return the fonts to look in for a character, one after the other."""
    return ["DejaVu Sans", *[name for name in _SCRIPTS if name in fontManager.get_font_names()]]


@contextmanager
def _settings() -> Iterator[None]:
    """Apply matplotlib's own settings, and a few of ours, in place of the notebook's.

    A dollar sign in a name begins no formula, equal figures have equal bytes, and a PDF has its fonts embedded in the
    type that journals accept.
    """
    settings: Any = {
        "font.family": _families(),
        "text.parse_math": False,
        "text.usetex": False,
        "svg.hashsalt": "syndisco_nb",
        "pdf.fonttype": 42,
    }
    with style.context(["default", settings]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # the alternative text has the name
        yield
