"""The files of a run folder.

::

    run.json                        head: the spec, seed, software and status of the run; see `RunHead`
    discussion-00007.json           a finished unit, named by its index: written whole, then renamed
    journal/discussion-00012.jsonl  an unfinished unit: a line per turn, written before the next request is sent
    journal/run.json.last           a copy of run.json, in case that gets damaged
    failures.jsonl                  a line per failure; see `Failure`
    order.jsonl                     a line when a unit is begun, and one when the work on it ends; see `WorkEvent`
    batches/batch-00000.json        a job of a batch API with its stage, and beside it what was asked and answered; see
                                    `BatchJob`
"""

import itertools
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.shown import Shown

Status = Literal["running", "paused", "finished", "partial", "interrupted", "failed"]
WORST_FIRST: tuple[Status, ...] = ("failed", "running", "paused", "interrupted", "partial", "finished")
"""All statuses, the farthest from finished first."""
Kind = Literal["discussions", "annotations"]
PathLike = str | os.PathLike[str]

RECORD_TYPES: dict[str, type[Any]] = {"discussions": Transcript, "annotations": AnnotationSet}
HEAD_FILE, FAILURES_FILE, ORDER_FILE = "run.json", "failures.jsonl", "order.jsonl"
JOURNAL_FOLDER, BATCH_FOLDER = "journal", "batches"
OWN_FILES = (HEAD_FILE, FAILURES_FILE, ORDER_FILE)
STUDY_FILE, ANNOTATIONS = "study.json", "annotations"
"""The file that makes a folder the folder of a study, and the folder of its labels."""
JOINT = "+"
_ONLY = "all"  # the one condition of a study that varies nothing


@dataclass(frozen=True, slots=True)
class Skipped(Shown):
    """A file that was skipped, and why."""

    file: str
    reason: str

    @property
    def because(self) -> str:
        """The reason, without the name of the file at its beginning."""
        return self.reason.removeprefix(f"{self.file} ")

    def __str__(self) -> str:
        return f"{self.file}: {self.because}"


def head_copy(folder: Path) -> Path:
    """Return the path of the copy of run.json."""
    return folder / JOURNAL_FOLDER / f"{HEAD_FILE}.last"


def unit_path(folder: Path, unit: str) -> Path:
    """Return the path of a finished unit.

    Parameters
    ----------
    folder : Path
        Folder of the run.
    unit : str
        Name of the unit.
    """
    return folder / f"{unit}.json"


def discussion_path(folder: Path, name: str) -> Path:
    """Return the path of a discussion.

    Parameters
    ----------
    folder : Path
        Folder of its run, or of its study.
    name : str
        Name of the discussion; in a study, with the condition before it, as in "facilitator.discussion-00003".
    """
    condition, _, unit = name.rpartition(".")
    in_study = condition and (folder / STUDY_FILE).exists()
    return unit_path(folder / condition, unit) if in_study else unit_path(folder, name)


def journal_path(folder: Path, unit: str) -> Path:
    """Return the path of a unit's journal.

    Parameters
    ----------
    folder : Path
        Folder of the run.
    unit : str
        Name of the unit.
    """
    return folder / JOURNAL_FOLDER / f"{unit}.jsonl"


def condition_levels(vary: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """Return for each condition of a study, by the name of its folder, the level of every varied setting.

    Parameters
    ----------
    vary : mapping of str to iterable of str
        The names of the levels, by setting.

    Examples
    --------
    >>> list(condition_levels({"moderator": ["none", "host"], "window": ["short", "long"]})), list(condition_levels({}))
    (['none+short', 'none+long', 'host+short', 'host+long'], ['all'])
    """
    combinations = [dict(zip(vary, names, strict=True)) for names in itertools.product(*vary.values())]
    return {JOINT.join(names.values()) or _ONLY: names for names in combinations}
