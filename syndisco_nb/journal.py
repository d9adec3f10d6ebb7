"""What is done of one unfinished discussion, or annotation of one: a line per turn, or label."""

import io
import logging
from pathlib import Path
from typing import Generic, TypeVar

from syndisco_nb import files
from syndisco_nb.errors import RecordError
from syndisco_nb.records import Label, Message
from syndisco_nb.run_files import storage_error
from syndisco_nb.serialization import from_line, to_line

logger = logging.getLogger(__name__)

Line = TypeVar("Line", Message, Label)


class Journal(Generic[Line]):
    """What is done of one unit: read when opened, then appended to, line by line, unbuffered.

    Parameters
    ----------
    path : Path
        The file; made if it does not exist. A line that was cut off is dropped. If another line is broken,
        the file is copied aside, and only what stands before that line counts.
    kind : type
        What a line holds.

    Raises
    ------
    StorageError
        If the disk does not take what is written.
    """

    def __init__(self, path: Path, kind: type[Line]) -> None:
        self.path = path
        try:
            self._file = io.FileIO(path, "a+")
        except OSError as error:
            raise storage_error(path, error) from error
        try:
            self.done: list[Line] = self._read(kind)
        except BaseException:
            self._file.close()
            raise

    def append(self, record: Line) -> None:
        """Write one line, before anything else happens."""
        try:
            files.write_all(self._file, to_line(record))
        except OSError as error:
            raise storage_error(self.path, error) from error

    def __enter__(self) -> "Journal[Line]":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _read(self, kind: type[Line]) -> list[Line]:
        try:
            data = files.read_bounded(self.path)
            done, good, reason = read_lines(kind, data, str(self.path))
            if reason:
                aside = self.path.with_name(f"{self.path.name}.broken")
                logger.warning("%s Copied to %s; what follows is made anew.", reason, aside.name)
                files.write_atomically(aside, data)
            if good < len(data):
                self._file.truncate(good)
        except OSError as error:
            raise storage_error(self.path, error) from error
        return done


def read_lines(kind: type[Line], data: bytes, where: str) -> tuple[list[Line], int, str]:
    """Return the lines before the first broken one, how many bytes they have, and what is wrong with that one.

    A last line without its end was cut off by a kill, and nothing is wrong with it.
    """
    done: list[Line] = []
    good = 0
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        try:
            record = from_line(kind, line, f"{where}, line {number}")
            if isinstance(record, Message) and record.index != len(done):
                raise RecordError(f"{where}, line {number} holds message {record.index}, but must hold {len(done)}.")
        except RecordError as error:
            return done, good, str(error)
        done.append(record)
        good += len(line) + 1
    return done, good, ""
