"""The live view's widget: what the page is told, and what it may ask.

Its traits hold all that is shown, so that a page loaded anew has it at once; what is opened in full goes by messages.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import traitlets
from pydantic import BaseModel, ConfigDict

from syndisco_nb.backend.model.base import Situation
from syndisco_nb.display.colours import MODERATOR, Look, looks
from syndisco_nb.display.writers.html_elements import initials
from syndisco_nb.display.writers.safe_html import clean, tag
from syndisco_nb.display.writers.stylesheet import sheet
from syndisco_nb.records import GUEST
from syndisco_nb.records.unit_names import annotation_parts, discussion_index
from syndisco_nb.runs.failures import Failure
from syndisco_nb.watching.run_watcher import RunState
from syndisco_nb.watching.unit_watcher import Growing, Said, Talk
from syndisco_nb.watching.watcher import Snapshot
from syndisco_nb.widgets.background_work import in_words
from syndisco_nb.widgets.javascript import join_modules
from syndisco_nb.widgets.messaging import MessagingWidget
from syndisco_nb.wording import count, duration, shortened

CARDS = 9
"""How many discussions are shown at once."""
_IDLE_S = 15.0
"""A discussion of which nothing was heard for so long gives its place to one that goes on."""
_TEXT, _END, _WHOLE, _LONGEST_TALK, _FAILURES = 220, 100, 20_000, 500, 20
_FILES = Path(__file__).parent

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


class Ask(BaseModel):
    """What the page may ask; see `LiveView.answer`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    kind: Literal["open", "pause", "resume", "stop", "skip", "inject"]
    condition: str = ""
    unit: str = ""
    start: int = 0
    text: str = ""
    name: str = ""


class LiveView(MessagingWidget):
    """What a notebook shows of a run that goes on.

    Parameters
    ----------
    folder : Path
    acts : mapping of str to callable
        What its buttons do: pause, resume, stop, skip (a discussion), inject (into a discussion a text by a name).
    said : callable
        Returns all of one discussion, by its condition and its name.
    speaking : callable
        Returns who is being asked in it just now, if that can be known.
    """

    _esm = join_modules(_FILES / "live.js")
    _css = sheet() + (_FILES / "live.css").read_text(encoding="utf-8")

    head: Any = traitlets.Dict().tag(sync=True)
    runs: Any = traitlets.List().tag(sync=True)
    cards: Any = traitlets.List().tag(sync=True)
    failures: Any = traitlets.List().tag(sync=True)
    still = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        folder: Path,
        acts: Mapping[str, Callable[..., None]],
        said: Callable[[str, str], Growing],
        speaking: Callable[[str, str], Situation | None],
    ) -> None:
        self._folder, self._acts, self._said, self._speaking = folder, acts, said, speaking
        self._places = Places()
        super().__init__()
        self.on_msg(lambda _, content, __: self.send(self.answer(content)))

    def show(self, snapshot: Snapshot, status: str, message: str = "") -> None:
        """Tell the page what has changed."""
        with self.hold_sync():
            self.head = _head(self._folder, snapshot, status, message)
            self.runs = [_row(run) for run in snapshot.runs] if len(snapshot.runs) > 1 else []
            self.cards = [
                _card(talk, snapshot, self._speaking(talk.condition, talk.unit)) for talk in self._places.fill(snapshot)
            ]
            self.failures = [_failure(*one) for one in snapshot.failures[-_FAILURES:]]

    def answer(self, content: Any) -> dict[str, Any]:
        """Return what the page is answered; errors too, since it alone can show them."""
        try:
            ask = Ask.model_validate(content)
            found = self._open(ask) if ask.kind == "open" else self._act(ask)
        except Exception as error:
            number = content.get("id") if isinstance(content, dict) else None
            return {"id": number, "error": in_words(error)}
        return {"id": ask.id, **found}

    def __repr__(self) -> str:
        return f"<LiveView of {str(self._folder)!r}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, and a line where there is no kernel."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        code = f"snb.watch({str(self._folder)!r})"
        line = tag("p", "This run was under way when the notebook was saved. ", tag("code", code), " shows it.")
        return {**data, "text/plain": repr(self), "text/html": str(line)}, metadata

    def _open(self, ask: Ask) -> dict[str, Any]:
        """Return a discussion in full, or what is new of it."""
        growing = self._said(ask.condition, ask.unit)
        start = max(0, ask.start, len(growing.said) - _LONGEST_TALK)
        look = looks(growing.names)
        return {
            "title": _title(ask.condition, ask.unit),
            "first": start,
            "said": [_said(one, look, _WHOLE) for one in growing.said[start:]],
            "writing": _writing(self._speaking(ask.condition, ask.unit), growing.names, _WHOLE),
        }

    def _act(self, ask: Ask) -> dict[str, Any]:
        name = "/".join(part for part in (ask.condition, ask.unit) if part)
        given = {"skip": (name,), "inject": (name, ask.text, ask.name or GUEST)}
        self._acts[ask.kind](*given.get(ask.kind, ()))
        return {}


