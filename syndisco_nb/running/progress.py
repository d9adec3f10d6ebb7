"""The progress of runs that go on together: one bar for all, and a circuit breaker for each set of models."""

from collections.abc import Callable
from typing import Any

from tqdm.std import tqdm

_MAX_FAILURES_IN_A_ROW = 10


class CircuitBreaker:
    """Circuit breaker of the runs that ask the same models.

    After 10 failures in a row it is open: no new unit begins until some turn succeeds.

    Parameters
    ----------
    on_close : callable
        Called when a turn succeeds after it was open.

    Attributes
    ----------
    failed : int
        Number of failures so far.
    in_a_row : list of (str, BaseException)
        The run and the error of each failure since the last success.
    """

    def __init__(self, on_close: Callable[[], None]) -> None:
        self.failed = 0
        self.in_a_row: list[tuple[str, BaseException]] = []
        self._on_close = on_close

    @property
    def is_open(self) -> bool:
        """True after 10 failures in a row."""
        return len(self.in_a_row) >= _MAX_FAILURES_IN_A_ROW

    def fail(self, run: str, error: BaseException) -> None:
        """Count a failure.

        Parameters
        ----------
        run : str
            The name of its run.
        error : BaseException
        """
        self.failed += 1
        self.in_a_row.append((run, error))

    def succeed(self) -> None:
        """Count a success."""
        if self.in_a_row:
            was_open = self.is_open
            self.in_a_row = []
            if was_open:
                self._on_close()


class WorkBar:
    """Progress bar of one run, which counts turns or labels, or of several, which counts their units as well.

    Parameters
    ----------
    bar : tqdm
    title : str
    noun : str
        "discussion" or "annotation".
    finished, total : int
        Number of units, of all runs.
    runs : int
        Number of runs.
    """

    def __init__(self, bar: "tqdm[Any]", title: str, noun: str, finished: int, total: int, runs: int) -> None:
        self._bar, self._title, self._noun, self._runs = bar, title, noun, runs
        self._finished, self._total, self._failed = finished, total, 0
        self._batches = ""
        self.describe()

    def describe(self, status: str = "") -> None:
        """Write the title, with a status that the runs ended in, if any."""
        units = f": {self} {self._noun}s, {self._runs} conditions" if self._runs > 1 else ""
        self._bar.set_description(f"{self._title}{units}{f', {status}' if status else ''}", refresh=bool(status))

    def update(self, done: int) -> None:
        """Count turns, or labels."""
        self._bar.update(done)

    def shorten(self, turns: int) -> None:
        """Lower the total by turns that will not be held."""
        self._bar.total = (self._bar.total or 0) - turns
        self._bar.refresh()

    def finish(self) -> None:
        """Count a finished unit."""
        self._finished += 1
        self.describe()

    def fail(self) -> None:
        """Count a failure."""
        self._failed += 1
        self._show_postfix()

    def wait_for(self, batches: str) -> None:
        """Show the batches that the runs wait for, in words; "" if there are none."""
        if batches != self._batches:
            self._batches = batches
            self._show_postfix()

    def _show_postfix(self) -> None:
        failed = f"failed={self._failed}" if self._failed else ""
        self._bar.set_postfix_str(", ".join(filter(None, (failed, self._batches))))

    def __str__(self) -> str:
        return f"{self._finished} of {self._total}"


class RunProgress:
    """Progress of one run.

    Parameters
    ----------
    name : str
        The name of the run, for its failures.
    bar : WorkBar
    breaker : CircuitBreaker
    finished, total : int
        Number of its units.

    Attributes
    ----------
    failed : int
        Number of failures.
    """

    def __init__(self, name: str, bar: WorkBar, breaker: CircuitBreaker, finished: int, total: int) -> None:
        self._name, self._bar, self._breaker = name, bar, breaker
        self._finished, self._total = finished, total
        self._counted: set[str] = set()
        self.failed = 0

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
        self._breaker.succeed()

    def shorten(self, turns: int) -> None:
        """Lower the total by the turns that a discussion did not need, because it ended early."""
        if turns:
            self._bar.shorten(turns)

    def finish(self) -> None:
        """Count a finished unit."""
        self._finished += 1
        self._bar.finish()
        self._breaker.succeed()

    def skip(self) -> None:
        """Count a skipped unit as a success, or others might wait for one that will not come now."""
        self._breaker.succeed()

    def fail(self, error: BaseException) -> None:
        """Count a failure."""
        self.failed += 1
        self._bar.fail()
        self._breaker.fail(self._name, error)

    def __str__(self) -> str:
        return f"{self._finished} of {self._total}"
