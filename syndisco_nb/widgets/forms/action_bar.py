"""Where a form acts: its buttons, how it goes, and what came of it."""

import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import ipywidgets

from syndisco_nb.display import bundle
from syndisco_nb.display.writers.safe_html import tag
from syndisco_nb.errors import SyndiscoError
from syndisco_nb.widgets.background_work import Work
from syndisco_nb.widgets.forms.controls import Button
from syndisco_nb.widgets.forms.fold_section import box
from syndisco_nb.widgets.live import Live

_GRACE_S = 5.0

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
    job : Work, Live or None
        What is under way, or was last.
    """

    def __init__(self, *rows: Sequence[ipywidgets.DOMWidget]) -> None:
        self.stop_button = Button("Stop", self.stop, "What is done by then is kept")
        self.stop_button.disabled = True
        self.job: Work | Live | None = None
        self._stopped = False
        self._idle = threading.Event()
        self._idle.set()
        self._shown = box([], "snb-shown")
        self._status = ipywidgets.HTML()
        self._status.add_class("snb-status")
        self._buttons = [one for row in rows for one in row if isinstance(one, Button)]
        first, *others = rows
        lines = [box([*first, self.stop_button], "snb-row"), *(box(row, "snb-row") for row in others)]
        super().__init__([*lines, self._status, self._shown])
        self.add_class("snb-stage")

    @property
    def shown(self) -> tuple[ipywidgets.DOMWidget, ...]:
        """What came of it."""
        return tuple(self._shown.children)

    @property
    def said(self) -> str:
        """How it goes, in words; as HTML."""
        return str(self._status.value)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return not self._idle.is_set()

    def do(self, label: str, job: Callable[[], Coroutine[Any, Any, Any]], then: Callable[[Any], Shown]) -> None:
        """Begin something, unless another thing is under way, and show what comes of it.

        Parameters
        ----------
        label : str
            What is being done.
        job : callable
            Returns the coroutine that does it.
        then : callable
            Returns what is to be shown of the result; also of what is told meanwhile, with `tell`.
        """
        if self.busy:
            return
        work = Work(lambda news: self.show(*then(news)), lambda: self._end(work, then))
        self._begin(work, f"{label} …")
        work.start(job)

    def tell(self, news: Any) -> None:
        """Say how it gets on; from any thread, as often as one likes."""
        if isinstance(self.job, Work):
            self.job.tell(news)

    def follow(self, start: Callable[[], Live], then: Callable[[Any], Shown]) -> None:
        """Begin a run, unless another thing is under way; show it while it goes on, and then what came of it.

        Parameters
        ----------
        start : callable
            Returns the run.
        then : callable
            Returns what is to be shown of the result.
        """
        if self.busy:
            return
        live = start()
        self._begin(live, "")
        self.show(live.widget)
        live.on_end(lambda ended: self._end(ended, then))

    def stop(self) -> None:
        """End what is under way; what is done by then is kept."""
        if self.busy and self.job is not None:
            self._stopped = True
            self.job.stop()

    def wait(self, timeout: float | None = None) -> Any:
        """Wait for the end, and return the result; an interrupt stops it.

        Parameters
        ----------
        timeout : float, optional
            In seconds.

        Raises
        ------
        SyndiscoError
            If it failed, with the message that is shown.
        TimeoutError
            If it is not over by then.
        """
        if self.job is None:
            return None
        try:
            result = self.job.wait(timeout)
        except SyndiscoError:
            self._idle.wait(_GRACE_S)  # until that is shown, too
            raise
        self._idle.wait(_GRACE_S)
        return result

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

    def _begin(self, job: Work | Live, text: str) -> None:
        self.job, self._stopped = job, False
        self._idle.clear()
        self._set_busy(busy=True)
        self.say(text)

    def _end(self, job: Work | Live, then: Callable[[Any], Shown]) -> None:
        if job.message:
            self.say(job.message, wrong=True)
        else:
            self.say("Stopped. What was done is kept." if self._stopped else "")
        try:
            if job.result is not None:
                self.show(*then(job.result))
        finally:
            self._set_busy(busy=False)
            self._idle.set()

    def _set_busy(self, *, busy: bool) -> None:
        for button in self._buttons:
            button.disabled = busy
        self.stop_button.disabled = not busy

    def __repr__(self) -> str:
        return f"<Stage: {self.job.state if self.job else 'idle'}>"


def as_widget(thing: Any) -> ipywidgets.DOMWidget:
    """Return a widget as it is, and anything else as a notebook would show it, which is safe HTML."""
    return thing if isinstance(thing, ipywidgets.DOMWidget) else ipywidgets.HTML(bundle(thing)["text/html"])
