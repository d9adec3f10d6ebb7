"""study.json: the design, the seed and the stages of the study in a folder."""

import contextlib
import itertools
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from syndisco_nb.builder.design import Design
from syndisco_nb.builder.documents import as_document, from_document, parse_json
from syndisco_nb.builder.fields import checked
from syndisco_nb.builder.study_growth import grown_design
from syndisco_nb.builder.study_stage import StudyStage, unrecorded_stage, with_discussions
from syndisco_nb.errors import InvalidInputError, NewerVersionError, RecordError, RunFolderError, StorageError
from syndisco_nb.log import warn
from syndisco_nb.runs.files import UnfitFileError, check_own, read_bounded, set_aside, storage_error, write_atomically
from syndisco_nb.runs.head import read_head
from syndisco_nb.runs.layout import ANNOTATIONS, STUDY_FILE
from syndisco_nb.runs.lock import being_written
from syndisco_nb.runs.opening import holds_work
from syndisco_nb.seeds import given_or_drawn

_STAGES = TypeAdapter(tuple[StudyStage, ...])


class StudyRecord(NamedTuple):
    """The content of study.json: the whole design, and when which part of it was asked for."""

    design: Design
    seed: int
    stages: tuple[StudyStage, ...]


def opened_study(folder: Path, design: Design, fresh: bool = False) -> int:
    """Open the folder of a study, new or begun; return the study's seed.

    A study that has begun may grow, which study.json notes as a stage; see `grown_design`. A folder in which no
    discussion was begun may get another design.

    Parameters
    ----------
    folder : Path
    design : Design
    fresh : bool
        Whether to move a study that is there already aside.

    Raises
    ------
    RunFolderError
        If the design would change finished work of the study in the folder, or the folder holds a run of its own, or
        a study whose seed is lost.
    """
    check_folder(folder, design, fresh)
    if fresh and (folder / STUDY_FILE).exists():
        _move_aside(folder)
    if existing := _existing(folder, design):
        held, seed, stages = existing
        if _holds_work(folder, held):
            whole = _grown(folder, held, design)
            write_study(folder, StudyRecord(whole, seed, with_discussions(stages, design)))
            return seed
        if held == design:
            return seed
    seed = given_or_drawn(design.seed)
    write_study(folder, StudyRecord(design, seed, with_discussions((), design)))
    return seed


def check_folder(folder: Path, design: Design, fresh: bool = False) -> None:
    """Raise the error that `opened_study` would raise, as far as it is known without changing the folder.

    Parameters
    ----------
    folder, design, fresh
        As in `opened_study`.

    Raises
    ------
    RunFolderError
        If the folder holds something else, or another design.
    StorageError
        If it cannot be made or written.
    """
    check_place(folder)
    if not fresh and (folder / STUDY_FILE).is_file():
        try:
            held = read_study(folder).design
        except RecordError:
            return  # it is written again, if its seed is known
        if _holds_work(folder, held):
            _grown(folder, held, design)


def check_place(folder: Path) -> None:
    """Raise the error of `check_folder` that is the same for all designs."""
    if (folder / "run.json").exists():
        raise RunFolderError(f"{folder} holds a run of its own, not a study. Use another folder.", field="folder")
    existing = next(path for path in (folder.absolute(), *folder.absolute().parents) if os.path.lexists(path))
    if not existing.is_dir():
        raise StorageError(f"{existing} is a file, not a folder. Give another folder.", field="folder")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise StorageError(
            f"{existing} cannot be written to. Make it writable, or give another folder.", field="folder"
        )


def write_study(folder: Path, record: StudyRecord) -> None:
    """Write study.json, unless it holds the same already.

    Parameters
    ----------
    folder : Path
    record : StudyRecord

    Raises
    ------
    StorageError
        If it cannot be written.
    """
    design, seed, stages = record
    if (folder / STUDY_FILE).exists() and read_study(folder) == record:
        return
    document = {
        **as_document(design),
        "drawn_seed": seed if design.seed is None else None,
        "stages": _STAGES.dump_python(stages, mode="json"),
    }
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / STUDY_FILE, text.encode(), durable=True)
    except OSError as error:
        raise storage_error(folder, error) from error


