"""A viewer of any number of messages: the page shows a window on them and asks the kernel for the rest.

Nothing is in the widget's state but its code; all data goes by messages, a hundred rows at a time.
"""

import threading
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from syndisco_nb.builder.conditions import ConditionRuns
from syndisco_nb.display.page import Rating
from syndisco_nb.display.pages.annotated_page import annotated
from syndisco_nb.display.writers.html_elements import initials
from syndisco_nb.display.writers.safe_html import clean
from syndisco_nb.display.writers.stylesheet import sheet
from syndisco_nb.errors import require
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.runs.run import Run
from syndisco_nb.widgets.javascript import join_modules
from syndisco_nb.widgets.messaging import MessagingWidget
from syndisco_nb.widgets.viewer.message_rows import Labels, Rows, Source
from syndisco_nb.widgets.viewer.selection import Filter, Selection
from syndisco_nb.wording import cut_text

PAGE = 100
_START, _BEFORE = 500, 60
"""How much of a comment goes to a closed row, and how much of it comes before what was searched for."""
_LONGEST = 1_000_000
_SLICE = 0.04
"""Seconds for which the kernel reads on at a time: short enough for whoever else waits for it."""
_FILES = Path(__file__).parent


class Ask(BaseModel):
    """What the page may ask; see the methods of `Viewer` that answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    kind: Literal["look", "page", "open", "hit", "turn"]
    filter: Filter = Filter()
    keep: int | None = None
    anew: bool = False
    place: int = 0
    page: int = 0
    step: Literal[1, 0, -1] = 1
    turn: int = 0
    discussions: int = 0
    speakers: int = 0


class Viewer(MessagingWidget):
    """Shows all messages of a transcript, a run or a study, however many; see `Transcript.view`.

    Parameters
    ----------
    source : Transcript, Run or Study
        Of a run, one of discussions.
    labels : AnnotationSet, iterable of AnnotationSet, Run of them, or what `Study.annotate` returns, optional
        Shown on the comments.

    Raises
    ------
    InvalidInputError
        If the run holds no discussions, or the labels are no labels.
    """

    _esm = join_modules(_FILES / "viewer.js")
    _css = sheet() + (_FILES / "viewer.css").read_text(encoding="utf-8")

    def __init__(self, source: Source, labels: Labels | None = None) -> None:
        require(
            isinstance(source, Transcript) or all(run.holds is Transcript for run in _runs(source)),
            f"{source!r} holds no discussions. View the run of the discussions, with this as its labels: "
            "discussions.view(labels=this).",
        )
        if labels is not None and not isinstance(labels, AnnotationSet | Run | ConditionRuns):
            labels = tuple(labels)  # an iterator is read once, but needed twice
        self._source, self._labels = source, labels
        self._read = Rows(source, labels)
        self._selection = Selection(self._read, Filter())
        self._lock = threading.Lock()  # the notebook may hand over messages on one thread or another
        super().__init__()
        self.on_msg(lambda _, content, __: self.send(self.answer(content)))

    def __repr__(self) -> str:
        return f"<Viewer of {self._source!r}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, and what is shown of its source where there is no kernel."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, **_still(self._source, self._labels)}, metadata

    def answer(self, content: Any) -> dict[str, Any]:
        """Return what the page is answered; errors too, since it alone can show them."""
        try:
            with self._lock:
                ask = Ask.model_validate(content)
                found: dict[str, Any] = getattr(self, f"_{ask.kind}")(ask)
        except Exception as error:
            number = content.get("id") if isinstance(content, dict) else None
            return {"id": number, "error": f"{type(error).__name__}: {error}"}
        return {"id": ask.id, **found}

    def _look(self, ask: Ask) -> dict[str, Any]:
        """Return how much there is, and what of it is new to the page; to a look `anew`, the rows in sight as well."""
        read = self._read
        if not read.done:
            read.read(_SLICE if read.rows else 0, least=PAGE)  # what the reader waits for first is a row
        chosen = self._select(ask.filter)
        place = 0 if ask.keep is None else chosen.place_of(ask.keep)
        return {
            "kind": "Discussion" if isinstance(self._source, Transcript) else type(self._source).__name__,
            "title": self._title(),
            "total": len(chosen.numbers),
            "messages": len(read.rows),
            "hits": len(chosen.hits),
            "place": place,
            "rows": self._rows(chosen, place // PAGE) if ask.anew else [],
            "tried": read.tried,
            "files": read.total,
            "done": read.done,
            "several": not isinstance(self._source, Transcript),
            "labelled": self._labels is not None,
            "conditions": read.conditions,
            "discussions": [
                [clean(head.number), clean(cut_text(head.topic, 90, "topic")), head.condition]
                for head in read.heads[ask.discussions :]
            ],
            "speakers": [[name, clean(name)] for name in read.speakers[ask.speakers :]],
            "scales": [[name, one.labels, one.unread, one.split] for name, one in read.scales.items()],
            "problems": [clean(problem) for problem in read.problems[:3]],
        }

    def _page(self, ask: Ask) -> dict[str, Any]:
        """Return the rows of a page."""
        return {"rows": self._rows(self._select(ask.filter), ask.page)}

    def _open(self, ask: Ask) -> dict[str, Any]:
        """Return all of one row: its whole text, and what the model was sent."""
        entry = self._read.rows[ask.place].entry
        prompt = self._read.why(ask.place)
        return {
            "text": clean(cut_text(entry.text, _LONGEST, f"{entry.where}.text")),
            "where": entry.where,
            "ratings": [_rating(rating) for rating in entry.ratings],
            "title": prompt.title if prompt else "",
            "facts": [[name, clean(value)] for name, value in prompt.facts] if prompt else [],
            "sent": [[role, clean(text)] for role, text in prompt.sent] if prompt else [],
        }

    def _hit(self, ask: Ask) -> dict[str, Any]:
        """Return the place and the number of a hit."""
        found = self._select(ask.filter).hit(ask.place, ask.step)
        return {} if found is None else {"place": found[0], "number": found[1]}

    def _turn(self, ask: Ask) -> dict[str, Any]:
        """Return the place of a turn."""
        found = self._select(ask.filter).turn(ask.place, ask.turn)
        return {} if found is None else {"place": found}

    def _select(self, chosen: Filter) -> Selection:
        if chosen != self._selection.filter:
            self._selection = Selection(self._read, chosen)
        self._selection.update()
        return self._selection

    def _rows(self, chosen: Selection, page: int) -> list[dict[str, Any]]:
        numbers = chosen.numbers[page * PAGE : (page + 1) * PAGE]
        return [self._row(number, chosen.filter.query.casefold()) for number in numbers]

    def _row(self, number: int, needle: str) -> dict[str, Any]:
        row = self._read.rows[number]
        entry = row.entry
        found = entry.text.casefold().find(needle) if needle else 0
        start = found - _BEFORE if found > 2 * _BEFORE else 0
        text = ("… " if start else "") + entry.text[start : start + _START]
        return {
            "number": number,
            "discussion": row.discussion,
            "turn": entry.turn,
            "name": clean(entry.name),
            "face": clean(initials(entry.name)),
            "classes": entry.look.classes,
            "border": entry.look.border,
            "role": entry.role,
            "badge": "" if entry.role in ("participant", entry.name.casefold()) else entry.role,
            "cut": " · ".join(mark for mark in (entry.cut, entry.speaks_for) if mark),
            "silent": entry.silent,
            "text": clean(text),
            "ratings": [_rating(rating) for rating in entry.ratings],
        }

    def _title(self) -> str:
        if isinstance(self._source, Transcript):
            return clean(cut_text(self._source.topic, 300, "topic")) or "no topic"
        return clean(str(self._source.folder))


def _runs(source: object) -> list[Run[Any]]:
    """Return the runs in what is to be viewed."""
    return list(source.values()) if isinstance(source, ConditionRuns) else [source] if isinstance(source, Run) else []


def _still(source: Source, labels: Labels | None) -> dict[str, str]:
    """Return what is shown of a source without a kernel."""
    if isinstance(source, Transcript) and labels is not None and not isinstance(labels, Run | ConditionRuns):
        given = [labels] if isinstance(labels, AnnotationSet) else labels
        about = [one for one in given if one.discussion_id == source.id]
        if about:
            return annotated(source, about)._repr_mimebundle_()
    return source._repr_mimebundle_()


def _rating(rating: Rating) -> dict[str, Any]:
    answers = [
        [clean(one.annotator), None if one.value is None else clean(one.value), clean(one.raw)]
        for one in rating.answers
    ]
    return {"scale": clean(rating.scale), "split": rating.disagreement, "answers": answers}
