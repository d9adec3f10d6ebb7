"""Journal of an unfinished unit: one line per message or label."""

import io
import os
from collections import OrderedDict
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


class OpenJournals:
    """The open files of a run's journals: those written to last; another one is opened again for its next line.

    A process may have about 1,000 files open, and a run that waits for a batch has 10,000 units under way.

    Parameters
    ----------
    most : int
        The largest number of open files.
    """

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._files: OrderedDict[Path, io.FileIO] = OrderedDict()

    def append(self, path: Path, line: bytes) -> None:
        """Write a line at the end of a journal, which must exist."""
        file = self._files.get(path)
        if file is None:
            file = self.add(path, io.FileIO(path, "r+"))
            file.seek(0, os.SEEK_END)
        self._files.move_to_end(path)
        files.write_all(file, line)

    def add(self, path: Path, file: io.FileIO) -> io.FileIO:
        """Keep an open file; return it.

        Parameters
        ----------
        path : Path
        file : io.FileIO
        """
        self._files[path] = file
        if len(self._files) > self._most:
            self._files.popitem(last=False)[1].close()
        return file

    def close(self, path: Path) -> None:
        """Close the file of a journal, if it is open."""
        if file := self._files.pop(path, None):
            file.close()


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
    opened : OpenJournals, optional
        Shared by the journals of a run.

    Attributes
    ----------
    done : list of Message or Label
        The lines of earlier attempts, as they stood when it was opened.

    Raises
    ------
    StorageError
        If the disk cannot be written.
    """

    def __init__(
        self,
        path: Path,
        kind: type[Line],
        check: LineCheck[Line] | None = None,
        opened: OpenJournals | None = None,
    ) -> None:
        self.path = path
        self._opened = opened or OpenJournals()
        try:
            self._set_aside_unless_fit()
            file = self._opened.add(path, io.FileIO(path, "a+"))
        except OSError as error:
            raise storage_error(path, error) from error
        try:
            self.done: list[Line] = self._read(kind, check, file)
        except BaseException:
            self._opened.close(path)
            raise

    def append(self, record: Line) -> None:
        """Write one line at once."""
        try:
            self._opened.append(self.path, to_line(record))
        except OSError as error:
            raise storage_error(self.path, error) from error

    def __enter__(self) -> "Journal[Line]":
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close(self.path)

    def _set_aside_unless_fit(self) -> None:
        try:
            files.check_own(self.path)
        except FileNotFoundError:
            return
        except files.UnfitFileError as error:
            aside = files.set_aside(self.path)
            warn(f"{self.path} was moved to {aside.name}, since {error.strerror}; its unit is made anew.")

    def _read(self, kind: type[Line], check: LineCheck[Line] | None, file: io.FileIO) -> list[Line]:
        try:
            data = files.read_own(self.path)
            done, good, reason = read_lines(kind, data, str(self.path), check)
            if reason:
                aside = files.free_name(self.path)
                files.write_atomically(aside, data)
                warn(f"{reason} Copied to {aside.name}; what follows is made anew.")
            if good < len(data):
                file.truncate(good)
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
