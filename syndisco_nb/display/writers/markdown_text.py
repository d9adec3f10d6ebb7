"""Escape text for Markdown, so that no text of a user's or a model's acts as markup."""

import re

from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.display.writers.plain_text import flat

_ACTIVE = re.compile(r"[\\`*_{}\[\]<>&~$|#@^]")
_FORMULA = {"$": r"<span>\$</span>", "\\": "<span>&#92;</span>"}
"""Beginnings of a formula: JupyterLab looks for these in its output, escaped or not, but not across elements."""
_FIRST = re.compile(r"([ \t]*)([-+=]|\d+[.)])|[ \t]+")
"""Beginnings of a code block or a list, at the start of a line."""


def escape_markdown(text: str) -> str:
    r"""Return Markdown that shows exactly this text, on lines of its own.

    Examples
    --------
    >>> print(escape_markdown("*no* <b>"))
    \*no\* \<b\>
    """
    return "\n".join(map(_escape_line, clean(text).split("\n")))


def escape_flat(text: str) -> str:
    """Return Markdown that shows this text in a single line."""
    return escape_markdown(flat(text))


def _escape_line(line: str) -> str:
    begin = ""
    if first := _FIRST.match(line):
        begin, line = _escape_start(first), line[first.end() :]
    return begin + _ACTIVE.sub(_escape_character, line).replace("://", ":/&#47;").replace("www.", "www\\.")


def _escape_start(first: re.Match[str]) -> str:
    if first[2] is None:
        return "&nbsp;" * len(first[0])
    return f"{'&nbsp;' * len(first[1])}{first[2][:-1]}\\{first[2][-1]}"


def _escape_character(match: re.Match[str]) -> str:
    return _FORMULA.get(match.group()) or f"\\{match.group()}"
