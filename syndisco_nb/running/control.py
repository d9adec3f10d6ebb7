"""Control a run under way: pause it, stop it, set a discussion aside, say something in one.

The lock of a run folder keeps other processes out. Within this process, a register finds the control of the run that
writes to a folder; it is the only shared state of the package.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from syndisco_nb.backend.model.request import Situation
from syndisco_nb.errors import InvalidInputError, RunFolderError, require
from syndisco_nb.jobs import Discussion
from syndisco_nb.records import GUEST, remark

_under_way: dict[Path, "RunControl"] = {}


class RunControl:
    """Control of a run that is under way, from any thread.

    Parameters
    ----------
    folder : Path
        The run's folder.
    units : collection of str
        Names of the units to work on.
    holds_discussions : bool
        Whether the units are discussions, in which something can be said.
    on_pause : callable
        Called on the run's loop when the run is paused or resumed.

    Attributes
    ----------
    paused : bool
    skipped : set of str
        Names of the units that were set aside.
    needs_attention : bool
        True while the run is paused or a remark waits. The run checks this flag alone before `wait_while_paused`.
    """

    def __init__(
        self, folder: Path, units: Collection[str], holds_discussions: bool, on_pause: Callable[[], None]
    ) -> None:
        self.folder = folder
        self.paused = False
        self.skipped: set[str] = set()
        self.needs_attention = False
        self._pending = set(units)
        self._holds_discussions = holds_discussions
        self._on_pause = on_pause
        self._stopped = False
        self._loop = asyncio.get_running_loop()
        self._run = asyncio.current_task()
        self._tasks: dict[str, asyncio.Task[object] | None] = {}
        self._discussions: dict[str, Discussion] = {}
        self._remarks: dict[str, list[tuple[str, str]]] = {}
        self._lock = threading.Lock()
        self._changed = asyncio.Event()

    @property
    def under_way(self) -> set[str]:
        """Names of the units that are being worked on."""
        return set(self._tasks)

    def pause(self) -> None:
        """Send no more requests until `resume`; those that were sent are answered and kept.

        An annotation sends all requests about one discussion at once, so only new annotations wait.
        """
        self._set_paused(paused=True)

    def resume(self) -> None:
        """Go on after `pause`."""
        self._set_paused(paused=False)

    def stop(self) -> None:
        """Stop the run, as an interrupt does; the next run on the folder continues it."""
        if not self._stopped and self._run:
            self._stopped = True
            self._loop.call_soon_threadsafe(self._run.cancel)

    def skip(self, unit: str) -> None:
        """Set a unit aside: its journal stays, and the next run continues it.

        Raises
        ------
        InvalidInputError
            If it is finished, or not a unit of the run.
        """
        self._require(unit, unit in self._pending)
        self._loop.call_soon_threadsafe(self._skip, unit)

    def inject(self, unit: str, text: str, name: str = GUEST) -> None:
        """Say something in a discussion, before its next turn; see `Discussion.inject`.

        Raises
        ------
        InvalidInputError
            If the discussion is not under way, or `text` or `name` are empty.
        """
        require(self._holds_discussions, f"{self.folder} holds annotations. Something can be said in discussions only.")
        self._require(unit, unit in self._tasks)
        new = remark(text, name)
        with self._lock:
            self._remarks.setdefault(unit, []).append(new)
            self._notify()

    def register(self, unit: str, discussion: Discussion) -> None:
        """Register the discussion of a unit, so that `speaking` finds it.

        Parameters
        ----------
        unit : str
        discussion : Discussion
        """
        self._discussions[unit] = discussion

    def speaking(self, unit: str) -> Situation | None:
        """Return the request that a discussion waits for, with the reply so far; None if there is none."""
        discussion = self._discussions.get(unit)
        return discussion.speaking if discussion else None

    async def wait_while_paused(self, unit: str = "") -> list[tuple[str, str]]:
        """Wait until the run goes on, or a unit has remarks; return the remarks."""
        while True:
            if remarks := self.take_remarks(unit):
                return remarks
            if not self.paused:
                return []
            await self._changed.wait()

    def take_remarks(self, unit: str) -> list[tuple[str, str]]:
        """Remove and return the remarks (text and name) for a unit."""
        with self._lock:
            remarks = self._remarks.pop(unit, [])
            if remarks:
                self._notify()
        return remarks

    @contextlib.contextmanager
    def working_on(self, unit: str) -> Iterator[None]:
        """Mark a unit as worked on by this task; if it is set aside, its work is cancelled, but not the task."""
        task = asyncio.current_task()
        self._tasks[unit] = task
        try:
            yield
            self._pending.discard(unit)
        except asyncio.CancelledError:
            # If it was cancelled twice, the run is being stopped as well.
            if unit not in self.skipped or (task and task.uncancel()):
                raise
        finally:
            del self._tasks[unit]
            self._discussions.pop(unit, None)

    def __enter__(self) -> "RunControl":
        _under_way[self.folder.resolve()] = self
        return self

    def __exit__(self, *_: object) -> None:
        del _under_way[self.folder.resolve()]

    def __repr__(self) -> str:
        return f"<RunControl of {str(self.folder)!r}: {'paused' if self.paused else 'running'}>"

    def _set_paused(self, *, paused: bool) -> None:
        with self._lock:
            if self.paused == paused:
                return
            self.paused = paused
            self._notify()
        self._loop.call_soon_threadsafe(self._report_pause)

    def _report_pause(self) -> None:
        if _under_way.get(self.folder.resolve()) is self:  # once it is over, its status is final
            self._on_pause()

    def _notify(self) -> None:
        """Wake the run after a change; call with the lock held."""
        self.needs_attention = self.paused or bool(self._remarks)
        self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _skip(self, unit: str) -> None:
        if unit in self._pending and unit not in self.skipped:
            self.skipped.add(unit)
            if task := self._tasks.get(unit):
                task.cancel()

    def _require(self, unit: str, fits: bool) -> None:
        if not fits:
            known = f"Under way are: {', '.join(sorted(self._tasks))}." if self._tasks else "Nothing is under way."
            state = "not under way" if unit in self._pending else "finished, or not of this run"
            raise InvalidInputError(f"{unit!r} is {state}. {known}")


def control_of(folder: Path) -> RunControl:
    """Return the control of the run that is writing to a folder in this process.

    Raises
    ------
    RunFolderError
        If there is none.
    """
    control = _under_way.get(folder.resolve())
    if control is None:
        raise RunFolderError(
            f"No run is writing to {folder} in this process, so it cannot be controlled from here. Control it "
            "where it was started, or start it here to continue it."
        )
    return control
