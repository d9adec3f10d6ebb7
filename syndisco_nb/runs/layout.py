"""What is in a run folder.

::

    run.json                       what was asked, with which seed and versions, how far it is; see `run_head`
    discussion-00007.json          finished: written whole, then renamed; named by its index
    journal/discussion-00012.jsonl unfinished: a line per turn, written before the next request is sent
    journal/run.json.last          run.json once more, should something damage it
    failures.jsonl                 a line per failure: what, why, at which attempt
"""

import errno
import logging
import os
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from syndisco_nb.errors import RecordError, StorageError, require, short_repr
from syndisco_nb.records import AnnotationSet, ChatMessage, Transcript
from syndisco_nb.records.unit_names import UNIT_PATTERN, is_unit_name
from syndisco_nb.runs.files import read_bounded, write_atomically
from syndisco_nb.runs.serialization import parse_object, validated
from syndisco_nb.shown import Shown

logger = logging.getLogger(__name__)

Status = Literal["running", "paused", "finished", "partial", "interrupted", "failed"]
Kind = Literal["discussions", "annotations"]
PathLike = str | os.PathLike[str]

KINDS: dict[str, type[Any]] = {"discussions": Transcript, "annotations": AnnotationSet}
OWN_FILES = ("run.json", "failures.jsonl")


@dataclass(frozen=True, slots=True)
class Failure(Shown):
    """Why a discussion, or an annotation of one, could not be finished.

    Attributes
    ----------
    unit : str
        Its name: the name of its file, without ending.
    error : str
        The type of the error.
    message : str
        What the error says.
    done : int
        How many messages or labels there were; they are kept, and not asked again.
    attempt : int
        How often it has been tried, from 1.
    turn : int or None
        The turn, or the index of the comment to label, at which a model was asked in vain; None if the error
        was another.
    prompt : tuple of ChatMessage
        What that model was sent.
    """

    unit: Annotated[str, Field(pattern=UNIT_PATTERN)]
    error: str
    message: str
    done: int
    attempt: int
    turn: int | None = None
    prompt: tuple[ChatMessage, ...] = ()

    def __str__(self) -> str:
        return f"{self.unit} (attempt {self.attempt}, after {self.done}): {self.error}: {self.message}"


@dataclass(frozen=True, slots=True)
class Skipped(Shown):
    """A file that was stepped around, and why."""

    file: str
    reason: str


FAILURE = TypeAdapter(Failure)


def unit_files(folder: Path) -> list[Path]:
    """Return the files that a run wrote for its discussions or annotations, in order."""
    return [file for file in record_files(folder)[0] if is_unit_name(file.stem)]


def record_files(folder: Path) -> tuple[list[Path], list[Skipped]]:
    """Return the files of a folder that may hold records, by name, and those that cannot."""
    files, skipped = [], []
    try:
        paths = sorted(folder.iterdir(), key=_natural_order)
    except OSError as error:
        raise RecordError(f"{folder} cannot be listed: {error.strerror}.") from None
    for path in paths:
        if path.name.startswith(".") or path.name in OWN_FILES or path.is_dir():
            continue
        shown = path.name.encode(errors="backslashreplace").decode()
        if shown != path.name:
            skipped.append(Skipped(shown, "its name is not UTF-8"))
        elif path.suffix == ".json":
            files.append(path)
        else:
            skipped.append(Skipped(path.name, "it is not a .json file"))
    return files, skipped


def _natural_order(path: Path) -> list[str | int]:
    """Return a key that sorts 100000 after 99999."""
    parts = re.split(r"([0-9]+)", path.name)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def path_to(source: Path, folder: Path) -> str:
    """Return where a folder lies, seen from another, wherever links on the way lead to."""
    return os.path.relpath(os.path.realpath(source), os.path.realpath(folder))


def path_from(named: str, folder: Path) -> Path:
    """Return the folder to which a path leads from another; it may have been written without a look at links."""
    if "\0" in named:  # no path at all
        return folder / named
    place = Path(os.path.realpath(folder / named))
    return place if place.is_dir() else Path(os.path.realpath(os.path.normpath(folder.absolute() / named)))


def read_failures(folder: Path) -> list[Failure]:
    """Return all failures there ever were, oldest first; lines that cannot be read are stepped around."""
    file = folder / "failures.jsonl"
    try:
        lines = read_bounded(file).split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RecordError(f"{file} cannot be read: {error.strerror}.") from None
    failures = []
    for number, line in enumerate(lines, start=1):
        if line:
            try:
                failures.append(validated(FAILURE, parse_object(line, str(file)), f"{file}, line {number}"))
            except RecordError as error:
                logger.warning("line %d of failures.jsonl in %s was cut off: %s", number, folder, error)
    return failures


def as_path(name: str, value: Any) -> Path:
    """Return the path that was given as a file or folder, or raise `InvalidInputError` if it is none."""
    require(
        isinstance(value, str | os.PathLike) and os.fspath(value),
        f'{name} is {short_repr(value)}, but must be a path, such as "runs/pilot".',
    )
    return Path(value).expanduser()


def save_file(file: Path, text: str) -> Path:
    """Write a file whole, with the folders that it needs; return its path.

    Raises
    ------
    StorageError
        If the disk does not take it.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, text.encode())
    except OSError as error:
        raise StorageError(f"{file} cannot be written: {error.strerror or error}. Give another path.") from error
    return file


def warn(text: str) -> None:
    """Warn, here and in the log."""
    logger.warning("%s", text)
    warnings.warn(text, stacklevel=3)


def storage_error(path: Path, error: OSError) -> StorageError:
    """Return the error that says what the disk did not do, where, and what to do about it."""
    remedies = {
        errno.ENOSPC: "Free some space",
        errno.EDQUOT: "Free some space",
        errno.EROFS: "Make it writable",
        errno.EACCES: "Make it readable and writable",
        errno.EPERM: "Make it readable and writable",
        errno.ENOENT: "Put the folder back",
    }
    remedy = remedies.get(error.errno or 0, "Mend that")
    return StorageError(
        f"{path} cannot be written or read: {error.strerror or error}. {remedy}, then begin again with the same "
        "settings: it goes on from what is there."
    )
