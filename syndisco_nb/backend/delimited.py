"""Read tables from text files as written by Excel, R or pandas: commas, semicolons, tabs or bars between the cells."""

import codecs
import csv
import io
import re
import warnings

from syndisco_nb.runs.files import SIZE_LIMIT

_SEPARATORS = ",;\t|"
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def decoded(data: bytes, where: str) -> str:
    """Return a file's text: UTF-8, UTF-16 with a byte order mark, or else Windows-1252, with a warning.

    Parameters
    ----------
    data : bytes
    where : str
        The name of the file in the warning.

    Raises
    ------
    ValueError
        If the data has none of these encodings.
    """
    text, guessed = decode(data)
    if guessed:
        warn_of_guess(where)
    return text


def warn_of_guess(where: str) -> None:
    """Warn that the encoding of a file is a guess."""
    warnings.warn(
        f"{where} is not UTF-8 and was read as Windows-1252. If letters look wrong, save it as UTF-8.", stacklevel=3
    )


def decode(data: bytes) -> tuple[str, bool]:
    """Return a file's text, and whether its encoding, Windows-1252, is a guess; errors as of `decoded`."""
    if b"\x00" in data and not data.startswith(tuple(_BYTE_ORDER_MARKS)):
        raise ValueError("it is not text")
    coding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(coding), False
    except UnicodeDecodeError:
        if coding != "utf-8":
            raise ValueError("it is not text") from None
    try:
        return data.decode("cp1252"), True
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text. Save it as UTF-8") from None


def delimited_rows(text: str) -> tuple[list[str], list[list[str]]]:
    r"""Return the column names, from the first line, and the rows that are not empty.

    The first line, or Excel's ``sep=`` above it, decides on the separator.

    Raises
    ------
    ValueError
        If a row has more cells than there are columns.

    Examples
    --------
    >>> delimited_rows("age;region;\n34;North;\n;;\n45;;\n")
    (['age', 'region', ''], [['34', 'North', ''], ['45', '', '']])
    """
    names: list[str] = []
    rows = []
    for line, cells in delimited_cells(text):
        if not names:
            names = [name.strip() for name in cells]
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            raise ValueError(f"line {line} has more cells than the first line has names")
        rows.append(cells)
    return names, rows


def delimited_cells(text: str) -> list[tuple[int, list[str]]]:
    """Return the cells of each row that is not empty, the column names first, and the number of its last line."""
    text = text.lstrip("\ufeff")
    declared = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    text = text[declared.end() :] if declared else text
    separator = declared[1] if declared else _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    usual = csv.field_size_limit(SIZE_LIMIT)  # of the whole process; the text of a discussion may be longer than that
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    finally:
        csv.field_size_limit(usual)


def _separator(text: str) -> str:
    """Return the most frequent separator in the first line, outside of quotes."""
    first = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    return max(_SEPARATORS, key=first.count)
