"""List and count the finished units of a run folder, at little cost though there may be ten thousand."""

import math
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from syndisco_nb.errors import RecordError
from syndisco_nb.records.unit_names import is_unit_name
from syndisco_nb.runs.files import read_bounded
from syndisco_nb.runs.layout import unit_path
from syndisco_nb.runs.reading import UnitCounts, file_counts

_COUNTING_S = 0.008
"""Seconds spent on counting at each look, so that a full folder does not keep the caller waiting."""
_LISTING_SHARE = 40
"""The folder is listed again after 40 times the time that listing it took."""


class FinishedUnits:
    """The finished units of one run folder.

    Parameters
    ----------
    folder : Path

    Attributes
    ----------
    names : set of str
        Names of the finished units, as last listed.
    counts : dict of str to UnitCounts
        Turns and tokens of the units counted so far.
    new_uncounted : set of str
        Units that were finished since the first look and are not counted yet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.names: set[str] = set()
        self.counts: dict[str, UnitCounts] = {}
        self.new_uncounted: set[str] = set()
        self._files: set[str] | None = None
        self._queue: deque[str] = deque()
        self._listed_at, self._listing_s = 0.0, 0.0

    @property
    def is_counted(self) -> bool:
        """Whether all units are counted."""
        return not self._queue

    def list_next_time(self) -> None:
        """List the folder at the next call of `list_files`, however long that takes."""
        self._listed_at = -math.inf

    def list_files(self) -> None:
        """List the folder again; a folder that takes long is listed less often."""
        now = time.monotonic()
        if now < self._listed_at + _LISTING_SHARE * self._listing_s and not self.new_uncounted:
            return
        try:
            files = set(os.listdir(self._folder))  # noqa: PTH208  (names alone, of perhaps ten thousand)
        except OSError:
            files = set()
        known = self._files or set()
        if files != known:
            stems = [name.removesuffix(".json") for name in files - known if name.endswith(".json")]
            added = sorted(filter(is_unit_name, stems))
            gone = {name.removesuffix(".json") for name in known - files}
            self.names = (self.names - gone) | set(added)
            for unit in gone:
                self.counts.pop(unit, None)
            self._queue.extend(added)
            if self._files is not None:
                self.new_uncounted.update(added)
            self._files = files
        self._listed_at, self._listing_s = now, time.monotonic() - now

    def count(self) -> Iterator[tuple[str, bool]]:
        """Count some units; yield their names, and whether each was finished since the first look."""
        deadline = time.monotonic() + _COUNTING_S
        while self._queue and time.monotonic() < deadline:
            unit = self._queue.pop()  # the latest first: these are on screen
            is_new = unit in self.new_uncounted
            self.new_uncounted.discard(unit)
            if unit in self.names:
                with suppress(OSError, RecordError):
                    self.counts[unit] = file_counts(read_bounded(unit_path(self._folder, unit)))
            yield unit, is_new
