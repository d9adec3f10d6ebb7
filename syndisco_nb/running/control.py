"""Control a run under way: pause it, stop it, skip a discussion, add a comment to one.

The lock of a run folder keeps other processes out. Within this process, a register finds the control of the run that
writes to a folder; it is the only shared state of the package.
"""

import asyncio
import contextlib
import functools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from syndisco_nb.backend.model.request import Situation
from syndisco_nb.errors import InvalidInputError, RunFolderError, require
from syndisco_nb.jobs import Discussion
from syndisco_nb.records import GUEST, remark

_WATCHED_S = 10.0  # after a look: longer than a view waits between two, shorter than people watch

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
        Whether the units are discussions, to which comments can be added.
    on_pause : callable
        Called on the run's loop when the run is paused or resumed.
    on_change : callable
        Called on the run's loop when there may be another unit to begin.

    Attributes
    ----------
    paused : bool
    pending : set of str
        Names of the units that are neither finished nor failed.
    skipped : set of str
        Names of the units that are skipped.
    needs_attention : bool
        True while the run is paused or a remark waits. A discussion checks this flag alone before `wait_while_paused`.
    """

    def __init__(
        self,
        folder: Path,
        units: Collection[str],
        holds_discussions: bool,
        on_pause: Callable[[], None],
        on_change: Callable[[], None],
    ) -> None:
        self.folder = folder
        self.paused = False
        self.pending = set(units)
        self.skipped: set[str] = set()
        self.needs_attention = False
        self._queue = OrderedDict.fromkeys(units)
        self._cancelled: set[str] = set()
        self._holds_discussions = holds_discussions
        self._on_pause, self._on_change = on_pause, on_change
        self._loop = asyncio.get_running_loop()
        self._run = asyncio.current_task()
        self._tasks: dict[str, asyncio.Task[object] | None] = {}
        self._discussions: dict[str, Discussion] = {}
        self._watched_until: dict[str, float] = {}
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
        """Stop the run, and those that go on together with it, as an interrupt does; the next run continues them."""
        self._loop.call_soon_threadsafe(self._stop)

    def skip(self, unit: str) -> None:
        """Skip a unit: its journal stays, and the next run continues it, or `undo_skip` while this one goes on.

        Raises
        ------
        InvalidInputError
            If it is finished, has failed, or is not a unit of the run.
        """
        self._require(unit, unit in self.pending)
        self._loop.call_soon_threadsafe(self._skip, unit)

    def undo_skip(self, unit: str) -> None:
        """Continue a skipped unit as soon as there is a place for it; one that is not skipped stays as it is.

        Raises
        ------
        InvalidInputError
            As for `skip`.
        """
        self._require(unit, unit in self.pending)
        self._loop.call_soon_threadsafe(self._undo_skip, unit)

    def inject(self, unit: str, text: str, name: str = GUEST) -> None:
        """Add a comment to a discussion before its next turn; see `Discussion.inject`.

        Raises
        ------
        InvalidInputError
            If the discussion is not in progress, or `text` or `name` are empty.
        """
        require(self._holds_discussions, f"{self.folder} holds annotations. Comments can be added to discussions only.")
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
        discussion.is_watched = functools.partial(self.is_watched, unit)

    def is_watched(self, unit: str) -> bool:
        """Return whether somebody has looked at what is said in a discussion a moment ago."""
        return time.monotonic() < self._watched_until.get(unit, 0.0)

    def speaking(self, unit: str) -> Situation | None:
        """Return the request that a discussion waits for, with the reply so far; None if there is none.

        For a while from then on, `is_watched` is true, and servers stream its replies.
        """
        self._watched_until[unit] = time.monotonic() + _WATCHED_S
        discussion = self._discussions.get(unit)
        return discussion.speaking if discussion else None

    @property
    def next_unit(self) -> str | None:
        """The next unit to begin; None while the run is paused, and if there is none."""
        return None if self.paused else next(iter(self._queue), None)

    def take(self, unit: str) -> None:
        """Take a unit from the queue, for a task that will be `working_on` it."""
        del self._queue[unit]
        self._tasks[unit] = None

    async def wait_while_paused(self, unit: str) -> list[tuple[str, str]]:
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
        """Mark a unit as worked on by this task; if it is skipped, its work is cancelled, but not the task."""
        task = asyncio.current_task()
        self._tasks[unit] = task
        if unit in self.skipped:  # after it was taken
            self._cancel(unit)
        is_cancelled = False
        try:
            yield
        except asyncio.CancelledError:
            # If it was cancelled twice, the run is being stopped as well.
            is_cancelled = unit in self._cancelled and not (task and task.uncancel())
            if not is_cancelled:
                raise
        finally:
            del self._tasks[unit]
            self._discussions.pop(unit, None)
            self._watched_until.pop(unit, None)
            self._cancelled.discard(unit)
            if not is_cancelled:
                self.pending.discard(unit)
                self.skipped.discard(unit)
            elif unit not in self.skipped:  # undone before the work had ended
                self._enqueue(unit)

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
        self._on_change()

    def _stop(self) -> None:
        if self._run and not self._run.cancelling():  # a second call would cut off what the first one left to do
            self._run.cancel()

    def _skip(self, unit: str) -> None:
        if unit not in self.pending:  # it ended meanwhile
            return
        self.skipped.add(unit)
        self._queue.pop(unit, None)
        self._cancel(unit)

    def _cancel(self, unit: str) -> None:
        """Cancel the task that works on a unit, if there is one."""
        task = self._tasks.get(unit)
        if task and unit not in self._cancelled:
            self._cancelled.add(unit)
            task.cancel()

    def _undo_skip(self, unit: str) -> None:
        if unit in self.skipped:
            self.skipped.discard(unit)
            if unit not in self._tasks:
                self._enqueue(unit)

    def _enqueue(self, unit: str) -> None:
        """Make a unit the next to work on."""
        self._queue[unit] = None
        self._queue.move_to_end(unit, last=False)
        self._wake()

    def _require(self, unit: str, fits: bool) -> None:
        if not fits:
            known = f"In progress: {', '.join(sorted(self._tasks))}." if self._tasks else "Nothing is in progress."
            state = "not in progress" if unit in self.pending else "finished, failed, or not of this run"
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
