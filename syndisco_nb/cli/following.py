"""Follow a run through its folder, in lines of text: its progress, what failed, what was said last."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tqdm.std import tqdm

from syndisco_nb.cli.status_text import words_of
from syndisco_nb.runs.layout import ANNOTATIONS, HEAD_FILE
from syndisco_nb.watching.folder_watcher import FolderWatcher, Snapshot
from syndisco_nb.watching.unit_lines import UnitState, WatchedLine
from syndisco_nb.wording import count, duration, percent, shortened

_LOOK_S = 1.0
_LINE_S = 60.0
"""Seconds between two lines where there is no terminal: a log file keeps them all."""
_COMMENTS = 3
"""Comments that are shown at a look: a scripted model gives thousands a second."""
_COLUMNS = 80


class FollowedRun:
    """A run or study that is followed: its discussions first, then the labels in a study's folder.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._watcher = FolderWatcher(folder)
        self._told: set[tuple[str, str, int]] = set()
        self._failed: set[tuple[str, str, int]] = set()

    def look(self) -> Snapshot:
        """Return the state now; once the discussions of a study are over, that of their labels."""
        snapshot = self._watcher.look()
        labels = self.folder / ANNOTATIONS
        if snapshot.over and self._watcher.folder != labels and any(labels.glob(f"*/{HEAD_FILE}")):
            self._watcher = FolderWatcher(labels)
            snapshot = self._watcher.look()
        return snapshot

    def failures(self, snapshot: Snapshot) -> Iterator[str]:
        """Yield a line for each failure since the last call."""
        for condition, failure in snapshot.failures:
            key = (condition, failure.unit, failure.attempt)
            if key not in self._failed:
                self._failed.add(key)
                unit = f"{condition}/{failure.unit}" if condition else failure.unit
                yield shortened(f"{unit} failed: {failure.error}: {failure.message}", 4 * _COLUMNS)

    def comments(self, snapshot: Snapshot) -> Iterator[str]:
        """Yield a line for each of the last comments, or labels, since the last call."""
        lines = [
            (unit, line)
            for unit in sorted((*snapshot.just_finished, *snapshot.unfinished), key=lambda unit: unit.changed)
            for line in unit.lines
            if line.role != "opening" and (unit.condition, unit.unit, line.index) not in self._told
        ]
        self._told.update((unit.condition, unit.unit, line.index) for unit, line in lines)
        for unit, line in lines[-_COMMENTS:]:
            yield shortened(_comment(unit, line), _COLUMNS)


def progress_line(folder: Path, snapshot: Snapshot) -> str:
    """Return the progress of a run as a line of text.

    Parameters
    ----------
    folder : Path
    snapshot : Snapshot
    """
    parts = [f"{snapshot.finished:,} of {count(snapshot.total, snapshot.noun)}", percent(snapshot.share)]
    if snapshot.failures:
        parts.append(f"{len(snapshot.failures):,} failed")
    if snapshot.turns_per_s:
        parts.append(f"{snapshot.turns_per_s:.2g} turns/s")
    if snapshot.left_s is not None:
        parts.append(f"{duration(snapshot.left_s)} left")
    if snapshot.status != "running":
        parts.append(words_of(snapshot.status))
    return f"{time.strftime('%H:%M')} {folder}: {', '.join(parts)}"


def follow(folder: Path, look_s: float = _LOOK_S) -> Snapshot:
    """Show a run until it is over; return its last state.

    Parameters
    ----------
    folder : Path
    look_s : float
        Seconds between two looks.
    """
    run = FollowedRun(folder)
    with _Shown(folder) as shown:
        while True:
            snapshot = run.look()
            shown.show(snapshot, [*run.failures(snapshot), *run.comments(snapshot)])
            if snapshot.over:
                return snapshot
            time.sleep(look_s)


@contextmanager
def progress_in_lines(folder: Path, line_s: float = _LINE_S) -> Iterator[None]:
    """Write the progress of the run in a folder to stderr inside this context, a line a minute.

    Parameters
    ----------
    folder : Path
    line_s : float
        Seconds between two lines.
    """
    over = threading.Event()
    run = FollowedRun(folder)

    def write() -> None:
        while not over.wait(line_s):
            snapshot = run.look()
            for line in (*run.failures(snapshot), progress_line(folder, snapshot)):
                print(line, file=sys.stderr, flush=True)

    thread = threading.Thread(target=write, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class _Shown:
    """The view of a run that is followed: on a terminal a bar below the news, elsewhere a line a minute."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written_at = float("-inf")
        self._bar = tqdm(desc=folder.name, unit="turn", file=sys.stderr, dynamic_ncols=True, disable=None)

    def show(self, snapshot: Snapshot, news: list[str]) -> None:
        """Show a state, and the lines that are new."""
        due = snapshot.over or time.monotonic() >= self._written_at + _LINE_S
        if self._bar.disable:
            if due:
                self._written_at = time.monotonic()
                print(*news, progress_line(self._folder, snapshot), sep="\n", flush=True)
            return
        for line in news:
            self._bar.write(line, file=sys.stdout)
        done, total = snapshot.turn_counts
        self._bar.total, self._bar.n = (total, done) if total else (snapshot.total, snapshot.finished)
        self._bar.set_postfix_str(words_of(snapshot.status))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._bar.close()


def _comment(unit: UnitState, line: WatchedLine) -> str:
    where = f"{unit.condition}/{unit.unit}" if unit.condition else unit.unit
    said = "(silent)" if line.silent else line.text
    return f"{where} {line.name}: {said}" + (f" → {line.label}" if line.label else "")
