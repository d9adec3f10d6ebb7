"""Clean a model's reply: take off the speaker's own name and quotes around all of it, and recognise silence.

Only the wrapping that models put around a comment is taken off. Its content stays, lines written for others included.
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
_HALVES = (('"', '"”'), ("“", '”"'), ("**", "*"))
"""Quotes and emphasis that a cut reply may leave open, with the signs that close them."""
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_FENCED = re.compile(r"```(?:[\w+-]*\n)?(.*)```", re.DOTALL)
_MARGIN = "\u00ad\u180e\u200b\u2060\ufeff"
_UNPRINTED = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"))
"""Letters and symbols without a visible glyph."""
_UNSEEN = "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]*"
_GAP = rf"(?:[ \t\u00a0\u202f]|{_UNSEEN[:-1]})*"
_LETTER = re.compile(r"\w")

_AROUND = "\"'“”„‚‘’«»‹›「」`*_~()[]{}<>\\ \n\t"
_NOTHING = re.compile(r"[.…·–—-]*")
_STAGE = re.compile(r"[(\[{<*_]+\s*(?P<said>[^()\[\]{}<>*_]+?)[.…]*\s*[)\]}>*_]+\.?")
_LONGEST_STAGE = 60
_MARKER = re.compile(r"(?:>[ \t]*|[-+*•][ \t]+)(?=.*\Z)")
"""Marker of a quotation or a list item, before the only line of a reply."""
_SILENT = (
    "does not answer",
    "does not reply",
    "does not respond",
    "does not say anything",
    "does not speak",
    "doesn't answer",
    "doesn't reply",
    "doesn't respond",
    "empty",
    "is silent",
    "no answer",
    "no answer needed",
    "no comment",
    "no message",
    "no reply",
    "no reply needed",
    "no response",
    "no response needed",
    "nothing",
    "remains quiet",
    "remains silent",
    "say nothing",
    "says nothing",
    "silence",
    "silence falls",
    "silent",
    "stays quiet",
    "stays silent",
)
"""Stage directions, in brackets or between asterisks, for silence; without these, the words are a comment."""


class CleanedReply(NamedTuple):
    """A comment, "" for silence, and the name behind each line that is written for somebody else."""

    text: str
    speaks_for: tuple[str, ...] = ()


def clean_reply(reply: str, name: str, others: Collection[str] = ()) -> CleanedReply:
    r"""Return the comment in a model's reply.

    Parameters
    ----------
    reply : str
    name : str
        The speaker.
    others : collection of str
        Names for which the reply might hold lines.

    Examples
    --------
    >>> clean_reply('**Ana:** "I agree."', "Ana")
    CleanedReply(text='I agree.', speaks_for=())
    >>> clean_reply("I agree.\nBen: No!", "Ana", ["Ben"])
    CleanedReply(text='I agree.\nBen: No!', speaks_for=('Ben',))
    >>> clean_reply("(silence)", "Ana").text
    ''
    """
    text, before = reply, None
    while text != before:
        before = text
        text = without_name(_unquoted(_stripped(text)), name)
    folded, own = _folded(text), _folded(name)  # most replies name nobody: no pattern need be looked for
    others = [other for other in others if _folded(other) in folded and _folded(other) != own]
    spoken_for = tuple(_lines_for(text, others)) if others else ()
    if not spoken_for and own in folded:  # else the name says where the others' lines end
        text = _label((name,)).sub(_kept, text).strip()
    return CleanedReply("") if is_silence(text, name) else CleanedReply(text, spoken_for)


def is_silence(text: str, name: str = "") -> bool:
    """Return whether a text is a silence: no words, only dots, dashes, quotes and brackets, or "(silence)".

    Parameters
    ----------
    text : str
    name : str
        The speaker, as in "(Ana says nothing)".
    """
    if _begins_with_a_word(text):  # the usual case, decided fast
        return False
    longest = _LONGEST_STAGE + len(name)
    printed = text.translate(_UNPRINTED)
    if len(_LETTER.findall(printed)) > longest:
        return False
    seen = "".join(one for one in printed if unicodedata.category(one) not in ("Cf", "Cc", "Cs") or one == "\n").strip()
    if _NOTHING.fullmatch(seen.strip(_AROUND)):
        return True
    if len(seen) > longest or _STAGE.sub("", seen).strip():
        return False
    stages = [" ".join(words.casefold().replace("’", "'").split()) for words in _STAGE.findall(seen)]
    return bool(stages) and all(words.removeprefix(name.casefold()).strip() in _SILENT for words in stages)


def _begins_with_a_word(text: str) -> bool:
    return text[:1].isascii() and text[:1].isalnum()


def _stripped(text: str) -> str:
    """Return the text without margins, and without a fence, quote or emphasis that is open at one end."""
    text = text.strip(_MARGIN + " \t\n\r\f\v\u00a0\u3000")
    if text.count("```") == 1:
        text = text.removesuffix("```") if text.endswith("```") else text.removeprefix("```")
    for begin, ends in _HALVES:
        if text.startswith(begin) and not any(end in text[len(begin) :] for end in ends):
            text = text.removeprefix(begin)
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
    """Return the text without the speaker's name at its beginning.

    Parameters
    ----------
    text : str
    name : str
        The speaker.
    """
    found = _label((name,)).match(text) or _alone(name).match(text) or _tagged(name).match(text)
    if found:
        return _kept(found) + text[found.end() :]
    marker = _MARKER.match(text)
    line = text[marker.end() :] if marker else ""
    return without_name(line, name) if _label((name,)).match(line) else text


def _lines_for(text: str, others: Collection[str]) -> list[str]:
    """Return the name behind each line that is written for somebody else."""
    names = {_folded(other): other for other in others} | {other: other for other in others}
    longest_first = tuple(sorted(others, key=len, reverse=True))
    found = [one["name"] for one in _label(longest_first).finditer(text)]
    return [names.get(one) or names.get(_folded(one), one) for one in found]


def _folded(text: str) -> str:
    """Return a text for comparing names: composed, case-folded, without invisible characters."""
    if text.isascii():
        return text.casefold()
    seen = "".join(one for one in text if unicodedata.category(one) != "Cf")
    return unicodedata.normalize("NFC", seen).casefold()


def _spelled(name: str) -> str:
    """Return the pattern of a name, composed or decomposed, with invisible characters anywhere in it."""
    seen = "".join(one for one in name if unicodedata.category(one) != "Cf")
    forms = dict.fromkeys((seen, *(unicodedata.normalize(form, seen) for form in ("NFC", "NFD"))))
    return "|".join(_UNSEEN.join(map(re.escape, form)) for form in forms if form) or "(?!)"


def _kept(label: re.Match[str]) -> str:
    """Return the asterisks before a name that belong to the whole line, and so must stay."""
    return label["dress"] if label.groupdict().get("line") is not None else ""


@functools.lru_cache(256)
def _label(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a name before a comment, at the beginning of a line.

    As in ``Ana:``, ``Ana (you):``, ``**Ana:**``, ``**Ana**:``, ``"Ana":``, ``[Ana]``, ``[Ana]:``, ``# Ana`` and, where
    the whole line is emphasised, ``**Ana: I agree.**``.
    """
    colon, you = rf"{_GAP}[:：]", rf"(?:{_GAP}\(you\))?"
    undress = "(?(dress)(?:(?P=dress)|”))"
    return re.compile(
        r"^[ \t]*(?P<heading>[#]{1,6}[ \t]+)?(?P<dress>[*_`\"'“]{1,3})?(?P<square>\[)?"
        rf"(?P<name>{'|'.join(map(_spelled, names))})(?(square)\]){you}"
        rf"(?:{colon}{undress}|{undress}{you}{colon}"
        rf"|(?(square){undress}(?=\s)|(?!))"
        rf"|(?(heading){undress}[ \t]*$|(?!))"
        rf"|(?(dress){colon}(?=.*(?P=dress))(?P<line>)|(?!))){_GAP}",
        re.IGNORECASE | re.MULTILINE,
    )


@functools.lru_cache(256)
def _alone(name: str) -> re.Pattern[str]:
    """Return the pattern of a name alone on the first line."""
    return re.compile(
        rf"(?P<dress>[*_]{{1,3}})?(?:{_spelled(name)})(?(dress)(?P=dress))[ \t]*\n(?=\s*\S)", re.IGNORECASE
    )


@functools.lru_cache(256)
def _tagged(name: str) -> re.Pattern[str]:
    """Return the pattern of a name in a tag, as in ``<b>Ana:</b>`` and ``<b>Ana</b>:``."""
    return re.compile(
        rf"<(?P<tag>b|strong|i|em)>(?:{_spelled(name)})(?:{_GAP}[:：]{_GAP}</(?P=tag)>|</(?P=tag)>{_GAP}[:：]){_GAP}",
        re.IGNORECASE,
    )
