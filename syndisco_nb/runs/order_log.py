"""order.jsonl while its run goes on."""

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from syndisco_nb.runs import files
from syndisco_nb.runs.layout import ORDER_FILE
from syndisco_nb.runs.order_of_work import Outcome


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
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"unit": unit, "event": event, "time": time}, ensure_ascii=False)
        try:
            self._file = self._file or self._opened()
            files.write_all(self._file, f"{line}\n".encode())
        except OSError as error:
            raise files.storage_error(self._path, error) from error

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def _opened(self) -> io.FileIO:
        """Return the file, open for appending; a last line that was cut off stays a line of its own."""
        try:
            files.check_own(self._path)
        except FileNotFoundError:
            pass
        except files.UnfitFileError as error:
            files.set_aside_with_warning(self._path, f"{error.strerror}.", anew=False)
        file = io.FileIO(self._path, "a+")
        try:
            if file.seek(0, os.SEEK_END) > 0:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    files.write_all(file, b"\n")
        except BaseException:
            file.close()
            raise
        return file
