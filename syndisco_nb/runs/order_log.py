"""order.jsonl while its run goes on."""

import io
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from syndisco_nb.runs.files import UnfitFileError, check_own, set_aside_with_warning, storage_error, write_all
from syndisco_nb.runs.layout import ORDER_FILE
from syndisco_nb.runs.order_of_work import WORK_EVENT, Outcome, WorkEvent


class OrderLog:
    """order.jsonl of a run under way: opened at the first event, then appended to, line by line, unbuffered.

    Parameters
    ----------
    folder : Path
        The run folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / ORDER_FILE
        self._file: io.FileIO | None = None

    def append(self, unit: str, event: Literal["began"] | Outcome) -> None:
        """Write that a unit was begun, or how the work on it ended.

        Parameters
        ----------
        unit : str
        event : str
            As in `WorkEvent`.

        Raises
        ------
        StorageError
            If it cannot be written.
        """
        time = datetime.now(UTC)
        time = time.replace(microsecond=time.microsecond // 1000 * 1000)
        try:
            self._file = self._file or self._opened()
            write_all(self._file, WORK_EVENT.dump_json(WorkEvent(unit, event, time)) + b"\n")
        except OSError as error:
            raise storage_error(self._path, error) from error

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def _opened(self) -> io.FileIO:
        """Return the file, open for appending; a last line that was cut off stays a line of its own."""
        try:
            check_own(self._path)
        except FileNotFoundError:
            pass
        except UnfitFileError as error:
            set_aside_with_warning(self._path, f"{error.strerror}.", anew=False)
        file = io.FileIO(self._path, "a+")
        try:
            if file.seek(0, os.SEEK_END) > 0:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    write_all(file, b"\n")
        except BaseException:
            file.close()
            raise
        return file
