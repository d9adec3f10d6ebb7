"""The progress of a run, on its bar and for its circuit breaker."""

import asyncio
from typing import Any

from tqdm.std import tqdm


class RunProgress:
    """Progress bar of a run, and the counts behind its circuit breaker."""

    def __init__(self, bar: "tqdm[Any]", finished: int, total: int) -> None:
        self._bar = bar
        self._finished, self._total = finished, total
        self._counted: set[str] = set()
        self._recovered = asyncio.Event()
        self.under_way = 0
        self.failed = 0
        self.failures_in_a_row = 0

    def add_earlier(self, unit: str, done: int) -> None:
        """Count the turns, or labels, of earlier runs in a unit; a unit that was skipped for a while is counted once.

        Parameters
        ----------
        unit : str
        done : int
        """
        if unit not in self._counted:
            self._counted.add(unit)
            self._bar.update(done)

    def advance(self, done: int) -> None:
        """Count new turns, or labels."""
        self._bar.update(done)
        self.failures_in_a_row = 0
        self._recovered.set()

    def shorten(self, turns: int) -> None:
        """Lower the total by the turns that a discussion did not need, because it ended early."""
        if turns:
            self._bar.total = (self._bar.total or 0) - turns
            self._bar.refresh()

    def finish(self) -> None:
        """Count a finished unit."""
        self._finished += 1
        self.advance(0)

    def fail(self) -> None:
        """Count a failure."""
        self.failed += 1
        self.failures_in_a_row += 1
        self._recovered.clear()
        self._bar.set_postfix(failed=self.failed)

    async def recovery(self) -> None:
        """Wait until some turn succeeds."""
        await self._recovered.wait()

    def __str__(self) -> str:
        return f"{self._finished} of {self._total}"
