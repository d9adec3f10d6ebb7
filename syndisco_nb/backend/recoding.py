"""Rename the columns of a table, replace codes by labels, and leave out the values that mean no answer."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syndisco_nb.backend.cells import cell_text, code_of, plain_cell
from syndisco_nb.errors import InvalidInputError, require, short_repr

Columns = Mapping[str, str] | Sequence[str]
"""Our name of each column ← its name in the table; or a list of the columns to take."""

CodeLabels = Mapping[str, Mapping[Any, Any]]
"""By column of the table, the label of each code."""

Missing = Iterable[Any] | Mapping[str, Iterable[Any]]
"""Values that mean no answer; or, by column of the table, its own."""


_LISTED = 20  # columns that an error lists


class Recoding:
    """Names, labels and missing values for the columns of a table.

    Parameters
    ----------
    known : sequence of str
        Columns of the table.
    columns, labels, missing : as in `read_table`
    own_labels : mapping
        Labels that the file has; those given come first.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used, or names an unknown column.
    """

    def __init__(
        self, known: Sequence[str], columns: Columns, labels: CodeLabels, missing: Missing, own_labels: CodeLabels
    ) -> None:
        self.names = _new_names(known, columns)
        given = _checked_labels(known, columns, labels)
        self._labels = {
            name: {
                code_of(code): label
                for code, label in (*own_labels.get(name, {}).items(), *given.get(name, {}).items())
            }
            for name in known
        }
        self._numbers: dict[str, dict[int | float, Any]] = {name: {} for name in known}
        everywhere, by_column = _checked_missing(known, columns, missing)
        self._missing = {name: {code_of(code) for code in (*everywhere, *by_column.get(name, ()))} for name in known}

    def row(self, names: Sequence[str | None], cells: Iterable[Any], *, text: bool) -> dict[str, Any]:
        """Return the cells that are not empty, by our names.

        Parameters
        ----------
        names : sequence of str or None
            The table's own; None for a column that is left out.
        cells : iterable
        text : bool
            Whether all cells become text.
        """
        row: dict[str, Any] = {}
        for name, cell in zip(names, cells, strict=False):
            value = None if name is None or name not in self.names else self._value(name, cell)
            if name is not None and value is not None:
                row |= dict.fromkeys(self.names[name], cell_text(value) if text else value)
        return row

    def _value(self, name: str, cell: Any) -> Any:
        """Return the cell, or its label; None if it is no answer."""
        if isinstance(cell, bool) or not isinstance(cell, int | float) or cell != cell:
            return self._recoded(name, cell)
        known = self._numbers[name]  # a survey has many rows, but few codes
        if cell not in known:
            known[cell] = self._recoded(name, cell)
        return known[cell]

    def _recoded(self, name: str, cell: Any) -> Any:
        value = plain_cell(cell)
        missing, labels = self._missing[name], self._labels[name]
        if value is None or not (missing or labels):
            return value
        code = code_of(value)
        if code in labels:
            value = plain_cell(labels[code])
        return None if code in missing or code_of(value) in missing else value


def _new_names(known: Sequence[str], columns: Columns) -> dict[str, list[str]]:
    """Return our names of each of the table's columns."""
    usable = isinstance(columns, Mapping) or (isinstance(columns, Iterable) and not isinstance(columns, str))
    require(
        usable and all(isinstance(name, str) for name in columns),
        f'columns is {short_repr(columns)}, but must map our names to those of the table, as in {{"age": "AGE"}}, or '
        "be a list of the columns to take.",
        "columns",
    )
    given = columns if isinstance(columns, Mapping) else {name: name for name in columns}
    for ours, theirs in given.items():
        _refuse_other_direction(known, ours, theirs, given)
        require_column("columns", theirs, known)
    taken = [] if not isinstance(columns, Mapping) else [name for name in known if name not in given.values()]
    for name in taken:
        require(
            name not in given,
            f"columns makes {given.get(name)!r} the column {name!r}, but the table has a column of that name. Choose "
            "another name, or give only one of them.",
            "columns",
        )
    names: dict[str, list[str]] = {name: [name] for name in taken}
    for ours, theirs in given.items():
        names.setdefault(theirs, []).append(ours)
    return names


def _refuse_other_direction(known: Sequence[str], ours: str, theirs: Any, given: Mapping[str, Any]) -> None:
    if theirs not in known and ours in known:
        turned = {str(value): name for name, value in given.items()}
        raise InvalidInputError(
            f"columns is {short_repr(dict(given))}, but must map our names to those of the table: columns={turned!r}.",
            field="columns",
        )


def _checked_labels(known: Sequence[str], columns: Columns, labels: CodeLabels) -> CodeLabels:
    require(
        isinstance(labels, Mapping) and all(isinstance(one, Mapping) for one in labels.values()),
        f'labels is {short_repr(labels)}, but must give the labels of each column, as in {{"SEX": {{1: "male", 2: '
        '"female"}}.',
        "labels",
    )
    for name in labels:
        require_column("labels", name, known, columns)
    return labels


def _checked_missing(
    known: Sequence[str], columns: Columns, missing: Missing
) -> tuple[Iterable[Any], Mapping[str, Iterable[Any]]]:
    """Return the values that mean no answer: in all columns, and by column."""
    by_column = missing if isinstance(missing, Mapping) else {}
    everywhere = [] if isinstance(missing, Mapping) else missing
    require(
        all(isinstance(one, Iterable) and not isinstance(one, str) for one in (everywhere, *by_column.values())),
        f"missing is {short_repr(missing)}, but must be a list of values, such as [-9], or one for each column, as in "
        '{"AGE": [98, 99]}.',
        "missing",
    )
    for name in by_column:
        require_column("missing", name, known, columns)
    return list(everywhere), by_column


def require_column(argument: str, name: Any, known: Iterable[str], columns: Columns = ()) -> None:
    """Raise `InvalidInputError` unless the table has a column of this name.

    Parameters
    ----------
    argument : str
        The argument that names it.
    name : str
    known : iterable of str
        Columns of the table.
    columns : as in `read_table`
        New names of columns; a column's new name is corrected to the table's own.
    """
    names = list(known)
    if name in names:
        return
    old = columns.get(name) if isinstance(columns, Mapping) else None
    folded = {one.casefold(): one for one in names}
    close = difflib.get_close_matches(str(name).casefold(), folded, n=1)
    listed = ", ".join(names[:_LISTED]) + " …" * (len(names) > _LISTED)
    hint = f" Did you mean {old or folded[close[0]]!r}?" if old or close else f" It has: {listed or 'none'}."
    raise InvalidInputError(f"{argument} names a column {name!r}, which the table does not have.{hint}", field=argument)
