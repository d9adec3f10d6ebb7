"""Journal of an unfinished unit: one line per message or label."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from syndisco_nb.errors import RecordError
from syndisco_nb.log import warn
from syndisco_nb.records import Label, Message
from syndisco_nb.runs import files
from syndisco_nb.runs.files import storage_error
from syndisco_nb.runs.serialization import from_line, to_line

Line = TypeVar("Line", Message, Label)


LineCheck = Callable[[Sequence[Line], Line], str]
"""Return why a line cannot follow these others in the journal of its unit; "" if it can."""


class Journal(Generic[Line]):
    """Journal of one unit: read when opened, then appended to, line by line, unbuffered.

    Parameters
    ----------
    path : Path
        The file; made if it does not exist. A last line that was cut off is dropped. If another line is broken, or
        belongs to another run, the file is copied aside, and only the lines before count. Anything but an ordinary
        file is set aside.
    kind : type
        `Message` or `Label`: the record on a line.
    check : callable, optional
        Returns the reason why a line is not of this unit; see `LineCheck`.

    Attributes
    ----------
    done : list of Message or Label
        The lines of earlier attempts, as they stood when it was opened.

    Raises
    ------
    StorageError
        If the disk cannot be written.
    """

    def __init__(self, path: Path, kind: type[Line], check: LineCheck[Line] | None = None) -> None:
        self.path = path
        try:
            self._set_aside_unless_fit()
            self._file = io.FileIO(path, "a+")
        except OSError as error:
            raise storage_error(path, error) from error
        try:
            self.done: list[Line] = self._read(kind, check)
        except BaseException:
            self._file.close()
            raise

    def append(self, record: Line) -> None:
        """Write one line at once."""
        try:
            files.write_all(self._file, to_line(record))
        except OSError as error:
            raise storage_error(self.path, error) from error

    def __enter__(self) -> "Journal[Line]":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _set_aside_unless_fit(self) -> None:
        try:
            files.check_own(self.path)
        except FileNotFoundError:
            return
        except files.UnfitFileError as error:
            aside = files.set_aside(self.path)
            warn(f"{self.path} was moved to {aside.name}, since {error.strerror}; its unit is made anew.")

    def _read(self, kind: type[Line], check: LineCheck[Line] | None) -> list[Line]:
        try:
            data = files.read_own(self.path)
            done, good, reason = read_lines(kind, data, str(self.path), check)
            if reason:
                aside = files.free_name(self.path)
                files.write_atomically(aside, data)
                warn(f"{reason} Copied to {aside.name}; what follows is made anew.")
            if good < len(data):
                self._file.truncate(good)
        except OSError as error:
            raise storage_error(self.path, error) from error
        return done


def read_lines(
    kind: type[Line], data: bytes, where: str, check: LineCheck[Line] | None = None
) -> tuple[list[Line], int, str]:
    """Return the lines before the first broken one, their size in bytes, and the error of the broken one.

    A last line without a line break was cut off by a kill; that is no error.

    Parameters
    ----------
    kind : type
        `Message` or `Label`: the record on a line.
    data : bytes
        Content of the file.
    where : str
        Name of the file in an error.
    check : callable, optional
        Returns the reason why a line is not of this unit; see `LineCheck`.
    """
    done: list[Line] = []
    good = 0
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        place = f"{where}, line {number}"
        try:
            record = from_line(kind, line, place)
            if isinstance(record, Message) and record.index != len(done):
                raise RecordError(f"{place} holds message {record.index}, but must hold {len(done)}.")
            if check and (reason := check(done, record)):
                raise RecordError(f"{place} is not of this run: {reason}")
        except RecordError as error:
            return done, good, str(error)
        done.append(record)
        good += len(line) + 1
    return done, good, ""
