"""Watch one run through its folder, at little cost.

Finished files are counted once, and only the new end of a growing file is read. Slow steps, such as listing a folder of
ten thousand files, are taken less often.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

from syndisco_nb.backend.model.request import Situation
from syndisco_nb.errors import RecordError, RunFolderError
from syndisco_nb.records import Label, Message
from syndisco_nb.records.unit_names import annotation_parts, is_unit_name
from syndisco_nb.running.control import RunControl, control_of
from syndisco_nb.runs.batch_job import batches_in_words
from syndisco_nb.runs.failures import Failure, last_failures, parse_failure
from syndisco_nb.runs.head import RunHead, participant_names, read_head
from syndisco_nb.runs.layout import FAILURES_FILE, HEAD_FILE, JOURNAL_FOLDER, RECORD_TYPES, journal_path, unit_path
from syndisco_nb.runs.lock import being_written
from syndisco_nb.runs.reading import HeadReader
from syndisco_nb.runs.serialization import read_record
from syndisco_nb.watching.finished_units import FinishedUnits
from syndisco_nb.watching.growing_file import GrowingFile
from syndisco_nb.watching.run_state import RunState
from syndisco_nb.watching.unit_lines import UnitState
from syndisco_nb.watching.unit_watcher import UnitWatcher

_LAST_LINES = 4
"""Number of the last lines of a unit that its state includes."""
_RECHECK_S = 1.0
"""Seconds between two checks whether a process still writes to the folder."""


class RunWatcher:
    """Watcher of one run folder.

    Parameters
    ----------
    folder : Path
        It need not exist yet.
    condition : str
        Name of the study's condition.
    total, turns : int
        The expected number of discussions, and of turns in each, until there is a run.json.
    cast : tuple of str
        Names of all who may take part in its study.
    """

    def __init__(
        self, folder: Path, condition: str = "", total: int = 0, turns: int = 0, cast: tuple[str, ...] = ()
    ) -> None:
        self.folder = folder
        self.condition = condition
        self._total, self._turns = total, turns
        self._cast = cast
        self._reader = HeadReader(folder)
        self._head: RunHead | None = None
        self._was_written, self._checked_at = False, 0.0
        self._batches, self._batches_at = "", 0.0
        self._finished = FinishedUnits(folder)
        self._units: dict[str, UnitWatcher] = {}
        self._new_turns = self._new_tokens = 0
        self._failures_file = GrowingFile(folder / FAILURES_FILE)
        self._failures: dict[str, Failure] = {}
        self._problem = ""
        self._is_first_look = True

    def look(self) -> RunState:
        """Read what is new in the folder; return the state of the run."""
        self._problem = ""
        version = self._reader.version
        self._read_head()
        self._read_journals()
        if self._reader.version != version:  # the run began, or ended: what it says now must agree with the files
            self._finished.list_next_time()
        self._finished.list_files()
        just_finished = tuple(self._count_finished())
        self._read_failures()
        self._is_first_look = False
        return self._state(just_finished)

    def unit(self, name: str) -> UnitWatcher:
        """Return the watcher of one unit, finished or not.

        Raises
        ------
        RecordError
            If it cannot be read.
        """
        if name in self._units:
            return self._units[name]
        if not is_unit_name(name) or self._head is None:
            raise RecordError(f"There is no {name!r} in {self.folder}.")
        watcher = self._make_watcher(name)
        watcher.complete(read_record(RECORD_TYPES[self._head.kind], unit_path(self.folder, name)))
        return watcher

    def speaking(self, unit: str) -> Situation | None:
        """Return the request that a discussion waits for, with the reply so far; only for a run of this process."""
        control = self._control()
        return control.speaking(unit) if control else None

    def _read_head(self) -> None:
        if not (self.folder / HEAD_FILE).exists():
            self._head = None
            return
        try:
            self._head = self._reader.read()
        except RecordError as error:
            self._problem = str(error)

    def _read_journals(self) -> None:
        """Read the new lines of all journals. A unit whose journal has gone is finished, or was moved aside."""
        try:
            with os.scandir(self.folder / JOURNAL_FOLDER) as entries:
                journals = {
                    entry.name.removesuffix(".jsonl"): entry for entry in entries if entry.name.endswith(".jsonl")
                }
        except OSError:
            self._units.clear()
            return
        for unit in self._units.keys() - journals.keys() - self._finished.new_uncounted:
            if unit not in self._finished.names and unit_path(self.folder, unit).exists():
                self._finished.new_uncounted.add(unit)  # its file holds its last lines
            else:
                del self._units[unit]
        for unit, entry in journals.items():
            if unit not in self._units:
                if unit in self._finished.names:
                    continue  # a journal outlives its unit for a moment
                self._units[unit] = self._make_watcher(unit)
            watcher = self._units[unit]
            turns, tokens = watcher.turns, watcher.tokens
            with suppress(OSError):
                watcher.look(entry)
            if not self._is_first_look:
                self._add_new(watcher.turns - turns, watcher.tokens - tokens)
            self._problem = watcher.problem or self._problem

    def _make_watcher(self, unit: str) -> UnitWatcher:
        kind = Label if annotation_parts(unit) else Message
        return UnitWatcher(journal_path(self.folder, unit), kind, self._cast or self._own_cast())

    def _own_cast(self) -> tuple[str, ...]:
        """Return the names of all who may take part in the run, or in the discussions that it labels."""
        if self._head is None:
            return ()
        discussions = self._head.spec.get("discussions")
        with suppress(RecordError):
            if isinstance(discussions, str):
                return participant_names(read_head(self.folder / discussions).spec)
        return participant_names(self._head.spec)

    def _count_finished(self) -> list[UnitState]:
        """Count some finished files; return those of the units whose journals were watched until now."""
        just_finished = []
        for unit, is_new in self._finished.count():
            watcher, counts = self._units.pop(unit, None), self._finished.counts.get(unit)
            if counts is None:
                continue
            if is_new:
                turns, tokens = (watcher.turns, watcher.tokens) if watcher else (0, 0)
                self._add_new(counts.turns - turns, counts.tokens - tokens)
            if watcher and self._head:
                with suppress(RecordError):
                    watcher.complete(read_record(RECORD_TYPES[self._head.kind], unit_path(self.folder, unit)))
                watcher.changed = time.monotonic()
                just_finished.append(watcher.state(self.condition, unit, "finished", _LAST_LINES))
        return just_finished

    def _add_new(self, turns: int, tokens: int) -> None:
        self._new_turns += max(0, turns)
        self._new_tokens += max(0, tokens)

    def _read_failures(self) -> None:
        try:
            status = self._failures_file.path.stat()
        except OSError:
            self._failures.clear()
            return
        lines = self._failures_file.new_lines(status)
        if self._failures_file.began_anew:
            self._failures.clear()
        for line in lines:
            with suppress(RecordError):
                failure = parse_failure(line, FAILURES_FILE)
                self._failures[failure.unit] = failure

    def _state(self, just_finished: tuple[UnitState, ...]) -> RunState:
        control = self._control()
        status = self._status(control)
        failures = tuple(last_failures(self._failures.values(), self._finished.names))
        unfinished = tuple(
            watcher.state(self.condition, unit, self._unit_state(unit, control, status), _LAST_LINES)
            for unit, watcher in self._units.items()
            if unit not in self._finished.names
        )
        under_way = sum(unit.state == "in progress" for unit in unfinished) if status in ("running", "paused") else 0
        done, total, per_unit = self._turn_counts()
        idle = [failure.unit for failure in failures if control is None or failure.unit not in control.under_way]
        held = sum(self._units[unit].turns for unit in idle if unit in self._units)  # before they failed
        annotates = self._head is not None and self._head.kind == "annotations"
        uncounted = [watcher for unit, watcher in self._units.items() if unit not in self._finished.counts]
        return RunState(
            condition=self.condition,
            status=status,
            noun="annotation" if annotates else "discussion",
            finished=len(self._finished.names),
            total=self._head.total if self._head else self._total,
            failed=len(failures),
            turns_lost=max(0.0, len(idle) * per_unit - held),
            turns=0 if annotates else round(per_unit),
            turns_done=done,
            turns_total=total,
            tokens=sum(counts.tokens for counts in self._finished.counts.values())
            + sum(watcher.tokens for watcher in uncounted),
            is_counted=self._finished.is_counted,
            new_turns=self._new_turns,
            new_tokens=self._new_tokens,
            unfinished=unfinished,
            just_finished=just_finished,
            failures=failures,
            skipped=tuple(sorted(control.skipped.copy())) if control else (),
            under_way=under_way,
            in_this_process=control is not None,
            problem=self._problem,
            batches=self._batches_in_words() if status in ("running", "paused") else "",
        )

    def _turn_counts(self) -> tuple[float, float, float]:
        """Return the turns, or labels: those done, those of the whole run, and those of one unit.

        A discussion that a stop condition ended counts with all its turns. The number of labels in an annotation is
        estimated from the finished ones.
        """
        total = self._head.total if self._head else self._total
        turns = self._head.spec.get("num_turns") if self._head else self._turns
        per_unit = float(turns) if isinstance(turns, int) else 0.0
        counts = self._finished.counts
        if not per_unit and counts:
            per_unit = sum(unit.turns for unit in counts.values()) / len(counts)
        if not per_unit:
            return 0.0, 0.0, 0.0
        growing = sum(watcher.turns for unit, watcher in self._units.items() if unit not in self._finished.names)
        return len(self._finished.names) * per_unit + growing, total * per_unit, per_unit

    def _unit_state(self, unit: str, control: RunControl | None, status: str) -> str:
        has_failed = unit in self._failures
        if control is None:
            return "failed" if has_failed else "in progress" if status in ("running", "paused") else "waiting"
        if unit in control.under_way:
            return "in progress"
        return "skipped" if unit in control.skipped else "failed" if has_failed else "waiting"

    def _control(self) -> RunControl | None:
        try:
            return control_of(self.folder)
        except RunFolderError:
            return None

    def _status(self, control: RunControl | None) -> str:
        if self._head is None:
            return "waiting"
        if control:
            return "paused" if control.paused else "running"
        status = self._head.status
        if status not in ("running", "paused") or self._is_being_written():
            return status
        version = self._reader.version
        self._read_head()  # the run may have ended since it was read
        if self._head is None:
            return "waiting"
        return "killed" if self._reader.version == version else self._head.status

    def _batches_in_words(self) -> str:
        """Return the progress of the batches that the run waits for; it holds for a second."""
        now = time.monotonic()
        if now > self._batches_at + _RECHECK_S:
            self._batches, self._batches_at = batches_in_words(self.folder), now
        return self._batches

    def _is_being_written(self) -> bool:
        """Return whether some process writes to the folder; a yes holds for a second."""
        now = time.monotonic()
        if now > self._checked_at + _RECHECK_S or not self._was_written:
            self._was_written, self._checked_at = being_written(self.folder), now
        return self._was_written
