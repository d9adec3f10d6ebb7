"""`Dispatcher`: begins the units of several runs, some at a time, interleaved by their places."""

import asyncio
from collections.abc import Callable, Sequence

from syndisco_nb.errors import RunFailedError, said
from syndisco_nb.running.progress import CircuitBreaker
from syndisco_nb.running.run_under_way import RunUnderWay


class Dispatcher:
    """Works on the units of several runs: the first of each run, then the second of each, and so on.

    Parameters
    ----------
    limit : callable
        Returns the number of units under way at once, of all runs; more when workers join a cluster, for example.
        Units of a paused run do not count: others get their places.

    Attributes
    ----------
    changed : asyncio.Event
        To be set when there may be another unit to begin.
    failed : list of RunUnderWay
        The runs in which an error arose that ends all.
    """

    def __init__(self, limit: Callable[[], int]) -> None:
        self.changed = asyncio.Event()
        self.failed: list[RunUnderWay] = []
        self._limit = limit
        self._runs: Sequence[RunUnderWay] = ()
        self._tasks: set[asyncio.Task[None]] = set()
        self._error: BaseException | None = None

    async def work(self, runs: Sequence[RunUnderWay]) -> None:
        """Work on all units.

        Parameters
        ----------
        runs : sequence of RunUnderWay

        Raises
        ------
        RunFailedError
            If 10 units in a row fail, of runs with the same models.
        StorageError
            If a folder cannot be written.
        """
        self._runs = runs
        try:
            while True:
                self.changed.clear()
                self._check()
                self._begin_units()
                if self._is_over():
                    break
                await self.changed.wait()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _check(self) -> None:
        """Raise the error that ends all, if there is one."""
        if self._error:
            raise self._error
        for breaker in {run.breaker for run in self._runs if run.breaker.is_open}:
            stuck = [run for run in self._runs if run.breaker is breaker]
            if not any(run.under_way for run in stuck):
                self.failed = stuck
                raise _too_many_failures(breaker, len(self._runs) > 1)

    def _begin_units(self) -> None:
        """Begin units as long as there is a place for one."""
        while sum(run.under_way for run in self._runs if not run.control.paused) < self._limit():
            ready = [(place, number) for number, run in enumerate(self._runs) if (place := run.next_place) is not None]
            if not ready:
                break
            run = self._runs[min(ready)[1]]
            self._begin(run, run.take())
        self._share_time()

    def _begin(self, run: RunUnderWay, unit: str) -> None:
        task = asyncio.create_task(run.work_on(unit))

        def end(_: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            error = None if task.cancelled() else task.exception()
            if error and not self._error:
                self._error, self.failed = error, [run]
            self.changed.set()

        self._tasks.add(task)
        task.add_done_callback(end)

    def _is_over(self) -> bool:
        """Return whether nothing is under way and nothing will be: of a paused run, a skipped unit may come back."""
        return not self._tasks and not any(run.control.paused for run in self._runs if run.is_going)

    def _share_time(self) -> None:
        """Share the time among the runs by the number of their units under way."""
        going = [run for run in self._runs if run.is_going and not run.control.paused]
        all_units = sum(run.under_way for run in going)
        for run in going if len(self._runs) > 1 else ():
            run.folder.count_share(run.under_way / all_units if all_units else 1 / len(going))


def _too_many_failures(breaker: CircuitBreaker, is_study: bool) -> RunFailedError:
    error = breaker.in_a_row[-1][1]
    cause = f"{type(error).__name__}: {said(error).rstrip('.')}"
    names = ", ".join(dict.fromkeys(repr(run) for run, _ in breaker.in_a_row))
    place = f" in the condition{'s' * (',' in names)} {names}" if is_study else ""
    return RunFailedError(
        f"Stopped after {breaker.failed} failures{place}, the last {len(breaker.in_a_row)} of them in a row. The last "
        f"error is {cause}. Fix the cause, then begin again with the same settings: the run continues."
    )
