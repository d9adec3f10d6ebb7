"""`Viewer`: all messages of a transcript, a run or a study, however many.

The page holds only the rows in sight and asks for the others in messages, a hundred rows at a time. The widget's state
holds its code alone, so a saved notebook stays small.
"""

import threading
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from syndisco_nb.display.page import Rating
from syndisco_nb.display.pages.annotated_page import annotated
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.display.writers.html_elements import initials
from syndisco_nb.display.writers.stylesheet import sheet
from syndisco_nb.errors import require
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.run import Run
from syndisco_nb.widgets.javascript import join_modules
from syndisco_nb.widgets.messaging import MessagingWidget
from syndisco_nb.widgets.viewer.message_rows import Labels, MessageRows, Source
from syndisco_nb.widgets.viewer.selection import MessageFilter, Selection
from syndisco_nb.wording import cut_text

PAGE = 100
"""Rows sent at a time; windowing.js has the same number."""
_START, _BEFORE = 500, 60
"""Characters of a comment in a closed row, and how many of them precede a hit of the search."""
_LONGEST = 1_000_000
"""Characters of a comment in an open row."""
_SLICE_S = 0.04
"""Time for which the kernel reads on; other messages wait for that long."""
_FILES = Path(__file__).parent


class ViewerRequest(BaseModel):
    """A request of the page; `kind` names the method of `Viewer` that answers it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    kind: Literal["look", "page", "open", "hit", "turn"]
    filter: MessageFilter = MessageFilter()
    keep: int | None = None
    anew: bool = False
    place: int = 0
    page: int = 0
    step: Literal[1, 0, -1] = 1
    turn: int = 0
    discussions: int = 0
    speakers: int = 0


class Viewer(MessagingWidget):
    """A widget that shows all messages of a transcript, a run or a study; see `Transcript.view`.

    Parameters
    ----------
    source : Transcript, Run, Study or Corpus
        A run must hold discussions.
    labels : AnnotationSet, iterable of AnnotationSet, Run of them, or the result of `Study.annotate`, optional
        Labels to show on the comments.

    Raises
    ------
    InvalidInputError
        If the run holds no discussions, or `labels` holds something else.
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
            labels = tuple(labels)  # an iterator can be read only once, and is needed twice
        self._source, self._labels = source, labels
        self._read = MessageRows(source, labels)
        self._selection = Selection(self._read, MessageFilter())
        self._lock = threading.Lock()  # messages may arrive on several threads
        super().__init__()
        self.on_msg(lambda _, content, __: self.send(self.answer(content)))

    def __repr__(self) -> str:
        return f"<Viewer of {self._source!r}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, and the static page of its source for readers without a kernel."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, **_static(self._source, self._labels)}, metadata

    def answer(self, content: Any) -> dict[str, Any]:
        """Return the answer to a request. An error is an answer, too, since only the page can show it."""
        try:
            with self._lock:
                request = ViewerRequest.model_validate(content)
                answer: dict[str, Any] = getattr(self, f"_{request.kind}")(request)
        except Exception as error:
            number = content.get("id") if isinstance(content, dict) else None
            return {"id": number, "error": f"{type(error).__name__}: {error}"}
        return {"id": request.id, **answer}

    def _look(self, request: ViewerRequest) -> dict[str, Any]:
        """Return the counts, and everything new to the page; with `anew`, also the rows in sight."""
        read = self._read
        if not read.done:
            read.read(_SLICE_S if read.rows else 0, least=PAGE)  # at first, only what a screen needs
        chosen = self._select(request.filter)
        place = 0 if request.keep is None else chosen.place_of(request.keep)
        return {
            "kind": "Discussion" if isinstance(self._source, Transcript) else type(self._source).__name__,
            "title": self._title(),
            "total": len(chosen.numbers),
            "messages": len(read.rows),
            "hits": len(chosen.hits),
            "place": place,
            "rows": self._rows(chosen, place // PAGE) if request.anew else [],
            "tried": read.tried,
            "files": read.total,
            "done": read.done,
            "several": not isinstance(self._source, Transcript),
            "labelled": self._read.labelled,
            "conditions": read.conditions,
            "discussions": [
                [clean(heading.number), clean(cut_text(heading.topic, 90, "topic")), heading.condition]
                for heading in read.headings[request.discussions :]
            ],
            "speakers": [[name, clean(name)] for name in read.speakers[request.speakers :]],
            "scales": [[name, scale.labels, scale.unread, scale.split] for name, scale in read.scales.items()],
            "problems": [clean(problem) for problem in read.problems[:3]],
        }

    def _page(self, request: ViewerRequest) -> dict[str, Any]:
        """Return the rows of a page."""
        return {"rows": self._rows(self._select(request.filter), request.page)}

    def _open(self, request: ViewerRequest) -> dict[str, Any]:
        """Return the whole text of a row, what another tool recorded of it, and the prompt of its model."""
        entry = self._read.rows[request.place].entry
        prompt, recorded = self._read.prompt(request.place), self._read.recorded(request.place)
        return {
            "text": clean(cut_text(entry.text, _LONGEST, f"{entry.where}.text")),
            "where": entry.where,
            "ratings": [_rating(rating) for rating in entry.ratings],
            "title": prompt.title if prompt else "",
            "facts": [[clean(name), clean(value)] for name, value in (*recorded, *(prompt.facts if prompt else ()))],
            "sent": [[role, clean(text)] for role, text in prompt.texts] if prompt else [],
        }

    def _hit(self, request: ViewerRequest) -> dict[str, Any]:
        """Return the place and the number of a hit; nothing if there is none."""
        found = self._select(request.filter).hit(request.place, request.step)
        return {} if found is None else {"place": found[0], "number": found[1]}

    def _turn(self, request: ViewerRequest) -> dict[str, Any]:
        """Return the place of a turn; nothing if there are no rows."""
        found = self._select(request.filter).turn(request.place, request.turn)
        return {} if found is None else {"place": found}

    def _select(self, chosen: MessageFilter) -> Selection:
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
        hit = entry.text.casefold().find(needle) if needle else 0
        start = hit - _BEFORE if hit > 2 * _BEFORE else 0
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
            "reply": clean(entry.reply),
            "cut": " · ".join(mark for mark in (entry.cut, entry.speaks_for) if mark),
            "silent": entry.silent,
            "text": clean(text),
            "ratings": [_rating(rating) for rating in entry.ratings],
        }

    def _title(self) -> str:
        if isinstance(self._source, Transcript):
            return clean(cut_text(self._source.topic, 300, "topic")) or "no topic"
        if isinstance(self._source, Corpus):
            return clean(str(self._source.source or "Corpus"))
        return clean(str(self._source.folder))


def _runs(source: object) -> list[Run[Any]]:
    """Return the runs of a source, or of labels."""
    return list(source.values()) if isinstance(source, ConditionRuns) else [source] if isinstance(source, Run) else []


def _static(source: Source, labels: Labels | None) -> dict[str, str]:
    """Return the representations of a source for readers without a kernel."""
    if isinstance(source, Transcript) and labels is not None and not isinstance(labels, Run | ConditionRuns):
        annotations = [labels] if isinstance(labels, AnnotationSet) else labels
        about = [item for item in annotations if item.discussion_id == source.id]
        if about:
            return annotated(source, about)._repr_mimebundle_()
    return source._repr_mimebundle_()


def _rating(rating: Rating) -> dict[str, Any]:
    answers = [
        [clean(answer.annotator), None if answer.value is None else clean(answer.value), clean(answer.raw)]
        for answer in rating.answers
    ]
    return {"scale": clean(rating.scale), "split": rating.disagreement, "answers": answers}
