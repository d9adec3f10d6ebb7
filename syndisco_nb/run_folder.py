"""Writing a run folder: what was asked, what is finished, what is under way, what failed.

One run at a time writes to a folder; what a killed one got done, the next goes on with.
"""

import contextlib
import functools
import itertools
import json
import logging
import os
import platform
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from syndisco_nb._version import __version__
from syndisco_nb.costs import memory
from syndisco_nb.errors import RecordError, RunFolderError
from syndisco_nb.files import append_line, read_bounded, write_atomically
from syndisco_nb.jobs import Asked
from syndisco_nb.journal import Journal, Line
from syndisco_nb.records import AnnotationSet, Label, Transcript
from syndisco_nb.run_files import (
    FAILURE,
    HEAD,
    KINDS,
    RUN_FORMAT,
    Cost,
    Failure,
    Head,
    Kind,
    PathLike,
    Skipped,
    Status,
    read_failures,
    read_head,
    storage_error,
    unit_files,
)
from syndisco_nb.seeds import given_or_drawn
from syndisco_nb.serialization import FORMAT_VERSION, from_json, to_json, to_line

logger = logging.getLogger(__name__)

_PROBE_S = 0.1
"""How long a lock is waited for: `being_written` may hold it for a moment."""


class RunFolder:
    """One run's folder, while it is written.

    Parameters
    ----------
    path : str or path-like
        Made if it does not exist.
    kind : {"discussions", "annotations"}
        What the run makes.
    spec : mapping
        What was asked, as plain data. A folder belongs to one spec for good.
    total : int
        How many files there will be.
    fresh : bool
        Whether to move a run that is already there aside, and start anew.

    Raises
    ------
    RunFolderError
        If the folder belongs to another experiment (the difference is named), or another run is writing to it.
    StorageError
        If the disk does not take what is written.
    """

    def __init__(self, path: PathLike, kind: Kind, spec: Mapping[str, Any], total: int, fresh: bool = False) -> None:
        self.path = Path(path).expanduser()
        self._kind = KINDS[kind]
        try:
            self._lock = self._locked()
            if fresh and (holds_work(self.path) or (self.path / "run.json").exists()):
                self._lock = self._moved_aside()
        except OSError as error:
            raise storage_error(self.path, error) from error
        try:
            self._open(kind, json.loads(json.dumps(spec)), total)
        except BaseException:
            self._lock.release()
            raise

    def _locked(self) -> FileLock:
        """Make the folder, and lock it: the lock of a process that has died is free."""
        try:
            (self.path / "journal").mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise RunFolderError(f"{self.path} is a file, or in one, not a folder. Give another path.") from None
        lock = FileLock(self.path / "journal" / ".lock", timeout=_PROBE_S, poll_interval=_PROBE_S / 10)
        try:
            lock.acquire()
        except Timeout:
            raise RunFolderError(
                f"{self.path} is being written by another run, here or in another process. Wait for it, or use another "
                "folder."
            ) from None
        return lock

    def _moved_aside(self) -> FileLock:
        """Move the whole folder aside while it is locked, and return the lock of a new one in its place."""
        names = (self.path.absolute().with_name(f"{self.path.absolute().name}.old-{n}") for n in itertools.count(1))
        aside = next(name for name in names if not os.path.lexists(name))
        old = self._lock
        try:
            self.path.absolute().rename(aside)
            logger.info("%s moved aside, to %s", self.path, aside.name)
            warnings.warn(f"{self.path} was moved aside, to {aside.name}, to start anew.", stacklevel=2)
            return self._locked()
        finally:
            old.release()

    def _open(self, kind: Kind, asked: dict[str, Any], total: int) -> None:
        if holds_work(self.path):
            if not (self.path / "run.json").exists():
                raise RunFolderError(
                    f"{self.path} holds files of a run, but no run.json that says of which. Use another folder, or "
                    "begin(..., fresh=True), which moves this one aside."
                )
            self._head = read_head(self.path)
            held = self._head.kind
            differing = f"{held}, not {kind}" if held != kind else difference(self._head.spec, asked)
            if differing:
                raise RunFolderError(
                    f"{self.path} holds a different experiment ({differing}). Use another folder, or give the same "
                    "settings to continue this one, or begin(..., fresh=True), which moves it aside."
                )
            self._head = replace(self._head, total=total)
        else:
            seed = given_or_drawn(asked["seed"])
            software = {"python": platform.python_version(), "syndisco_nb": __version__, **_versions()}
            self._head = Head(kind, seed, asked, software, started=_now(), total=total, status="running")
        self._attempts = {failure.unit: failure.attempt for failure in read_failures(self.path)}
        self._worked = self._head.seconds
        self._since = time.monotonic()
        self.write_status("running")

    @property
    def seed(self) -> int:
        """The seed given, or the one drawn when the run was first started."""
        return self._head.seed

    @property
    def kind(self) -> Kind:
        """What the run makes."""
        return self._head.kind

    def expect(self, cost: Cost | None) -> None:
        """Keep what the run was estimated to cost, if it was."""
        if cost:
            self._head = replace(self._head, estimate=cost)

    def pending(self, units: Iterable[str]) -> list[str]:
        """Return the units that are not finished; a file that is broken is set aside, with a warning."""
        return [unit for unit in units if self.finished(unit) is None]

    def finished(self, unit: str) -> Transcript | AnnotationSet | None:
        """Return what the unit's file holds, or None if there is no whole one."""
        file = self._file(unit)
        try:
            record: Transcript | AnnotationSet = from_json(self._kind, read_bounded(file), str(file))
            self._journal(unit).unlink(missing_ok=True)  # the process was killed between the two
        except FileNotFoundError:
            return None
        except OSError as error:
            raise storage_error(file, error) from error
        except RecordError as error:
            self._set_aside(file, error)
            return None
        return record

    def _set_aside(self, file: Path, reason: RecordError) -> None:
        aside = file.with_name(f"{file.name}.broken")
        try:
            file.rename(aside)
        except OSError as error:
            raise storage_error(file, error) from error
        logger.warning("%s moved to %s, to be made anew: %s", file.name, aside.name, reason)
        warnings.warn(f"Moved to {aside.name}, to be made anew: {reason}", stacklevel=3)

    def close(self) -> None:
        """Let others write to the folder."""
        self._lock.release()

    def journal(self, unit: str, kind: type[Line]) -> "Journal[Line]":
        """Return the unit's journal, with what an earlier attempt got done."""
        return Journal(self._journal(unit), kind)

    def finish(self, unit: str, record: Transcript | AnnotationSet) -> None:
        """Write the unit's file and drop its journal."""
        try:
            write_atomically(self._file(unit), to_json(record))
            self._journal(unit).unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(self._file(unit), error) from error

    def put_back(self, unit: str, done: Sequence[Label]) -> None:
        """Have a unit go on from these labels, though it may have been finished.

        Killed before the end, it is as it was: what is finished counts, and then not its journal.
        """
        try:
            write_atomically(self._journal(unit), b"".join(map(to_line, done)))
            self._file(unit).unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(self._journal(unit), error) from error

    def fail(self, unit: str, error: Exception, asked: Asked | None) -> None:
        """Record a failure; what was done before it stays in the journal."""
        self._attempts[unit] = self._attempts.get(unit, 0) + 1
        journal, file = self._journal(unit), self.path / "failures.jsonl"
        try:
            failure = Failure(
                unit,
                type(error).__name__,
                str(error).encode(errors="backslashreplace").decode(),  # some quote what no file can keep
                done=journal.read_bytes().count(b"\n") if journal.exists() else 0,
                attempt=self._attempts[unit],
                turn=asked.turn if asked else None,
                prompt=asked.prompt if asked else (),
            )
            logger.warning("%s failed in %s", failure, self.path)
            logger.debug("the error of %s", unit, exc_info=error)
            append_line(file, FAILURE.dump_json(failure, exclude_none=True))
        except OSError as problem:
            raise storage_error(file, problem) from problem

    def write_status(self, status: Status, skipped: Sequence[Skipped] = ()) -> None:
        """Write how far the run is."""
        memory_mb, gpu_memory_mb = memory()
        now = time.monotonic()
        self._worked += 0 if self._head.status == "paused" else now - self._since
        self._since = now
        self._head = replace(
            self._head,
            status=status,
            skipped=tuple(skipped),
            updated=_now(),
            seconds=round(self._worked, 3),
            memory_mb=memory_mb,
            gpu_memory_mb=gpu_memory_mb,
        )
        document = {"format": RUN_FORMAT, "version": FORMAT_VERSION, **HEAD.dump_python(self._head, mode="json")}
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        file = self.path / "run.json"
        try:
            write_atomically(file, text.encode())
        except OSError as error:
            raise storage_error(file, error) from error

    def _file(self, unit: str) -> Path:
        return self.path / f"{unit}.json"

    def _journal(self, unit: str) -> Path:
        return self.path / "journal" / f"{unit}.jsonl"


