"""The state of a run as the live view's page shows it: plain data, with every text made harmless."""

from collections.abc import Mapping, Sequence
from typing import Any

from syndisco_nb.backend.model.request import Situation
from syndisco_nb.display.colours import MODERATOR, Look, looks
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.display.writers.html_elements import initials
from syndisco_nb.records.unit_names import annotation_parts, discussion_index
from syndisco_nb.watching.folder_watcher import Snapshot
from syndisco_nb.watching.unit_lines import WHOLE, UnitLines, UnitState, WatchedLine
from syndisco_nb.wording import count, shortened

_CARD_TEXT, _CARD_END = 220, 100
"""Characters of a comment on a card, and of the end of one that is being written."""
_LONGEST = 20_000
"""Characters of a comment in an open discussion."""


def card_state(unit: UnitState, snapshot: Snapshot, speaking: Situation | None) -> dict[str, Any]:
    """Return the card of a discussion, or of an annotation of one.

    Parameters
    ----------
    unit : UnitState
    snapshot : Snapshot
        The state of the run.
    speaking : Situation or None
        The situation of the actor being asked.
    """
    said = [comment for comment in unit.lines if comment.role != "opening" or len(unit.lines) == 1]
    names = names_in_order(unit)
    return {
        "condition": unit.condition,
        "unit": unit.unit,
        "title": unit_title(unit.condition, unit.unit),
        "topic": clean(shortened(unit.topic, 90)),
        "turn": _progress_text(unit, snapshot),
        "share": _share(unit, snapshot),
        "state": unit.state,
        "said": said_lines(said, names, _CARD_TEXT),
        "writing": writing_line(speaking, names, _CARD_END),
    }


def names_in_order(unit: UnitState | UnitLines) -> list[str]:
    """Return the names in the order of their looks: all who may take part, then all others who have spoken."""
    return [*unit.cast, *unit.speakers]


def said_lines(said: Sequence[WatchedLine], names: Sequence[str], longest: int = _LONGEST) -> list[dict[str, Any]]:
    """Return comments, silences and labelled comments.

    Parameters
    ----------
    said : sequence of WatchedLine
    names : sequence of str
        All participants, whose order gives each a colour.
    longest : int
        Characters of a text that are shown.
    """
    look = looks(names)
    return [_line(comment, look, longest) for comment in said]


def writing_line(speaking: Situation | None, names: Sequence[str], longest: int = _LONGEST) -> dict[str, Any] | None:
    """Return the comment that is being written, from its end; None if nobody is being asked.

    Parameters
    ----------
    speaking : Situation or None
        The situation of the actor being asked.
    names : sequence of str
        All participants, whose order gives each a colour.
    longest : int
        Characters of the text that are shown.
    """
    if speaking is None:
        return None
    name, text = speaking.actor.name, speaking.draft.read()
    role = "moderator" if name == speaking.moderator else "participant"
    end = text if len(text) <= longest else "…" + text[1 - longest :]
    return _line(WatchedLine(-1, speaking.turn, name, end, role, silent=False), looks([*names, name]), longest)


def _line(comment: WatchedLine, look: Mapping[str, Look], longest: int) -> dict[str, Any]:
    seen = MODERATOR if comment.role in ("moderator", WHOLE) else look[comment.name]
    return {
        "index": comment.index,
        "turn": comment.turn,
        "name": clean(comment.name),
        "face": clean(initials(comment.name)),
        "classes": seen.classes,
        "border": seen.border,
        "role": comment.role,
        "badge": "" if comment.role in ("participant", comment.name.casefold()) else comment.role,
        "silent": comment.silent,
        "text": clean(comment.text if len(comment.text) <= longest else comment.text[: longest - 1] + "…"),
        "label": clean(comment.label),
    }


def _progress_text(unit: UnitState, snapshot: Snapshot) -> str:
    if snapshot.noun == "annotation":
        return count(unit.turn, "label")
    turns = _turns(unit, snapshot)
    return f"turn {unit.turn:,} of {turns:,}" if turns else f"turn {unit.turn:,}"


def _share(unit: UnitState, snapshot: Snapshot) -> float | None:
    """Return the share of a unit that is done; None where its length is not known."""
    if unit.state == "finished":
        return 1.0
    turns = _turns(unit, snapshot)
    return round(min(1.0, unit.turn / turns), 4) if turns else None


def _turns(unit: UnitState, snapshot: Snapshot) -> int:
    return next((run.turns for run in snapshot.runs if run.condition == unit.condition), 0)


def unit_title(condition: str, unit: str) -> str:
    """Return the title of a unit: "Discussion 3", "Discussion 3, annotator 0 · facilitator".

    A card cuts what does not fit, so the number comes before the condition, which others share.

    Parameters
    ----------
    condition : str
        The condition of a study, or "".
    unit : str
        The unit's name.
    """
    name, annotator = annotation_parts(unit) or (unit, None)
    index = discussion_index(name)
    title = name if index is None else f"discussion {index}"
    title += "" if annotator is None else f", annotator {annotator}"
    return clean(f"{title[:1].upper()}{title[1:]}{f' · {condition}' if condition else ''}")
