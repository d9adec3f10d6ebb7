"""Open the head of a run folder for writing: check that the experiment is the same, restore a lost run.json."""

import contextlib
import functools
import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from syndisco_nb._version import __version__
from syndisco_nb.errors import InvalidInputError, NewerVersionError, RecordError, RunFolderError
from syndisco_nb.log import warn
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.records.unit_names import annotation_name, discussion_name
from syndisco_nb.runs.files import UnfitFileError, is_ordinary, path_from, read_own, set_aside, write_atomically
from syndisco_nb.runs.growth import WAYS, grown
from syndisco_nb.runs.head import RunHead, head_file, parsed_head
from syndisco_nb.runs.layout import HEAD_FILE, RECORD_TYPES, Kind, head_copy
from syndisco_nb.runs.reading import journal_files, unit_files
from syndisco_nb.runs.serialization import from_json
from syndisco_nb.seeds import given_or_drawn
from syndisco_nb.wording import count

Check = Callable[[int, str, Transcript | AnnotationSet], str]
"""Given the seed of a run, the name of a unit and a record, return why they do not belong together; "" if they do."""


def as_plain_data(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a spec as run.json will hold it.

    Raises
    ------
    InvalidInputError
        If a part of it, perhaps the settings of a model or a turn manager, is not plain data.
    """
    try:
        text = json.dumps(spec, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInputError(
            f"The settings cannot be written to run.json: {error}. The settings() of models, turn managers and stop "
            "conditions must return plain data: texts, numbers, lists and mappings."
        ) from None
    plain: dict[str, Any] = json.loads(text)
    return plain


def opened_head(folder: Path, kind: Kind, asked: dict[str, Any], total: int, check: Check) -> RunHead:
    """Return the head of the run in a folder, or of a new run; its spec follows an experiment that asks for more.

    A run.json that is gone, broken or of another run is restored from its copy. Without a copy, it is made from the
    seed that the experiment was given.

    Parameters
    ----------
    folder : Path
    kind : {"discussions", "annotations"}
    asked : dict
        Spec of the experiment.
    total : int
        Number of units.
    check : callable
        Returns the reason why a record is not of this run; see `Check`.

    Raises
    ------
    RunFolderError
        If the folder holds another experiment, or none of its files follows from the seed of its run.
    NewerVersionError
        If it was written by a newer version.
    """
    head, reason = _read(folder / HEAD_FILE)
    if not holds_work(folder):
        if aside := _clear(folder / HEAD_FILE, reason):
            warn(f"{reason} It was moved to {aside.name}.")
        return _new(kind, asked, total, given_or_drawn(asked["seed"]))
    if head is None:
        head = _restored(folder, kind, asked, total, check, reason)
    asked = _as_named(head.spec, asked, folder)
    held = head.kind
    spec, differing = grown(kind, head.spec, asked) if held == kind else (asked, f"{held}, not {kind}")
    if differing and "window_counts" in asked and "window_counts" not in head.spec:
        raise RunFolderError(
            f"{folder} was written by an earlier version: it can be read, not continued. Use another folder."
        )
    if differing:
        raise RunFolderError(
            f"{folder} holds a different experiment ({differing}). Use another folder, or give the same "
            f"settings to continue this one, or begin(..., fresh=True), which moves it aside. {WAYS[kind]}"
        )
    return replace(_fitting(folder, head, check), spec=spec, total=total if spec == asked else max(total, head.total))


def _as_named(spec: dict[str, Any], asked: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return a spec with the path of its discussions as the run wrote it, if both lead to the same folder."""
    names = spec.get("discussions"), asked.get("discussions")
    paths = {path_from(name, folder) for name in names if isinstance(name, str)}
    same = all(isinstance(name, str) for name in names) and len(paths) == 1
    return asked | {"discussions": names[0]} if same else asked


def write_head(folder: Path, head: RunHead) -> None:
    """Write run.json and its copy.

    Parameters
    ----------
    folder : Path
    head : RunHead
    """
    data = head_file(head)
    for file in (folder / HEAD_FILE, head_copy(folder)):
        if not is_ordinary(file):
            warn(f"{file} is not an ordinary file. It was moved to {set_aside(file).name}.")
    write_atomically(folder / HEAD_FILE, data, durable=True)
    write_atomically(head_copy(folder), data)


def holds_work(folder: Path) -> bool:
    """Return whether a run folder holds any unit or journal; otherwise any experiment may use it."""
    return bool(unit_files(folder)) or bool(journal_files(folder))


def now_utc() -> str:
    """Return the time, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _read(file: Path) -> tuple[RunHead | None, str]:
    """Return the head in a file, or None and the reason why it cannot be read."""
    try:
        return parsed_head(read_own(file), str(file)), ""
    except FileNotFoundError:
        return None, f"{file} is missing."
    except UnfitFileError as error:
        return None, f"{file} cannot be read: {error.strerror}."
    except NewerVersionError:
        raise
    except RecordError as error:
        return None, str(error)


def _restored(folder: Path, kind: Kind, asked: dict[str, Any], total: int, check: Check, reason: str) -> RunHead:
    """Return the head of a run whose run.json is gone or broken."""
    head, _ = _read(head_copy(folder))
    source = f"its copy, {head_copy(folder)}"
    if head is None:
        if asked["seed"] is None:
            raise RunFolderError(
                f"{folder} holds files of a run, but its run.json does not say of which: {reason} Put run.json back "
                "from a backup, or give the experiment the seed of that run, from which it is made anew; or use "
                "another folder, or begin(..., fresh=True), which moves this one aside."
            )
        for unit, why in _foreign(folder, kind, asked["seed"], total, check):
            raise RunFolderError(
                f"{folder} holds files of another run, but its run.json does not say of which: {reason} {unit} is not "
                f"of this experiment: {why} Use another folder, or begin(..., fresh=True), which moves this one aside."
            )
        head, source = _new(kind, asked, total, asked["seed"]), "the experiment"
    aside = _clear(folder / HEAD_FILE, reason)
    warn(f"{reason} It was made again from {source}.{f' The broken one is now {aside.name}.' if aside else ''}")
    return head


def _fitting(folder: Path, head: RunHead, check: Check) -> RunHead:
    """Return the head of run.json, or of its copy if the files in the folder follow from the seed of the copy alone."""
    reasons = _unless_one_fits(folder, head.kind, head.seed, check)
    copy, _ = _read(head_copy(folder))
    other = copy is not None and (copy.kind, copy.spec) == (head.kind, head.spec) and copy.seed != head.seed
    if copy is not None and other and not _unless_one_fits(folder, head.kind, copy.seed, check):
        aside = set_aside(folder / HEAD_FILE)
        warn(
            f"{folder / HEAD_FILE} has the seed {head.seed}, but what is in its folder has {copy.seed}. It was made "
            f"again from its copy, {head_copy(folder)}. The other one is now {aside.name}."
        )
        return copy
    if reasons:
        raise RunFolderError(
            f"{folder} cannot be continued: none of its finished files follows from its run.json, whose seed is "
            f"{head.seed} ({reasons[0]}). Put the run.json or the files back that belong together, or use another "
            "folder, or begin(..., fresh=True), which moves this one aside."
        )
    return head


def _unless_one_fits(folder: Path, kind: Kind, seed: int, check: Check) -> list[str]:
    """Return why each finished file, whatever its name, is not of a run with this seed; nothing if one is."""
    reasons = []
    for file in unit_files(folder):
        with contextlib.suppress(OSError, RecordError):  # a broken file belongs to no run
            record: Transcript | AnnotationSet = from_json(RECORD_TYPES[kind], read_own(file), str(file))
            why = check(seed, _unit_of(record), record)
            if not why:
                return []
            reasons.append(f"{file.name}: {why}")
    return reasons


def _unit_of(record: Transcript | AnnotationSet) -> str:
    """Return the name of the unit that a record is of."""
    if isinstance(record, Transcript):
        return discussion_name(record.index)
    return annotation_name(record.discussion, record.index)


def _foreign(folder: Path, kind: Kind, seed: int, total: int, check: Check) -> Iterator[tuple[str, str]]:
    """Yield the finished files that are not of this run, and why."""
    for file in unit_files(folder):
        with contextlib.suppress(OSError, RecordError):  # a broken file belongs to no run
            record: Transcript | AnnotationSet = from_json(RECORD_TYPES[kind], read_own(file), str(file))
            if why := check(seed, file.stem, record) or _beyond(total, record):
                yield file.name, why


def _beyond(total: int, record: Transcript | AnnotationSet) -> str:
    """Return the reason why a run of so many discussions has not this one; "" if it may."""
    is_beyond = isinstance(record, Transcript) and record.index >= total
    return f"the experiment has only {count(total, 'discussion')}." if is_beyond else ""


def _clear(file: Path, reason: str) -> Path | None:
    """Set a broken run.json aside; return its new name."""
    return set_aside(file) if reason and os.path.lexists(file) else None


def _new(kind: Kind, asked: dict[str, Any], total: int, seed: int) -> RunHead:
    software = {"python": platform.python_version(), "syndisco_nb": __version__, **_versions()}
    return RunHead(kind, seed, asked, software, started=now_utc(), total=total, status="running")


@functools.cache
def _versions() -> dict[str, str]:
    """Return the versions of the installed packages that compute answers."""
    found = {}
    for package in ("torch", "transformers", "openvino-genai"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found
