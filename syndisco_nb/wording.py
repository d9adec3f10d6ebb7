"""Values as a person reads them, the same in every repr, page, widget and error."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

YES, NO = "yes", "no"
"""The two labels of a flag."""


def duration(seconds: float) -> str:
    """Return a time in words.

    Parameters
    ----------
    seconds : float

    Examples
    --------
    >>> duration(2.51), duration(59.97), duration(96), duration(3_599), duration(9_000)
    ('2.5 s', '1 min', '1.6 min', '1 h', '2.5 h')
    """
    for length, unit in ((3600, "h"), (60, "min")):
        if seconds >= length * 0.99916:  # not "60 s", where that is what rounding makes of it
            return f"{_rounded(seconds / length)} {unit}"
    return f"{_rounded(seconds)} s"


def dollars(usd: float, *, about: bool = False) -> str:
    """Return an amount of US dollars, with cents where it is small.

    Parameters
    ----------
    usd : float
    about : bool
        Whether it is an estimate.

    Examples
    --------
    >>> dollars(0.004), dollars(0.0425), dollars(31.5, about=True), dollars(1_234.5)
    ('under $0.01', '$0.04', 'about $31.50', '$1,234')
    """
    if 0 < usd < 0.01:
        return "under $0.01"
    return f"{'about ' if about else ''}${usd:,.{2 if usd < 1000 else 0}f}"


def yes_or_no(value: bool) -> str:
    """Return "yes" or "no"."""
    return YES if value else NO


def label_text(value: bool | int | str | None) -> str:
    """Return a label as its annotator chose it: a flag is "yes" or "no".

    Parameters
    ----------
    value : bool, int, str or None
        `Label.value`.

    Examples
    --------
    >>> label_text(True), label_text(3), label_text(None)
    ('yes', '3', 'no label')
    """
    if value is None:
        return "no label"
    return yes_or_no(value) if isinstance(value, bool) else str(value)


def as_answered(value: bool | int | str | None) -> str:
    """Return an answer that holds this label and nothing else; "" for none."""
    return "" if value is None else label_text(value)


def percent(share: float) -> str:
    """Return a share as "1.2%", with two digits however small it is."""
    return f"{100 * share:.2g}%" if share < 0.995 else "100%"


def decimal(value: float) -> str:
    """Return a number with a true minus sign and two decimals; more where it is small.

    Parameters
    ----------
    value : float

    Examples
    --------
    >>> decimal(-0.3061), decimal(12), decimal(0.0123), decimal(0.0), decimal(float("nan"))
    ('−0.31', '12.00', '0.012', '0.00', 'not defined')
    """
    if not math.isfinite(value):
        return "not defined"
    size = round(abs(value), 12)  # so that the last bit of a float, which differs by processor, turns no digit
    decimals = 2 if size == 0 or size >= 0.1 else min(6, 1 - math.floor(math.log10(size)))
    text = f"{size:,.{decimals}f}"
    return f"−{text}" if value < 0 and float(text.replace(",", "")) else text


def p_text(p: float) -> str:
    """Return the p-value of a test as journals print it.

    Parameters
    ----------
    p : float

    Examples
    --------
    >>> p_text(0.0042), p_text(0.0004), p_text(0.28), p_text(1.0)
    ('p .004', 'p < .001', 'p .280', 'p 1.000')
    """
    if not math.isfinite(p):
        return "p not defined"
    return "p < .001" if p < 0.0005 else f"p {p:.3f}".replace("0.", ".", 1)


def count(number: int, noun: str) -> str:
    """Return "1 comment", "1,000 comments".

    Parameters
    ----------
    number : int
    noun : str
        In the singular; its plural takes an "s".
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(names: Sequence[str], most: int = 6) -> str:
    """Return names separated by commas, and the number of those left out.

    Parameters
    ----------
    names : sequence of str
    most : int
        How many are named.

    Examples
    --------
    >>> listed(["Ana", "Ben", "Cleo"]), listed(["Ana", "Ben", "Cleo"], most=1)
    ('Ana, Ben, Cleo', 'Ana and 2 more')
    """
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {more(len(names) - most)}"


def more(left_out: int, where: str = "") -> str:
    """Return how many rows, names or lines were left out; "" if none were.

    Parameters
    ----------
    left_out : int
    where : str
        The attribute that holds them all.

    Examples
    --------
    >>> more(1200), more(3, ".labels"), more(0)
    ('1,200 more', '3 more in .labels', '')
    """
    if left_out <= 0:
        return ""
    return f"{left_out:,} more in {where}" if where else f"{left_out:,} more"


def shortened(text: str, length: int = 90) -> str:
    r"""Return the beginning of a text on one line.

    Parameters
    ----------
    text : str
        Only its first ``4 * length`` characters are read.
    length : int
        The most characters to return.

    Examples
    --------
    >>> shortened("Cars pollute\nour cities.", 13)
    'Cars pollute…'
    """
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length and len(text) <= 4 * length else line[: length - 1] + "…"


def cut_text(text: str, length: int, where: str) -> str:
    """Return a text whole, or its beginning and where to find the rest.

    Parameters
    ----------
    text : str
    length : int
        The most characters to show.
    where : str
        The attribute that holds all of it.
    """
    return text if len(text) <= length else f"{text[:length]} … ({len(text) - length:,} characters more in {where})"


def replace_surrogates(text: str) -> str:
    """Return a text with lone surrogates, which no file can hold, replaced by a visible mark."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def value_text(value: Any) -> str:
    """Return plain data as a person writes it."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {value_text(item)}" for name, item in value.items() if item not in (None, {}, []))
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return ", ".join(map(value_text, value))
    return str(value)


def call_text(settings: Mapping[str, object]) -> str:
    """Return the settings of a turn manager or stop condition as a call in Python, without those not set."""
    arguments = [
        f"{name}={call_text(value) if isinstance(value, Mapping) and 'type' in value else value_text(value)}"
        for name, value in settings.items()
        if name != "type" and value is not None
    ]
    return f"{settings.get('type', '')}" + (f"({', '.join(arguments)})" if arguments else "")


def _rounded(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0")
