"""Opening a run folder to write in it: whose it is, and what to do where its run.json is gone or broken."""

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
from syndisco_nb.runs.head import RunHead, head_file, parsed_head
from syndisco_nb.runs.layout import HEAD_FILE, KINDS, Kind, head_copy
from syndisco_nb.runs.reading import journal_files, unit_files
from syndisco_nb.runs.serialization import from_json
from syndisco_nb.seeds import given_or_drawn

Check = Callable[[int, str, Transcript | AnnotationSet], str]
"""Says, given a run's seed, a unit's name and a record, why that is not the unit's own; "" if it is."""


def as_plain_data(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked as run.json will hold it.

    Raises
    ------
    InvalidInputError
        If something in it, perhaps the settings of a model or of a turn manager, is no plain data.
    """
    try:
        text = json.dumps(spec, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInputError(
            f"What was asked cannot be written to run.json: {error}. The settings() of models, turn managers and stop "
            "conditions must return plain data: texts, numbers, lists and mappings."
        ) from None
    plain: dict[str, Any] = json.loads(text)
    return plain


def opened_head(folder: Path, kind: Kind, asked: dict[str, Any], total: int, check: Check) -> RunHead:
    """Return what is known of the run that this folder holds, or begin one.

    A run.json that is gone, broken or of another run is restored from its last copy; without one, it is made anew from
    the seed that the experiment was given.

    Raises
    ------
    RunFolderError
        If the folder holds another experiment, or nothing in it follows from the seed of its run.
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
    held = head.kind
    differing = f"{held}, not {kind}" if held != kind else difference(head.spec, _as_named(head.spec, asked, folder))
    if differing and "window_counts" in asked and "window_counts" not in head.spec:
        raise RunFolderError(
            f"{folder} was written by an earlier version: it can be read, not continued. Use another folder."
        )
    if differing:
        raise RunFolderError(
            f"{folder} holds a different experiment ({differing}). Use another folder, or give the same "
            "settings to continue this one, or begin(..., fresh=True), which moves it aside."
        )
    return replace(_fitting(folder, head, check), total=total)


def _as_named(spec: dict[str, Any], asked: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return what is asked, with the discussions named as a run has them, if they are the same."""
    names = spec.get("discussions"), asked.get("discussions")
    paths = {path_from(name, folder) for name in names if isinstance(name, str)}
    same = all(isinstance(name, str) for name in names) and len(paths) == 1
    return asked | {"discussions": names[0]} if same else asked


def write_head(folder: Path, head: RunHead) -> None:
    """Write run.json, and a copy of it, should anything happen to the one."""
    data = head_file(head)
    for file in (folder / HEAD_FILE, head_copy(folder)):
        if not is_ordinary(file):
            warn(f"{file} is not an ordinary file. It was moved to {set_aside(file).name}.")
    write_atomically(folder / HEAD_FILE, data, durable=True)
    write_atomically(head_copy(folder), data)


def holds_work(folder: Path) -> bool:
    """Return whether anything was done in this run folder; a run that never got going binds nobody."""
    return bool(unit_files(folder)) or bool(journal_files(folder))


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


def now_utc() -> str:
    """Return the time, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _read(file: Path) -> tuple[RunHead | None, str]:
    """Return what a run.json holds, or None and the reason."""
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
    """Return what run.json must have held."""
    head, _ = _read(head_copy(folder))
    source = f"its copy, {head_copy(folder)}"
    if head is None:
        if asked["seed"] is None:
            raise RunFolderError(
                f"{folder} holds files of a run, but of which, its run.json does not say: {reason} Put run.json back "
                "from a backup, or give the experiment the seed that the run had, from which it is made anew; or use "
                "another folder, or begin(..., fresh=True), which moves this one aside."
            )
        for unit, why in _foreign(folder, kind, asked["seed"], check):
            raise RunFolderError(
                f"{folder} holds files of another run, but of which, its run.json does not say: {reason} {unit} is not "
                f"of this experiment: {why} Use another folder, or begin(..., fresh=True), which moves this one aside."
            )
        head, source = _new(kind, asked, total, asked["seed"]), "the experiment"
    aside = _clear(folder / HEAD_FILE, reason)
    warn(f"{reason} It was made again from {source}.{f' The broken one is now {aside.name}.' if aside else ''}")
    return head


def _fitting(folder: Path, head: RunHead, check: Check) -> RunHead:
    """Return what run.json holds, or its copy if only the seed of that is the one of what is in the folder."""
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
    """Say of the finished files why they are not of a run with this seed, whatever their names; nothing if one is."""
    reasons = []
    for file in unit_files(folder):
        with contextlib.suppress(OSError, RecordError):  # a broken one is nobody's
            record: Transcript | AnnotationSet = from_json(KINDS[kind], read_own(file), str(file))
            why = check(seed, _unit_of(record), record)
            if not why:
                return []
            reasons.append(f"{file.name}: {why}")
    return reasons


def _unit_of(record: Transcript | AnnotationSet) -> str:
    """Return the unit that a record says it is."""
    if isinstance(record, Transcript):
        return discussion_name(record.index)
    return annotation_name(record.discussion, record.index)


def _foreign(folder: Path, kind: Kind, seed: int, check: Check) -> Iterator[tuple[str, str]]:
    """Return the finished files that are not of this run, and why."""
    for file in unit_files(folder):
        with contextlib.suppress(OSError, RecordError):  # a broken one is nobody's
            record: Transcript | AnnotationSet = from_json(KINDS[kind], read_own(file), str(file))
            if why := check(seed, file.stem, record):
                yield file.name, why


def _clear(file: Path, reason: str) -> Path | None:
    """Set a broken run.json aside; return its new name."""
    return set_aside(file) if reason and os.path.lexists(file) else None


def _new(kind: Kind, asked: dict[str, Any], total: int, seed: int) -> RunHead:
    software = {"python": platform.python_version(), "syndisco_nb": __version__, **_versions()}
    return RunHead(kind, seed, asked, software, started=now_utc(), total=total, status="running")


@functools.cache
def _versions() -> dict[str, str]:
    """Return the versions of what computes the answers, as far as it is installed."""
    found = {}
    for package in ("torch", "transformers", "openvino-genai"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found
