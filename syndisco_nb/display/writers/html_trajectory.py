"""A trajectory as HTML: a column for each comment, and the same as numbers."""

from syndisco_nb.display.colours import THEMELESS
from syndisco_nb.display.page import Point, Trajectory
from syndisco_nb.display.writers.html_elements import LIST
from syndisco_nb.display.writers.safe_html import Html, join, tag

_HEIGHT, _MARK = 56, 3
"""Pixels of a column, and of the mark at its mean."""


def trajectory_columns(block: Trajectory) -> Html:
    """Return a column per comment, with its range and a mark at its mean; and a list of the means, folded."""
    columns = [
        tag("span", _column(point), title=f"{point.label}: {point.text}", style="display:inline-block;width:12px")
        for point in block.points
    ]
    texts = [tag("li", f"{point.number} ", tag("bdi", point.name), f": {point.text}") for point in block.points]
    path = tag("div", *columns, class_="snb-path", style=f"height:{_HEIGHT}px")
    means = tag("ol", *texts, class_="snb-means", style=LIST)
    return join([path, tag("details", tag("summary", "as numbers"), means, class_="snb-numbers")])


def _column(point: Point) -> Html:
    """Return the parts of a column from top to bottom: highest to mean, mean, mean to lowest, and the rest below."""
    mean, low, high = (round(height * (_HEIGHT - _MARK)) for height in (point.height, point.low, point.high))
    parts = ((high - mean, ".4"), (_MARK, "1"), (mean - low, ".4"), (low, ".13"))
    return join(
        [
            tag("i", style=f"display:block;height:{height}px;background:{THEMELESS[4]};opacity:{opacity}")
            for height, opacity in parts
            if height
        ]
    )
