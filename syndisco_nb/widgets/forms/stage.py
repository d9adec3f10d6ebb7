"""Where a form acts: its buttons, how it goes, and what came of it."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import ipywidgets

from syndisco_nb.display import bundle
from syndisco_nb.display.html import tag
from syndisco_nb.errors import SyndiscoError
from syndisco_nb.widgets.forms.controls import Button
from syndisco_nb.widgets.forms.sections import box
from syndisco_nb.widgets.work import Work

Shown = Sequence[Any]
"""What is to be seen: widgets as they are, anything else as a notebook would show it."""


class Stage(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """One thing at a time, begun by a button, on the package's own loop.

    Parameters
    ----------
    rows : sequence of sequence of widget
        Buttons, and what they go by; Stop comes after the first row.

    Attributes
    ----------
    stop_button : Button
    work : Work
        What is under way, or was last.
    """

    def __init__(self, *rows: Sequence[ipywidgets.DOMWidget]) -> None:
        self.stop_button = Button("Stop", self.stop, "What is done by then is kept")
        self.stop_button.disabled = True
        self.work = Work(self._tell, self._end)
        self._shown = box([], "snb-shown")
        self._status = ipywidgets.HTML()
        self._status.add_class("snb-status")
        self._then: Callable[[Any], Shown] = _as_it_is
        self.label = ""
        self._buttons = [one for row in rows for one in row if isinstance(one, Button)]
        first, *others = rows
        lines = [box([*first, self.stop_button], "snb-row"), *(box(row, "snb-row") for row in others)]
        super().__init__([*lines, self._status, self._shown])
        self.add_class("snb-stage")

    def do(self, label: str, job: Callable[[], Coroutine[Any, Any, Any]], then: Callable[[Any], Shown]) -> None:
        """Begin something, unless another thing is under way, and show what comes of it.

        Parameters
        ----------
        label : str
            What is being done.
        job : callable
            Returns the coroutine that does it.
        then : callable
            Returns what is to be shown of the result; also of what was told meanwhile, with `Work.tell`.
        """
        if self.work.state == "running":
            return
        self.label, self._then = label, then
        self._set_busy(busy=True)
        self.say(f"{label} …")
        self.work.start(job)

    def stop(self) -> None:
        """End what is under way; what is done by then is kept."""
        self.work.stop()

    def wait(self, timeout: float | None = None) -> Any:
        """Wait for the end, and return the result; see `Work.wait`."""
        return self.work.wait(timeout)

    def show(self, *things: Any) -> None:
        """Show these, and nothing else."""
        self._shown.children = [as_widget(thing) for thing in things]

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Say how it goes."""
        role, name = ("alert", "snb-fault") if wrong else ("status", None)
        self._status.value = tag("div", text, class_=name, role=role) if text else ""

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do something short, or say why it cannot be done."""
        try:
            act()
        except SyndiscoError as error:
            self.say(str(error), wrong=True)

    def _tell(self, news: Any) -> None:
        self.show(*self._then(news))

    def _end(self) -> None:
        self._set_busy(busy=False)
        if self.work.state == "failed":
            self.say(self.work.message, wrong=True)
            return
        self.say("Stopped. What was done is kept." if self.work.state == "stopped" else "")
        if self.work.result is not None:
            self.show(*self._then(self.work.result))

    def _set_busy(self, *, busy: bool) -> None:
        for button in self._buttons:
            button.disabled = busy
        self.stop_button.disabled = not busy

    def __repr__(self) -> str:
        return f"<Stage: {self.work.state}>"


def as_widget(thing: Any) -> ipywidgets.DOMWidget:
    """Return a widget as it is, and anything else as a notebook would show it, which is safe HTML."""
    return thing if isinstance(thing, ipywidgets.DOMWidget) else ipywidgets.HTML(bundle(thing)["text/html"])


def _as_it_is(thing: Any) -> Shown:
    return [thing]
