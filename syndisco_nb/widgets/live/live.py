"""`Live`: a run under way, to watch and to control."""

import contextlib
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from syndisco_nb.errors import RunFolderError, require
from syndisco_nb.records import GUEST
from syndisco_nb.records.unit_names import discussion_name
from syndisco_nb.running.control import RunControl, control_of
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.run import Run
from syndisco_nb.watching.folder_watcher import FolderWatcher, Snapshot, result_of
from syndisco_nb.widgets.live.live_view import LiveView
from syndisco_nb.widgets.live.watched_work import WatchedWork

Made = Run[Any] | ConditionRuns[Any]


class Live(WatchedWork[Made]):
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

    def __init__(self, folder: PathLike, job: Callable[[], Coroutine[Any, Any, Made]] | None = None) -> None:
        self.folder = Path(folder).expanduser()
        self._watcher = FolderWatcher(self.folder)
        if job is None:
            self._watcher.refuse_strangers()
        actions = (self.pause, self.resume, self.stop, self.skip, self.undo_skip, self.inject)
        by_name = {action.__name__: action for action in actions}
        super().__init__(LiveView(self.folder, by_name, self._watcher.unit, self._watcher.speaking), job)

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

    def pause(self) -> None:
        """Send no further requests to models until `resume`; answers under way are awaited and kept.

        Of a study, all conditions are paused; ``snb.watch("runs/pilot/none").pause()`` pauses one of them.

        Raises
        ------
        RunFolderError
            If the run is not one of this process; so do the methods below.
        """
        for control in self._controls():
            control.pause()
        self._wake.set()

    def resume(self) -> None:
        """Continue after `pause`."""
        for control in self._controls():
            control.resume()
        self._wake.set()

    def stop(self) -> None:
        """Stop the run; all finished turns are kept, and the next run on the folder continues."""
        if self._work.state == "running":
            self._work.stop()
        else:
            for control in self._controls():
                control.stop()
        self._stopping = True
        self._wake.set()

    def skip(self, discussion: str | int) -> None:
        """Skip a discussion, or an annotation of one; `undo_skip` or the next run continues it.

        Parameters
        ----------
        discussion : str or int
            Its name or number: ``"discussion-00003"`` or 3. In a study ``"facilitator/discussion-00003"``; without the
            condition, that of the only condition under way.
        """
        control, unit = self._found(discussion)
        control.skip(unit)
        self._wake.set()

    def undo_skip(self, discussion: str | int) -> None:
        """Continue a discussion that was skipped, as if it never had been; possible until the run is over.

        Parameters
        ----------
        discussion : str or int
            As in `skip`.
        """
        control, unit = self._found(discussion)
        control.undo_skip(unit)
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
        control, unit = self._found(discussion)
        control.inject(unit, text, name)
        self._wake.set()

    def __repr__(self) -> str:
        snapshot = self._snapshot
        done = f"{snapshot.finished:,} of {snapshot.total:,} {snapshot.noun}s" if snapshot.total else "nothing yet"
        return f"<Live {str(self.folder)!r}: {self.state}, {done}>"

    def _look(self) -> Snapshot:
        return self._watcher.look()

    def _find_result(self) -> Made | None:
        made: Made | None = self._work.result
        return result_of(self.folder) if made is None else made

    def _controls(self, condition: str = "") -> list[RunControl]:
        """Return the controls of all runs under way, or of the run of a condition; raise an error if there is none."""
        folders = [self.folder / condition] if condition else [*dict.fromkeys([self.folder, *self._watcher.folders])]
        found = []
        for folder in folders:
            with contextlib.suppress(RunFolderError):
                found.append(control_of(folder))
        return found or [control_of(folders[0])]  # raises the error that says why

    def _found(self, discussion: str | int) -> tuple[RunControl, str]:
        """Return the control of the run that has a discussion, and the discussion's name."""
        condition, unit = _named(discussion)
        controls = self._controls(condition)
        require(
            len(controls) == 1,
            f"{len(controls)} conditions have a {unit}. Name one of them, as in "
            f"{f'{controls[0].folder.name}/{unit}'!r}.",
            "discussion",
        )
        return controls[0], unit


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