class Places:
    """Which discussion is shown where: none jumps about while it goes on."""

    def __init__(self) -> None:
        self._shown: list[Talk] = []

    def fill(self, snapshot: Snapshot) -> list[Talk]:
        """Return what is shown: whatever was, as long as it goes on or its place is not needed."""
        running = snapshot.status in ("running", "paused")
        talks = {(talk.condition, talk.unit): talk for talk in [*snapshot.talks, *snapshot.ended]}
        shown = [talks.get((talk.condition, talk.unit), talk) for talk in self._shown]
        if snapshot.over:
            shown = [talk for talk in shown if (talk.condition, talk.unit) in talks]
        known = {(talk.condition, talk.unit) for talk in shown}
        wanting = [talk for key, talk in talks.items() if key not in known and talk.state != "finished"]
        if running:
            wanting = [talk for talk in wanting if talk.state == "under way"]
        wanting.sort(key=lambda talk: talk.changed)  # the last is the most recent
        latest = max((talk.changed for talk in talks.values()), default=0.0)
        idle = [
            place for place, talk in enumerate(shown) if talk.state != "under way" or talk.changed < latest - _IDLE_S
        ]
        free = [*idle, *range(len(shown), CARDS)]
        taking = sorted(wanting[-len(free) :] if free else [], key=lambda talk: (talk.condition, talk.unit))
        for place, talk in zip(free, taking, strict=False):
            if place >= len(shown):
                shown.append(talk)
            elif talk.changed > shown[place].changed:
                shown[place] = talk
        self._shown = shown
        return shown


def _head(folder: Path, snapshot: Snapshot, status: str, message: str) -> dict[str, Any]:
    going = status in ("running", "paused", "stopping")
    facts = []
    if snapshot.left_s is not None and status == "running":
        facts.append(["time left", _about(snapshot.left_s)])
    if snapshot.turns_per_s:
        unit = "labels" if snapshot.noun == "annotation" else "turns"
        facts.append([f"{unit} a minute", _number(60 * snapshot.turns_per_s)])
    if snapshot.tokens_per_s:
        facts.append(["tokens a second", _number(snapshot.tokens_per_s)])
    if snapshot.tokens:
        facts.append(["tokens", f"{snapshot.tokens:,}" + ("" if snapshot.complete else " and counting")])
    if snapshot.under_way and going:
        facts.append(["under way", f"{snapshot.under_way:,}"])
    if snapshot.failures:
        facts.append(["failed", f"{len(snapshot.failures):,}"])
    elsewhere = going and not snapshot.here and status != "stopping"
    if status == "running" and snapshot.total and not (snapshot.share or snapshot.talks):
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
        "trouble": clean(snapshot.trouble),
        "here": snapshot.here,
        "talks": snapshot.noun == "discussion",
        "under_way": snapshot.under_way,
        "going": going,
    }


def _row(run: RunState) -> dict[str, Any]:
    share = run.done / run.asked if run.asked else run.finished / run.total if run.total else 0.0
    return {
        "condition": clean(run.condition),
        "status": "not begun" if run.status == "waiting" else run.status,
        "share": round(min(1.0, share), 4),
        "finished": f"{run.finished:,} of {run.total:,}",
        "failed": run.failed,
    }


def _card(talk: Talk, snapshot: Snapshot, speaking: Situation | None) -> dict[str, Any]:
    look = looks(talk.names)
    return {
        "condition": talk.condition,
        "unit": talk.unit,
        "title": _title(talk.condition, talk.unit),
        "topic": clean(shortened(talk.topic, 90)),
        "turn": _how_far(talk, snapshot),
        "state": talk.state,
        "said": [_said(one, look, _TEXT) for one in talk.said if one.role != "opening" or len(talk.said) == 1],
        "writing": _writing(speaking, talk.names, _END),
    }


def _said(one: Said, look: Mapping[str, Look], most: int) -> dict[str, Any]:
    seen = MODERATOR if one.role == "moderator" else look[one.name]
    return {
        "index": one.index,
        "turn": one.turn,
        "name": clean(one.name),
        "face": clean(initials(one.name)),
        "classes": seen.classes,
        "border": seen.border,
        "role": one.role,
        "badge": "" if one.role in ("participant", one.name.casefold()) else one.role,
        "silent": one.silent,
        "text": clean(one.text if len(one.text) <= most else one.text[: most - 1] + "…"),
        "label": clean(one.label),
    }


def _writing(speaking: Situation | None, names: Sequence[str], most: int) -> dict[str, Any] | None:
    """Return who is being asked, and the end of what they have written."""
    if speaking is None:
        return None
    name, text = speaking.actor.name, speaking.draft.read()
    role = "moderator" if name == speaking.moderator else "participant"
    end = text if len(text) <= most else "…" + text[1 - most :]
    return _said(Said(-1, speaking.turn, name, end, role, silent=False), looks([*names, name]), most)


def _failure(condition: str, failure: Failure) -> list[str]:
    return [
        clean(_title(condition, failure.unit)),
        clean(f"{failure.error}: {shortened(failure.message, 400)}"),
        f"attempt {failure.attempt:,}",
    ]


def _how_far(talk: Talk, snapshot: Snapshot) -> str:
    if not talk.turn:
        return "begun"
    if snapshot.noun == "annotation":
        return count(talk.turn, "label")
    turns = next((run.turns for run in snapshot.runs if run.condition == talk.condition), 0)
    return f"turn {talk.turn:,} of {turns:,}" if turns else f"turn {talk.turn:,}"


def _title(condition: str, unit: str) -> str:
    """Return what a person calls it: "Discussion 3", "facilitator · discussion 3, annotator 0"."""
    name, annotator = annotation_parts(unit) or (unit, None)
    index = discussion_index(name)
    title = name if index is None else f"discussion {index}"
    title += "" if annotator is None else f", annotator {annotator}"
    return clean(f"{condition} · {title}" if condition else title[:1].upper() + title[1:])


def _about(seconds: float) -> str:
    """Return a time that is left, no more exact than it can be known."""
    if seconds < 60:
        return "less than a minute" if seconds > 10 else "a few seconds"
    return f"about {duration(60 * round(seconds / 60))}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
