"""Writing a run folder: what was asked, what is finished, what is under way, what failed.

One run at a time writes to a folder; what a killed one got done, the next goes on with.
"""

import contextlib
import json
import logging
import platform
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Generic, TypeVar

from filelock import FileLock, Timeout

from syndisco_nb._version import __version__
from syndisco_nb.costs import Cost, memory
from syndisco_nb.errors import RecordError, RunFolderError
from syndisco_nb.files import append_line, write_atomically
from syndisco_nb.records import AnnotationSet, Label, Message, Transcript
from syndisco_nb.run_files import (
    FAILURE,
    KINDS,
    RUN_FORMAT,
    Failure,
    PathLike,
    Skipped,
    Status,
    read_failures,
    read_head,
    unit_files,
)
from syndisco_nb.seeds import given_or_drawn
from syndisco_nb.serialization import FORMAT_VERSION, from_json, from_line, to_json, to_line

logger = logging.getLogger(__name__)

Line = TypeVar("Line", Message, Label)


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

    Raises
    ------
    RunFolderError
        If the folder belongs to another experiment; the difference is named.
    """

    def __init__(self, path: PathLike, kind: str, spec: Mapping[str, Any], total: int) -> None:
        self.path = Path(path).expanduser()
        self._kind = KINDS[kind]
        try:
            (self.path / "journal").mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise RunFolderError(f"{self.path} is a file, not a folder. Give another path.") from None
        self._lock = FileLock(self.path / "journal" / ".lock", blocking=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise RunFolderError(
                f"{self.path} is being written by another run, here or in another process. Wait for it, or use another "
                "folder."
            ) from None
        try:
            self._open(kind, json.loads(json.dumps(spec)), total)
        except BaseException:
            self._lock.release()
            raise

    def _open(self, kind: str, asked: dict[str, Any], total: int) -> None:
        if self._holds_work():
            if not (self.path / "run.json").exists():
                raise RunFolderError(
                    f"{self.path} holds files of a run, but no run.json that says of which. Use another folder."
                )
            self._head = read_head(self.path)
            held = self._head["kind"]
            difference = f"{held}, not {kind}" if held != kind else _difference(self._head["spec"], asked)
            if difference:
                raise RunFolderError(
                    f"{self.path} holds a different experiment ({difference}). Use another folder, or give the "
                    "same settings to continue this one."
                )
        else:
            seed = given_or_drawn(asked["seed"])
            self._head = {
                "format": RUN_FORMAT,
                "version": FORMAT_VERSION,
                "kind": kind,
                "seed": seed,
                "spec": asked,
                "software": {"python": platform.python_version(), "syndisco_nb": __version__, **_versions()},
                "started": _now(),
            }
        self._attempts: dict[str, int] = {}
        for failure in read_failures(self.path):
            self._attempts[failure.unit] = failure.attempt
        self._head["total"] = total
        self._worked = float(self._head.get("seconds", 0))
        self._opened = time.monotonic()
        self.write_status("running")

    @property
    def seed(self) -> int:
        """The seed given, or the one drawn when the run was first started."""
        return int(self._head["seed"])

    def expect(self, cost: Cost | None) -> None:
        """Keep what the run was estimated to cost, if it was."""
        if cost:
            self._head["estimate"] = asdict(cost)

    def pending(self, units: Iterable[str]) -> list[str]:
        """Return the units that are not finished; a file that is broken is set aside, with a warning."""
        return [unit for unit in units if self.finished(unit) is None]

    def finished(self, unit: str) -> Transcript | AnnotationSet | None:
        """Return what the unit's file holds, or None if there is no whole one."""
        file = self._file(unit)
        try:
            record: Transcript | AnnotationSet = from_json(self._kind, file.read_bytes(), str(file))
        except FileNotFoundError:
            return None
        except RecordError as error:
            aside = file.with_name(f"{file.name}.broken")
            file.rename(aside)
            warnings.warn(f"Moved to {aside.name}, to be made anew: {error}", stacklevel=2)
            return None
        self._journal(unit).unlink(missing_ok=True)  # the process was killed between the two
        return record

    def close(self) -> None:
        """Let others write to the folder."""
        self._lock.release()

    def journal(self, unit: str, kind: type[Line]) -> "Journal[Line]":
        """Return the unit's journal, with what an earlier attempt got done."""
        return Journal(self._journal(unit), kind)

    def finish(self, unit: str, record: Transcript | AnnotationSet) -> None:
        """Write the unit's file and drop its journal."""
        write_atomically(self._file(unit), to_json(record))
        self._journal(unit).unlink(missing_ok=True)

    def fail(self, unit: str, error: Exception) -> None:
        """Record a failure; what was done before it stays in the journal."""
        journal = self._journal(unit)
        done = journal.read_bytes().count(b"\n") if journal.exists() else 0
        self._attempts[unit] = self._attempts.get(unit, 0) + 1
        failure = Failure(unit, type(error).__name__, str(error), done, self._attempts[unit])
        logger.warning("%s", failure)
        logger.debug("the error of %s", unit, exc_info=error)
        append_line(self.path / "failures.jsonl", FAILURE.dump_json(failure))

    def write_status(self, status: Status, skipped: Sequence[Skipped] = ()) -> None:
        """Write how far the run is."""
        memory_mb, gpu_memory_mb = memory()
        self._head |= {
            "status": status,
            "skipped": [asdict(one) for one in skipped],
            "updated": _now(),
            "seconds": round(self._worked + time.monotonic() - self._opened, 3),
            "memory_mb": memory_mb,
            "gpu_memory_mb": gpu_memory_mb,
        }
        text = json.dumps(self._head, indent=2, ensure_ascii=False) + "\n"
        write_atomically(self.path / "run.json", text.encode())

    def _holds_work(self) -> bool:
        """Return whether anything was done here; a run that never got going binds nobody."""
        return bool(unit_files(self.path)) or any((self.path / "journal").glob("*.jsonl"))

    def _file(self, unit: str) -> Path:
        return self.path / f"{unit}.json"

    def _journal(self, unit: str) -> Path:
        return self.path / "journal" / f"{unit}.jsonl"


