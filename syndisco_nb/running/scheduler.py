"""Work on the units of one run, or of several together, some at a time, with one progress bar."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import TextIO

from tqdm.std import tqdm

from syndisco_nb.backend.model.base import Model
from syndisco_nb.errors import ModelError, StorageError, said
from syndisco_nb.jobs import cancelled
from syndisco_nb.log import warn
from syndisco_nb.running.dispatcher import Dispatcher
from syndisco_nb.running.opened_run import OpenedRun
from syndisco_nb.running.progress import CircuitBreaker, WorkBar
from syndisco_nb.running.run_under_way import RunUnderWay
from syndisco_nb.runs.batch_job import batches_in_words
from syndisco_nb.runs.layout import WORST_FIRST, Status
from syndisco_nb.shown import in_notebook

logger = logging.getLogger(__name__)

_BATCHES_S = 2.0  # between two looks at the job files of batches

_bar_shown: ContextVar[bool] = ContextVar("bar_shown", default=True)


async def run_all(opening: Iterable[AbstractContextManager[OpenedRun]], title: str = "") -> list[OpenedRun]:
    """Work on all runs together, interleaved by the places of their units; one unit that fails never stops another.

    All folders are opened before the first request: if one is refused, none has begun.

    Parameters
    ----------
    opening : iterable of context manager
        Each opens the folder of a run, and closes it at the end. All runs hold discussions, or all annotations.
    title : str
        Name of the study, for the progress bar; that of the folder by default.

    Raises
    ------
    RunFailedError
        If 10 units in a row fail, of runs with the same models.
    StorageError
        If a folder cannot be written.
    """
    with contextlib.ExitStack() as folders:
        runs = [folders.enter_context(one) for one in opening]
        if runs:
            await _work(runs, title)
        return runs


async def _work(opened: Sequence[OpenedRun], title: str) -> None:
    path = opened[0].folder.path
    place = path if len(opened) == 1 else path.parent
    dispatcher = Dispatcher(lambda: max(_limit(run) for run in opened))
    with _work_bar(opened, title or place.name) as bar, contextlib.ExitStack() as stack:
        runs = _under_way(opened, bar, dispatcher)

        def end(status: Status | None = None) -> None:
            statuses = {run.end(status) for run in runs}
            worst = next(one for one in WORST_FIRST if one in statuses)
            if worst != "finished":
                bar.describe(worst)

        try:
            for run in runs:
                stack.enter_context(run)
            await load_all({id(model): model for one in opened if one.pending for model in one.models}.values())
            async with _batches_told(opened, bar):
                await dispatcher.work(runs)
        except asyncio.CancelledError:
            end("interrupted")
        except (KeyboardInterrupt, SystemExit) as error:
            await _cancel_current_task()
            end("interrupted")
            warn(f"{place} was stopped by {type(error).__name__}, raised by a model or by other code of yours.")
        except BaseException as error:
            reason = f"{type(error).__name__}: {said(error)}"
            logger.error("%s stopped: %s", place, reason)
            with contextlib.suppress(StorageError):  # the first error says more
                for run in dispatcher.failed or runs:
                    run.end("failed", reason)
                end("interrupted")
            if isinstance(error, StorageError):
                kept = f"{error} {bar} are finished and kept, and so are the turns of the others."
                raise StorageError(kept) from error.__cause__
            raise
        else:
            end()


def _under_way(opened: Sequence[OpenedRun], bar: WorkBar, dispatcher: Dispatcher) -> list[RunUnderWay]:
    """Return the runs, with one circuit breaker for those that ask the same models."""
    breakers: dict[frozenset[int], CircuitBreaker] = {}
    runs = []
    for run in opened:
        breaker = breakers.setdefault(frozenset(map(id, run.models)), CircuitBreaker(dispatcher.changed.set))
        runs.append(RunUnderWay(run, bar, breaker, dispatcher.changed.set))
    return runs


@contextlib.contextmanager
def _work_bar(opened: Sequence[OpenedRun], title: str) -> Iterator[WorkBar]:
    """Show one progress bar for all runs."""
    holds_discussions = opened[0].folder.kind == "discussions"
    left = [run.left for run in opened]
    size = sum(sum(run.units.values()) for run in opened)
    units = sum(len(run.units) for run in opened)
    with tqdm(
        total=size,
        initial=size - sum(run.units[unit] for run, names in zip(opened, left, strict=True) for unit in names),
        desc=title,
        unit="turn" if holds_discussions else "label",
        file=_bar_stream(),
        dynamic_ncols=True,
        disable=not _bar_shown.get(),
    ) as bar:
        noun = "discussion" if holds_discussions else "annotation"
        yield WorkBar(bar, title, noun, units - sum(map(len, left)), units, len(opened))


@contextlib.asynccontextmanager
async def _batches_told(opened: Sequence[OpenedRun], bar: WorkBar) -> AsyncIterator[None]:
    """Show on the bar the batches that the runs wait for, as their folders tell."""

    async def tell() -> None:
        while True:
            bar.wait_for(batches_in_words(*(run.folder.path for run in opened)))
            await asyncio.sleep(_BATCHES_S)

    task = asyncio.create_task(tell()) if any(model.in_batches for run in opened for model in run.models) else None
    try:
        yield
    finally:
        if task:
            task.cancel()
            bar.wait_for("")


def _limit(run: OpenedRun) -> int:
    """Return the number of units under way at once that a run asks for."""
    return max([run.max_concurrency, *(model.min_concurrency for model in run.models)])


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
