"""Read the tables in files of Excel, SPSS, Stata and Parquet, told apart by their first bytes."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from syndisco_nb.backend.cells import plain_cell
from syndisco_nb.backend.readstat import readstat_columns
from syndisco_nb.errors import InvalidInputError, MissingDependencyError, short_repr, suggestion
from syndisco_nb.runs.files import SIZE_LIMIT

_OTHER_FILES = {
    b"\xd0\xcf\x11\xe0": "an .xls file of old Excel, or has a password. Save it as .xlsx or CSV",
    b"\x89PNG": "an image. Give a table",
    b"\xff\xd8\xff": "an image. Give a table",
    b"GIF8": "an image. Give a table",
    b"%PDF": "a PDF. Give a table, such as CSV or .xlsx",
    b"\x1f\x8b": "compressed (gzip). Unpack it",
    b"7z\xbc\xaf": "compressed (7z). Unpack it",
    b"{\\rtf": "an RTF document. Save it as plain text, CSV or .xlsx",
    b"SQLite format 3": "a database. Export the table as CSV",
}
_OTHER_ZIPS = {
    "word/": "a Word document. Copy its table into a spreadsheet",
    "ppt/": "a PowerPoint file. Give a table, such as CSV or .xlsx",
    "mimetype": "an OpenDocument file. Save it as .xlsx or CSV",
}


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as a file holds it.

    Attributes
    ----------
    names : list of str or None
        Column names; None for the index of pandas.
    rows : list of sequences
        Cells; a row may be shorter than `names`.
    labels : mapping
        By column, the label of each code.
    typed : bool
        Whether the cells are Python's own, as in JSON or a DataFrame: numbers and truth values are meant as such.
    """

    names: Sequence[str | None]
    rows: Sequence[Sequence[Any]]
    labels: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    typed: bool = False


def is_binary(data: bytes) -> bool:
    """Return whether `binary_table` reads or refuses such a file: it is no text."""
    return data.startswith((b"PK\x03\x04", *_OTHER_FILES)) or _reader(data)[1] is not None


def binary_table(data: bytes, sheet: str | None = None) -> RawTable | None:
    """Return the table in a file of Excel, SPSS, Stata or Parquet; None if the data is none of these.

    User-missing values of SPSS and Stata are empty.

    Parameters
    ----------
    data : bytes
    sheet : str, optional
        Sheet of an Excel file; by default the first.

    Raises
    ------
    ValueError
        If the file is broken, or of another program.
    InvalidInputError
        If it has no such sheet.
    MissingDependencyError
        If the reader is not installed.
    """
    for start, kind in _OTHER_FILES.items():
        if data.startswith(start):
            raise ValueError(f"it is {kind}")
    if data.startswith(b"PK\x03\x04"):
        return _excel(data, sheet)
    program, read = _reader(data)
    if read is None:
        return None
    if sheet is not None:
        raise InvalidInputError(f"sheet is {sheet!r}, but {program} has no sheets. Leave it out.", field="sheet")
    try:
        return read(data)
    except MissingDependencyError:
        raise
    except Exception as error:  # whatever a reader raises at broken bytes
        raise ValueError(f"it is {program}, but broken: {error}. Save or download it again") from None


def is_statistics_file(data: bytes) -> bool:
    """Return whether data begin like a file of SPSS, Stata or Parquet."""
    return _reader(data)[1] is not None


def _reader(data: bytes) -> tuple[str, Callable[[bytes], RawTable] | None]:
    if data[:4] in (b"$FL2", b"$FL3"):
        return "a file of SPSS", lambda spss: _readstat(spss, "read_sav")
    if data.startswith(b"<stata_dta>") or (
        data[:1] in b"lnoqrs" and re.match(rb".[\x01\x02]\x01\x00", data, re.DOTALL)
    ):
        return "a file of Stata", lambda stata: _readstat(stata, "read_dta")
    return ("a Parquet file", _parquet) if data.startswith(b"PAR1") else ("", None)


def _excel(data: bytes, sheet: str | None) -> RawTable:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ValueError(
            f"it is an incomplete Excel file or zip archive ({error}). Save or download it again"
        ) from None
    names = archive.namelist()
    for start, kind in _OTHER_ZIPS.items():
        if any(name.startswith(start) for name in names):
            raise ValueError(f"it is {kind}")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise ValueError("it is a zip archive, not an Excel file. Unpack it and give the table inside")
    unpacked, limit = sum(member.file_size for member in archive.infolist()) // 2**20, SIZE_LIMIT // 2**20
    if unpacked > limit:
        raise ValueError(f"it has {unpacked} MiB unpacked, but files of up to {limit} MiB are read")
    openpyxl = _imported("openpyxl", "Excel files")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {one.title: one for one in book.worksheets}
        if not sheets:
            raise ValueError("it has no sheet with cells")
        if sheet is None or sheet in sheets:
            return _sheet(sheets[sheet] if sheet is not None else book.worksheets[0])
    except Exception as error:
        raise ValueError(f"it is an Excel file, but broken: {error}. Save or download it again") from None
    known = ", ".join(map(repr, sheets))
    raise InvalidInputError(
        f"sheet is {short_repr(sheet)}, but the file has {known}.{suggestion(str(sheet), sheets)}", field="sheet"
    )


def _sheet(sheet: Any) -> RawTable:
    """Return the table of a sheet; the first row that is not empty names the columns."""
    sheet.reset_dimensions()  # some programs write wrong ones
    rows = [[_excel_cell(cell) for cell in row] for row in sheet.iter_rows()]
    filled = [row for row in rows if any(cell is not None for cell in row)]
    names = [str(name or "").strip() for name in filled[0]] if filled else []
    for row in filled:
        if any(cell is not None for cell in row[len(names) :]):
            raise ValueError("a row has more cells than the first row has names. Name every column")
    return RawTable(names, filled[1:])


def _excel_cell(cell: Any) -> Any:
    """Return the value of a cell; of a number shown with leading zeros, such as a postcode, the text shown."""
    value = plain_cell(cell.value)
    zeros = getattr(cell, "number_format", "") or ""
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch("00+", zeros):
        return str(value).zfill(len(zeros))
    return value


def _readstat(data: bytes, reader: str) -> RawTable:
    columns, labels = readstat_columns(data, reader)
    return RawTable(list(columns), list(zip(*columns.values(), strict=True)), labels)


def _parquet(data: bytes) -> RawTable:
    parquet = _imported("pyarrow.parquet", "Parquet files")
    table = parquet.read_table(io.BytesIO(data))
    return RawTable(table.column_names, list(zip(*(column.to_pylist() for column in table.columns), strict=True)))


def _imported(module: str, what: str) -> Any:
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise MissingDependencyError(
            f'{what[:1].upper()}{what[1:]} need {package}. Install it: pip install "syndisco-nb[files]"'
        ) from None
