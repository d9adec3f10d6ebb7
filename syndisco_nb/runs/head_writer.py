"""run.json while its run goes on: status, skipped files, time, memory and digests."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from syndisco_nb.runs.cost import Cost, memory
from syndisco_nb.runs.files import storage_error
from syndisco_nb.runs.head import RunHead
from syndisco_nb.runs.layout import HEAD_FILE, Kind, Skipped, Status
from syndisco_nb.runs.opening import now_utc, write_head


class HeadWriter:
    """Writer of run.json while its run goes on; writes nothing before the first `write_status`.

    Parameters
    ----------
    folder : Path
        The run folder.
    head : RunHead
        The head that was found there, or a new one.

    Attributes
    ----------
    digests : dict of str to str
        As in `RunHead`; a change is written with the next status, or by `write_new_digests`.
    """

    def __init__(self, folder: Path, head: RunHead) -> None:
        self._folder = folder
        self._head = head
        self._seconds, self._share = head.seconds, 1.0
        self._counted_until = time.monotonic()
        self.digests = head.digests
        self._written_digests = dict(head.digests)

    @property
    def seed(self) -> int:
        """The seed of the run."""
        return self._head.seed

    @property
    def kind(self) -> Kind:
        """The units of the run."""
        return self._head.kind

    @property
    def spec(self) -> dict[str, Any]:
        """The settings of the experiment, as plain data."""
        return self._head.spec

    @property
    def total(self) -> int:
        """The number of units of the run; a change is written with the next status."""
        return self._head.total

    @total.setter
    def total(self, total: int) -> None:
        self._head = replace(self._head, total=total)

    def keep_estimate(self, cost: Cost) -> None:
        """Note the estimated cost of the run, to be written with the next status."""
        self._head = replace(self._head, estimate=cost)

    def write_status(self, status: Status, skipped: Sequence[Skipped] = (), reason: str = "") -> None:
        """Write run.json with a new status.

        Parameters
        ----------
        status : str
            As in `Run.status`.
        skipped : sequence of Skipped
        reason : str
            As in `Run.reason`.

        Raises
        ------
        StorageError
            If it cannot be written.
        """
        memory_mb, gpu_memory_mb = memory()
        self.count_share(self._share)
        self._head = replace(
            self._head,
            status=status,
            reason=reason,
            skipped=tuple(skipped),
            updated=now_utc(),
            seconds=round(self._seconds, 3),
            memory_mb=memory_mb,
            gpu_memory_mb=gpu_memory_mb,
        )
        try:
            write_head(self._folder, self._head)
        except OSError as error:
            raise storage_error(self._folder / HEAD_FILE, error) from error
        self._written_digests = dict(self.digests)

    def count_share(self, share: float) -> None:
        """Count the time until now, unless the run is paused, and from now on this share of the time.

        Runs that go on together share the time, so that their seconds add up to that of all.

        Parameters
        ----------
        share : float
            From 0 to 1.
        """
        now = time.monotonic()
        if self._head.status != "paused":
            self._seconds += self._share * (now - self._counted_until)
        self._counted_until, self._share = now, share

    def write_new_digests(self) -> None:
        """Write run.json again, with the same status, if digests have changed since it was written."""
        if self.digests != self._written_digests:
            self.write_status(self._head.status, self._head.skipped, self._head.reason)
