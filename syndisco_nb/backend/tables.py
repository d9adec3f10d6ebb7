"""Read a table from any file that people keep tables in, from a DataFrame, or from a list of dicts."""

import csv
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.delimited import decoded, delimited_rows
from syndisco_nb.backend.lenient_json import looks_like_json, only_list, read_json, refuse_nested
from syndisco_nb.backend.recoding import CodeLabels, Columns, Missing, Recoding
from syndisco_nb.backend.table_files import RawTable, binary_table
from syndisco_nb.errors import RecordError, SyndiscoError, require, short_repr
from syndisco_nb.runs.files import read_bounded

if TYPE_CHECKING:
    import pandas as pd

_INDEX = re.compile(r"(Unnamed: \d+|__index_level_\d+__)?")  # names that pandas gives its index; none at all: Excel


@dataclass(frozen=True, slots=True)
class DataTable:
    """Rows by column name, without empty rows, columns and cells.

    Attributes
    ----------
    columns : tuple of str
    rows : list of dict
        The cells that are not empty, by column.
    typed : bool
        Whether it comes from JSON, a DataFrame or a list of dicts, where a number is meant as one.
    """

    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    typed: bool = False


def objects_of(document: Any) -> Sequence[Mapping[Any, Any]]:
    """Return the objects of a JSON value: a list of them, an object around one list, or a single one.

    Raises
    ------
    ValueError
        If there are others than objects.
    """
    inner = only_list(document)
    rows = inner if isinstance(inner, list | tuple) else [inner]
    refuse_nested(inner)
    if not all(isinstance(row, Mapping) for row in rows):
        raise ValueError('it is JSON, but not a list of objects such as {"name": "Ana"}')
    return rows


Objects = Callable[[Any], Sequence[Mapping[Any, Any]]]


def read_table(
    data: "pd.DataFrame | Sequence[Mapping[str, Any]] | str | os.PathLike[str] | bytes",
    *,
    where: str = "",
    sheet: str | None = None,
    columns: Columns | None = None,
    labels: CodeLabels | None = None,
    missing: Missing = (),
    text: bool = True,
    objects: Objects = objects_of,
) -> DataTable:
    r"""Read a table.

    Files are told apart by their content: CSV with commas, semicolons, tabs or bars (UTF-8, UTF-16 with a byte order
    mark, or Windows-1252, with a warning), Excel (.xlsx), SPSS (.sav, .zsav), Stata (.dta), Parquet, a JSON array of
    objects, JSON Lines. Everything is read as text: "None" and "NA" are answers, "02138" keeps its zero, whole numbers
    have no ".0", dates are in ISO form. Labels of SPSS and Stata replace their codes, and their user-missing values
    are empty, as are empty cells. The index of pandas is left out.

    Parameters
    ----------
    data : DataFrame, list of dict, path or bytes
        Bytes are the content of a file.
    where : str
        Name of the table in errors; by default its path.
    sheet : str, optional
        Sheet of an Excel file; by default the first.
    columns : mapping or list
        Our name of a column ← its name in the table, as in ``{"age": "AGE"}``; the others keep their names. Or a list
        of columns: only these are taken.
    labels : mapping, optional
        By column of the table, the label of each code, as in ``{"SEX": {1: "male", 2: "female"}}``.
    missing : list or mapping
        Values that mean no answer, such as ``[-9, "refused"]``, before or after labels; they are left out like empty
        cells. -9 also stands for "-9" and "-9.0". Or, by column of the table: ``{"AGE": [98, 99]}``.
    text : bool
        False keeps numbers, truth values and lists as they are; of JSON, a DataFrame or a list of dicts also rows
        without any cell.
    objects : callable
        Returns the rows in a JSON value, or in a list of dicts.

    Raises
    ------
    RecordError
        If the file cannot be read, with the reason.
    InvalidInputError
        If an argument cannot be used, or names a column that the table does not have.
    MissingDependencyError
        If the reader of an Excel, SPSS, Stata or Parquet file is not installed.

    Examples
    --------
    >>> data = b"AGE;SEX\n34;1\n-9;2\n"
    >>> read_table(data, columns={"age": "AGE"}, labels={"SEX": {1: "male"}}, missing=[-9]).rows
    [{'age': '34', 'SEX': 'male'}, {'SEX': '2'}]
    """
    where = where or (str(data) if isinstance(data, str | os.PathLike) else "The table")
    try:
        raw = _raw_table(data, where, sheet, objects)
    except SyndiscoError:
        raise
    except OSError as error:
        raise RecordError(f"{where} cannot be read: {error.strerror or error}. Give a file that exists.") from None
    except (ValueError, csv.Error, RecursionError) as error:
        raise RecordError(f"{where} cannot be read: {error}.") from None
    known = [name for name in raw.names if name is not None]
    recoding = Recoding(known, columns or {}, labels or {}, missing, raw.labels)
    rows = (recoding.row(raw.names, cells, text=text) for cells in raw.rows)
    names = (new for name in known for new in recoding.names.get(name, ()))
    return DataTable(tuple(names), [row for row in rows if row or (raw.typed and not text)], raw.typed)


def _raw_table(data: Any, where: str, sheet: str | None, objects: Objects) -> RawTable:
    if isinstance(data, str | os.PathLike):
        data = read_bounded(Path(data).expanduser())
    raw = _file_table(data, where, sheet, objects) if isinstance(data, bytes) else _table_in_memory(data, objects)
    for name, count in Counter(raw.names).items():
        if name is not None and count > 1:
            raise ValueError(f"{count} columns are called {name!r}. Give every column a name of its own")
    return raw


def _file_table(data: bytes, where: str, sheet: str | None, objects: Objects) -> RawTable:
    if not data:
        raise ValueError("it is empty (0 bytes)")
    table = binary_table(data, sheet)
    if table is not None:
        return _without_index(table)
    require(sheet is None, f"sheet is {sheet!r}, but only Excel files have sheets. Leave it out.", "sheet")
    text = decoded(data, where)
    if text.lstrip().startswith("<"):
        raise ValueError("it is HTML or XML. Save it as CSV or .xlsx")
    if not looks_like_json(text):
        return _without_index(RawTable(*delimited_rows(text)))
    return _table_of(objects(read_json(text)))


def _table_in_memory(data: Any, objects: Objects) -> RawTable:
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        names = [str(name).strip() for name in data.columns]
        rows = data.astype(object).itertuples(index=False, name=None)  # else bands beside an empty cell are of floats
        return _without_index(RawTable(names, list(rows), typed=True))
    require(
        isinstance(data, Sequence) and not isinstance(data, str) and all(isinstance(row, Mapping) for row in data),
        f"data is {short_repr(data)}, but must be a DataFrame, a list of dicts, or the path of a file.",
        "data",
    )
    return _table_of(objects(data))


def _table_of(rows: Sequence[Mapping[Any, Any]]) -> RawTable:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[row.get(name) for name in names] for row in rows]
    return RawTable([str(name).strip() for name in names], cells, typed=True)


def _without_index(raw: RawTable) -> RawTable:
    names = [None if name is None or _INDEX.fullmatch(name) else name for name in raw.names]
    return replace(raw, names=names)
