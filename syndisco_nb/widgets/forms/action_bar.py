"""`ActionBar`, the buttons below a form, the state of the work they begin, and its result."""

import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import ipywidgets

from syndisco_nb.display import bundle
from syndisco_nb.display.writers.safe_html import tag
from syndisco_nb.errors import SyndiscoError
from syndisco_nb.widgets.background_work import BackgroundWork
from syndisco_nb.widgets.forms.controls import Button, FaultLinks
from syndisco_nb.widgets.forms.file_actions import FileActions
from syndisco_nb.widgets.forms.fold_section import box
from syndisco_nb.widgets.live import WatchedWork

_GRACE_S = 60.0  # for the results to be drawn, on a machine however busy

Results = Sequence[Any]
"""Things to show: widgets as they are, anything else as a notebook would show it."""


class ActionBar(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Buttons that begin work on the package's own loop, one piece at a time.

    Parameters
    ----------
    run : sequence of widget
        The buttons that do the work of the form, and the inputs that they use; Stop is added to them.
    check : sequence of widget
        The buttons that try things out.
    files : FileActions, optional

    Attributes
    ----------
    stop_button : Button
    faults : FaultLinks
        The errors of the form; the form updates them.
    job : BackgroundWork, WatchedWork or None
        The current work, or the last.
    """

    def __init__(
        self,
        run: Sequence[ipywidgets.DOMWidget],
        check: Sequence[ipywidgets.DOMWidget] = (),
        files: FileActions | None = None,
    ) -> None:
        self.stop_button = Button("Stop", self.stop, "Finished work is saved")
        self.stop_button.disabled = True
        self.job: BackgroundWork | WatchedWork[Any] | None = None
        self._stopped = False
        self._idle = threading.Event()
        self._idle.set()
        self._shown = box([], "snb-shown")
        self._status = ipywidgets.HTML()
        self._status.add_class("snb-status")
        self.faults = FaultLinks()
        self._buttons = [widget for widget in (*run, *check) if isinstance(widget, Button)]
        groups = [box(check, "snb-row", "snb-group")] if check else []
        lines = [box([*run, self.stop_button], "snb-row")]
        if files is not None:
            groups.append(files.row)
        if groups:
            lines.append(box(groups, "snb-groups"))
        if files is not None:
            lines.append(files.below)
        super().__init__([*lines, self.faults, self._status, self._shown])
        self.add_class("snb-stage")

    @property
    def shown(self) -> tuple[ipywidgets.DOMWidget, ...]:
        """The results."""
        return tuple(self._shown.children)

    @property
    def said(self) -> str:
        """The state of the work in words, as HTML."""
        return str(self._status.value)

    @property
    def busy(self) -> bool:
        """True while work is going on."""
        return not self._idle.is_set()

    def do(self, label: str, job: Callable[[], Coroutine[Any, Any, Any]], then: Callable[[Any], Results]) -> None:
        """Begin some work, unless other work is going on, and show its result.

        Parameters
        ----------
        label : str
            The name of the work, such as "Discussing".
        job : callable
            Returns the coroutine that does it.
        then : callable
            Returns the things to show, of the result or of an interim result that `tell` was given.
        """
        if self.busy:
            return
        work = BackgroundWork(lambda interim: self.show(*then(interim)), lambda: self._end(work, then))
        self._begin(work, f"{label} …")
        work.start(job)

    def tell(self, interim: Any) -> None:
        """Show an interim result; may be called from any thread, at any rate."""
        if isinstance(self.job, BackgroundWork):
            self.job.tell(interim)

    def follow(self, start: Callable[[], WatchedWork[Any]], then: Callable[[Any], Results]) -> None:
        """Begin a run or discussion, unless other work is going on; show it live, and then its result.

        Parameters
        ----------
        start : callable
            Returns the run or discussion under way.
        then : callable
            Returns the things to show of the result.
        """
        if self.busy:
            return
        live = start()
        self._begin(live, "")
        self.show(live.widget)
        live.on_end(lambda ended: self._end(ended, then))

    def stop(self) -> None:
        """Stop the work; whatever is done by then is kept."""
        if self.busy and self.job is not None:
            self._stopped = True
            self.job.stop()

    def wait(self, timeout: float | None = None) -> Any:
        """Wait for the end of the work, and return its result; an interrupt stops it.

        Parameters
        ----------
        timeout : float, optional
            In seconds.

        Raises
        ------
        SyndiscoError
            If it failed, with the message that is shown.
        TimeoutError
            If the work is not over by then.
        """
        if self.job is None:
            return None
        try:
            result = self.job.wait(timeout)
        except SyndiscoError:
            self._idle.wait(_GRACE_S)  # until the form shows it, too
            raise
        self._idle.wait(_GRACE_S)
        return result

    def show(self, *things: Any) -> None:
        """Show these things in place of any others."""
        self._shown.children = [as_widget(thing) for thing in things]

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show the state of the work; `wrong` marks an error."""
        role, name = ("alert", "snb-fault") if wrong else ("status", None)
        self._status.value = tag("div", text, class_=name, role=role) if text else ""

    def attempt(self, act: Callable[[], Any]) -> None:
        """Call a function that returns soon, or show its error."""
        try:
            act()
        except SyndiscoError as error:
            self.say(str(error), wrong=True)

    def _begin(self, job: BackgroundWork | WatchedWork[Any], text: str) -> None:
        self.job, self._stopped = job, False
        self._idle.clear()
        self._set_busy(busy=True)
        self.say(text)

    def _end(self, job: BackgroundWork | WatchedWork[Any], then: Callable[[Any], Results]) -> None:
        if job.message:
            self.say(job.message, wrong=True)
        else:
            self.say("Stopped. Finished work is saved." if self._stopped else "")
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
        return f"<ActionBar: {self.job.state if self.job else 'idle'}>"


def as_widget(thing: Any) -> ipywidgets.DOMWidget:
    """Return a widget as it is, and anything else as a notebook would show it, which is safe HTML."""
    return thing if isinstance(thing, ipywidgets.DOMWidget) else ipywidgets.HTML(bundle(thing)["text/html"])
