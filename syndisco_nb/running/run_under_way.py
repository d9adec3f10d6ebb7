"""`RunUnderWay`: one run while it is worked on, alone or together with others."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Self

from syndisco_nb.backend.model.base import run_folder
from syndisco_nb.errors import NewerVersionError, StorageError
from syndisco_nb.jobs import cancelled, failed_request
from syndisco_nb.running.control import RunControl
from syndisco_nb.running.opened_run import OpenedRun
from syndisco_nb.running.progress import CircuitBreaker, RunProgress, WorkBar
from syndisco_nb.runs.layout import Status
from syndisco_nb.runs.order_of_work import Outcome

logger = logging.getLogger(__name__)


class RunUnderWay:
    """A run while it is worked on: its folder says so, and its control can be found.

    Parameters
    ----------
    opened : OpenedRun
    bar : WorkBar
        The bar of all runs that go on together.
    breaker : CircuitBreaker
        The one of its models.
    on_change : callable
        As in `RunControl`.

    Attributes
    ----------
    breaker : CircuitBreaker
    control : RunControl
    progress : RunProgress
    under_way : int
        Number of units that are being worked on.
    status : str
        As `Run.status`.
    """

    def __init__(self, opened: OpenedRun, bar: WorkBar, breaker: CircuitBreaker, on_change: Callable[[], None]) -> None:
        self.folder, self.breaker = opened.folder, breaker
        self.status: Status = "running"
        self.under_way = 0
        self._opened = opened
        left, pending = opened.left, opened.pending
        self._is_part = len(opened.unfinished) > len(pending)
        self._places = {unit: place for place, unit in enumerate(opened.units)}
        self.progress = RunProgress(
            opened.folder.path.name, bar, breaker, len(opened.units) - len(left), len(opened.units)
        )
        holds_discussions = opened.folder.kind == "discussions"
        self.control = RunControl(self.folder.path, pending, holds_discussions, self._mark_pause, on_change)
        self._using = contextlib.ExitStack()

    def __enter__(self) -> Self:
        if self.is_done:
            self.end()
            return self
        self.folder.write_status("running")
        logger.info("%s started: %s finished, %d to do", self.folder.path, self.progress, len(self.control.pending))
        with contextlib.ExitStack() as using:
            using.enter_context(self.control)
            for model in self._opened.models:
                using.enter_context(model.in_use(self.folder.path))
            self._using = using.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._using.close()

    @property
    def is_going(self) -> bool:
        """True until the run has ended."""
        return self.status == "running"

    @property
    def is_done(self) -> bool:
        """True if no unit is left; a skipped one may come back."""
        return not self.control.pending and not self.under_way

    @property
    def next_place(self) -> int | None:
        """The place of the next unit to begin among all units of the run; None if none can begin now."""
        unit = None if self.breaker.is_open or not self.is_going else self.control.next_unit
        return None if unit is None else self._places[unit]

    def take(self) -> str:
        """Take the next unit from the queue."""
        unit = self.control.next_unit
        assert unit is not None  # noqa: S101  (the caller has seen its place)
        self.control.take(unit)
        self.under_way += 1
        return unit

    async def work_on(self, unit: str) -> None:
        """Work on a unit, in a task of its own. Its own failure is recorded; an error that ends the run is raised."""
        run_folder.set(self.folder.path)
        outcome: Outcome = "stopped"
        self.folder.order.append(unit, "began")
        try:
            with self.control.working_on(unit):
                await self._opened.work(unit, self.progress, self.control)
        except (Exception, asyncio.CancelledError) as error:
            if _ends_run(error):
                raise
            outcome = "failed"
            request = failed_request(error)
            self.folder.fail(unit, error, *((request.turn, request.prompt) if request else ()))
            self.progress.fail(error)
        else:
            outcome = "skipped" if unit in self.control.pending else "finished"
            self.progress.skip() if outcome == "skipped" else self.progress.finish()
            logger.info("%s %s in %s", unit, outcome, self.folder.path)
        finally:
            self.under_way -= 1
            with contextlib.suppress(StorageError) if outcome == "stopped" else contextlib.nullcontext():
                self.folder.order.append(unit, outcome)  # the error that stopped it says more
        if self.is_done and not self.breaker.is_open:
            self.end()

    def end(self, status: Status | None = None, reason: str = "") -> Status:
        """Write the status that the run ends in, once.

        Parameters
        ----------
        status : str, optional
            As in `Run.status`; by default, it follows from what was done.
        reason : str
            As in `Run.reason`.
        """
        if self.is_going:
            self.status = status or self._status()
            logger.info("%s %s: %s finished", self.folder.path, self.status, self.progress)
            self._using.close()
            self.folder.write_status(self.status, self._opened.skipped, reason)
        return self.status

    def _status(self) -> Status:
        if self.progress.failed:
            return "partial"
        return "interrupted" if self._is_part or self.control.pending else "finished"

    def _mark_pause(self) -> None:
        with contextlib.suppress(StorageError):  # the next write raises it again
            self.folder.write_status("paused" if self.control.paused else "running")


def _ends_run(error: BaseException) -> bool:
    """Return whether an error ends the run instead of one unit; a CancelledError does if the run was cancelled."""
    if isinstance(error, asyncio.CancelledError):
        return cancelled()
    return isinstance(error, StorageError | NewerVersionError)
