"""Watch the folder of a run or of a study: each look at it returns its state, as plain data."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syndisco_nb.backend.model.request import Situation
from syndisco_nb.builder import Study
from syndisco_nb.builder.study_file import read_study
from syndisco_nb.errors import RecordError
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.failures import Failure
from syndisco_nb.runs.layout import HEAD_FILE, JOURNAL_FOLDER, STUDY_FILE
from syndisco_nb.runs.run import Run
from syndisco_nb.watching.run_state import RunState
from syndisco_nb.watching.run_watcher import RunWatcher
from syndisco_nb.watching.throughput import Throughput
from syndisco_nb.watching.unit_lines import UnitState
from syndisco_nb.watching.unit_watcher import UnitWatcher

OVER = ("finished", "partial", "interrupted", "failed", "killed")
"""Statuses of a run that is over."""
_SETTLED_S = 3.0
"""Seconds after which a study without a running run is over: conditions that were added may be about to begin."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """State of a run or a study at one moment.

    Attributes
    ----------
    status : str
        "waiting", "running", "paused", "finished", "partial", "interrupted", "failed" or "killed".
    runs : tuple of RunState
        One, or one per condition.
    finished, total : int
        Number of units.
    share : float
        Share of all turns that is done, from 0 to 1.
    turns_per_s, tokens_per_s : float or None
        Over the last minute; None where it is too early to tell.
    left_s : float or None
        Seconds left.
    tokens : int
        Tokens generated so far.
    is_counted : bool
        Whether `tokens` includes all files.
    failures : tuple of (str, Failure)
        The last failure of each unfinished unit, each with its condition.
    under_way : int
        Number of units that are being worked on.
    in_this_process : bool
        Whether it runs in this process.
    problem : str
        The error of a file that cannot be read; "" if there is none.
    """

    status: str
    runs: tuple[RunState, ...]
    finished: int
    total: int
    share: float
    turns_per_s: float | None
    tokens_per_s: float | None
    left_s: float | None
    tokens: int
    is_counted: bool
    failures: tuple[tuple[str, Failure], ...]
    under_way: int
    in_this_process: bool
    problem: str

    @property
    def over(self) -> bool:
        """Whether the run, or the study, is over."""
        return self.status in OVER

    @property
    def noun(self) -> str:
        """Its units: "discussion" or "annotation"."""
        return self.runs[0].noun if self.runs else "discussion"

    @property
    def unfinished(self) -> list[UnitState]:
        """Units that are under way, were skipped or have failed, of all conditions."""
        return [unit for run in self.runs for unit in run.unfinished]

    @property
    def turn_counts(self) -> tuple[int, int]:
        """Number of turns held and planned; zeros for annotations, and as long as that is not known."""
        runs = [run for run in self.runs if run.noun == "discussion"]
        return round(sum(run.turns_done for run in runs)), round(sum(run.turns_total for run in runs))

    @property
    def batches(self) -> str:
        """The progress of the batches that its runs wait for, in words; "" if there are none."""
        named = [(run.condition, run.batches) for run in self.runs if run.batches]
        return "; ".join(f"{condition}: {batches}" if condition else batches for condition, batches in named)

    @property
    def skipped(self) -> list[tuple[str, str]]:
        """Condition and name of each unit that is skipped."""
        return [(run.condition, unit) for run in self.runs for unit in run.skipped]

    @property
    def just_finished(self) -> list[UnitState]:
        """Units that were finished since the last look, of all conditions."""
        return [unit for run in self.runs for unit in run.just_finished]


class FolderWatcher:
    """Watcher of the folder of a run, of a study, or of a study's annotations.

    Parameters
    ----------
    folder : Path
        It need not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._watchers: dict[str, RunWatcher] = {}
        self._planned = False
        self._throughput = Throughput()
        self._quiet_since: float | None = None

    def refuse_strangers(self) -> None:
        """Raise `RecordError` if the folder holds something else, so that no run will ever be written to it."""
        if self.folder.exists() and not self.folder.is_dir():
            raise RecordError(f"{self.folder} is a file. Give the folder of a run or of a study.")
        if self.folder.is_dir() and any(self.folder.iterdir()) and not self._find():
            raise RecordError(
                f"{self.folder} holds neither a run nor a study. Give the folder of one, or one that is not there yet."
            )

    def look(self) -> Snapshot:
        """Read what is new in the folder; return the state of all runs."""
        problem = ""
        try:
            self._find()
        except RecordError as error:
            problem = str(error)
        if not self.folder.is_dir():
            problem = f"{self.folder} is {'gone: it was moved, or deleted' if self._watchers else 'not there yet'}."
        elif not self._watchers:
            problem = problem or f"There is no run in {self.folder} yet."
        now = time.monotonic()
        runs = tuple(watcher.look() for watcher in self._watchers.values())
        status = self._status([run.status for run in runs], now)
        new_turns, new_tokens = sum(run.new_turns for run in runs), sum(run.new_tokens for run in runs)
        turns_per_s, tokens_per_s = self._throughput.add(now, new_turns, new_tokens, working=status == "running")
        turns_done, turns_total = sum(run.turns_done for run in runs), sum(run.turns_total for run in runs)
        finished, total = sum(run.finished for run in runs), sum(run.total for run in runs)
        left = turns_total - turns_done - sum(run.turns_lost for run in runs)
        return Snapshot(
            status=status,
            runs=runs,
            finished=finished,
            total=total,
            share=min(1.0, turns_done / turns_total if turns_total else finished / total if total else 0.0),
            turns_per_s=turns_per_s,
            tokens_per_s=tokens_per_s,
            left_s=max(0.0, left) / turns_per_s if turns_per_s and turns_total and status == "running" else None,
            tokens=sum(run.tokens for run in runs),
            is_counted=all(run.is_counted for run in runs),
            failures=tuple((run.condition, failure) for run in runs for failure in run.failures),
            under_way=sum(run.under_way for run in runs),
            in_this_process=any(run.in_this_process for run in runs),
            problem=problem or next((run.problem for run in runs if run.problem), ""),
        )

    @property
    def folders(self) -> list[Path]:
        """The run folders in it."""
        return [watcher.folder for watcher in self._watchers.values()]

    def run(self, condition: str) -> RunWatcher:
        """Return the watcher of a condition's run; "" is the only run outside a study.

        Raises
        ------
        RecordError
            If there is no such condition.
        """
        if condition not in self._watchers:
            raise RecordError(f"There is no condition {condition!r} in {self.folder}.")
        return self._watchers[condition]

    def unit(self, condition: str, unit: str) -> UnitWatcher:
        """Return the watcher of one unit of a condition; see `RunWatcher.unit`."""
        return self.run(condition).unit(unit)

    def speaking(self, condition: str, unit: str) -> Situation | None:
        """Return the request that a discussion waits for; see `RunWatcher.speaking`."""
        return self.run(condition).speaking(unit)

    def _find(self) -> bool:
        """Find the runs in the folder; return whether there are any."""
        if self._planned:
            return True
        if (self.folder / STUDY_FILE).exists():
            design = read_study(self.folder).design
            cast = design.cast()
            self._watchers = {
                condition: RunWatcher(self.folder / condition, condition, design.discussions, settings.turns, cast)
                for condition, settings in design.conditions().items()
            }
            self._planned = True
        elif (self.folder / HEAD_FILE).exists() or (self.folder / JOURNAL_FOLDER).is_dir():
            self._watchers = {"": RunWatcher(self.folder)}
            self._planned = True
        else:  # annotations of a study, of which only those that have begun are known
            study = self.folder.parent
            cast = read_study(study).design.cast() if (study / STUDY_FILE).exists() else ()
            for name in _runs_below(self.folder):
                if name not in self._watchers:
                    self._watchers[name] = RunWatcher(self.folder / name, name, cast=cast)
        return bool(self._watchers)

    def _status(self, statuses: Sequence[str], now: float) -> str:
        """Return the status of all runs together."""
        for status in ("running", "paused"):
            if status in statuses:
                self._quiet_since = None
                return status
        if not statuses or set(statuses) == {"waiting"}:
            return "waiting"
        may_go_on = "waiting" in statuses or not self._planned  # perhaps conditions were added, and begin now
        if may_go_on and "killed" not in statuses:
            self._quiet_since = self._quiet_since or now
            if now - self._quiet_since < _SETTLED_S:
                return "running"
        for status in ("failed", "killed", "interrupted", "waiting", "partial"):
            if status in statuses:
                return "interrupted" if status == "waiting" else status
        return "finished"


def result_of(folder: Path) -> Run[Any] | ConditionRuns[Any] | None:
    """Return the run, the study or the annotations in a folder; None if nothing has begun."""
    if (folder / STUDY_FILE).exists():
        return Study(folder)
    if (folder / HEAD_FILE).exists():
        return Run(folder)
    runs = {name: Run(folder / name) for name in _runs_below(folder)}
    return ConditionRuns(folder, {name: {} for name in runs}, runs) if runs else None


def _runs_below(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(file.parent.name for file in folder.glob(f"*/{HEAD_FILE}"))