@functools.cache
def _versions() -> dict[str, str]:
    """Return the versions of what computes the answers, as far as it is installed."""
    found = {}
    for package in ("torch", "transformers", "openvino-genai"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found


def being_written(folder: Path) -> bool:
    """Return whether a run, in this process or in another, is writing to a folder; one that was killed is not."""
    file = folder / "journal" / ".lock"
    if not file.exists():
        return False
    lock = FileLock(file, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError:
        return True  # somebody else's folder, which can only be read: its word counts
    lock.release()
    return False


def holds_work(folder: Path) -> bool:
    """Return whether anything was done in this run folder; a run that never got going binds nobody."""
    return bool(unit_files(folder)) or any((folder / "journal").glob("*.jsonl"))


def difference(old: Any, new: Any, name: str = "") -> str:
    """Return in words how two specs differ, "" if they do not."""
    if old == new:
        return ""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*old, *(key for key in new if key not in old)]
        parts = [difference(old.get(key), new.get(key), f"{name}.{key}".lstrip(".")) for key in keys]
        return "; ".join(part for part in parts if part)
    if isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            return f"{name}: {len(old)} → {len(new)}"
        parts = [difference(a, b, f"{name}[{n}]") for n, (a, b) in enumerate(zip(old, new, strict=True))]
        return "; ".join(part for part in parts if part)
    return f"{name}: {old!r} → {new!r}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
