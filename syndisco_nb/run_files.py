"""What is in a run folder.

::

    run.json                       what was asked, with which seed and versions, and how far it is
    discussion-00007.json          finished: written whole, then renamed; named by its index
    journal/discussion-00012.jsonl unfinished: a line per turn, written before the next request is sent
    failures.jsonl                 a line per failure: what, why, at which attempt
"""

import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from syndisco_nb.errors import RecordError
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.serialization import FORMAT_VERSION, parse_object

logger = logging.getLogger(__name__)

Status = Literal["running", "finished", "partial", "interrupted", "failed"]
PathLike = str | os.PathLike[str]

RUN_FORMAT = "syndisco_nb/run"
KINDS: dict[str, type[Any]] = {"discussions": Transcript, "annotations": AnnotationSet}
_OWN_FILES = ("run.json", "failures.jsonl")
_UNIT = re.compile(r"discussion-[0-9]{5,}|.+\.annotator-[0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Failure:
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
    """

    unit: str
    error: str
    message: str
    done: int
    attempt: int

    def __str__(self) -> str:
        return f"{self.unit} (attempt {self.attempt}, after {self.done}): {self.error}: {self.message}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was stepped around, and why."""

    file: str
    reason: str


FAILURE = TypeAdapter(Failure)


def unit_files(folder: Path) -> list[Path]:
    """Return the files that a run wrote for its discussions or annotations, in order."""
    return [file for file in record_files(folder)[0] if _UNIT.fullmatch(file.stem)]


def record_files(folder: Path) -> tuple[list[Path], list[Skipped]]:
    """Return the files of a folder that may hold records, by name, and those that cannot."""
    files, skipped = [], []
    for path in sorted(folder.iterdir(), key=_natural_order):
        if path.name.startswith(".") or path.name in _OWN_FILES or path.is_dir():
            continue
        if path.suffix == ".json":
            files.append(path)
        else:
            skipped.append(Skipped(path.name, "it is not a .json file"))
    return files, skipped


def _natural_order(path: Path) -> list[str | int]:
    """Return a key that sorts 100000 after 99999."""
    parts = re.split(r"([0-9]+)", path.name)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def read_head(folder: Path) -> dict[str, Any]:
    """Return what run.json holds."""
    file = folder / "run.json"
    try:
        head = parse_object(file.read_bytes(), str(file))
    except OSError as error:
        raise RecordError(
            f"{folder} is not a run folder: run.json cannot be read ({error.strerror}). Give a folder that an "
            "experiment wrote."
        ) from None
    if head.get("format") != RUN_FORMAT or head.get("kind") not in KINDS:
        raise RecordError(f"{file} is not a {RUN_FORMAT} file.")
    if not isinstance(head.get("version"), int):
        raise RecordError(f"{file} does not say which version of its format it has.")
    if head["version"] > FORMAT_VERSION:
        raise RecordError(f"{file} was written by a newer version of syndisco_nb. Upgrade to read it.")
    return head


def read_failures(folder: Path) -> list[Failure]:
    """Return all failures there ever were, oldest first."""
    try:
        lines = (folder / "failures.jsonl").read_bytes().splitlines()
    except FileNotFoundError:
        return []
    failures = []
    for number, line in enumerate(lines, start=1):
        try:
            failures.append(FAILURE.validate_json(line))
        except ValidationError:
            logger.warning("line %d of failures.jsonl in %s was cut off", number, folder)
    return failures
