"""Work on the units of a run, some at a time, with a record of each failure and one progress bar."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TextIO

from tqdm.std import tqdm

from syndisco_nb.backend.model.base import Model
from syndisco_nb.errors import ModelError, NewerVersionError, RunFailedError, StorageError, said
from syndisco_nb.jobs import cancelled, failed_request
from syndisco_nb.log import warn
from syndisco_nb.running.control import RunControl
from syndisco_nb.running.progress import RunProgress
from syndisco_nb.runs.layout import Skipped, Status
from syndisco_nb.runs.writing import RunFolder
from syndisco_nb.shown import in_notebook

logger = logging.getLogger(__name__)

_bar_shown: ContextVar[bool] = ContextVar("bar_shown", default=True)

_MAX_FAILURES_IN_A_ROW = 10
"""The circuit breaker: after so many failures in a row, no new unit begins until some turn succeeds."""

Work = Callable[[str, RunProgress, RunControl], Awaitable[None]]
"""Works on one unit by its name; reports to the progress bar, and pauses when the control says so."""


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
    """Work on all unfinished units, or on some of them; one that fails never stops another.

    Parameters
    ----------
    folder : RunFolder
    units : mapping of str to int
        Size of each unit in turns or labels, finished ones included.
    unfinished : sequence of str
        Names of the unfinished units; those that are not among `units` are not worked on.
    work : callable
        Works on one unit.
    models : sequence of Model
        All models that the units ask.
    max_concurrency : int
        Number of units under way at once.
    unit_name : str
        "turn" or "label": what the progress bar counts.
    skipped : sequence of Skipped
        Files that were skipped, for run.json.
    only : collection of str, optional
        Names of the units to restrict the work to.

    Raises
    ------
    RunFailedError
        If 10 units in a row fail.
    StorageError
        If the folder cannot be written.
    """
    total = sum(units.values())
    own = [unit for unit in unfinished if unit in units]
    pending = own if only is None else [unit for unit in own if unit in only]
    with tqdm(
        total=total,
        initial=total - sum(units[unit] for unit in own),
        desc=folder.path.name,
        unit=unit_name,
        file=_bar_stream(),
        dynamic_ncols=True,
        disable=not _bar_shown.get(),
    ) as bar:
        progress = RunProgress(bar, finished=len(units) - len(own), total=len(units))

        def finish(status: Status) -> None:
            if status != "finished":
                bar.set_description(f"{folder.path.name}, {status}")
            logger.info("%s %s: %s finished", folder.path, status, progress)
            folder.write_status(status, skipped)

        def mark_pause() -> None:
            with contextlib.suppress(StorageError):  # the next write raises it again
                folder.write_status("paused" if control.paused else "running")

        control = RunControl(folder.path, pending, folder.kind == "discussions", mark_pause)
        logger.info("%s started: %s finished, %d to do", folder.path, progress, len(pending))
        try:
            with control, _in_use(models, folder.path):
                if pending:
                    await load_all(models)
                workers = range(min(max_concurrency, len(pending)))
                await _gather(_worker(folder, work, progress, control) for _ in workers)
        except asyncio.CancelledError:
            finish("interrupted")
        except (KeyboardInterrupt, SystemExit) as error:
            await _cancel_current_task()
            finish("interrupted")
            warn(f"{folder.path} was stopped by {type(error).__name__}, raised by a model or by other code of yours.")
        except BaseException as error:
            logger.error("%s stopped: %s: %s", folder.path, type(error).__name__, said(error))
            with contextlib.suppress(StorageError):  # the first error says more
                finish("failed")
            if isinstance(error, StorageError):
                kept = f"{error} {progress} are finished and kept, and so are the turns of the others."
                raise StorageError(kept) from error.__cause__
            raise
        else:
            is_incomplete = len(unfinished) > len(pending) or control.skipped
            finish("partial" if progress.failed else "interrupted" if is_incomplete else "finished")


@contextlib.contextmanager
def _in_use(models: Iterable[Model], folder: Path) -> Iterator[None]:
    """Mark all models as in use by a run."""
    with contextlib.ExitStack() as using:
        for model in models:
            using.enter_context(model.in_use(folder))
        yield


async def load_all(models: Iterable[Model]) -> None:
    """Load all models concurrently."""
    await asyncio.gather(*(_load(model) for model in models))


async def _load(model: Model) -> None:
    try:
        await model.load()
    except asyncio.CancelledError as error:
        if cancelled():
            raise
        raise ModelError(f"The model {model.name!r} raised CancelledError while loading.") from error


async def _cancel_current_task() -> None:
    """Cancel the current task, as an interrupt does, so that its caller begins nothing else."""
    if task := asyncio.current_task():
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0)


async def _worker(folder: RunFolder, work: Work, progress: RunProgress, control: RunControl) -> None:
    """Work on one unit after the other, until there are no more or the circuit breaker opens."""
    while (unit := await control.next_unit()) is not None:
        progress.under_way += 1
        try:
            with control.working_on(unit):
                await work(unit, progress, control)
        except (Exception, asyncio.CancelledError) as error:
            if _ends_run(error):
                raise
            request = failed_request(error)
            folder.fail(unit, error, *((request.turn, request.prompt) if request else ()))
            progress.fail()
            last = error
        else:
            if unit in control.pending:
                logger.info("%s skipped in %s", unit, folder.path)
                progress.advance(0)  # or workers might wait for a unit that will not succeed now
            else:
                logger.info("%s finished in %s", unit, folder.path)
                progress.finish()
            continue
        finally:
            progress.under_way -= 1
        if progress.failures_in_a_row >= _MAX_FAILURES_IN_A_ROW:
            if not progress.under_way:
                raise _too_many_failures(progress.failed, last) from last
            await progress.recovery()


def _ends_run(error: BaseException) -> bool:
    """Return whether an error ends the run instead of one unit; a CancelledError does if the run was cancelled."""
    if isinstance(error, asyncio.CancelledError):
        return cancelled()
    return isinstance(error, StorageError | NewerVersionError)


def _too_many_failures(failed: int, error: BaseException) -> RunFailedError:
    cause = f"{type(error).__name__}: {said(error).rstrip('.')}"
    return RunFailedError(
        f"Stopped after {failed} failures, the last {_MAX_FAILURES_IN_A_ROW} of them in a row. The last error is "
        f"{cause}. Fix the cause, then begin again with the same settings: the run continues."
    )


async def _gather(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Await all; if one raises or this is cancelled, cancel the others first."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.contextmanager
def without_bar() -> Iterator[None]:
    """Show no progress bar for runs inside this context."""
    token = _bar_shown.set(False)
    try:
        yield
    finally:
        _bar_shown.reset(token)


def _bar_stream() -> TextIO:
    """Return the stream of the progress bar: stdout in a notebook, where stderr looks like an error."""
    return sys.stdout if in_notebook() else sys.stderr
