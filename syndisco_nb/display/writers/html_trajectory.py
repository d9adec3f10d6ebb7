"""A trajectory as HTML: a column for each message, below those of the speakers' strips, and the same as numbers."""

from collections.abc import Iterable
from itertools import accumulate, pairwise

from syndisco_nb.display.colours import THEMELESS
from syndisco_nb.display.page import Point, Trajectory
from syndisco_nb.display.writers.html_elements import LIST
from syndisco_nb.display.writers.safe_html import Html, join, tag

_HEIGHT = 56
"""Pixels of a column."""
_MARK = 5
"""Percent of a column that the mark at its mean takes."""
_INK = THEMELESS[4]


def trajectory_columns(block: Trajectory) -> Html:
    """Return a column per message between an axis and a legend, and a list of the numbers, folded."""
    width = 100_000 // max(1, len(block.columns))  # thousandths of a percent, as of the speakers' strips
    columns = Html("".join([_column(point, width / 1000) for point in block.columns]))
    axis = tag("div", *[join([tag("span", text), Html(" ")]) for text in block.axis], class_="snb-axis")
    path = tag(
        "div", columns, class_="snb-path", style=f"width:300px;height:{_HEIGHT}px;white-space:nowrap;font-size:0"
    )
    course = tag("div", axis, path, _legend(block), class_="snb-course")
    texts = [tag("li", f"{point.number} ", tag("bdi", point.name), f": {point.text}") for point in block.points]
    numbers = tag("ol", *texts, class_="snb-means", style=LIST)
    return join([course, tag("details", tag("summary", "as numbers"), numbers, class_="snb-numbers")])


def _legend(block: Trajectory) -> Html:
    inks = _inks(len(block.categories))
    swatches = [
        tag("div", tag("span", style=f"display:inline-block;width:10px;height:10px;background:{ink}"), f" {name} ")
        for ink, name in reversed([*zip(inks, block.categories, strict=True)])  # as they lie on each other
    ]
    return tag("div", block.legend, *swatches, class_="snb-key")


def _column(point: Point | None, width: float) -> Html:
    shape = f"display:inline-block;width:{width:g}%;height:100%"
    if point is None:
        return Html(f'<i style="{shape}"></i>')
    bands = _categories(point) if point.shares else _range(point)
    stops = ",".join(
        f"{ink} {high}%" if not low else f"{ink} 0 {high}%" for ink, low, high in bands
    )  # 0: from there on
    return Html(f'<i style="{shape};background:linear-gradient(0deg,{stops})"></i>')


def _range(point: Point) -> Iterable[tuple[str, int, int]]:
    """Yield the bands from the bottom up: what is below the lowest, the range, and the mark at the mean in it."""
    low, mean, high = (round(place * (100 - _MARK)) for place in (point.low, point.height, point.high))
    edges = (0, low, mean, mean + _MARK, max(mean, high) + _MARK, 100)
    inks = (f"{_INK}22", f"{_INK}66", _INK, f"{_INK}66", f"{_INK}00")
    yield from ((ink, start, end) for ink, (start, end) in zip(inks, pairwise(edges), strict=True) if start < end)


def _categories(point: Point) -> Iterable[tuple[str, int, int]]:
    edges = [0, *(round(100 * share) for share in accumulate(point.shares))]
    inks = _inks(len(point.shares))
    yield from ((ink, start, end) for ink, (start, end) in zip(inks, pairwise(edges), strict=True) if start < end)


def _inks(number: int) -> list[str]:
    """Return as many shades of one colour, the fullest first."""
    return [f"{_INK}{round(255 - 190 * place / max(1, number - 1)):02x}" for place in range(number)]