def _grown(folder: Path, held: Design, asked: Design) -> Design:
    """Return the design of a study that has begun, as it grows; raise `RunFolderError` if it would change."""
    whole, changes = grown_design(held, asked, is_labelled=_holds_work(folder / ANNOTATIONS, held))
    if changes:
        raise RunFolderError(
            f"{folder} holds a study of another design ({changes}). Use another folder, or the same design to "
            "continue this one, or run(..., fresh=True), in a shell --fresh, which moves it aside. Only more "
            "discussions, levels of what is varied, annotators and scales may be added.",
            field="folder",
        )
    return whole


def _holds_work(folder: Path, design: Design) -> bool:
    """Return whether a run of one of the design's conditions has begun in its folder."""
    return any((folder / name).is_dir() and holds_work(folder / name) for name in design.levels())


def _existing(folder: Path, design: Design) -> StudyRecord | None:
    """Return the content of study.json in the folder; None if there is none.

    A study.json that is missing or broken is written again, from the design and the seed in the study's runs.
    """
    file = folder / STUDY_FILE
    reason = f"{file} is missing."
    if os.path.lexists(file):
        try:
            check_own(file)
            return _read(folder)
        except NewerVersionError:
            raise
        except (UnfitFileError, RecordError) as error:
            reason = f"{file}: {error.strerror}." if isinstance(error, UnfitFileError) else str(error)
    seeds = [design.seed] if design.seed is not None else list(_seeds(folder, design))
    held = _holds_work(folder, design)
    if held and not seeds:
        raise RunFolderError(
            f"{folder} holds runs of a study, but its seed is not known any more: {reason} Put {STUDY_FILE} back from "
            "a backup, give the design the seed that it had, or use another folder."
        )
    aside = f" The broken one is now {set_aside(file).name}." if os.path.lexists(file) else ""
    if held:
        record = StudyRecord(design, seeds[0], (unrecorded_stage(folder, design),))
        write_study(folder, record)
        warn(f"{reason} It was made again from the design, and the seed of its runs.{aside}")
        return record
    if aside:
        warn(f"{reason}{aside}")
    return None


def _seeds(folder: Path, design: Design) -> Iterator[int]:
    """Yield the seed of each run that can be read; all are the study's."""
    for name in design.levels():
        with contextlib.suppress(RecordError):
            yield read_head(folder / name).seed


def read_study(folder: Path) -> StudyRecord:
    """Return the content of study.json in a folder.

    Raises
    ------
    RecordError
        If it holds no study, or a study.json that cannot be read.
    """
    try:
        return _read(folder)
    except NewerVersionError:
        raise
    except RecordError as error:
        held = (folder / STUDY_FILE).exists()
        way_out = " Run the same design on the folder again, which mends it." if held else ""
        raise RecordError(f"{error}{way_out}") from None


def _read(folder: Path) -> StudyRecord:
    file = folder / STUDY_FILE
    try:
        document = parse_json(read_bounded(file), str(file))
    except OSError as error:
        if (folder / "run.json").exists():
            raise RecordError(
                f"{folder} is the folder of a single run, not of a study. Open it with Run(...)."
            ) from None
        raise RecordError(
            f"{folder} is not the folder of a study: {STUDY_FILE} cannot be read ({error.strerror}). Give the folder "
            "of one."
        ) from None
    drawn, recorded = document.pop("drawn_seed", None), document.pop("stages", None)
    try:
        design = checked(Design, from_document(document, str(file), folder))
        stages = _STAGES.validate_python(recorded) if recorded else (unrecorded_stage(folder, design),)
    except ValidationError as error:
        raise RecordError(f"{file} cannot be read: its stages are broken: {error.errors()[0]['msg']}.") from None
    except InvalidInputError as error:
        raise RecordError(f"{file} cannot be read: {error}") from None
    seed = drawn if design.seed is None else design.seed
    if not isinstance(seed, int):
        raise RecordError(f"{file} cannot be read: it holds no seed.")
    return StudyRecord(design, seed, stages)


def _move_aside(folder: Path) -> None:
    """Move the whole folder of a study aside, unless a run is writing to it."""
    for inner in (*folder.glob("*/journal"), *folder.glob(f"{ANNOTATIONS}/*/journal")):
        if being_written(inner.parent):
            raise RunFolderError(f"{inner.parent} is being written by a run. Stop it first, or use another folder.")
    names = (folder.absolute().with_name(f"{folder.absolute().name}.old-{n}") for n in itertools.count(1))
    aside = next(name for name in names if not os.path.lexists(name))
    try:
        folder.absolute().rename(aside)
    except OSError as error:
        raise storage_error(folder, error) from error
    warnings.warn(f"{folder} was moved aside, to {aside.name}, to start anew.", stacklevel=2)
