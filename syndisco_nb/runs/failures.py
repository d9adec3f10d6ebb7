"""failures.jsonl: every failure of a unit, one a line."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from syndisco_nb.records import ChatMessage
from syndisco_nb.records.unit_names import UNIT_PATTERN
from syndisco_nb.runs.json_lines import read_lines
from syndisco_nb.runs.layout import FAILURES_FILE
from syndisco_nb.runs.serialization import parse_object, validated
from syndisco_nb.shown import Shown


@dataclass(frozen=True, slots=True)
class Failure(Shown):
    """A failed attempt to finish a discussion, or an annotation of one.

    Attributes
    ----------
    unit : str
        Its name: the name of its file, without ending.
    error : str
        The type of the error.
    message : str
        The message of the error.
    done : int
        Number of messages or labels before it; they are kept, and not asked for again.
    attempt : int
        Number of the attempt, from 1.
    turn : int or None
        The turn, or the index of the comment to label, at which a model was asked in vain; None if the error
        was another.
    prompt : tuple of ChatMessage
        The prompt of that request.
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


FAILURE = TypeAdapter(Failure)


def parse_failure(line: bytes, where: str) -> Failure:
    """Return the failure on a line of failures.jsonl.

    Parameters
    ----------
    line : bytes
    where : str
        Name of the line in an error.

    Raises
    ------
    RecordError
        If the line is broken.
    """
    return validated(FAILURE, parse_object(line, where), where)


def read_failures(folder: Path) -> list[Failure]:
    """Return all failures of a run, oldest first; broken lines are skipped.

    Raises
    ------
    RecordError
        If the file cannot be read.
    """
    return read_lines(folder / FAILURES_FILE, parse_failure)


def last_failures(failures: Iterable[Failure], finished: Collection[str]) -> list[Failure]:
    """Return the last failure of each unfinished unit, by the units' names.

    Parameters
    ----------
    failures : iterable of Failure
        Oldest first.
    finished : collection of str
        Names of the finished units.
    """
    last = {failure.unit: failure for failure in failures}
    return [last[unit] for unit in sorted(last) if unit not in finished]
