"""Working on many units at once: some at a time, each failure on record, with one progress bar."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, TextIO

from tqdm.std import tqdm

from syndisco_nb.backend.model.base import Model
from syndisco_nb.run_files import Skipped
from syndisco_nb.run_folder import RunFolder

Advance = Callable[[int], object]
"""Tells the progress bar that so many more turns, or labels, are done."""


async def run_all(
    folder: RunFolder,
    units: Mapping[str, int],
    pending: Sequence[str],
    work: Callable[[str, Advance], Awaitable[None]],
    models: Sequence[Model],
    max_concurrency: int,
    unit_name: str,
    skipped: Sequence[Skipped] = (),
) -> None:
    """Work on all pending units, some at a time; one that fails never stops another.

    `units` gives the size of each, the finished ones too, in turns or labels: what the progress bar counts.
    """
    total = sum(units.values())
    failed = 0
    with tqdm(
        total=total,
        initial=total - sum(units[unit] for unit in pending),
        desc=folder.path.name,
        unit=unit_name,
        file=_bar_stream(),
        dynamic_ncols=True,
    ) as bar:
        queue = iter(pending)

        async def worker() -> None:
            nonlocal failed
            for unit in queue:
                try:
                    await work(unit, bar.update)
                except Exception as error:
                    failed += 1
                    folder.fail(unit, error)
                    bar.set_postfix(failed=failed)

        try:
            if pending:
                await asyncio.gather(*(model.load() for model in models))
            await _all(worker() for _ in range(min(max_concurrency, len(pending))))
        except BaseException as error:
            interrupted = isinstance(error, asyncio.CancelledError)
            bar.set_description(f"{folder.path.name}, {'interrupted' if interrupted else 'failed'}")
            folder.write_status("interrupted" if interrupted else "failed", skipped)
            if not interrupted:
                raise
        else:
            folder.write_status("partial" if failed else "finished", skipped)


async def _all(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Await all; if one raises or the waiting is cancelled, stop the others first."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _bar_stream() -> TextIO:
    """Return where progress goes: into the cell in a notebook (whose stderr looks like an error)."""
    return sys.stdout if type(sys.stdout).__module__.startswith("ipykernel") else sys.stderr
