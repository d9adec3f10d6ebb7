"""The text of a comment as HTML: its end folded where it is long, code in the face of code."""

import re

from syndisco_nb.display.writers.html_elements import PRE_WRAP
from syndisco_nb.display.writers.safe_html import Html, join, tag

_FOLDED_ABOVE = 1200
"""A comment with more characters than this is folded."""
_SHOWN = 900
"""The characters before the fold, about."""
_FENCE = " {0,3}```"
_CODE = re.compile(
    rf"^{_FENCE}[^`\n]*$(?:.*?^{_FENCE}[ \t]*(?:\n|\Z)|.*)|`[^`\n]+`",  # an answer that was cut off closes no fence
    re.MULTILINE | re.DOTALL,
)


def comment_text(text: str) -> Html:
    """Return a comment; the end of a long one is folded, if possible after a sentence or at least a word.

    Code between backticks, or lines of them, keeps them: the text is unchanged.
    """
    if len(text) <= _FOLDED_ABOVE:
        return tag("div", _with_code(text, 0, len(text)), class_="snb-say", dir="auto", style=PRE_WRAP)
    cut = max(text.rfind(end, _SHOWN - 200, _SHOWN) + len(end) for end in ("\n", ". ", "? ", "! "))
    if cut < _SHOWN - 200:
        cut = text.rfind(" ", _SHOWN - 200, _SHOWN) + 1 or _SHOWN
    more = tag("summary", tag("span", f"{len(text) - cut:,} characters more"))  # the style sheet says "less" when open
    rest = tag("details", more, _with_code(text, cut, len(text)), class_="snb-more")
    return tag("div", _with_code(text, 0, cut), rest, class_="snb-say", dir="auto", style=PRE_WRAP)


def _with_code(text: str, start: int, end: int) -> Html | str:
    """Return a part of a text, with its code as elements."""
    if "`" not in text:
        return text[start:end]
    parts: list[str] = []
    place = start
    for found in _CODE.finditer(text):
        low, high = max(found.start(), start), min(found.end(), end)
        if low < high:
            class_ = "snb-lines" if found[0].lstrip(" ").startswith("```") else None
            parts += [text[place:low], tag("code", text[low:high], class_=class_)]
            place = high
    return join([*parts, text[place:end]])
