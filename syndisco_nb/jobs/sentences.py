"""Cut a reply that hit its token limit after its last whole sentence."""

import re

_CLOSERS = r"[\"'”’»)\]*_`」』）]*"
_END = re.compile(rf"(?<![.!?…])(?P<mark>[.!?…]+){_CLOSERS}(?=\s|\Z)|[。！？]{_CLOSERS}")
_ITEM = re.compile(r"^[ \t]*(?:[-*+•]|\d+[.)])[ \t]+\S.*\n", re.MULTILINE)
_NOT_AN_END = re.compile(
    r"(?:^|[^\w.])(?:(?:[^\W\d_]\.)+[^\W\d_]|approx|bzw|ca|cf|dr|eg|ie|inc|jr|mr|mrs|ms|prof|sr|st|viz|vs)$",
    re.IGNORECASE,
)
"""Before a single dot: "e.g.", "U.S.", or one of the usual abbreviations."""
_BEFORE_NUMBER = re.compile(r"(?:^|[^\w.])(?:fig|no|nr|p|pp|vol)$", re.IGNORECASE)
"""Before a single dot: abbreviations only where a number follows."""
_LETTER = re.compile(r"(?:^|[^\w.])([^\W\d_])$")
"""Before a single dot: an initial, or the last word of a sentence."""
_OPENER = re.compile(
    r"\s+(?:A|All|Also|Although|An|And|Any|Are|As|At|Because|But|By|Can|Do|Does|Each|Even|Every|For|From|He|Her|His|"
    r"How|However|I|If|In|Is|It|Its|Let|Many|Maybe|Most|My|No|Nor|Not|Now|Of|On|One|Or|Our|Perhaps|She|Since|So|Some|"
    r"Still|That|The|Their|Then|There|These|They|This|Those|Thus|To|We|What|When|While|Who|Why|With|Yes|Yet|You|Your)"
    r"\b(?!\.)"
)
"""After a single letter and its dot: the first word of a sentence, not a surname."""
_NUMBER = re.compile(r"(?:^|\n)[ \t]*\d+$")
"""Number of a list item, before its dot."""
_NEAR = 20


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
    before = text[max(0, found.start("mark") - _NEAR) : found.start("mark")]
    if _NUMBER.search(before) or _NOT_AN_END.search(before):
        return False
    after = text[found.end() : found.end() + _NEAR]
    if _BEFORE_NUMBER.search(before) and re.match(r"\s+\d", after):
        return False
    letter = _LETTER.search(before)
    return letter is None or _ends_with_letter(letter[1], after)


def _ends_with_letter(letter: str, after: str) -> bool:
    """Return whether a letter is the last word of a sentence, rather than part of a name or of "z. B."."""
    return letter.isupper() and (letter == "I" or not after.strip() or _OPENER.match(after) is not None)
