"""Tables as people have them: text files out of Excel, R or pandas, in any of their usual forms.

Everything is text: "None" and "NA" are answers, and "02138" keeps its zero. Only empty cells are missing.
"""

import codecs
import csv
import io
import re
import warnings

_BETWEEN = ",;\t|"
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_INDEX = re.compile(r"(Unnamed: \d+)?")  # how pandas writes the name of its index, or Excel an empty heading


def decoded(data: bytes, where: str) -> str:
    """Return a file's text: UTF-8, UTF-16 with its mark, or else Windows-1252 (with a warning), as Excel writes it.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    coding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        if b"\x00" in data or coding != "utf-8":
            raise ValueError("it is not text") from None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text. Save it as UTF-8") from None
    warnings.warn(
        f"{where} is not UTF-8 and was read as Windows-1252. If letters look wrong, save it as UTF-8.", stacklevel=2
    )
    return text


def rows(text: str) -> list[dict[str, str]]:
    r"""Return the rows of a table whose first line names the columns; empty rows, columns and cells are left out.

    Columns are separated by commas, semicolons, tabs or bars, as the first line shows, or Excel's ``sep=`` above it.

    Raises
    ------
    ValueError
        If a row has more cells than there are columns, or two columns have one name.

    Examples
    --------
    >>> rows("age;region;\n34;North;\n;;\n45;;\n")
    [{'age': '34', 'region': 'North'}, {'age': '45'}]
    """
    text = text.lstrip("\ufeff")
    told = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    text = text[told.end() :] if told else text
    between = told[1] if told else _between(text)
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=between)
    names: list[str] = []
    found = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            names = [name.strip() for name in cells]
            _check(names)
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            raise ValueError(f"line {reader.line_num} has more cells than the first line has names")
        known = zip(names, cells, strict=False)
        found.append({name: cell for name, cell in known if cell.strip() and not _INDEX.fullmatch(name)})
    return found


def _between(text: str) -> str:
    """Return what separates the cells of the first line, outside of quotes."""
    first = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    return max(_BETWEEN, key=first.count)


def _check(names: list[str]) -> None:
    for name in names:
        if name and names.count(name) > 1:
            raise ValueError(f"{names.count(name)} columns are called {name!r}. Give every column a name of its own")
