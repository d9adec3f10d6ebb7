"""How far one run is, read from its folder at every look, and at as little cost as can be.

What is there is listed, but not read again; of what grows, only the new end is read; and what costs time, such as a
folder of ten thousand files, is looked at less often.
"""

import os
import re
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from syndisco_nb.backend.model.base import Situation
from syndisco_nb.display.colours import cast_order, pool_of
from syndisco_nb.errors import RecordError, RunFolderError
from syndisco_nb.records import Label, Message
from syndisco_nb.records.unit_names import annotation_parts, is_unit_name
from syndisco_nb.running.control import Control, control_of
from syndisco_nb.runs.failures import FAILURE, Failure
from syndisco_nb.runs.files import read_bounded
from syndisco_nb.runs.head import RunHead, read_head
from syndisco_nb.runs.layout import KINDS
from syndisco_nb.runs.lock import being_written
from syndisco_nb.runs.serialization import parse_object, read_record, validated
from syndisco_nb.watching.growing_file import Tail
from syndisco_nb.watching.unit_watcher import Growing, Talk

LAST = 4
"""How many of the last comments of a discussion are shown."""
_COUNTING_S = 0.008
"""How long finished files are read at a time, to count what is in them."""
_PROBED_S = 1.0
"""How often it is asked whether a silent run is still alive."""
_PATIENCE = 40
"""A folder is listed anew after so many times the time that it took."""

# A file is indented and no string in it holds a line break, so these are found nowhere else.
_TURN = {"discussions": rb'\n +"role": "participant"', "annotations": rb'\n +"comment": '}
_TOKENS = re.compile(rb'\n +"completion_tokens": ([0-9]+)')


@dataclass(frozen=True, slots=True)
class RunState:
    """How far one run is.

    Attributes
    ----------
    condition : str
        Of a study, otherwise "".
    status : str
        As `Run.status`, or "waiting" before it begins, or "killed" if it says that it is running, but no process does.
    noun : str
        What it makes: "discussion" or "annotation".
    finished, total : int
        Units.
    failed : int
        How many are not finished, and failed when they were last tried.
    hopeless : float
        How many turns, or labels, will not be held for that.
    turns : int
        Of one discussion; 0 where nobody knows.
    done, asked : float
        Turns, or labels; both are 0 where nobody can tell yet.
    tokens : int
        Generated so far.
    complete : bool
        Whether all files have been counted for that.
    made, made_tokens : int
        What has been made since the first look.
    talks : tuple of Talk
        What is under way, or was set aside.
    ended : tuple of Talk
        What has been finished since the last look.
    failures : tuple of Failure
    under_way : int
        How many are being worked on.
    here : bool
        Whether it runs in this process.
    trouble : str
        What cannot be read, and why.
    """

    condition: str
    status: str
    noun: str
    finished: int
    total: int
    failed: int
    hopeless: float
    turns: int
    done: float
    asked: float
    tokens: int
    complete: bool
    made: int
    made_tokens: int
    talks: tuple[Talk, ...]
    ended: tuple[Talk, ...]
    failures: tuple[Failure, ...]
    under_way: int
    here: bool
    trouble: str


