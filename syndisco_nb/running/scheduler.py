"""Working on many units at once: some at a time, each failure on record, with one progress bar."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, TextIO

from tqdm.std import tqdm

from syndisco_nb.backend.model.base import Model
from syndisco_nb.errors import ModelError, NewerVersionError, RunFailedError, StorageError, said
from syndisco_nb.jobs import cancelled, failed_request
from syndisco_nb.log import warn
from syndisco_nb.running.control import RunControl
from syndisco_nb.runs.layout import Skipped, Status
from syndisco_nb.runs.writing import RunFolder
from syndisco_nb.shown import in_notebook

logger = logging.getLogger(__name__)

_bar_shown: ContextVar[bool] = ContextVar("bar_shown", default=True)

_HOPELESS = 10
"""After so many failures with nothing done in between, nothing new is begun until something is."""


class Progress:
    """How a run gets on: what its bar shows, and whether there is still hope."""

    def __init__(self, bar: "tqdm[Any]", there: int, total: int) -> None:
        self._bar = bar
        self._there, self._total = there, total
        self._hope = asyncio.Event()
        self.under_way = 0
        self.failed = 0
        self.in_vain = 0  # failures since something was last done

    def resumed(self, done: int) -> None:
        """Count turns, or labels, that an earlier attempt got done."""
        self._bar.update(done)

    def advance(self, done: int) -> None:
        """Count turns, or labels, that were done just now."""
        self._bar.update(done)
        self.in_vain = 0
        self._hope.set()

    def spare(self, turns: int) -> None:
        """Count turns that will not be held, since a discussion has ended before."""
        if turns:
            self._bar.total = (self._bar.total or 0) - turns
            self._bar.refresh()

    def finish(self) -> None:
        """Count a unit that is finished."""
        self._there += 1
        self.advance(0)

    def fail(self) -> None:
        """Count a failure."""
        self.failed += 1
        self.in_vain += 1
        self._hope.clear()
        self._bar.set_postfix(failed=self.failed)

    async def hope(self) -> None:
        """Wait until something is done."""
        await self._hope.wait()

    def __str__(self) -> str:
        return f"{self._there} of {self._total}"


Work = Callable[[str, Progress, RunControl], Awaitable[None]]
"""What is done for a unit, telling of its progress, and heeding who takes a hand in it."""


async def run_all(
    folder: RunFolder,
    units: Mapping[str, int],
    unfinished: Sequence[str],
    work: Work,
    models: Sequence[Model],
    max_concurrency: int,
    unit_name: str,
    skipped: Sequence[Skipped] = (),
    only: Collection[str] | None = None,
) -> None:
    """Work on all unfinished units, or on some `only`; one that fails never stops another.

    `units` gives the size of each, the finished ones too, in turns or labels: what the progress bar counts.

    Raises
    ------
    RunFailedError
        If one after the other fails, and nothing is done in between.
    StorageError
        If the folder cannot be written.
    """
    total = sum(units.values())
    pending = unfinished if only is None else [unit for unit in unfinished if unit in only]
    with tqdm(
        total=total,
        initial=total - sum(units[unit] for unit in unfinished),
        desc=folder.path.name,
        unit=unit_name,
        file=_bar_stream(),
        dynamic_ncols=True,
        disable=not _bar_shown.get(),
    ) as bar:
        progress = Progress(bar, there=len(units) - len(unfinished), total=len(units))

        def close(status: Status) -> None:
            if status != "finished":
                bar.set_description(f"{folder.path.name}, {status}")
            logger.info("%s %s: %s there", folder.path, status, progress)
            folder.write_status(status, skipped)

        def mark_pause() -> None:
            with contextlib.suppress(StorageError):  # whoever writes next will see it
                folder.write_status("paused" if control.paused else "running")

        control = RunControl(folder.path, pending, folder.kind == "discussions", mark_pause)
        logger.info("%s started: %s there, %d to do", folder.path, progress, len(pending))
        try:
            with control, _in_use(models):
                if pending:
                    await load_all(models)
                queue, workers = iter(pending), min(max_concurrency, len(pending))
                await _all(_worker(folder, queue, work, progress, control) for _ in range(workers))
                await control.heed()  # what follows on a run does not begin while it is paused
        except asyncio.CancelledError:
            close("interrupted")
        except (KeyboardInterrupt, SystemExit) as error:
            await _interrupted()
            close("interrupted")
            warn(f"{folder.path} was stopped by {type(error).__name__}, raised by a model or by other code of yours.")
        except BaseException as error:
            logger.error("%s stopped: %s: %s", folder.path, type(error).__name__, said(error))
            with contextlib.suppress(StorageError):  # the error under way says more
                close("failed")
            if isinstance(error, StorageError):
                safe = f"{error} Safe are {progress}, and what was done of the others."
                raise StorageError(safe) from error.__cause__
            raise
        else:
            left = len(unfinished) > len(pending) or control.skipped
            close("partial" if progress.failed else "interrupted" if left else "finished")


@contextlib.contextmanager
def _in_use(models: Iterable[Model]) -> Iterator[None]:
    """Tell all models that a run may ask them, until it is over."""
    with contextlib.ExitStack() as using:
        for model in models:
            using.enter_context(model.in_use())
        yield


async def load_all(models: Iterable[Model]) -> None:
    """Load all models, at once."""
    await asyncio.gather(*(_load(model) for model in models))


async def _load(model: Model) -> None:
    try:
        await model.load()
    except asyncio.CancelledError as error:
        if cancelled():
            raise
        raise ModelError(f"The model {model.name!r} raised CancelledError while loading.") from error


async def _interrupted() -> None:
    """Let this task be cancelled, as an interrupt does: whatever else it was to do is left out, too."""
    if task := asyncio.current_task():
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0)


async def _worker(folder: RunFolder, queue: Iterator[str], work: Work, progress: Progress, control: RunControl) -> None:
    """Work on one unit after the other, until there are no more, or no hope."""
    for unit in queue:
        if control.wanted:
            await control.heed()
        if unit in control.skipped:
            continue
        progress.under_way += 1
        try:
            with control.working_on(unit):
                await work(unit, progress, control)
        except (Exception, asyncio.CancelledError) as error:
            if _ends_run(error):
                raise
            asked = failed_request(error)
            folder.fail(unit, error, *((asked.turn, asked.prompt) if asked else ()))
            progress.fail()
            last = error
        else:
            if unit in control.skipped:
                logger.info("%s set aside in %s", unit, folder.path)
            else:
                logger.info("%s finished in %s", unit, folder.path)
                progress.finish()
            continue
        finally:
            progress.under_way -= 1
        if progress.in_vain >= _HOPELESS:
            if not progress.under_way:
                raise _stopped(progress.failed, last) from last
            await progress.hope()


def _ends_run(error: BaseException) -> bool:
    """Return whether an error is no mere failure of one unit; a CancelledError is one if nobody did cancel."""
    if isinstance(error, asyncio.CancelledError):
        return cancelled()
    return isinstance(error, StorageError | NewerVersionError)


def _stopped(failed: int, error: BaseException) -> RunFailedError:
    cause = f"{type(error).__name__}: {said(error).rstrip('.')}"
    return RunFailedError(
        f"Stopped after {failed} failures, the last {_HOPELESS} of them with nothing done in between. The last error "
        f"is {cause}. Mend its cause, then begin again with the same settings: it goes on from what is there."
    )


async def _all(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Await all; if one raises or the waiting is cancelled, stop the others first."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.contextmanager
def without_bar() -> Iterator[None]:
    """Leave the progress bar of what is run in here to someone else."""
    token = _bar_shown.set(False)
    try:
        yield
    finally:
        _bar_shown.reset(token)


def _bar_stream() -> TextIO:
    """Return where progress goes: into the cell in a notebook (whose stderr looks like an error)."""
    return sys.stdout if in_notebook() else sys.stderr
