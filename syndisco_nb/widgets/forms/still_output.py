"""`StillOutput`, the page that a saved notebook shows of a form."""

import asyncio
import importlib
import threading
from typing import Any

from syndisco_nb.display.options import options
from syndisco_nb.display.registry import make_page
from syndisco_nb.display.writers.formats import NOTEBOOK_FORMATS
from syndisco_nb.display.writers.safe_html import tag
from syndisco_nb.loop import private_loop

_BEAT_S = 0.4
"""The shortest time between two updates."""


class StillOutput:
    """The page of a form as an output of its own below the widget, hidden while the widget is there.

    It follows the content, and JupyterLab stores it with the notebook. An update of the widget's own output would draw
    the whole form anew, and take the focus from the reader.

    Parameters
    ----------
    form : Form

    Attributes
    ----------
    watched : bool
        Whether a page shows the form. Before that, it is not updated: a notebook that runs without a browser stores
        each form as its cell left it.
    """

    def __init__(self, form: Any) -> None:
        self._form = form
        self._handles: list[Any] = []
        self._lock = threading.Lock()
        self._waiting = False
        self.watched = False

    def show(self) -> None:
        """Show the page in the current cell."""
        display: Any = importlib.import_module("IPython.display").display
        handle = display(still_bundle(self._form), raw=True, display_id=True)
        if handle is not None:  # there is none outside of a kernel
            self._handles.append(handle)

    def update(self) -> None:
        """Bring the page up to date, soon; may be called from any thread, at any rate."""
        with self._lock:
            if self._waiting or not (self.watched and self._handles):
                return
            self._waiting = True
        loop = private_loop()
        loop.call_soon_threadsafe(loop.call_later, _BEAT_S, self._begin)

    def _begin(self) -> None:
        asyncio.get_running_loop().run_in_executor(None, self._update)

    def _update(self) -> None:
        with self._lock:
            self._waiting = False
        bundle = still_bundle(self._form)
        for handle in self._handles:
            handle.update(bundle, raw=True)


def still_bundle(form: Any) -> dict[str, str]:
    """Return the page of a form by MIME type, marked for the style sheet, which hides it below the form itself."""
    page = make_page(form, options.limits)
    written = {mime: write(page) for mime, write in NOTEBOOK_FORMATS.items()}
    return {mime: str(text) for mime, text in written.items()} | {
        "text/html": str(tag("div", written["text/html"], class_="snb-still"))
    }
