"""Short texts that several pages share."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from syndisco_nb.field_labels import attribute_lines
from syndisco_nb.records import Message, Participant
from syndisco_nb.wording import count, listed, more, shortened, value_text

Pairs = tuple[tuple[str, str], ...]

_NAME = 40
"""Characters of the longest attribute name that `split_facts` takes apart from its value."""
_LEFT_TO_RIGHT = "\u200e"
"""Invisible; on both sides of a name it keeps what stands around the name in its order, whatever its script."""
_METADATA, _VALUE = 12, 200
"""The most facts of another tool that are shown, and characters of one."""


def window_text(window: int, counts: str) -> str:
    """Return the comments that an actor sees.

    Parameters
    ----------
    window : int
        Number of comments.
    counts : str
        "all" where comments of moderators count, too.
    """
    return count(window, "comment") + (", including moderators'" if counts == "all" else "")


def setting_pairs(values: Mapping[str, Any]) -> Pairs:
    """Return plain data as names and values, one level deep, without empty values."""
    return tuple(
        (str(name), value_text(value)) for name, value in values.items() if value not in (None, "", {}, [], ())
    )


def numbered_name(name: str, number: int) -> str:
    """Return a shortened name and a number after it, for a list: also after one that is written from right to left."""
    text = shortened(name, _NAME)
    if any(unicodedata.bidirectional(character) in ("R", "AL") for character in text):
        text = f"{_LEFT_TO_RIGHT}{text}{_LEFT_TO_RIGHT}"
    return f"{text} {number:,}"


def choose_one_hint(thing: object) -> str:
    """Return advice how to choose one discussion of several; "" if `thing` does not hold several."""
    if isinstance(thing, Mapping):
        return " Take one of a condition's run: study[condition][0]."
    return " Take one of the run: run[0]." if isinstance(thing, Sequence) and not isinstance(thing, str) else ""


def speaks_for_mark(message: Message) -> str:
    """Return the mark of a comment that writes lines for others; "" for any other."""
    names = list(dict.fromkeys(message.speaks_for))
    return f"also writes lines for {shortened(listed(names, 3))}" if names else ""


def reply_mark(message: Message, answered: Message | None = None) -> str:
    """Return the mark of a comment that answers another one, where that is recorded; "" for any other.

    Parameters
    ----------
    message : Message
    answered : Message, optional
        The comment that it answers, if that is at hand.
    """
    if message.reply_to is None:
        return ""
    target = f"{shortened(answered.name, _NAME)}, turn {answered.turn}" if answered else f"comment {message.reply_to}"
    return f"reply to {target}"


def metadata(recorded: Mapping[str, Any] | None) -> Pairs:
    """Return facts that another tool recorded, shortened; the last one says how many more there are."""
    pairs = setting_pairs(recorded or {})
    shown = tuple((shortened(name, _NAME), shortened(value, _VALUE)) for name, value in pairs[:_METADATA])
    left = more(len(pairs) - _METADATA, ".meta")
    return (*shown, ("…", left)) if left else shown


def participant_lines(participant: Participant) -> tuple[str, ...]:
    """Return all that a participant was told, and their model, a line each."""
    told = [participant.context, participant.instructions, f"Model: {participant.model}"]
    return (*attribute_lines(participant.attributes), *(line for line in told if line))


def split_facts(lines: Sequence[str]) -> Pairs:
    """Return lines such as "age: 41" as names and values; other lines under their number."""
    split = [line.partition(": ") for line in lines]
    return tuple(
        (name, value) if name and value and len(name) <= _NAME else (str(number), line)
        for number, (line, (name, _, value)) in enumerate(zip(lines, split, strict=True), start=1)
    )
