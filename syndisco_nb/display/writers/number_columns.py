"""Columns of numbers in a table: told by their cells, aligned to the right, their decimal points below each other."""

import re
from collections.abc import Sequence

from syndisco_nb.display.page import Share, Table

_NUMBER = re.compile(r"(?:[<>] ?)?[−+-]?(?:\d[\d,]*)?(?:\.(\d+))?%?")
_NO_NUMBER = ("", "not measured", "no estimate", "not defined")
_FIGURE_SPACE, _POINT_SPACE = "\u2007", "\u2008"
"""Spaces as wide as a figure and as a decimal point."""
NUMBER_SPACES = f"{_FIGURE_SPACE}{_POINT_SPACE}"


def number_columns(table: Table) -> frozenset[int]:
    """Return the places of the columns that hold numbers; not the first, which names the rows, if it is text."""
    return frozenset(place for place in range(len(table.head)) if _holds_numbers(table, place))


def aligned_rows(table: Table) -> list[tuple[str | Share, ...]]:
    """Return the cells as texts, those of numbers with as many spaces as they have fewer decimals than others.

    Examples
    --------
    >>> [cell for (_, cell) in aligned_rows(Table("", ("", ""), (("a", "0.12"), ("b", "3"), ("c", "")))) if cell]
    ['0.12', '3\u2008\u2007\u2007']
    """
    numbers = number_columns(table)
    most = {place: max(map(_decimals, (row[place] for row in table.rows))) for place in numbers}
    return [
        tuple(_aligned(cell, most[place]) if place in numbers else _text(cell) for place, cell in enumerate(row))
        for row in table.rows
    ]


def _holds_numbers(table: Table, place: int) -> bool:
    cells: Sequence[str | int | Share] = [row[place] for row in table.rows]
    texts = [cell for cell in cells if isinstance(cell, str) and cell not in _NO_NUMBER]
    numbers = [text for text in texts if any(map(str.isdigit, text)) and _NUMBER.fullmatch(text)]
    whole = any(isinstance(cell, int) for cell in cells)
    if any(isinstance(cell, Share) for cell in cells) or len(numbers) < len(texts):
        return False
    return whole or bool(numbers and place)


def _text(cell: str | int | Share) -> str | Share:
    return f"{cell:,}" if isinstance(cell, int) else cell


def _aligned(cell: str | int | Share, most: int) -> str | Share:
    text, missing = _text(cell), most - _decimals(cell)
    if not isinstance(text, str) or text in _NO_NUMBER or not missing:
        return text
    point = _POINT_SPACE if missing == most else ""
    return f"{text}{point}{_FIGURE_SPACE * missing}"


def _decimals(cell: str | int | Share) -> int:
    found = _NUMBER.fullmatch(cell) if isinstance(cell, str) else None
    return len(found[1]) if found and found[1] else 0
