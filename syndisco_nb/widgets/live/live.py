"""`Live`: a run under way, to watch and to control."""

import contextlib
import importlib
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from syndisco_nb.display import bundle
from syndisco_nb.errors import RunFolderError, SyndiscoError
from syndisco_nb.records import GUEST
from syndisco_nb.records.unit_names import discussion_name
from syndisco_nb.running.control import RunControl, control_of
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.run import Run
from syndisco_nb.watching.folder_watcher import FolderWatcher, result_of
from syndisco_nb.widgets.background_work import BackgroundWork, in_words
from syndisco_nb.widgets.live.live_view import LiveView

Result = Run[Any] | ConditionRuns[Any]

_BEAT_S = 0.2
"""The shortest time between two looks at the folder."""
_REST = 15
"""The wait after a look, in times of its processor time: watching takes at most a sixteenth of a core."""
_GRACE_S = 5.0
"""The time that an interrupted run has to end."""


class Live:
    """A run under way: it shows itself in a notebook, and can be paused, stopped and spoken to.

    It reads the run folder, so it shows any run: of this notebook, of another one, or of another process. Other cells
    can be run meanwhile. When the run is over, the output becomes the run itself.

    Parameters
    ----------
    folder : str or path-like
        The folder of a run or of a study; it need not exist yet.
    job : callable, optional
        Returns a coroutine that makes the run and returns its `Run` or `Study`; it is started at once. Without a job
        the run is only watched.

    Raises
    ------
    RecordError
        If the folder to watch holds something else.

    Attributes
    ----------
    folder : Path
    widget : ipywidgets.DOMWidget
        The widget that is shown, to be placed among other widgets.
    message : str
        The error of a run that failed, in words; otherwise "".
    """

    def __init__(self, folder: PathLike, job: Callable[[], Coroutine[Any, Any, Result]] | None = None) -> None:
        self.folder = Path(folder).expanduser()
        self._watcher = FolderWatcher(self.folder)
        if job is None:
            self._watcher.refuse_strangers()
        self._snapshot = self._watcher.look()
        self._wake, self._over = threading.Event(), threading.Event()
        self._work = BackgroundWork(lambda _: None, self._wake.set)
        self._stopping = False
        self._result: Result | None = None
        self.message = ""
        self._lock = threading.Lock()
        self._final: dict[str, str] = {}
        self._handles: list[Any] = []
        self._callbacks: list[Callable[[Live], None]] = []
        actions = {
            action.__name__: action
            for action in (self.pause, self.resume, self.stop, self.skip, self.undo_skip, self.inject)
        }
        self.widget = LiveView(self.folder, actions, self._watcher.unit, self._watcher.speaking)
        if job is not None:
            self._work.start(job)
        if self._ended():
            self._end()
        else:
            self._show()
            threading.Thread(target=self._watch, name=f"live view of {self.folder}", daemon=True).start()

    @property
    def state(self) -> str:
        """The state of the run.

        "waiting" before it begins; "running", "paused" or "stopping"; then "finished", "partial", "interrupted" or
        "failed", as `Run.status`; "killed" if its process ended without writing a status.
        """
        status, over = self._snapshot.status, self._snapshot.over
        match self._work.state:
            case "failed":
                return "failed"
            case "running":
                return "stopping" if self._stopping else "paused" if status == "paused" else "running"
            case "done" | "stopped":
                return status if over else "interrupted"
        return "stopping" if self._stopping and not over else status

    @property
    def result(self) -> Result | None:
        """The `Run` or `Study` so far; None before it begins."""
        if self._result is None:
            with contextlib.suppress(SyndiscoError):
                return result_of(self.folder)
        return self._result

    def wait(self, timeout: float | None = None) -> Result | None:
        """Wait for the end, and return the `Run` or `Study`.

        Kernel › Interrupt stops a run of this process; the unfinished `Run` or `Study` is returned.

        Parameters
        ----------
        timeout : float, optional
            In seconds.

        Raises
        ------
        SyndiscoError
            If the run failed, with the message that is shown.
        TimeoutError
            If the run is not over by then; it goes on.
        """
        try:
            if not self._over.wait(timeout):
                raise TimeoutError(f"The run in {self.folder} is still under way after {timeout} seconds.")
        except KeyboardInterrupt:
            if not self._runs_here():
                raise
            self.stop()
            self._over.wait(_GRACE_S)
        if self.message:
            raise SyndiscoError(self.message)
        return self.result

    def pause(self) -> None:
        """Send no further requests to models until `resume`; answers under way are awaited and kept.

        Raises
        ------
        RunFolderError
            If the run is not one of this process; so do the methods below.
        """
        self._control().pause()
        self._wake.set()

    def resume(self) -> None:
        """Continue after `pause`."""
        self._control().resume()
        self._wake.set()

    def stop(self) -> None:
        """Stop the run; all finished turns are kept, and the next run on the folder continues."""
        if self._work.state == "running":
            self._work.stop()
        else:
            self._control().stop()
        self._stopping = True
        self._wake.set()

    def skip(self, discussion: str | int) -> None:
        """Skip a discussion, or an annotation of one; `undo_skip` or the next run continues it.

        Parameters
        ----------
        discussion : str or int
            Its name or number: ``"discussion-00003"`` or 3. In a study ``"facilitator/discussion-00003"``; without the
            condition, the one under way is meant.
        """
        condition, unit = _named(discussion)
        self._control(condition).skip(unit)
        self._wake.set()

    def undo_skip(self, discussion: str | int) -> None:
        """Continue a discussion that was skipped, as if it never had been; possible until the run is over.

        Parameters
        ----------
        discussion : str or int
            As in `skip`.
        """
        condition, unit = _named(discussion)
        self._control(condition).undo_skip(unit)
        self._wake.set()

    def inject(self, discussion: str | int, text: str, name: str = GUEST) -> None:
        """Add a comment to a discussion before its next turn; see `Discussion.inject`.

        Parameters
        ----------
        discussion : str or int
            As in `skip`.
        text : str
        name : str
            The speaker's name.
        """
        condition, unit = _named(discussion)
        self._control(condition).inject(unit, text, name)
        self._wake.set()

    def on_end(self, callback: "Callable[[Live], None]") -> None:
        """Register a function that is called with this `Live` when the run is over; at once if it is."""
        with self._lock:
            if not self._over.is_set():
                self._callbacks.append(callback)
                return
        callback(self)

    def __repr__(self) -> str:
        snapshot = self._snapshot
        done = f"{snapshot.finished:,} of {snapshot.total:,} {snapshot.noun}s" if snapshot.total else "nothing yet"
        return f"<Live {str(self.folder)!r}: {self.state}, {done}>"

    def _ipython_display_(self) -> None:
        """Show the view in this cell, and the run itself once it is over."""
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
                self._snapshot = self._watcher.look()
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
        self._result, self.message = self._work.result, self._work.message
        try:
            self._snapshot = self._watcher.look()
            self._result = self._result or result_of(self.folder)
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

    def _control(self, condition: str = "") -> RunControl:
        """Return the control of the run under way, or of the run of a condition."""
        folders = [self.folder / condition] if condition else [self.folder, *self._watcher.folders]
        for folder in folders:
            with contextlib.suppress(RunFolderError):
                return control_of(folder)
        return control_of(folders[0])  # raises the error that says why


def watch(folder: PathLike) -> Live:
    """Watch the run or study in a folder, of this process or of another one.

    Parameters
    ----------
    folder : str or path-like
        It need not exist yet.

    Returns
    -------
    Live
        Shows itself in a notebook. Runs of this process can also be paused and stopped.

    Raises
    ------
    RecordError
        If the folder holds something else.

    Examples
    --------
    >>> import tempfile
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Yes."), name) for name in ("Ana", "Ben")]
    >>> folder = tempfile.mkdtemp()
    >>> run = snb.DiscussionExperiment(["Tax?"], users, num_turns=4, num_discussions=2, seed=1).begin(folder)
    >>> live = snb.watch(folder)
    >>> live.state
    'finished'
    >>> len(live.wait())
    2
    """
    return Live(folder)


def _named(discussion: str | int) -> tuple[str, str]:
    """Return the condition and the name of a discussion."""
    if isinstance(discussion, int):
        return "", discussion_name(discussion)
    condition, _, unit = discussion.rpartition("/")
    return condition, unit
