"""A scale as a person sees it: its question, the names of its ends, and the key of each label."""

import re

from syndisco_nb.backend.scale import Scale
from syndisco_nb.backend.scale.likert import Likert

_DIGITS = "123456789"
_LONGEST = 40  # characters of the name of an end; what is longer is no name


def question_of(scale: Scale, name: str = "") -> str:
    """Return the question of a scale in words; for numbers without a question of their own, what they measure.

    Parameters
    ----------
    scale : Scale
    name : str
        The participant, if it is asked of one.

    Examples
    --------
    >>> from syndisco_nb import Flag
    >>> question_of(Likert("toxicity")), question_of(Likert("anger", question="How angry is it?"))
    ('Toxicity of the comment', 'How angry is it?')
    >>> question_of(Flag("sarcasm", unit="participant"), "Ana")
    'Does Ana show sarcasm in the discussion?'
    """
    asks = scale.about(name).asks
    if not isinstance(scale, Likert):
        return asks
    usual = Likert(scale.name, scale.low, scale.high, unit=scale.unit)
    if asks != usual.about(name).asks:
        return asks
    subject = {"comment": "the comment", "participant": f"{name} in the discussion", "discussion": "the discussion"}
    return f"{scale.name[:1].upper()}{scale.name[1:]} of {subject[scale.unit]}"


def ends_of(scale: Scale) -> tuple[str, str] | None:
    """Return the names of the lowest and the highest number, as the question gives them; None without numbers.

    Examples
    --------
    >>> ends_of(Likert("toxicity", 1, 5)), ends_of(Likert("anger", question="How angry is it?"))
    (('least', 'most'), ('low', 'high'))
    >>> ends_of(Likert("tone", 1, 7, "How polite is it? 1 = not at all, 7 = very."))
    ('not at all', 'very')
    """
    if scale.value_type is not int or not scale.labels:
        return None
    named = (_end_name(scale.asks, scale.labels[0]), _end_name(scale.asks, scale.labels[-1]))
    return (named[0], named[1]) if all(named) else ("low", "high")


def keys_of(scale: Scale) -> dict[str, list[str]]:
    """Return the keys of each label: its own digit (0 for 10), or the digit of its place.

    Examples
    --------
    >>> from syndisco_nb import Choice, Flag, Likert
    >>> keys_of(Likert("toxicity", 0, 2))
    {'0': ['0'], '1': ['1'], '2': ['2']}
    >>> keys_of(Choice("tone", ["polite", "rude"]))
    {'polite': ['1'], 'rude': ['2']}
    >>> keys_of(Flag("sarcasm"))
    {'yes': ['1', 'y'], 'no': ['2', 'n']}
    """
    labels = scale.labels
    if set(labels) <= {*_DIGITS, "0", "10"}:
        return {label: ["0"] if label == "10" and "0" not in labels else [label] * (label != "10") for label in labels}
    keys = {label: list(_DIGITS[place : place + 1]) for place, label in enumerate(labels)}
    if scale.value_type is bool:
        keys = {label: [*digits, label[0]] for label, digits in keys.items()}
    return keys


def _end_name(question: str, label: str) -> str:
    """Return the name that a question gives a number, as in "1 (least)" or "1 = least"; "" if it gives none."""
    found = re.search(rf"(?<!\d){re.escape(label)}\s*(?:\(([^()]+)\)|[=:]\s*([^,;.()?]+))", question)
    name = next(filter(None, found.groups())).strip() if found else ""
    return name if len(name) <= _LONGEST else ""
