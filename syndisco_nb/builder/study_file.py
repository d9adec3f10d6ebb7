"""A study's folder: which design it belongs to, and from which seed."""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from syndisco_nb.builder.design import Design
from syndisco_nb.builder.fields import checked
from syndisco_nb.builder.files import as_document, from_document
from syndisco_nb.errors import InvalidInputError, NewerVersionError, RecordError, RunFolderError
from syndisco_nb.files import UnfitFileError, check_own, read_bounded, set_aside, write_atomically
from syndisco_nb.run_files import storage_error, warn
from syndisco_nb.run_head import read_head
from syndisco_nb.run_opening import difference, holds_work
from syndisco_nb.seeds import given_or_drawn
from syndisco_nb.serialization import parse_object

_STUDY = "study.json"


def opened_study(folder: Path, design: Design) -> int:
    """Return the study's seed: of the one in the folder if it has this design, otherwise of a new one.

    As with a run, a study that never got going binds nobody.
    """
    if (folder / "run.json").exists():
        raise RunFolderError(f"{folder} holds a run of its own, not a study. Use another folder.")
    _mend(folder, design)
    if (folder / _STUDY).exists():
        held, seed = read_study(folder)
        differing = difference(as_document(held), as_document(design))
        if not differing:
            return seed
        if any((folder / name).is_dir() and holds_work(folder / name) for name in held.levels()):
            raise RunFolderError(
                f"{folder} holds a study of another design ({differing}). Use another folder, or the same design to "
                "continue this one."
            )
    seed = given_or_drawn(design.seed)
    _write(folder, design, seed)
    return seed


def _write(folder: Path, design: Design, seed: int) -> None:
    document = {**as_document(design), "drawn_seed": seed if design.seed is None else None}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / _STUDY, text.encode(), durable=True)
    except OSError as error:
        raise storage_error(folder, error) from error


def _mend(folder: Path, design: Design) -> None:
    """Write a study.json that is gone or broken anew, from the design and the seed that is in its runs."""
    file = folder / _STUDY
    reason = f"{file} is missing."
    if os.path.lexists(file):
        try:
            check_own(file)
            read_study(folder)
            return
        except NewerVersionError:
            raise
        except (UnfitFileError, RecordError) as error:
            reason = f"{file}: {error.strerror}." if isinstance(error, UnfitFileError) else str(error)
    seeds = [design.seed] if design.seed is not None else list(_seeds(folder, design))
    held = any((folder / name).is_dir() and holds_work(folder / name) for name in design.levels())
    if held and not seeds:
        raise RunFolderError(
            f"{folder} holds runs of a study, but its seed is not known any more: {reason} Put {_STUDY} back from a "
            "backup, give the design the seed that it had, or use another folder."
        )
    aside = f" The broken one is now {set_aside(file).name}." if os.path.lexists(file) else ""
    if held:
        _write(folder, design, seeds[0])
        warn(f"{reason} It was made again from the design, and the seed of its runs.{aside}")
    elif aside:
        warn(f"{reason}{aside}")


def _seeds(folder: Path, design: Design) -> Iterator[int]:
    """Return the seeds of the study's runs: they have it from the study."""
    for name in design.levels():
        with contextlib.suppress(RecordError):
            yield read_head(folder / name).seed


def read_study(folder: Path) -> tuple[Design, int]:
    """Return design and seed of the study in this folder."""
    file = folder / _STUDY
    try:
        document = parse_object(read_bounded(file), str(file))
    except OSError as error:
        raise RecordError(
            f"{folder} is not the folder of a study: {_STUDY} cannot be read ({error.strerror}). Give one that "
            "ExperimentBuilder.run wrote."
        ) from None
    drawn = document.pop("drawn_seed", None)
    try:
        design = checked(Design, from_document(document, str(file)))
    except InvalidInputError as error:
        raise RecordError(f"{file} cannot be read: {error}") from None
    seed = drawn if design.seed is None else design.seed
    if not isinstance(seed, int):
        raise RecordError(f"{file} cannot be read: it holds no seed.")
    return design, seed
