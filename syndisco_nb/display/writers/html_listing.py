"""A listing as HTML: with the style sheet, columns under their heads; without it, a sentence for each row."""

import re
from collections.abc import Sequence
from itertools import groupby

from syndisco_nb.display.page import Column, Listed, Listing, Strip, cell_text
from syndisco_nb.display.writers.safe_html import Html, escape, join, tag

_WIDEST = 12
"""Characters of the widest column of numbers; a longer head is wrapped."""
_CH, _REM, _GAP, _BESIDE = 8, 16, 14, 28
"""Pixels of a digit, of a rem, between two columns, and beside them all; see ``listing.css``."""
_ROOMS = {"snb-few": 560, "snb-many": 760, "snb-most": 960}
"""Widths below which the style sheet sets a row without columns."""


def listing_rows(block: Listing, pages: Sequence[Html | None]) -> Html:
    """Return the rows of a listing.

    Parameters
    ----------
    block : Listing
    pages : sequence of Html or None
        The page of each row that unfolds.
    """
    heads = [tag("span", class_=_class(column), data_h=column.head) for column in block.columns]
    rows = [_row(block, row, page) for row, page in zip(block.rows, pages, strict=True)]
    widths = [_width(block, place) for place in range(len(block.columns))]
    return tag(
        "div",
        tag("div", *heads, class_="snb-lhead"),
        *rows,
        class_=f"snb-listing {_room(widths)}",
        style=f"--snb-columns:{' '.join(widths)}",
    )


def _row(block: Listing, row: Listed, page: Html | None) -> Html:
    pairs = zip(block.columns, row.cells, strict=True)
    cells = join([_cell(*pair, is_first=not place) for place, pair in enumerate(pairs)])
    if page is None:
        return tag("div", cells, class_="snb-line")
    return tag("details", tag("summary", cells), page, class_="snb-fold snb-line")


def _cell(column: Column, cell: str | int | Strip, is_first: bool) -> Html:
    """Return a cell with the words around it, which the style sheet hides from sight but not from a screen reader."""
    text = cell_text(cell)
    if not text:
        return tag("span")
    before, after = column.around(cell)
    return tag(
        "span",
        None if is_first else tag("span", " · ", class_="snb-dot"),
        before and tag("span", before, class_="snb-unit"),
        tag("bdi", text),
        _strip(cell) if isinstance(cell, Strip) else None,
        after and tag("span", after, class_="snb-unit"),
        class_=_class(column),
    )


def _strip(strip: Strip) -> Html:
    """Return the blocks as one gradient: an element for each would take ten times the bytes."""
    stops, place = [], 0
    for look, blocks in groupby(strip.blocks):
        start, place = place, place + len(list(blocks))
        edges = " ".join(f"{100 * edge / len(strip.blocks):.4g}%" for edge in (start, place))
        stops.append(f"{look.fill if look else 'transparent'} {edges}")
    if not stops:
        return Html()
    style = f"display:inline-block;width:120px;height:8px;background:linear-gradient(90deg,{','.join(stops)})"
    return Html(f' <i class="snb-strip" style="{escape(style)}"></i>')


def _class(column: Column) -> str | None:
    return "snb-number" if column.is_number else None


def _width(block: Listing, place: int) -> str:
    """Return the width of a column: of numbers, that of the longest; the first text gets the most of the rest."""
    column = block.columns[place]
    if not column.is_number:
        is_first = all(other.is_number for other in block.columns[:place])
        return "minmax(9rem,3fr)" if is_first else "minmax(6rem,2fr)"
    longest = max([len(column.head), *(len(cell_text(row.cells[place])) for row in block.rows)])
    return f"{min(_WIDEST, longest) + 1}ch"


def _room(widths: Sequence[str]) -> str:
    """Return the class that says how much room the columns need at least."""
    characters = sum(int(width.removesuffix("ch")) for width in widths if width.endswith("ch"))
    rems = sum(int(found[1]) for width in widths if (found := re.match(r"minmax\((\d+)rem", width)))
    needed = characters * _CH + rems * _REM + _GAP * (len(widths) - 1) + _BESIDE
    return next((name for name, room in _ROOMS.items() if needed <= room), "snb-most")
