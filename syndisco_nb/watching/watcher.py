"""How far a run, or a study, is: looked at again and again, as plain data.

The run folder is the one source, so it is the same for a run of this notebook, of another one, or of another process,
after the page was loaded anew, and after a crash.
"""

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syndisco_nb.backend.model.base import Situation
from syndisco_nb.builder import Study
from syndisco_nb.builder.conditions import ConditionRuns
from syndisco_nb.builder.study_file import read_study
from syndisco_nb.errors import RecordError
from syndisco_nb.runs.failures import Failure
from syndisco_nb.runs.run import Run
from syndisco_nb.watching.run_watcher import RunReader, RunState
from syndisco_nb.watching.unit_watcher import Growing, Talk

WINDOW_S = 60.0
"""The time over which throughput is measured."""
_SHORTEST_S = 1.0
_SETTLED_S = 3.0
"""A study of which nothing runs for so long is over: between two conditions there is a moment without a run."""
OVER = ("finished", "partial", "interrupted", "failed", "killed")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How far it is at one moment.

    Attributes
    ----------
    status : str
        "waiting", "running", "paused", "finished", "partial", "interrupted", "failed" or "killed".
    runs : tuple of RunState
        One, or one per condition.
    finished, total : int
        Discussions, or annotations of one.
    share : float
        How much of all turns is done, from 0 to 1.
    turns_per_s, tokens_per_s : float or None
        Of the last minute; None where it is too early to tell.
    left_s : float or None
        Seconds left.
    tokens : int
        Generated so far.
    complete : bool
        Whether all files have been counted for that.
    failures : tuple of (str, Failure)
        What is not finished and why, each with its condition.
    under_way : int
        How many are being worked on.
    here : bool
        Whether it runs in this process.
    trouble : str
        What cannot be read, and why.
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
    complete: bool
    failures: tuple[tuple[str, Failure], ...]
    under_way: int
    here: bool
    trouble: str

    @property
    def over(self) -> bool:
        """Whether nothing is going on any more."""
        return self.status in OVER

    @property
    def noun(self) -> str:
        """What is made: "discussion" or "annotation"."""
        return self.runs[0].noun if self.runs else "discussion"

    @property
    def talks(self) -> list[Talk]:
        """What is not finished, of all conditions."""
        return [talk for run in self.runs for talk in run.talks]

    @property
    def ended(self) -> list[Talk]:
        """What has been finished since the last look."""
        return [talk for run in self.runs for talk in run.ended]


