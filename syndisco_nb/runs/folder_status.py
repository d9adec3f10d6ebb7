"""`FolderStatus`: the progress of the run or study in a folder, from its files alone.

The command line shows it, so it must be there at once: it needs no design, whose classes take longer to import than
all of this.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syndisco_nb.errors import RecordError
from syndisco_nb.runs.failures import Failure, last_failures, read_failures
from syndisco_nb.runs.files import is_there, read_bounded
from syndisco_nb.runs.head import read_head
from syndisco_nb.runs.layout import ANNOTATIONS, HEAD_FILE, STUDY_FILE, condition_levels
from syndisco_nb.runs.reading import unit_files
from syndisco_nb.runs.run_status import true_status
from syndisco_nb.runs.serialization import parse_object
from syndisco_nb.runs.unfinished import turns_kept, unfinished_journals

_WORST_FIRST = ("broken", "running", "paused", "failed", "killed", "interrupted", "waiting", "partial")


@dataclass(frozen=True, slots=True)
class ConditionStatus:
    """Progress of the run of one condition.

    Attributes
    ----------
    condition : str
        "" outside a study.
    kind : {"discussions", "annotations"}
    status : str
        As `Run.status`; "waiting" if it has not begun, "killed" if its process is gone, "broken" if its run.json
        cannot be read.
    finished, total : int
        Number of units.
    kept : int
        Number of turns, or labels, that are kept of unfinished units.
    failures : tuple of Failure
        The last failure of each unfinished unit.
    problem : str
        The error of a broken run, or the one that ended a failed run; "" if there is none.
    """

    condition: str
    kind: str
    status: str
    finished: int
    total: int
    kept: int = 0
    failures: tuple[Failure, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """Progress of the run or study in a folder.

    Attributes
    ----------
    folder : Path
    is_study : bool
    discussions : tuple of ConditionStatus
        One for each condition. Of a run of labels by itself, none.
    labels : tuple of ConditionStatus
        Those that have begun.
    annotators : int
        Number of annotators in the study's design.
    """

    folder: Path
    is_study: bool
    discussions: tuple[ConditionStatus, ...]
    labels: tuple[ConditionStatus, ...]
    annotators: int = 0

    @property
    def runs(self) -> tuple[ConditionStatus, ...]:
        """All runs, discussions first."""
        return (*self.discussions, *self.labels)

    @property
    def status(self) -> str:
        """The status of all runs together: that of the one which is the farthest from finished."""
        found = {run.status for run in self.runs}
        worst = next((status for status in _WORST_FIRST if status in found), "finished")
        return "interrupted" if worst == "waiting" and found != {"waiting"} else worst


def folder_status(folder: Path) -> FolderStatus:
    """Return the progress of the run or study in a folder.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    RecordError
        If the folder holds neither, or a study.json that cannot be read.
    """
    if is_there(folder / STUDY_FILE):
        return _study_status(folder)
    if not folder.is_dir():
        kind = "a file" if folder.exists() else "not there"
        raise RecordError(f"{folder} is {kind}. Give the folder of a run or of a study.")
    if not is_there(folder / HEAD_FILE):
        raise RecordError(f"{folder} holds neither a run nor a study. Give the folder of one.")
    read_head(folder)  # one run alone: its error is the answer
    status = _condition_status(folder)
    is_labels = status.kind == "annotations"
    return FolderStatus(
        folder, is_study=False, discussions=() if is_labels else (status,), labels=(status,) if is_labels else ()
    )


def _study_status(folder: Path) -> FolderStatus:
    file = folder / STUDY_FILE
    try:
        document = parse_object(read_bounded(file), str(file))
        names, total, annotators = _outline(document)
    except (OSError, RecordError, LookupError, TypeError, ValueError, AttributeError) as error:
        reason = str(error) if isinstance(error, RecordError) else f"{file} cannot be read: it holds no design."
        raise RecordError(f"{reason} Run the same design on the folder again, which mends it.") from None
    labels = [name for name in names if (folder / ANNOTATIONS / name / HEAD_FILE).exists()]
    return FolderStatus(
        folder,
        is_study=True,
        discussions=tuple(_condition_status(folder / name, name, total) for name in names),
        labels=tuple(_condition_status(folder / ANNOTATIONS / name, name) for name in labels),
        annotators=annotators,
    )


def _outline(document: Mapping[str, Any]) -> tuple[list[str], int, int]:
    """Return the conditions of a design, and its numbers of discussions in each and of annotators."""
    return list(condition_levels(document["vary"])), int(document["discussions"]), len(document["annotators"])


def _condition_status(folder: Path, condition: str = "", total: int = 0) -> ConditionStatus:
    """Return the status of a run.

    Parameters
    ----------
    folder : Path
    condition : str
    total : int
        The number of discussions that are asked for, where no run has begun.
    """
    if not is_there(folder / HEAD_FILE):
        return ConditionStatus(condition, "discussions", "waiting", 0, total)
    try:
        head = read_head(folder)
        names = {file.stem for file in unit_files(folder)}
    except RecordError as error:
        return ConditionStatus(condition, "discussions", "broken", 0, total, problem=str(error))
    kept = turns_kept(unfinished_journals(folder))
    failures: list[Failure] = []
    with contextlib.suppress(RecordError):  # `verify` reports a file of failures that cannot be read
        failures = last_failures(read_failures(folder), names)
    status = true_status(folder, head.status)
    return ConditionStatus(condition, head.kind, status, len(names), head.total, kept, tuple(failures), head.reason)
