"""The run folder: what was asked, what is finished, what is under way, what failed.

::

    run.json                       what was asked, with which seed and versions, and how far it is
    discussion-00007.json          finished: written whole, then renamed; named by its index
    journal/discussion-00012.jsonl unfinished: a line per turn, written before the next request is sent
    failures.jsonl                 a line per failure: what, why, at which attempt

A `Run` reads from its folder what it shows, so it costs no memory. One process at a time writes to a folder.
"""

import contextlib
import json
import logging
import os
import platform
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from syndisco_nb._version import __version__
from syndisco_nb.errors import RecordError, RunFolderError
from syndisco_nb.files import append_line, write_atomically
from syndisco_nb.records import (
    FORMAT_VERSION,
    AnnotationSet,
    Label,
    Message,
    Transcript,
    from_json,
    from_line,
    parse_object,
    to_json,
    to_line,
)
from syndisco_nb.seeds import given_or_drawn

if TYPE_CHECKING:
    import pandas as pd

logger = logging.getLogger(__name__)

Item = TypeVar("Item", Transcript, AnnotationSet)
Line = TypeVar("Line", Message, Label)
Status = Literal["running", "finished", "partial", "interrupted", "failed"]
PathLike = str | os.PathLike[str]

_FORMAT = "syndisco_nb/run"
_KINDS: dict[str, type[Any]] = {"discussions": Transcript, "annotations": AnnotationSet}
_OWN_FILES = ("run.json", "failures.jsonl")
_UNIT = re.compile(r"discussion-[0-9]{5,}|.+\.annotator-[0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a discussion, or an annotation of one, could not be finished.

    Attributes
    ----------
    unit : str
        Its name: the name of its file, without ending.
    error : str
        The type of the error.
    message : str
        What the error says.
    done : int
        How many messages or labels there were; they are kept, and not asked again.
    attempt : int
        How often it has been tried, from 1.
    """

    unit: str
    error: str
    message: str
    done: int
    attempt: int

    def __str__(self) -> str:
        return f"{self.unit} (attempt {self.attempt}, after {self.done}): {self.error}: {self.message}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was stepped around, and why."""

    file: str
    reason: str


_FAILURE = TypeAdapter(Failure)


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
        self._kind = _KINDS[kind]
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
                "format": _FORMAT,
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
        self.write_status("running")

    @property
    def seed(self) -> int:
        """The seed given, or the one drawn when the run was first started."""
        return int(self._head["seed"])

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
        append_line(self.path / "failures.jsonl", _FAILURE.dump_json(failure))

    def write_status(self, status: Status, skipped: Sequence[Skipped] = ()) -> None:
        """Write how far the run is."""
        self._head |= {"status": status, "skipped": [asdict(one) for one in skipped], "updated": _now()}
        text = json.dumps(self._head, indent=2, ensure_ascii=False) + "\n"
        write_atomically(self.path / "run.json", text.encode())

    def _holds_work(self) -> bool:
        """Return whether anything was done here; a run that never got going binds nobody."""
        return bool(_unit_files(self.path)) or any((self.path / "journal").glob("*.jsonl"))

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


class Run(Sequence[Item], Generic[Item]):
    """What a run folder holds: a sequence of the finished transcripts, or annotation sets.

    What failed is left out, so ``run[3]`` is the fourth that is finished; its own number is in ``run[3].index``.

    Parameters
    ----------
    folder : str or path-like
        A folder that an experiment wrote, finished or not.

    Raises
    ------
    RecordError
        If it is not a run folder.

    Attributes
    ----------
    folder : Path
    """

    def __init__(self, folder: PathLike) -> None:
        self.folder = Path(folder).expanduser()
        self._kind: type[Item] = _KINDS[read_head(self.folder)["kind"]]
        self._files = _unit_files(self.folder)

    @property
    def seed(self) -> int:
        """The seed from which the whole run follows."""
        return int(read_head(self.folder)["seed"])

    @property
    def status(self) -> Status:
        """How far it is.

        "finished"; "partial", if some of it failed; "interrupted"; "failed", if it could not start or write at all;
        "running", also after a crash.
        """
        status: Status = read_head(self.folder)["status"]
        return status

    @property
    def spec(self) -> dict[str, Any]:
        """What was asked, as plain data."""
        return dict(read_head(self.folder)["spec"])

    @property
    def total(self) -> int:
        """How many files there will be once everything is finished."""
        return int(read_head(self.folder)["total"])

    @property
    def failures(self) -> list[Failure]:
        """The last failure of everything that is not finished."""
        last = {failure.unit: failure for failure in read_failures(self.folder)}
        return [failure for unit, failure in sorted(last.items()) if not (self.folder / f"{unit}.json").exists()]

    @property
    def skipped(self) -> list[Skipped]:
        """Files that were stepped around, and why."""
        return [Skipped(**one) for one in read_head(self.folder)["skipped"]]

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per message (of discussions) or per label (of annotations)."""
        import pandas as pd

        frames = [record.to_dataframe() for record in self]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> list[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | list[Item]:
        if isinstance(place, slice):
            return [self._read(file) for file in self._files[place]]
        return self._read(self._files[place])

    def __iter__(self) -> Iterator[Item]:
        for file in self._files:
            try:
                yield self._read(file)
            except (RecordError, OSError) as error:
                warnings.warn(f"Skipped: {error}", stacklevel=2)

    def __len__(self) -> int:
        return len(self._files)

    def __fspath__(self) -> str:
        return str(self.folder)

    def __repr__(self) -> str:
        what = "discussions" if self._kind is Transcript else "annotation sets"
        failed = f", {len(self.failures)} failed" if self.failures else ""
        skipped = f", {len(self.skipped)} files skipped" if self.skipped else ""
        return f"<Run {str(self.folder)!r}: {len(self)} of {self.total} {what}, {self.status}{failed}{skipped}>"

    def _read(self, file: Path) -> Item:
        return from_json(self._kind, file.read_bytes(), str(file))


def _unit_files(folder: Path) -> list[Path]:
    return [file for file in record_files(folder)[0] if _UNIT.fullmatch(file.stem)]


def record_files(folder: Path) -> tuple[list[Path], list[Skipped]]:
    """Return the files of a folder that may hold records, by name, and those that cannot."""
    files, skipped = [], []
    for path in sorted(folder.iterdir(), key=_natural_order):
        if path.name.startswith(".") or path.name in _OWN_FILES or path.is_dir():
            continue
        if path.suffix == ".json":
            files.append(path)
        else:
            skipped.append(Skipped(path.name, "it is not a .json file"))
    return files, skipped


def _natural_order(path: Path) -> list[str | int]:
    """Return a key that sorts 100000 after 99999."""
    parts = re.split(r"([0-9]+)", path.name)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def read_head(folder: Path) -> dict[str, Any]:
    """Return what run.json holds."""
    file = folder / "run.json"
    try:
        head = parse_object(file.read_bytes(), str(file))
    except OSError as error:
        raise RecordError(
            f"{folder} is not a run folder: run.json cannot be read ({error.strerror}). Give a folder that an "
            "experiment wrote."
        ) from None
    if head.get("format") != _FORMAT or head.get("kind") not in _KINDS:
        raise RecordError(f"{file} is not a {_FORMAT} file.")
    if not isinstance(head.get("version"), int):
        raise RecordError(f"{file} does not say which version of its format it has.")
    if head["version"] > FORMAT_VERSION:
        raise RecordError(f"{file} was written by a newer version of syndisco_nb. Upgrade to read it.")
    return head


def read_failures(folder: Path) -> list[Failure]:
    """Return all failures there ever were, oldest first."""
    try:
        lines = (folder / "failures.jsonl").read_bytes().splitlines()
    except FileNotFoundError:
        return []
    failures = []
    for number, line in enumerate(lines, start=1):
        try:
            failures.append(_FAILURE.validate_json(line))
        except ValidationError:
            logger.warning("line %d of failures.jsonl in %s was cut off", number, folder)
    return failures


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
