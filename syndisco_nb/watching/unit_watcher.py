"""Watch one discussion, or annotation of one, while its journal grows."""

import time
from os import DirEntry
from pathlib import Path
from typing import Any

from syndisco_nb.errors import RecordError
from syndisco_nb.runs.serialization import from_line
from syndisco_nb.watching.growing_file import GrowingFile
from syndisco_nb.watching.unit_lines import UnitLines


class UnitWatcher(UnitLines):
    """Watcher of one unit: at every look, it reads the new lines of the journal.

    Parameters
    ----------
    path : Path
        Path of the journal.
    kind : type
        `Message` or `Label`: the record on a line.
    cast : tuple of str
        As in `UnitState`.
    """

    def __init__(self, path: Path, kind: type[Any], cast: tuple[str, ...] = ()) -> None:
        super().__init__(cast)
        self._file = GrowingFile(path)
        self._kind = kind

    def look(self, entry: DirEntry[str]) -> None:
        """Read the new lines of the journal, whose directory entry this is."""
        status = entry.stat()
        lines = self._file.new_lines(status)
        if self._file.began_anew:
            self.forget()
        if lines:
            # Lines from before the first look are as old as their file.
            age = 0.0 if self.changed else max(0.0, time.time() - status.st_mtime)
            self.changed = time.monotonic() - age
        for line in lines:
            try:
                self.add(from_line(self._kind, line, self._file.path.name))
            except RecordError as error:
                self.problem = str(error)
