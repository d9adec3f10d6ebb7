"""The state of a run as the live view's page shows it: plain data, with every text made harmless."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from syndisco_nb.backend.model.request import Situation
from syndisco_nb.display.colours import MODERATOR, Look, looks
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.display.writers.html_elements import initials
from syndisco_nb.records.unit_names import annotation_parts, discussion_index
from syndisco_nb.runs.failures import Failure
from syndisco_nb.watching.folder_watcher import Snapshot
from syndisco_nb.watching.run_state import RunState
from syndisco_nb.watching.unit_watcher import WHOLE, UnitState, UnitWatcher, WatchedLine
from syndisco_nb.wording import count, duration, shortened

_CARD_TEXT, _CARD_END = 220, 100
"""Characters of a comment on a card, and of the end of one that is being written."""
_LONGEST = 20_000
"""Characters of a comment in an open discussion."""

STATUS = {
    "waiting": "It has not begun yet.",
    "running": "",
    "paused": "Nothing is asked until you resume; what has been asked is still answered, and kept.",
    "stopping": "It ends as soon as what was asked has been answered, or given up.",
    "finished": "",
    "partial": "Some of it failed. Run the same cell again to try only those again.",
    "interrupted": "Not all of it is there. Run the same cell again to go on from here.",
    "failed": "It could not go on. Mend what the error says, and run the same cell again.",
    "killed": "Its process ended without a word. Run the same cell again to go on from here.",
}


def head_state(folder: Path, snapshot: Snapshot, status: str, message: str) -> dict[str, Any]:
    """Return the state of the whole run.

    Parameters
    ----------
    folder : Path
    snapshot : Snapshot
    status : str
        One of the states of `Live.state`.
    message : str
        The error that the run ended in, if it did.
    """
    going = status in ("running", "paused", "stopping")
    facts = []
    if snapshot.left_s is not None and status == "running":
        facts.append(["time left", _time_left(snapshot.left_s)])
    if snapshot.turns_per_s:
        unit = "labels" if snapshot.noun == "annotation" else "turns"
        facts.append([f"{unit} a minute", _number(60 * snapshot.turns_per_s)])
    if snapshot.tokens_per_s:
        facts.append(["tokens a second", _number(snapshot.tokens_per_s)])
    if snapshot.tokens:
        facts.append(["tokens", f"{snapshot.tokens:,}" + ("" if snapshot.is_counted else " and counting")])
    if snapshot.under_way and going:
        facts.append(["under way", f"{snapshot.under_way:,}"])
    if snapshot.failures:
        facts.append(["failed", f"{len(snapshot.failures):,}"])
    elsewhere = going and not snapshot.in_this_process and status != "stopping"
    if status == "running" and snapshot.total and not (snapshot.share or snapshot.unfinished):
        message = message or "Nothing has been said yet; models may still be loading."
    where = "It runs in another process, so it can be watched here, but not paused or stopped." if elsewhere else ""
    return {
        "folder": clean(str(folder)),
        "status": status,
        "title": f"{snapshot.finished:,} of {count(snapshot.total, snapshot.noun)}" if snapshot.total else "",
        "share": round(snapshot.share, 4),
        "facts": facts,
        "note": clean(message) or STATUS[status] or where,
        "warning": status in ("partial", "interrupted", "failed", "killed"),
        "trouble": clean(snapshot.problem),
        "here": snapshot.in_this_process,
        "talks": snapshot.noun == "discussion",
        "under_way": snapshot.under_way,
        "going": going,
    }


def condition_row(run: RunState) -> dict[str, Any]:
    """Return the state of one condition of a study."""
    return {
        "condition": clean(run.condition),
        "status": "not begun" if run.status == "waiting" else run.status,
        "share": round(run.share, 4),
        "finished": f"{run.finished:,} of {run.total:,}",
        "failed": run.failed,
    }


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
        "state": unit.state,
        "said": said_lines(said, names, _CARD_TEXT),
        "writing": writing_line(speaking, names, _CARD_END),
    }


def names_in_order(unit: UnitState | UnitWatcher) -> list[str]:
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


def failure_row(condition: str, failure: Failure) -> list[str]:
    """Return the unit that failed, the error, and the number of the attempt.

    Parameters
    ----------
    condition : str
        The condition of a study, or "".
    failure : Failure
    """
    return [
        clean(unit_title(condition, failure.unit)),
        clean(f"{failure.error}: {shortened(failure.message, 400)}"),
        f"attempt {failure.attempt:,}",
    ]


def _progress_text(unit: UnitState, snapshot: Snapshot) -> str:
    if not unit.turn:
        return "begun"
    if snapshot.noun == "annotation":
        return count(unit.turn, "label")
    turns = next((run.turns for run in snapshot.runs if run.condition == unit.condition), 0)
    return f"turn {unit.turn:,} of {turns:,}" if turns else f"turn {unit.turn:,}"


def unit_title(condition: str, unit: str) -> str:
    """Return the title of a unit: "Discussion 3", "facilitator · discussion 3, annotator 0".

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
    return clean(f"{condition} · {title}" if condition else title[:1].upper() + title[1:])


def _time_left(seconds: float) -> str:
    """Return the time left in words, no more exactly than it can be known."""
    if seconds < 60:
        return "less than a minute" if seconds > 10 else "a few seconds"
    return f"about {duration(60 * round(seconds / 60))}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
