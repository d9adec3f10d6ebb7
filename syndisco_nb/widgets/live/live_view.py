"""`LiveView`: the widget that shows a run under way.

Its traits hold everything on screen, so a reloaded page shows it at once. Only a discussion that the reader opens in
full is fetched by messages.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import traitlets
from pydantic import BaseModel, ConfigDict

from syndisco_nb.backend.model.request import Situation
from syndisco_nb.display.writers.safe_html import tag
from syndisco_nb.display.writers.stylesheet import minified, sheet
from syndisco_nb.records import GUEST
from syndisco_nb.watching.folder_watcher import Snapshot
from syndisco_nb.watching.unit_lines import UnitLines
from syndisco_nb.widgets.background_work import in_words
from syndisco_nb.widgets.javascript import join_modules
from syndisco_nb.widgets.live.card_places import CardPlaces
from syndisco_nb.widgets.live.live_head import condition_row, failure_row, head_state, skipped_rows
from syndisco_nb.widgets.live.live_state import card_state, names_in_order, said_lines, unit_title, writing_line
from syndisco_nb.widgets.messaging import MessagingWidget

_MAX_LINES, _MAX_ROWS = 500, 20
"""Number of the last comments of an open discussion, and of the last failures and skipped units, that are shown."""
_FILES = Path(__file__).parent


class LiveRequest(BaseModel):
    """A request of the page: open a discussion, hold the places of some, or take an action."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    kind: Literal["open", "hold", "pause", "resume", "stop", "skip", "undo_skip", "inject"]
    condition: str = ""
    unit: str = ""
    start: int = 0
    text: str = ""
    name: str = ""
    units: list[tuple[str, str]] = []


class LiveView(MessagingWidget):
    """A widget that shows a run under way, with buttons to control it.

    Parameters
    ----------
    folder : Path or None
        The folder of the run; None for a discussion that has none.
    actions : mapping of str to callable
        The actions of the buttons by name: pause, resume, stop, skip and undo_skip (take a unit) and inject (takes a
        unit, a text and a name).
    unit : callable
        Returns the lines of a discussion, by condition and name.
    speaking : callable
        Returns the situation of the actor who is writing in a discussion, by condition and name; None if nobody is, or
        if the run is in another process.
    """

    _esm = join_modules(_FILES / "live.js")
    _css = sheet() + minified((_FILES / "live.css").read_text(encoding="utf-8"))

    head: Any = traitlets.Dict().tag(sync=True)
    runs: Any = traitlets.List().tag(sync=True)
    cards: Any = traitlets.List().tag(sync=True)
    failures: Any = traitlets.List().tag(sync=True)
    skipped: Any = traitlets.List().tag(sync=True)
    final_page = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        folder: Path | None,
        actions: Mapping[str, Callable[..., None]],
        unit: Callable[[str, str], UnitLines],
        speaking: Callable[[str, str], Situation | None],
    ) -> None:
        self._folder, self._actions, self._unit, self._speaking = folder, actions, unit, speaking
        self._places = CardPlaces()
        super().__init__()
        self.on_msg(lambda _, content, __: self.send(self.answer(content)))

    def show(self, snapshot: Snapshot, status: str, message: str = "") -> None:
        """Show the state of the run.

        Parameters
        ----------
        snapshot : Snapshot
        status : str
            One of the states of `Live.state`.
        message : str
            The error that the run ended in, if it did.
        """
        with self.hold_sync():
            self.head = head_state(self._folder, snapshot, status, message)
            self.runs = [condition_row(run) for run in snapshot.runs] if len(snapshot.runs) > 1 else []
            self.cards = [
                card_state(unit, snapshot, self._speaking(unit.condition, unit.unit))
                for unit in self._places.fill(snapshot)
            ]
            self.failures = [failure_row(*failure) for failure in snapshot.failures[-_MAX_ROWS:]]
            self.skipped = skipped_rows(snapshot)[-_MAX_ROWS:]

    def answer(self, content: Any) -> dict[str, Any]:
        """Return the answer to a request. An error is an answer, too, since only the page can show it."""
        try:
            request = LiveRequest.model_validate(content)
            match request.kind:
                case "open":
                    answer = self._open(request)
                case "hold":
                    self._places.hold(request.units)
                    answer = {}
                case _:
                    answer = self._act(request)
        except Exception as error:
            number = content.get("id") if isinstance(content, dict) else None
            return {"id": number, "error": in_words(error)}
        return {"id": request.id, **answer}

    def __repr__(self) -> str:
        return f"<LiveView of {str(self._folder)!r}>" if self._folder else "<LiveView>"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, and a line for readers without a kernel."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        noun = "run" if self._folder else "discussion"
        code = [tag("code", f"snb.watch({str(self._folder)!r})"), " shows it."] if self._folder else []
        line = tag("p", f"The {noun} was in progress when the notebook was saved. ", *code)
        return {**data, "text/plain": repr(self), "text/html": str(line)}, metadata

    def _open(self, request: LiveRequest) -> dict[str, Any]:
        """Return the comments of a discussion from a given one on, and the comment being written."""
        discussion = self._unit(request.condition, request.unit)
        start = max(0, request.start, len(discussion.lines) - _MAX_LINES)
        names = names_in_order(discussion)
        return {
            "title": unit_title(request.condition, request.unit),
            "first": start,
            "said": said_lines(discussion.lines[start:], names),
            "writing": writing_line(self._speaking(request.condition, request.unit), names),
        }

    def _act(self, request: LiveRequest) -> dict[str, Any]:
        unit = "/".join(part for part in (request.condition, request.unit) if part)
        arguments = {"skip": (unit,), "undo_skip": (unit,), "inject": (unit, request.text, request.name or GUEST)}
        self._actions[request.kind](*arguments.get(request.kind, ()))
        return {}
