"""Rows of the table of people after a paste."""

from collections.abc import Sequence

from syndisco_nb.errors import require
from syndisco_nb.widgets.forms.pasted_cells import cells_of, columns_of
from syndisco_nb.widgets.forms.person_row import PersonRow
from syndisco_nb.wording import count


def pasted_rows(
    people: Sequence[PersonRow], columns: Sequence[str], place: tuple[int, str], text: str
) -> list[PersonRow]:
    """Return the rows with the cells of a text: from one cell on, or, with headings, as people of their own at the end.

    Parameters
    ----------
    people : sequence of PersonRow
    columns : sequence of str
        Those of the table, in order.
    place : (int, str)
        Row, counted from 0, and column of the first cell.
    text : str
        As a spreadsheet copies it, or CSV.

    Raises
    ------
    InvalidInputError
        If there are more cells in a row than columns for them.
    """
    row, column = place
    require(column in columns, f"attribute is {column!r}, but the columns are: {', '.join(columns)}.", "attribute")
    first, *rest = cells_of(text)
    if headings := columns_of(first, columns):
        kept = [person for person in people if not person.blank]
        return [*kept, *_filled([], headings, rest)]
    cells = [first, *rest]
    end = row + len(cells)
    return [*people[:row], *_filled(people[row:end], columns[columns.index(column) :], cells), *people[end:]]


def _filled(people: Sequence[PersonRow], columns: Sequence[str], cells: Sequence[Sequence[str]]) -> list[PersonRow]:
    """Return rows with these cells: the given ones, and as many new ones as needed."""
    widest = max(map(len, cells), default=0)
    require(
        widest <= len(columns),
        f"The pasted rows have {count(widest, 'cell')}, but there {'is' if len(columns) == 1 else 'are'} "
        f"{count(len(columns), 'column')} for them. Add columns, or paste the headings, too.",
    )
    empty = [PersonRow.of({"username": ""}) for _ in cells[len(people) :]]
    return [
        row.filled(dict(zip(columns, texts, strict=False))) for row, texts in zip([*people, *empty], cells, strict=True)
    ]
