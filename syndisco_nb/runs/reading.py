"""Read a run folder, finished or still being written: its files, its head, and the turns and tokens in a file.

`Run`, `verify` and the live view all read through this module.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from syndisco_nb.errors import RecordError
from syndisco_nb.records import AnnotationSet, Label, Message, Transcript
from syndisco_nb.records.unit_names import is_unit_name
from syndisco_nb.runs.head import RunHead, read_head
from syndisco_nb.runs.layout import HEAD_FILE, JOURNAL_FOLDER, OWN_FILES, Skipped


class HeadReader:
    """Reader of run.json in one folder, which reads it again only when the file has changed.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._head: RunHead | None = None
        self._version: tuple[int, int, int] | None = None

    @property
    def version(self) -> tuple[int, int, int] | None:
        """An identifier of the file's version that was last read; None before the first."""
        return self._version

    def read(self) -> RunHead:
        """Return the head.

        Raises
        ------
        RecordError
            If run.json is gone or broken.
        """
        try:
            status = (self._folder / HEAD_FILE).stat()
        except OSError:
            return read_head(self._folder)  # raises the error with a remedy
        version = (status.st_mtime_ns, status.st_ino, status.st_size)
        if self._head is None or version != self._version:
            self._head = read_head(self._folder)
            self._version = version
        return self._head


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """Number of turns (or labels) in a unit, and number of tokens generated for them."""

    turns: int
    tokens: int


def record_files(folder: Path) -> tuple[list[Path], list[Skipped]]:
    """Return the .json files of a folder, sorted by name, and the files that were skipped.

    Raises
    ------
    RecordError
        If the folder cannot be listed.
    """
    files, skipped = [], []
    try:
        paths = sorted(folder.iterdir(), key=lambda path: natural_order(path.name))
    except OSError as error:
        raise RecordError(f"{folder} cannot be listed: {error.strerror}.") from None
    for path in paths:
        if path.name.startswith(".") or path.name in OWN_FILES or path.is_dir():
            continue
        readable = path.name.encode(errors="backslashreplace").decode()
        if readable != path.name:
            skipped.append(Skipped(readable, "its name is not UTF-8"))
        elif path.suffix == ".json":
            files.append(path)
        else:
            skipped.append(Skipped(path.name, "it is not a .json file"))
    return files, skipped


def unit_files(folder: Path) -> list[Path]:
    """Return the files of the finished units, sorted by name."""
    return [file for file in record_files(folder)[0] if is_unit_name(file.stem)]


def journal_files(folder: Path) -> list[Path]:
    """Return the journals of a run, sorted by name."""
    return sorted((folder / JOURNAL_FOLDER).glob("*.jsonl"))


def lines_of(record: Transcript | AnnotationSet) -> Sequence[Message | Label]:
    """Return the messages or labels of a record, in the order of the lines of its journal."""
    return record.messages if isinstance(record, Transcript) else record.labels


def line_counts(line: Message | Label) -> UnitCounts:
    """Return the turns and tokens of one line; moderators, guests and openings take no turn."""
    is_turn = isinstance(line, Label) or line.role == "participant"
    return UnitCounts(int(is_turn), line.generation.completion_tokens if line.generation else 0)


def file_counts(data: bytes) -> UnitCounts:
    """Return the turns and tokens in the file of a finished unit.

    Only the counted fields are validated: the live view counts thousands of files, and this takes a tenth of the time
    of `read_record`.

    Raises
    ------
    RecordError
        If the file is broken.
    """
    try:
        counted = _COUNTED.validate_json(data)
    except ValidationError as error:
        raise RecordError(f"Its turns cannot be counted: {error.errors()[0]['msg']}.") from None
    lines = (*counted.logs, *counted.silences)
    return UnitCounts(sum(line.is_turn for line in lines), sum(line.tokens for line in lines))


def journal_counts(data: bytes) -> UnitCounts:
    """Return the turns and tokens in a journal, up to the first line that is damaged; see `file_counts`."""
    turns = tokens = 0
    for line in data.split(b"\n")[:-1]:
        try:
            counted = _COUNTED_LINE.validate_json(line)
        except ValidationError:
            break
        turns += counted.is_turn
        tokens += counted.tokens
    return UnitCounts(turns, tokens)


@dataclass
class _CountedGeneration:
    completion_tokens: int = 0


@dataclass
class _CountedLine:
    generation: _CountedGeneration | None = None
    role: str = ""
    unit: str = ""  # of a label; one of version 1 has neither a role nor a unit

    @property
    def is_turn(self) -> bool:
        return self.role in ("participant", "") or bool(self.unit)

    @property
    def tokens(self) -> int:
        return self.generation.completion_tokens if self.generation else 0


@dataclass
class _CountedFile:
    logs: tuple[_CountedLine, ...] = ()
    silences: tuple[_CountedLine, ...] = ()


_COUNTED: TypeAdapter[Any] = TypeAdapter(_CountedFile)
_COUNTED_LINE: TypeAdapter[Any] = TypeAdapter(_CountedLine)


def natural_order(name: str) -> list[str | int]:
    """Return a key that sorts 100000 after 99999."""
    parts = re.split(r"([0-9]+)", name)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]
