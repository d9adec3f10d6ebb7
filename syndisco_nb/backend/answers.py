"""Labels in free answers: a label alone, or after an anchor such as "Answer:"; prose holds none."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_ANCHORS = ("answer", "label", "rating", "score", "value", "verdict")
_NOISE = re.compile(r"[*`\"“”„«»]")
_FENCE = re.compile(r"```(?:json|text)?\s*(.*?)\s*```", re.DOTALL | re.IGNORECASE)
_AROUND = " \t.!,;:'‘’()[]{}_#"
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_EXPLAINED = re.compile(r"\s+[(–—-]\s*(?=[^\W\d])")
"""Before an explanation, as in "Answer: 3 (mild)" or "Answer: 3 - it is mild"; not in "Answer: 3 - 4"."""
_HEDGED = re.compile(r"\b(?:not|no|or|nor|rather|but|wait|maybe|perhaps)\b|n['’]t\b", re.IGNORECASE)
"""In an explanation that takes the label before it back."""


def find_label(text: str, name: str, spellings: Mapping[str, Sequence[str]]) -> str | None:
    """Return the label in a free answer; None if it holds none, or several.

    Read is a label that is the whole answer, its first line or its last; one after an anchor at the beginning of a
    sentence; and one in a JSON object under the name of an anchor. Case, quotes, emphasis and punctuation around a
    label do not matter.

    Parameters
    ----------
    text : str
    name : str
        The name of the scale, which is an anchor, too.
    spellings : mapping of str to sequence of str
        How each label may be written.

    Examples
    --------
    >>> tone = {"toxic": ["toxic"], "civil": ["civil"]}
    >>> find_label("**Civil.**", "tone", tone), find_label("Its tone: toxic", "tone", tone)
    ('civil', None)
    >>> find_label("Hm. The tone is civil.", "tone", tone), find_label("This is not toxic.", "tone", tone)
    ('civil', None)
    """
    answer = text.strip()
    if answer in spellings:
        return answer
    known = _known(spellings)
    if _bare(answer) in known:
        return known[_bare(answer)]
    fenced = _FENCE.fullmatch(answer)
    found = set(_found(fenced[1] if fenced else answer, name, known))
    return found.pop() or None if len(found) == 1 else None


def _known(spellings: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the labels by their spellings, bare; a spelling of several labels is none."""
    known: dict[str, str] = {}
    doubtful = set()
    for label, ways in spellings.items():
        for way in map(_bare, ways):
            if known.setdefault(way, label) != label:
                doubtful.add(way)
    return {way: label for way, label in known.items() if way and way not in doubtful}


def _found(answer: str, name: str, known: Mapping[str, str]) -> Iterator[str]:
    """Return all labels that the answer gives; "" for what is given as one, but is none."""
    document = _json(answer)
    if document is not None:
        keys = {*_ANCHORS, _bare(name)}
        for key, value in document.items():
            if _bare(key) in keys and isinstance(value, str | int | float):
                written = _bare(json.dumps(value) if not isinstance(value, str) else value)
                yield known.get(written, "")
        return
    lines = [line for line in answer.splitlines() if line.strip()]
    alone = [known[_bare(line)] for line in lines if _bare(line) in known]
    if any(_bare(line) in known for line in [*lines[:1], *lines[-1:]]):
        yield from alone  # labels between the first line and the last count, too: there are several then
    anchor = _anchor(name)
    for line in lines:
        for sentence in _SENTENCE.split(_clean(line)):
            given = anchor.match(sentence)
            if given:
                rest = sentence[given.end() :]
                yield from (known[way] for way in (_bare(rest), _bare(_explained(rest, known))) if way in known)


def _explained(rest: str, known: Mapping[str, str]) -> str:
    """Return what stands before an explanation; nothing, if that takes it back or names another label."""
    label, *explanation = _EXPLAINED.split(rest, maxsplit=1)
    if not explanation or _HEDGED.search(explanation[0]):
        return ""
    meant = known.get(_bare(label))
    named = {known[way] for way in known if re.search(rf"(?<!\w){re.escape(way)}(?!\w)", explanation[0])}
    return label if named <= {meant} else ""


def _anchor(name: str) -> re.Pattern[str]:
    named, words = re.escape(_clean(name)), "|".join(_ANCHORS)
    return re.compile(
        rf"[\s#>_-]*(?:(?:the|my|final|overall)\s+)*(?:(?:{named}\s+)?(?:{words}|level)|{named})_*"
        r"(?:\s*[(\[][^)\]]*[)\]])?\s*(?:[:：=]|→|->|is\b:?)\s*"
    )


def _json(answer: str) -> dict[str, Any] | None:
    if not answer.startswith("{"):
        return None
    try:
        document = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _clean(text: str) -> str:
    """Return the text without quotes and emphasis, in small letters, each stretch of white space as one blank."""
    return re.sub(r"\s*/\s*", "/", " ".join(_NOISE.sub("", text).casefold().split()))


def _bare(text: str) -> str:
    """Return the text in the form in which labels are compared."""
    return _clean(text).strip(_AROUND)
