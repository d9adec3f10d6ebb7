"""The items of the list as the page gets them: plain data of bounded size, every text cleaned."""

from typing import Any

from syndisco_nb.display.page import Rating
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.display.writers.html_elements import initials
from syndisco_nb.widgets.viewer.message_rows import DiscussionHeading, MessageRows
from syndisco_nb.widgets.viewer.selection import Selection
from syndisco_nb.wording import count, cut_text

START, SPARED, BEFORE = 600, 200, 60
"""Characters of a comment in a closed item; how many may be missing to show it whole; how many precede a match."""
_TOPIC = 300
"""Characters of a topic."""
_LONGEST = 1_000_000
"""Characters of a comment in an open item."""


def heading_data(heading: DiscussionHeading) -> dict[str, Any]:
    """Return the data of a discussion, for its head and for the list of discussions.

    Parameters
    ----------
    heading : DiscussionHeading
    """
    facts = heading.facts
    return {
        "number": str(facts.index),
        "topic": clean(cut_text(heading.topic, _TOPIC, "topic")),
        "condition": heading.condition,
        "first": heading.first,
        "turns": facts.turns,
        "unfinished": clean(heading.unfinished),
        "comments": facts.comments,
        "silences": facts.silences,
        "cut_off": facts.cut_off,
        "means": {clean(scale): mean for scale, mean in facts.means.items()},
        "strip": [look and look.classes for look in facts.strip],
    }


def item_data(read: MessageRows, chosen: Selection, place: int) -> dict[str, Any]:
    """Return the data of one item: a comment, or the silences of one line.

    Parameters
    ----------
    read : MessageRows
    chosen : Selection
    place : int
    """
    item = chosen.items[place]
    entry = read.rows[item[0]].entry
    data = {
        "number": item[0],
        "discussion": read.rows[item[0]].discussion,
        "turn": entry.turn,
        "opens": chosen.opens(place),
        "where": entry.where,
    }
    if entry.silent:
        return {**data, **_silences(read, item)}
    text, left_out = _excerpt(entry.text, chosen.filter.query.casefold())
    return {
        **data,
        "follows": chosen.follows(place),
        "name": clean(entry.name),
        "face": clean(initials(entry.name)),
        "classes": entry.look.classes,
        "border": entry.look.border,
        "role": entry.role,
        "badge": "" if entry.role in ("participant", entry.name.casefold()) else entry.role,
        "reply": clean(entry.reply),
        "cut": " · ".join(mark for mark in (entry.cut, entry.speaks_for) if mark),
        "text": clean(text),
        "left_out": left_out,
        "ratings": [_rating(rating) for rating in entry.ratings],
    }


def message_details(read: MessageRows, number: int) -> dict[str, Any]:
    """Return the whole text of a message, what another tool recorded of it, and the prompt of its model.

    Parameters
    ----------
    read : MessageRows
    number : int
        Of its row.
    """
    entry = read.rows[number].entry
    prompt, recorded = read.prompt(number), read.recorded(number)
    return {
        "name": clean(entry.name) if entry.silent else "",
        "turn": entry.turn,
        "text": clean(cut_text(entry.text, _LONGEST, f"{entry.where}.text")),
        "where": entry.where,
        "title": prompt.title if prompt else "",
        "facts": [[clean(name), clean(value)] for name, value in (*recorded, *(prompt.facts if prompt else ()))],
        "sent": [[role, clean(text)] for role, text in prompt.texts] if prompt else [],
    }


def _silences(read: MessageRows, item: tuple[int, ...]) -> dict[str, Any]:
    entries = [read.rows[number].entry for number in item]
    names = [entry.name for entry in entries]
    times = {name: names.count(name) for name in names}
    return {
        "silent": list(item),
        "text": count(len(item), "silent turn"),
        "speakers": [
            [clean(entry.name), entry.look.classes, times.pop(entry.name)] for entry in entries if entry.name in times
        ],
        "until": entries[-1].turn,
    }


def _excerpt(text: str, needle: str) -> tuple[str, int]:
    """Return the beginning of a text, or the part around a match, and the number of characters left out."""
    hit = text.casefold().find(needle) if needle else 0
    start = hit - BEFORE if hit > START - BEFORE else 0
    part = text[start : start + START] if len(text) - start > START + SPARED else text[start:]
    return ("… " if start else "") + part, len(text) - len(part)


def _rating(rating: Rating) -> dict[str, Any]:
    answers = [
        [clean(answer.annotator), None if answer.value is None else clean(answer.value), clean(answer.raw)]
        for answer in rating.answers
    ]
    return {"scale": clean(rating.scale), "split": rating.disagreement, "answers": answers}
