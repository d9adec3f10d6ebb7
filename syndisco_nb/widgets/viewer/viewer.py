"""`Viewer`: all messages of a transcript, a run or a study, however many.

The page holds only the items in sight and asks for the others in messages, a hundred at a time. The widget's state
holds its code alone, so a saved notebook stays small.
"""

import threading
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from syndisco_nb.display.pages.annotated_page import annotated
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.display.writers.stylesheet import minified, sheet
from syndisco_nb.errors import require
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.corpus import Corpus
from syndisco_nb.runs.run import Run
from syndisco_nb.widgets.javascript import join_modules
from syndisco_nb.widgets.messaging import MessagingWidget
from syndisco_nb.widgets.viewer.discussion_places import Source
from syndisco_nb.widgets.viewer.item_data import heading_data, item_data, message_details
from syndisco_nb.widgets.viewer.label_finder import Labels
from syndisco_nb.widgets.viewer.message_address import parse_address
from syndisco_nb.widgets.viewer.message_rows import MessageRows
from syndisco_nb.widgets.viewer.selection import FOLDED, MessageFilter, Selection
from syndisco_nb.wording import cut_text

PAGE = 100
"""Items sent at a time; item_cache.js has the same number."""
_SLICE_S = 0.04
"""Time for which the kernel reads on; other messages wait for that long."""
_FILES = Path(__file__).parent


class ViewerRequest(BaseModel):
    """A request of the page; `kind` names the method of `Viewer` that answers it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    kind: Literal["look", "page", "open", "match", "turn", "discussion", "find", "count"]
    filter: MessageFilter = MessageFilter()
    keep: int | None = None
    anew: bool = False
    place: int = 0
    page: int = 0
    numbers: tuple[int, ...] = Field(default=(), max_length=FOLDED)
    step: Literal[1, 0, -1] = 1
    turn: int = 0
    code: str = ""
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
    _css = sheet() + minified((_FILES / "viewer.css").read_text(encoding="utf-8"))

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
        """Return the counts, and everything new to the page; with `anew`, also the items in sight."""
        read = self._read
        if not read.done:
            read.read(_SLICE_S if read.rows else 0, least=PAGE)  # at first, only what a screen needs
        chosen = self._select(request.filter)
        place = 0 if request.keep is None else chosen.place_of(request.keep)
        return {
            "kind": "Discussion" if isinstance(self._source, Transcript) else type(self._source).__name__,
            "title": self._title(),
            "total": len(chosen.items),
            "chosen": chosen.messages,
            "messages": len(read.rows),
            "matches": len(chosen.matches),
            "place": place,
            "items": self._items(chosen, place // PAGE) if request.anew else [],
            "tried": read.tried,
            "files": read.total,
            "done": read.done,
            "several": not isinstance(self._source, Transcript),
            "labelled": read.labelled,
            "conditions": read.conditions,
            "discussions": [heading_data(heading) for heading in read.headings[request.discussions :]],
            "speakers": [[name, clean(name)] for name in read.speakers[request.speakers :]],
            "scales": [[name, scale.labels, scale.unread, scale.split] for name, scale in read.scales.items()],
            "problems": [clean(problem) for problem in read.problems[:3]],
        }

    def _page(self, request: ViewerRequest) -> dict[str, Any]:
        """Return the items of a page."""
        return {"items": self._items(self._select(request.filter), request.page)}

    def _open(self, request: ViewerRequest) -> dict[str, Any]:
        """Return the details of the messages of an item."""
        return {"details": [message_details(self._read, number) for number in request.numbers]}

    def _match(self, request: ViewerRequest) -> dict[str, Any]:
        """Return the place and the number of a match; nothing if there is none."""
        found = self._select(request.filter).match(request.place, request.step)
        return {} if found is None else {"place": found[0], "number": found[1]}

    def _turn(self, request: ViewerRequest) -> dict[str, Any]:
        """Return the place of a turn; nothing if there are no items."""
        return _place(self._select(request.filter).turn(request.place, request.turn))

    def _discussion(self, request: ViewerRequest) -> dict[str, Any]:
        """Return the place where the next or the previous discussion begins; nothing if there is none."""
        return _place(self._select(request.filter).discussion(request.place, request.step))

    def _find(self, request: ViewerRequest) -> dict[str, Any]:
        """Return whether a text is the address of a message, and the number of its row as soon as it has been read."""
        address = parse_address(request.code)
        if address is None:
            return {"address": False}
        return {"address": True, "number": self._read.find(address), "done": self._read.done}

    def _count(self, request: ViewerRequest) -> dict[str, Any]:
        """Return the number of matches of each discussion that has any; without a search, of messages let through."""
        return {"counts": list(self._select(request.filter).counts().items())}

    def _select(self, chosen: MessageFilter) -> Selection:
        if chosen != self._selection.filter:
            self._selection = Selection(self._read, chosen)
        self._selection.update()
        return self._selection

    def _items(self, chosen: Selection, page: int) -> list[dict[str, Any]]:
        end = min((page + 1) * PAGE, len(chosen.items))
        return [item_data(self._read, chosen, place) for place in range(page * PAGE, end)]

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


def _place(found: int | None) -> dict[str, int]:
    return {} if found is None else {"place": found}