class Journal(Generic[Line]):
    """What is done of one unit: read when opened, then appended to, line by line, unbuffered.

    Parameters
    ----------
    path : Path
        The file; made if it does not exist. A line that was cut off is dropped.
    kind : type
        What a line holds.
    """

    def __init__(self, path: Path, kind: type[Line]) -> None:
        self._file = path.open("a+b", buffering=0)
        self._file.seek(0)
        data = self._file.read()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            self._file.truncate(len(whole))
        self.done: list[Line] = [
            from_line(kind, line, f"{path}, line {number}") for number, line in enumerate(whole.splitlines(), start=1)
        ]

    def append(self, record: Line) -> None:
        """Write one line, before anything else happens."""
        self._file.write(to_line(record))

    def __enter__(self) -> "Journal[Line]":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _versions() -> dict[str, str]:
    """Return the versions of what computes the answers, as far as it is installed."""
    found = {}
    for package in ("torch", "transformers", "openvino-genai"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found


def _difference(old: Any, new: Any, name: str = "") -> str:
    """Return in words how two specs differ, "" if they do not."""
    if old == new:
        return ""
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [*old, *(key for key in new if key not in old)]
        parts = [_difference(old.get(key), new.get(key), f"{name}.{key}".lstrip(".")) for key in keys]
        return "; ".join(part for part in parts if part)
    if isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            return f"{name}: {len(old)} → {len(new)}"
        parts = [_difference(a, b, f"{name}[{n}]") for n, (a, b) in enumerate(zip(old, new, strict=True))]
        return "; ".join(part for part in parts if part)
    return f"{name}: {old!r} → {new!r}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
