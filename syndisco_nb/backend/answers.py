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
"""The mark before an explanation, as in "Answer: 3 (mild)" or "Answer: 3 - it is mild"; not in "Answer: 3 - 4"."""
_HEDGED = re.compile(r"\b(?:not|no|or|nor|rather|but|wait|maybe|perhaps)\b|n['’]t\b", re.IGNORECASE)
"""A word in an explanation that takes back the label before it."""


def find_label(text: str, name: str, spellings: Mapping[str, Sequence[str]]) -> str | None:
    """Return the label in a free answer; None if it holds none, or several.

    A label is read where it is the whole answer, its first line or its last; after an anchor at the beginning of a
    sentence; and in a JSON object under the name of an anchor. Case, quotes, emphasis and punctuation around a label
    do not matter.

    Parameters
    ----------
    text : str
        The answer.
    name : str
        The name of the scale, which is an anchor as well.
    spellings : mapping of str to sequence of str
        The ways in which each label may be written.

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
    labels = set(_labels(fenced[1] if fenced else answer, name, known))
    return labels.pop() or None if len(labels) == 1 else None


def _known(spellings: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the labels by their bare spellings, without spellings that two labels share."""
    known: dict[str, str] = {}
    ambiguous = set()
    for label, ways in spellings.items():
        for spelling in map(_bare, ways):
            if known.setdefault(spelling, label) != label:
                ambiguous.add(spelling)
    return {spelling: label for spelling, label in known.items() if spelling and spelling not in ambiguous}


def _labels(answer: str, name: str, known: Mapping[str, str]) -> Iterator[str]:
    """Yield every label that the answer gives, and "" for a value in JSON that is no label."""
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
                candidates = (_bare(rest), _bare(_before_explanation(rest, known)))
                yield from (known[candidate] for candidate in candidates if candidate in known)


def _before_explanation(rest: str, known: Mapping[str, str]) -> str:
    """Return the text before an explanation; "" if the explanation takes it back or names another label."""
    label, *explanation = _EXPLAINED.split(rest, maxsplit=1)
    if not explanation or _HEDGED.search(explanation[0]):
        return ""
    meant = known.get(_bare(label))
    named = {known[word] for word in known if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", explanation[0])}
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
    """Return the text without quotes and emphasis, in lower case, with single blanks."""
    return re.sub(r"\s*/\s*", "/", " ".join(_NOISE.sub("", text).casefold().split()))


def _bare(text: str) -> str:
    """Return the text in the form in which labels are compared."""
    return _clean(text).strip(_AROUND)
