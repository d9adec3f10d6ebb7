"""The cells of a table: as plain values, as text, and as codes that can be compared."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

_NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)(\.\d+)?")  # no leading zeros: "02138" is no number
_NO_VALUE = ("nan", "nat", "<na>")  # NaN, and pandas' NaT and NA, as text
_EXACT = 10**15  # below, a float holds every whole number, and Excel shows all digits


def plain_cell(value: Any) -> Any:
    """Return a cell as text, a number, a truth value or a list; None if it is empty.

    Whole numbers are ints, even where a column with empty cells held them as floats; dates and times are texts in ISO
    form. Text stays as it is: "None" and "NA" are answers.

    Examples
    --------
    >>> [plain_cell(value) for value in (2.0, "02138", "NA", " ", float("nan"))]
    [2, '02138', 'NA', None, None]
    """
    if isinstance(value, str):
        return str(value) if value.strip() else None
    if value is None or type(value) in (bool, int):
        return value
    if isinstance(value, float):  # NumPy's, too
        whole = value.is_integer() and abs(value) < _EXACT
        return None if value != value else int(value) if whole else float(value)
    if hasattr(value, "tolist"):  # another scalar of NumPy, or an array
        return plain_cell(value.tolist())
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=str) if value else None
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_cell(item) for item in value] or None
    return None if str(value).lower() in _NO_VALUE else _text_of(value)


def _text_of(value: Any) -> str:
    """Return a value of another type as text."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, dt.datetime) and value.tzinfo is None and value.time() == dt.time.min:
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def cell_text(value: Any) -> str:
    """Return a cell as text, lists with semicolons; "" if it is empty.

    Examples
    --------
    >>> [cell_text(value) for value in (2.0, 0.1 + 0.2, True, ["kind", "calm"], None)]
    ['2', '0.3', 'True', 'kind; calm', '']
    """
    plain = plain_cell(value)
    if isinstance(plain, list):
        return "; ".join(filter(None, map(cell_text, plain)))
    return "" if plain is None else f"{plain:.15g}" if isinstance(plain, float) else str(plain)


def code_of(value: Any) -> str:
    """Return a cell for comparison with a code: -9, "-9" and "-9.0" are equal, "02138" and 2138 are not.

    Examples
    --------
    >>> {code_of(code) for code in (-9, -9.0, "-9", " -9.0 ")}
    {'-9'}
    """
    text = cell_text(value).strip().replace("−", "-")
    return cell_text(float(text)) if _NUMBER.fullmatch(text) else text
