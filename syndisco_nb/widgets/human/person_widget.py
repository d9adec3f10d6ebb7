"""What a person works at, whatever they do there: it shows what they are asked, and hears what they press.

The page is told by traits, each written whole, so a page that is loaded anew, or another view, shows the same. What
is pressed comes as a message, and is answered by `asked`, which says which message was the last: an error too becomes
words there, since nobody would see it anywhere else.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import traitlets
from pydantic import BaseModel, ConfigDict

from syndisco_nb.display.colours import MODERATOR, Look
from syndisco_nb.display.writers.html_elements import initials
from syndisco_nb.display.writers.safe_html import clean
from syndisco_nb.display.writers.stylesheet import sheet
from syndisco_nb.errors import require
from syndisco_nb.records import Message
from syndisco_nb.shown import Shown
from syndisco_nb.widgets.background_work import in_words
from syndisco_nb.widgets.messaging import MessagingWidget
from syndisco_nb.wording import count, cut_text

FILES = Path(__file__).parent
_MOST, _LONGEST = 200, 20_000
"""How many comments go to the page, and how much of each."""


class Press(BaseModel):
    """What the page may send.

    Attributes
    ----------
    kind : str
        What was pressed.
    id : str
        Tells what was pressed apart; "" for what the page does not wait for.
    at : str
        What the page showed, so that no answer gets to another question.
    text : str
        What was typed or chosen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    id: str = ""
    at: str = ""
    text: str = ""


class Desk(MessagingWidget):
    """The base of both: traits for the page, and what the page sends.

    Attributes
    ----------
    talk : list
        What was said, as rows that the page can draw.
    asked : dict
        All else that the page shows; `heard` is the last message of the page that was heeded.
    draft : str
        What is typed, but not sent: for a page that is loaded anew.
    """

    talk: Any = traitlets.List().tag(sync=True)
    asked: Any = traitlets.Dict().tag(sync=True)
    draft = traitlets.Unicode().tag(sync=True)

    presses: tuple[str, ...] = ()
    """What can be pressed; each names a method, with an underscore before it."""

    def __init__(self, shown: Shown) -> None:
        self._still = shown
        self._heard = ""
        self._news, self._bad = "", False
        self._lock = threading.RLock()  # pages, cells and the discussions' loop are on threads of their own
        super().__init__()
        self.on_msg(lambda _, content, __: self.hear(content))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, and what is shown where there is no kernel."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, **self._still._repr_mimebundle_()}, metadata

    def hear(self, content: Any) -> None:
        """Do what was pressed in the page."""
        with self._lock:
            try:
                press = Press.model_validate(content)
                if press.kind == "draft":
                    self.draft = press.text
                    return
                self._heard = press.id or self._heard
                require(press.kind in self.presses, f"{press.kind!r} is none of: {', '.join(self.presses)}.")
                getattr(self, f"_{press.kind}")(press)
            except Exception as error:
                self.tell(in_words(error), bad=True)
            self.refresh()

    def tell(self, text: str, *, bad: bool = False) -> None:
        """Have this shown as the latest news, from the next `refresh` on."""
        self._news, self._bad = text, bad

    def refresh(self) -> None:
        """Show what there is now."""
        raise NotImplementedError

    def _show(self, talk: Sequence[Mapping[str, Any]], asked: Mapping[str, Any]) -> None:
        with self.hold_sync():
            self.talk = list(talk)
            self.asked = {**asked, "news": clean(self._news), "bad": self._bad, "heard": self._heard}


def rows(messages: Sequence[Message], look: Mapping[str, Look], me: str | None = None) -> list[dict[str, Any]]:
    """Return what was said, or the last of it, as the page draws it."""
    hidden = max(0, len(messages) - _MOST)
    gap = [{"gap": f"{count(hidden, 'earlier message')} not shown"}] if hidden else []
    return [*gap, *(_row(one, look.get(one.name, MODERATOR), me) for one in messages[hidden:])]


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


STYLE = sheet() + (FILES / "human.css").read_text(encoding="utf-8")
