"""`PersonWidget`: base of the two widgets that a person types into, `Seat` and `Labeller`.

The kernel tells the page by traits, each written whole, so a page loaded anew, or a second view, shows the same. The
page sends actions as messages. Each is answered by `asked`, which names the last action and holds its error, if any:
nobody would see an exception anywhere else.
"""

import threading
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import traitlets
from pydantic import BaseModel, ConfigDict

from syndisco_nb.display.colours import MODERATOR, Look
from syndisco_nb.display.writers.clean_text import clean
from syndisco_nb.display.writers.html_elements import initials
from syndisco_nb.display.writers.stylesheet import minified, sheet
from syndisco_nb.errors import require
from syndisco_nb.records import Message
from syndisco_nb.shown import Shown
from syndisco_nb.widgets.background_work import in_words
from syndisco_nb.widgets.messaging import MessagingWidget
from syndisco_nb.wording import count, cut_text

FILES = Path(__file__).parent
_MOST, _LONGEST = 200, 20_000
"""Comments that go to the page, and characters of each."""


class PersonAction(BaseModel):
    """An action of the person, as the page sends it.

    Attributes
    ----------
    kind : str
        One of `PersonWidget.actions`, or "draft" for a copy of the text that is being typed.
    id : str
        Identifies the action, so that the page knows when it has been answered; "" if the page does not wait.
    at : str
        The question that the page showed, so that no answer goes to another one.
    text : str
        The text typed, or the label chosen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    id: str = ""
    at: str = ""
    text: str = ""


class PersonWidget(MessagingWidget):
    """Base of the widgets that a person types into: traits for the page, and actions from it.

    Parameters
    ----------
    shown : Shown
        The object whose representations stand for the widget where there is no kernel.

    Attributes
    ----------
    talk : list
        The comments, as rows that the page can draw.
    asked : dict
        All else that the page shows; `heard` is the id of the last action.
    draft : str
        The text typed but not sent, for a page that is loaded anew.
    """

    talk: Any = traitlets.List().tag(sync=True)
    asked: Any = traitlets.Dict().tag(sync=True)
    draft = traitlets.Unicode().tag(sync=True)

    actions: tuple[str, ...] = ()
    """The kinds of action; the method of the same name, with an underscore before it, carries it out."""

    def __init__(self, shown: Shown) -> None:
        self._static = shown
        self._heard = ""
        self._news, self._bad = "", False
        self._lock = threading.RLock()  # pages, cells and the private loop run on different threads
        super().__init__()
        self.on_msg(lambda _, content, __: self.receive(content))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, and static representations for readers without a kernel."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, **self._static._repr_mimebundle_()}, metadata

    def receive(self, content: Any) -> None:
        """Carry out an action of the page."""
        with self._lock:
            try:
                action = PersonAction.model_validate(content)
                if action.kind == "draft":
                    if action.at in ("", self.asked.get("at")):  # what is late belongs to another question
                        self.draft = action.text
                    return
                self._heard = action.id or self._heard
                require(action.kind in self.actions, f"{action.kind!r} is none of: {', '.join(self.actions)}.")
                getattr(self, f"_{action.kind}")(action)
            except Exception as error:
                self.set_news(in_words(error), bad=True)
            self.refresh()

    def set_news(self, text: str, *, bad: bool = False) -> None:
        """Set the news that the next `refresh` shows.

        Parameters
        ----------
        text : str
        bad : bool
            Whether the person must notice it.
        """
        self._news, self._bad = text, bad

    @abstractmethod
    def refresh(self) -> None:
        """Show the present state."""

    def _show(self, talk: Sequence[Mapping[str, Any]], asked: Mapping[str, Any]) -> None:
        with self.hold_sync():
            self.talk = list(talk)
            self.asked = {**asked, "news": clean(self._news), "bad": self._bad, "heard": self._heard}


def talk_rows(messages: Sequence[Message], look: Mapping[str, Look], me: str | None = None) -> list[dict[str, Any]]:
    """Return the last comments, as the page draws them.

    Parameters
    ----------
    messages : sequence of Message
    look : mapping of str to Look
        How each speaker is drawn; moderators need none.
    me : str, optional
        The person's name in the discussion, whose comments are marked.
    """
    hidden = max(0, len(messages) - _MOST)
    gap = [{"gap": f"{count(hidden, 'earlier message')} not shown"}] if hidden else []
    return [*gap, *(_row(message, look.get(message.name, MODERATOR), me) for message in messages[hidden:])]


def _row(message: Message, look: Look, me: str | None) -> dict[str, Any]:
    return {
        "turn": message.turn,
        "name": clean(message.name),
        "face": clean(initials(message.name)),
        "classes": look.classes,
        "border": look.border,
        "role": message.role,
        "badge": "" if message.role in ("participant", message.name.casefold()) else message.role,
        "own": message.name == me and message.role != "guest",
        "silent": message.silent,
        "text": clean(cut_text(message.text, _LONGEST, "the transcript")),
    }


STYLE = sheet() + minified((FILES / "human.css").read_text(encoding="utf-8"))