class RunReader:
    """Looks at one run folder again and again.

    Parameters
    ----------
    folder : Path
        It need not be there yet.
    condition : str
        Of a study.
    total, turns : int
        What is expected of it until it says so itself: how many discussions, and of how many turns.
    """

    def __init__(self, folder: Path, condition: str = "", total: int = 0, turns: int = 0) -> None:
        self.folder = folder
        self.condition = condition
        self._total, self._turns = total, turns
        self._head: RunHead | None = None
        self._head_seen: tuple[int, int] | None = None
        self._alive, self._probed = False, 0.0
        self._seen: set[str] | None = None
        self._listed, self._listing = 0.0, 0.0
        self._finished: set[str] = set()
        self._counts: dict[str, tuple[int, int]] = {}
        self._to_count: deque[str] = deque()
        self._growing: dict[str, Growing] = {}
        self._fresh: set[str] = set()  # finished before our eyes, and not yet counted
        self._made = self._made_tokens = 0
        self._failures_tail = Tail(folder / "failures.jsonl")
        self._failures: dict[str, Failure] = {}
        self._trouble = ""
        self._first = True

    def look(self) -> RunState:
        """Return how far it is by now."""
        self._trouble = ""
        self._read_head()
        self._look_at_journals()
        self._list()
        ended = tuple(self._count())
        self._look_at_failures()
        self._first = False
        return self._state(ended)

    def said(self, unit: str) -> Growing:
        """Return all of one unit, finished or not.

        Raises
        ------
        RecordError
            If it cannot be read.
        """
        if unit in self._growing:
            return self._growing[unit]
        if not is_unit_name(unit) or self._head is None:
            raise RecordError(f"There is no {unit!r} in {self.folder}.")
        growing = self._make(unit)
        growing.complete(read_record(KINDS[self._head.kind], self.folder / f"{unit}.json"))
        return growing

    def speaking(self, unit: str) -> Situation | None:
        """Return who is being asked in a discussion just now, and what they have written; only in this process."""
        control = self._control()
        return control.speaking(unit) if control else None

    # What is read

    def _read_head(self) -> None:
        try:
            found = (self.folder / "run.json").stat()
        except OSError:
            self._head = self._head_seen = None
            return
        seen = (found.st_mtime_ns, found.st_ino)
        if seen != self._head_seen:
            try:
                self._head = read_head(self.folder)
                self._head_seen = seen
            except RecordError as error:
                self._trouble = str(error)

    def _look_at_journals(self) -> None:
        """Take in what is new in the journals; one that has gone is finished, or was moved aside."""
        try:
            with os.scandir(self.folder / "journal") as entries:
                there = {entry.name[:-6]: entry for entry in entries if entry.name.endswith(".jsonl")}
        except OSError:
            self._growing.clear()
            return
        for unit in self._growing.keys() - there.keys():
            if unit not in self._fresh:
                self._vanished(unit)
        for unit, entry in there.items():
            if unit not in self._growing:
                if unit in self._finished:
                    continue  # its journal outlives it for a moment
                self._growing[unit] = self._make(unit)
            growing = self._growing[unit]
            before = (growing.turns, growing.tokens)
            with suppress(OSError):
                growing.look(entry)
            if not self._first:
                self._made += max(0, growing.turns - before[0])
                self._made_tokens += max(0, growing.tokens - before[1])
            if growing.broken:
                self._trouble = growing.broken

    def _vanished(self, unit: str) -> None:
        if unit not in self._finished and (self.folder / f"{unit}.json").exists():
            self._fresh.add(unit)  # its last words are in its file
        else:
            del self._growing[unit]

    def _make(self, unit: str) -> Growing:
        kind = Label if annotation_parts(unit) else Message
        pool = pool_of(self._head.spec) if self._head else ()
        return Growing(self.folder / "journal" / f"{unit}.jsonl", kind, tuple(cast_order((), pool)))

    def _list(self) -> None:
        """Find out what is finished."""
        now = time.monotonic()
        if now < self._listed + _PATIENCE * self._listing and not self._fresh:
            return
        try:
            present = set(os.listdir(self.folder))  # noqa: PTH208  (names alone, of perhaps ten thousand)
        except OSError:
            present = set()
        seen = self._seen or set()
        if present != seen:
            added = [name[:-5] for name in present - seen if name.endswith(".json")]
            units = sorted(unit for unit in added if is_unit_name(unit))
            gone = {name[:-5] for name in seen - present}
            self._finished = (self._finished - gone) | set(units)
            for unit in gone:
                self._counts.pop(unit, None)
            self._to_count.extend(units)
            if self._seen is not None:
                self._fresh.update(units)
            self._seen = present
        self._listed, self._listing = now, time.monotonic() - now

    def _count(self) -> Iterator[Talk]:
        """Count what is in finished files, for a moment; return those that have been finished just now."""
        deadline = time.monotonic() + _COUNTING_S
        while self._to_count and time.monotonic() < deadline:
            # The last that were finished come first: they are what is looked at.
            unit = self._to_count.pop()
            growing, fresh = self._growing.pop(unit, None), unit in self._fresh
            self._fresh.discard(unit)
            if unit not in self._finished or self._head is None:
                continue
            try:
                data = read_bounded(self.folder / f"{unit}.json")
            except OSError:
                continue
            turns = len(re.findall(_TURN[self._head.kind], data))
            tokens = sum(map(int, _TOKENS.findall(data)))
            self._counts[unit] = (turns, tokens)
            if fresh:
                known = (growing.turns, growing.tokens) if growing else (0, 0)
                self._made += max(0, turns - known[0])
                self._made_tokens += max(0, tokens - known[1])
            if growing:
                with suppress(RecordError):
                    growing.complete(read_record(KINDS[self._head.kind], self.folder / f"{unit}.json"))
                growing.changed = time.monotonic()
                yield growing.talk(self.condition, unit, "finished", LAST)

    def _look_at_failures(self) -> None:
        try:
            found = self._failures_tail.path.stat()
        except OSError:
            self._failures.clear()
            return
        lines = self._failures_tail.look(found)
        if self._failures_tail.began_anew:
            self._failures.clear()
        for line in lines:
            with suppress(RecordError):
                failure = validated(FAILURE, parse_object(line, "failures.jsonl"), "failures.jsonl")
                self._failures[failure.unit] = failure

    # What it comes to

    def _state(self, ended: tuple[Talk, ...]) -> RunState:
        control = self._control()
        status = self._status(control)
        failures = tuple(one for unit, one in sorted(self._failures.items()) if unit not in self._finished)
        talks = tuple(
            growing.talk(self.condition, unit, self._state_of(unit, control, status), LAST)
            for unit, growing in self._growing.items()
            if unit not in self._finished
        )
        at_work = sum(talk.state == "under way" for talk in talks) if status in ("running", "paused") else 0
        done, asked, one = self._turns_of()
        idle = [failure.unit for failure in failures if control is None or failure.unit not in control.under_way]
        held = sum(self._growing[unit].turns for unit in idle if unit in self._growing)
        total = self._head.total if self._head else self._total
        annotates = self._head is not None and self._head.kind == "annotations"
        return RunState(
            condition=self.condition,
            status=status,
            noun="annotation" if annotates else "discussion",
            finished=len(self._finished),
            total=total,
            failed=len(failures),
            hopeless=max(0.0, len(idle) * one - held),
            turns=0 if annotates else round(one),
            done=done,
            asked=asked,
            tokens=sum(tokens for _, tokens in self._counts.values())
            + sum(growing.tokens for unit, growing in self._growing.items() if unit not in self._counts),
            complete=not self._to_count,
            made=self._made,
            made_tokens=self._made_tokens,
            talks=talks,
            ended=ended,
            failures=failures,
            under_way=at_work,
            here=control is not None,
            trouble=self._trouble,
        )

    def _turns_of(self) -> tuple[float, float, float]:
        """Return how many turns, or labels, are done, and asked for, in all and of one unit.

        Turns that a discussion was spared by a stop condition count as held. How many labels there will be, the first
        annotations tell.
        """
        total = self._head.total if self._head else self._total
        spec = self._head.spec if self._head else {"num_turns": self._turns}
        turns = spec.get("num_turns")
        one = float(turns) if isinstance(turns, int) else 0.0
        if not one and self._counts:
            one = sum(turns for turns, _ in self._counts.values()) / len(self._counts)
        growing = sum(growing.turns for unit, growing in self._growing.items() if unit not in self._finished)
        return len(self._finished) * one + growing if one else 0.0, total * one, one

    def _state_of(self, unit: str, control: Control | None, status: str) -> str:
        if control:
            if unit in control.under_way:
                return "under way"
            return "set aside" if unit in control.skipped else "failed" if unit in self._failures else "waiting"
        failed = unit in self._failures
        return "failed" if failed else "under way" if status in ("running", "paused") else "waiting"

    def _control(self) -> Control | None:
        try:
            return control_of(self.folder)
        except RunFolderError:
            return None

    def _status(self, control: Control | None) -> str:
        if self._head is None:
            return "waiting"
        if control:
            return "paused" if control.paused else "running"
        status = self._head.status
        if status not in ("running", "paused") or self._is_alive():
            return status
        seen = self._head_seen
        self._read_head()  # it may have ended between two looks
        return "killed" if self._head_seen == seen else self._head.status

    def _is_alive(self) -> bool:
        now = time.monotonic()
        if now > self._probed + _PROBED_S or not self._alive:
            self._alive, self._probed = being_written(self.folder), now
        return self._alive
