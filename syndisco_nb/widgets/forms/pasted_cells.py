"""Cells copied out of a spreadsheet, as text: with the headings of a table, or without."""

import csv
import io
from collections.abc import Iterable, Sequence

from syndisco_nb.backend.persona_fields import FIELDS, field_of_heading
from syndisco_nb.errors import require
from syndisco_nb.field_labels import field_label
from syndisco_nb.wording import count

_SEPARATORS = ",;|"


def cells_of(text: str) -> list[list[str]]:
    r"""Return the cells of each row of a text: set apart by tabs, as a spreadsheet copies them, or as CSV.

    Lines with different numbers of commas are rows of one cell each.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> cells_of('Maya\t"blunt,\nwarm"\nBen\t\n'), cells_of("Maya,41\nBen,30"), cells_of("Hello, you\nBye")
    ([['Maya', 'blunt,\nwarm'], ['Ben', '']], [['Maya', '41'], ['Ben', '30']], [['Hello, you'], ['Bye']])
    """
    if "\t" in text:
        return _rows(text, "\t")
    separator = max(_SEPARATORS, key=text.partition("\n")[0].count)
    rows = _rows(text, separator)
    same = len({len(row) for row in rows}) == 1
    return rows if same else _rows(text, "\t")


def columns_of(row: Sequence[str], columns: Iterable[str]) -> list[str] | None:
    """Return the columns that a row of headings names; None if it names none, and so is no row of headings.

    Parameters
    ----------
    row : sequence of str
        The first row of a table.
    columns : iterable of str
        Columns that there are beside the fields of a person.

    Examples
    --------
    >>> columns_of(["NAME", "Occupation", "Pet"], []), columns_of(["Maya", "nurse", "cat"], [])
    (['username', 'current_employment', 'Pet'], None)
    """
    own = {field_label(name).casefold(): name for name in columns}
    named = [own.get(cell.strip().casefold(), field_of_heading(cell.strip())) for cell in row]
    return named if {*FIELDS, *own.values()} & set(named) else None


def with_headings(text: str, columns: Sequence[str]) -> str:
    """Return a table as CSV whose first row names the columns.

    Parameters
    ----------
    text : str
        Rows with headings, or without: in the order of the columns.
    columns : sequence of str

    Raises
    ------
    InvalidInputError
        If a row without headings has more cells than there are columns.
    """
    rows = [row for row in cells_of(text) if any(cell.strip() for cell in row)]
    named = columns_of(rows[0], columns) if rows else None
    if named is None:
        widest = max(map(len, rows), default=0)
        require(
            widest <= len(columns),
            f"The rows have {count(widest, 'cell')}, but the table has {count(len(columns), 'column')}. Name the "
            "columns in the first line: name, age, …",
        )
    file = io.StringIO()
    csv.writer(file).writerows([columns, *rows] if named is None else [named, *rows[1:]])
    return file.getvalue()


def _rows(text: str, separator: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator)) or [[""]]
