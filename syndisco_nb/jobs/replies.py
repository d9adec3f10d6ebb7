"""From a model's reply to a comment: without the speaker's own name and quotes around it all, or as a silence.

Only what models put around a comment is taken off. What stands in it stays, lines written for others among it.
"""

import functools
import re
import unicodedata
from collections.abc import Collection
from typing import NamedTuple

_QUOTES = (
    ('"""', '"""'),
    ('\\"', '\\"'),
    ('"', '"'),
    ("'", "'"),
    ("“", "”"),
    ("„", "“"),
    ("„", "”"),
    ("‘", "’"),
    ("«", "»"),
    ("»", "«"),
    ("‹", "›"),
    ("「", "」"),
    ("`", "`"),
)
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_FENCED = re.compile(r"```(?:[\w+-]*\n)?(.*)```", re.DOTALL)
_MARGIN = "\u00ad\u180e\u200b\u2060\ufeff"
_UNPRINTED = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"))
"""Letters and symbols that print nothing."""
_LETTER = re.compile(r"\w")

_AROUND = "\"'“”„‚‘’«»‹›「」`*_~()[]{}<>\\ \n\t"
_NOTHING = re.compile(r"[.…·–—-]*")
_STAGE = re.compile(r"[(\[{<*_]+\s*(?P<said>[^()\[\]{}<>*_]+?)[.…]*\s*[)\]}>*_]+\.?")
_LONGEST_STAGE = 60
_SILENT = (
    "empty",
    "is silent",
    "no answer",
    "no comment",
    "no message",
    "no reply",
    "no response",
    "nothing",
    "remains quiet",
    "remains silent",
    "say nothing",
    "says nothing",
    "silence",
    "silent",
    "stays quiet",
    "stays silent",
)
"""How a model writes in brackets, or between asterisks, that somebody says nothing; without them, it is a comment."""


class Said(NamedTuple):
    """A comment, "" for silence; and for each line in it that is written for somebody else, their name."""

    text: str
    speaks_for: tuple[str, ...] = ()


def said(reply: str, name: str, others: Collection[str] = ()) -> Said:
    r"""Return what somebody said, of a model's reply in their name.

    Parameters
    ----------
    reply : str
    name : str
        The speaker.
    others : collection of str
        Who else is there to be spoken for.

    Examples
    --------
    >>> said('**Ana:** "I agree."', "Ana")
    Said(text='I agree.', speaks_for=())
    >>> said("I agree.\nBen: No!", "Ana", ["Ben"])
    Said(text='I agree.\nBen: No!', speaks_for=('Ben',))
    >>> said("(silence)", "Ana").text
    ''
    """
    text, before = reply, None
    while text != before:
        before = text
        text = without_name(_unquoted(_stripped(text)), name)
    folded, own = text.casefold(), name.casefold()  # most replies name nobody: no pattern need be looked for
    others = [other for other in others if other.casefold() in folded and other.casefold() != own]
    spoken_for = tuple(_lines_for(text, others)) if others else ()
    if not spoken_for and own in folded:  # else the name says where the others' lines end
        text = _label((name,)).sub(_kept, text).strip()
    return Said("") if is_silence(text, name) else Said(text, spoken_for)


def is_silence(text: str, name: str = "") -> bool:
    """Return whether a text says nothing: no words, no sign but dots, dashes, quotes and brackets, or "(silence)"."""
    if _begins_with_a_word(text):  # the usual case, found out fast
        return False
    longest = _LONGEST_STAGE + len(name)
    printed = text.translate(_UNPRINTED)
    if len(_LETTER.findall(printed)) > longest:
        return False
    seen = "".join(one for one in printed if unicodedata.category(one) not in ("Cf", "Cc", "Cs") or one == "\n").strip()
    if _NOTHING.fullmatch(seen.strip(_AROUND)):
        return True
    staged = _STAGE.fullmatch(seen) if len(seen) <= longest else None
    words = " ".join(staged["said"].casefold().split()) if staged else ""
    return words.removeprefix(name.casefold()).strip() in _SILENT


def _begins_with_a_word(text: str) -> bool:
    return text[:1].isascii() and text[:1].isalnum()


def _stripped(text: str) -> str:
    """Return the text without margins, and without half a fence at one end."""
    text = text.strip(_MARGIN + " \t\n\r\f\v\u00a0\u3000")
    if text.count("```") == 1:
        text = text.removesuffix("```") if text.endswith("```") else text.removeprefix("```")
    return text.strip()


def _unquoted(text: str) -> str:
    """Return the text without quotes, or a fence, around all of it."""
    if _begins_with_a_word(text):
        return text
    fenced = _FENCED.fullmatch(text)
    if fenced and "```" not in fenced[1]:
        return fenced[1]
    for begin, end in _QUOTES:
        if len(text) >= len(begin) + len(end) and text.startswith(begin) and text.endswith(end):
            inner = text[len(begin) : len(text) - len(end)]
            within = _APOSTROPHE.sub("", inner)
            if begin not in within and end not in within:
                return inner
    return text


def without_name(text: str, name: str) -> str:
    """Return the text without the speaker's name at its beginning."""
    found = _label((name,)).match(text) or _alone(name).match(text)
    return _kept(found) + text[found.end() :] if found else text


def _lines_for(text: str, others: Collection[str]) -> list[str]:
    """Return, for each line that is written for somebody else, their name."""
    names = {other.casefold(): other for other in others} | {other: other for other in others}
    longest_first = tuple(sorted(others, key=len, reverse=True))
    found = [one["name"] for one in _label(longest_first).finditer(text)]
    return [names.get(one) or names.get(one.casefold(), one) for one in found]


def _kept(label: re.Match[str]) -> str:
    """Return what is to stay of a name's dress: the asterisks of a line that is all dressed."""
    return label["dress"] if label.groupdict().get("line") is not None else ""


@functools.lru_cache(256)
def _label(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a name before what is said, at the beginning of a line.

    As in ``Ana:``, ``Ana (you):``, ``**Ana:**``, ``**Ana**:``, ``"Ana":``, ``[Ana]``, ``[Ana]:``, ``# Ana`` and, where
    all of a line is dressed, ``**Ana: I agree.**``.
    """
    colon, you = r"[ \t]*[:：]", r"(?:[ \t]*\(you\))?"
    undress = "(?(dress)(?:(?P=dress)|”))"
    return re.compile(
        r"^[ \t]*(?P<heading>[#]{1,6}[ \t]+)?(?P<dress>[*_`\"'“]{1,3})?(?P<square>\[)?"
        rf"(?P<name>{'|'.join(map(re.escape, names))})(?(square)\]){you}"
        rf"(?:{colon}{undress}|{undress}{you}{colon}"
        rf"|(?(square){undress}(?=\s)|(?!))"
        rf"|(?(heading){undress}[ \t]*$|(?!))"
        rf"|(?(dress){colon}(?=.*(?P=dress))(?P<line>)|(?!)))[ \t]*",
        re.IGNORECASE | re.MULTILINE,
    )


@functools.lru_cache(256)
def _alone(name: str) -> re.Pattern[str]:
    """Return the pattern of a name that has the first line for itself."""
    return re.compile(rf"(?P<dress>[*_]{{1,3}})?{re.escape(name)}(?(dress)(?P=dress))[ \t]*\n(?=\s*\S)", re.IGNORECASE)
