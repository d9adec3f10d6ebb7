"""`WatchedWork`: work in the background, with a view that follows it."""

import contextlib
import importlib
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from syndisco_nb.display import bundle
from syndisco_nb.errors import SyndiscoError
from syndisco_nb.watching.folder_watcher import Snapshot
from syndisco_nb.widgets.background_work import BackgroundWork, in_words
from syndisco_nb.widgets.live.live_view import LiveView

_BEAT_S = 0.2
"""The shortest time between two looks."""
_REST = 15
"""The wait after a look, in times of its processor time: watching takes at most a sixteenth of a core."""
_GRACE_S = 5.0
"""The time that interrupted work has to end."""


Result = TypeVar("Result")


class WatchedWork(ABC, Generic[Result]):
    """Work in the background, with a view that follows it; at the end the view becomes the page of the result.

    Parameters
    ----------
    widget : LiveView
    job : callable, optional
        Returns a coroutine, which is started at once. Without a job, work of somebody else is watched.

    Attributes
    ----------
    widget : LiveView
    message : str
        The error of work that failed, in words; otherwise "".
    """

    def __init__(self, widget: LiveView, job: Callable[[], Coroutine[Any, Any, Any]] | None) -> None:
        self.widget = widget
        self.message = ""
        self._wake, self._over = threading.Event(), threading.Event()
        self._work = BackgroundWork(lambda _: None, self._wake.set)
        self._stopping = False
        self._result: Result | None = None
        self._lock = threading.Lock()
        self._final: dict[str, str] = {}
        self._handles: list[Any] = []
        self._callbacks: list[Callable[[Any], None]] = []
        self._snapshot = self._look()
        if job is not None:
            self._work.start(job)
        if self._ended():
            self._end()
        else:
            self._show()
            threading.Thread(target=self._watch, name=f"view of {self!r}", daemon=True).start()

    @property
    @abstractmethod
    def state(self) -> str:
        """The state of the work, as the view shows it."""

    @property
    def result(self) -> Result | None:
        """The result so far, such as a `Run` or `Study`; None before there is any."""
        if self._result is None:
            with contextlib.suppress(SyndiscoError):
                return self._find_result()
        return self._result

    @abstractmethod
    def stop(self) -> None:
        """Stop the work; whatever is done is kept."""

    @abstractmethod
    def _look(self) -> Snapshot:
        """Return the state of what is watched."""

    @abstractmethod
    def _find_result(self) -> Result | None:
        """Return the result so far."""

    def wait(self, timeout: float | None = None) -> Result | None:
        """Wait for the end, and return the result.

        Kernel › Interrupt stops work of this process; its unfinished result is returned.

        Parameters
        ----------
        timeout : float, optional
            In seconds.

        Raises
        ------
        SyndiscoError
            If the work failed, with the message that is shown.
        TimeoutError
            If it is not over by then; it goes on.
        """
        try:
            if not self._over.wait(timeout):
                raise TimeoutError(f"{self!r} is still in progress after {timeout} seconds.")
        except KeyboardInterrupt:
            if not self._runs_here():
                raise
            self.stop()
            self._over.wait(_GRACE_S)
        if self.message:
            raise SyndiscoError(self.message)
        return self.result

    def on_end(self, callback: "Callable[[Any], None]") -> None:
        """Register a function that is called with this object when the work is over; at once if it is."""
        with self._lock:
            if not self._over.is_set():
                self._callbacks.append(callback)
                return
        callback(self)

    def _ipython_display_(self) -> None:
        """Show the view in this cell, and the result once it is over."""
        display: Any = importlib.import_module("IPython.display").display
        with self._lock:
            if not self._over.is_set():
                self._handles.append(display(self.widget, display_id=True))
                return
        display(self._final or bundle(self), raw=True)

    def _watch(self) -> None:
        while not self._ended():
            before = time.thread_time()
            try:
                self._snapshot = self._look()
                self._show()
            except Exception as error:  # on this thread nobody would see it
                self.widget.head = {**self.widget.head, "trouble": in_words(error)}
            self._wake.wait(max(_BEAT_S, _REST * (time.thread_time() - before)))
            self._wake.clear()
        self._end()

    def _ended(self) -> bool:
        return self._work.state in ("done", "stopped", "failed") or (self._work.state == "idle" and self._snapshot.over)

    def _show(self) -> None:
        self.widget.show(self._snapshot, self.state, self.message)

    def _end(self) -> None:
        """Show the end in the page and in the cells that show it, and release all who wait."""
        self.message = self._work.message
        try:
            self._snapshot = self._look()
            self._result = self._find_result()
        except (SyndiscoError, OSError) as error:
            self.message = self.message or in_words(error)
        self._show()
        with self._lock:
            self._over.set()
            callbacks, handles = self._callbacks, self._handles
        self._final = bundle(self)
        for handle in handles:
            handle.update(self._final, raw=True)
        # Displays cannot be updated in a page loaded anew, nor among other widgets.
        self.widget.final_page = self._final["text/html"]
        for callback in callbacks:
            callback(self)

    def _runs_here(self) -> bool:
        return self._work.state == "running" or self._snapshot.in_this_process
