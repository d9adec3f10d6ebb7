"""Whole sentences: the end of a reply that was cut off, taken off."""

import re

_CLOSERS = r"[\"'”’»)\]*_`」』）]*"
_END = re.compile(rf"(?<![.!?…])(?P<mark>[.!?…]+){_CLOSERS}(?=\s|\Z)|[。！？]{_CLOSERS}")
_ITEM = re.compile(r"^[ \t]*(?:[-*+•]|\d+[.)])[ \t]+\S.*\n", re.MULTILINE)
_NOT_AN_END = re.compile(
    r"(?:^|[^\w.])(?:\w|(?:\w\.)+\w|approx|bzw|ca|cf|dr|eg|fig|ie|inc|jr|mr|mrs|ms|no|nr|p|pp|prof|sr|st|viz|vol|vs)$",
    re.IGNORECASE,
)
"""Before a single dot: an initial, "e.g.", "U.S.", or one of the usual abbreviations."""
_NUMBER = re.compile(r"(?:^|\n)[ \t]*\d+$")
"""Of a list's item, before its dot."""
_LOOK_BACK = 20


def whole_sentences(text: str) -> str:
    """Return the text up to the end of its last whole sentence, or list item; all of it if there is none.

    Examples
    --------
    >>> whole_sentences("I agree. It costs 3.5 euros, e.g. for a")
    'I agree.'
    >>> whole_sentences("I agree")
    'I agree'
    """
    ends = [found.end() for found in _END.finditer(text) if _is_end(text, found)]
    ends += [found.end() for found in _ITEM.finditer(text)]
    return text[: max(ends)] if ends else text


def _is_end(text: str, found: re.Match[str]) -> bool:
    if found["mark"] != ".":
        return True
    before = text[max(0, found.start("mark") - _LOOK_BACK) : found.start("mark")]
    return not _NUMBER.search(before) and not _NOT_AN_END.search(before)