class Pulse:
    """Looks at a folder again and again.

    Parameters
    ----------
    folder : Path
        Of a run, of a study, or of a study's annotations; it need not be there yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._readers: dict[str, RunReader] = {}
        self._planned = False
        self._rates = _Rates()
        self._quiet_since: float | None = None

    def refuse_strangers(self) -> None:
        """Raise `RecordError` if what is there is something else: nobody would ever run in it."""
        if self.folder.exists() and not self.folder.is_dir():
            raise RecordError(f"{self.folder} is a file. Give the folder of a run or of a study.")
        if self.folder.is_dir() and any(self.folder.iterdir()) and not self._find():
            raise RecordError(
                f"{self.folder} holds neither a run nor a study. Give the folder of one, or one that is not there yet."
            )

    def beat(self) -> Snapshot:
        """Return how far it is by now."""
        trouble = ""
        try:
            self._find()
        except RecordError as error:
            trouble = str(error)
        if not self.folder.is_dir():
            trouble = f"{self.folder} is {'gone: it was moved, or deleted' if self._readers else 'not there yet'}."
        elif not self._readers:
            trouble = trouble or f"There is no run in {self.folder} yet."
        now = time.monotonic()
        runs = tuple(reader.look() for reader in self._readers.values())
        status = self._status([run.status for run in runs], now)
        made, made_tokens = sum(run.made for run in runs), sum(run.made_tokens for run in runs)
        turns_per_s, tokens_per_s = self._rates.take(now, made, made_tokens, working=status == "running")
        done, asked = sum(run.done for run in runs), sum(run.asked for run in runs)
        finished, total = sum(run.finished for run in runs), sum(run.total for run in runs)
        left = asked - done - sum(run.hopeless for run in runs)
        return Snapshot(
            status=status,
            runs=runs,
            finished=finished,
            total=total,
            share=min(1.0, done / asked if asked else finished / total if total else 0.0),
            turns_per_s=turns_per_s,
            tokens_per_s=tokens_per_s,
            left_s=max(0.0, left) / turns_per_s if turns_per_s and asked and status == "running" else None,
            tokens=sum(run.tokens for run in runs),
            complete=all(run.complete for run in runs),
            failures=tuple((run.condition, failure) for run in runs for failure in run.failures),
            under_way=sum(run.under_way for run in runs),
            here=any(run.here for run in runs),
            trouble=trouble or next((run.trouble for run in runs if run.trouble), ""),
        )

    @property
    def folders(self) -> list[Path]:
        """The run folders below."""
        return [reader.folder for reader in self._readers.values()]

    def reader(self, condition: str) -> RunReader:
        """Return what reads the run of a condition, "" for the only one.

        Raises
        ------
        RecordError
            If there is none.
        """
        if condition not in self._readers:
            raise RecordError(f"There is no condition {condition!r} in {self.folder}.")
        return self._readers[condition]

    def said(self, condition: str, unit: str) -> Growing:
        """Return all of one discussion, or annotation of one; errors as of `RunReader.said`."""
        return self.reader(condition).said(unit)

    def speaking(self, condition: str, unit: str) -> Situation | None:
        """Return who is being asked in a discussion just now, as `RunReader.speaking` does."""
        return self.reader(condition).speaking(unit)

    def _find(self) -> bool:
        """Find what there is to look at; return whether there is anything."""
        if self._planned:
            return True
        if (self.folder / "study.json").exists():
            design, _ = read_study(self.folder)
            self._readers = {
                condition: RunReader(self.folder / condition, condition, design.discussions, settings.turns)
                for condition, settings in design.conditions().items()
            }
            self._planned = True
        elif (self.folder / "run.json").exists() or (self.folder / "journal").is_dir():
            self._readers = {"": RunReader(self.folder)}
            self._planned = True
        else:  # annotations of a study: no more is known of them than what has begun
            for name in _runs_below(self.folder):
                if name not in self._readers:
                    self._readers[name] = RunReader(self.folder / name, name)
        return bool(self._readers)

    def _status(self, found: Sequence[str], now: float) -> str:
        for status in ("running", "paused"):
            if status in found:
                self._quiet_since = None
                return status
        if not found or set(found) == {"waiting"}:
            return "waiting"
        if "waiting" in found or not self._planned:  # perhaps the next condition has not begun yet
            self._quiet_since = self._quiet_since or now
            if now - self._quiet_since < _SETTLED_S:
                return "running"
        for status in ("failed", "killed", "interrupted", "waiting", "partial"):
            if status in found:
                return "interrupted" if status == "waiting" else status
        return "finished"


def result_of(folder: Path) -> Run[Any] | ConditionRuns[Any] | None:
    """Return what there is in a folder, or None if nothing has begun."""
    if (folder / "study.json").exists():
        return Study(folder)
    if (folder / "run.json").exists():
        return Run(folder)
    runs = {name: Run(folder / name) for name in _runs_below(folder)}
    return ConditionRuns(folder, {name: {} for name in runs}, runs) if runs else None


def _runs_below(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(file.parent.name for file in folder.glob("*/run.json"))


class _Rates:
    """What is made per second, over the last minute at work."""

    def __init__(self) -> None:
        self._taken: deque[tuple[float, int, int]] = deque()

    def take(self, now: float, made: int, tokens: int, *, working: bool) -> tuple[float | None, float | None]:
        """Take in what has been made by now; return turns and tokens per second."""
        if not working:
            self._taken.clear()
            return None, None
        self._taken.append((now, made, tokens))
        while self._taken[0][0] < now - WINDOW_S:
            self._taken.popleft()
        start, made_before, tokens_before = self._taken[0]
        if now - start < _SHORTEST_S or made == made_before:
            return None, None
        return (made - made_before) / (now - start), (tokens - tokens_before) / (now - start)
