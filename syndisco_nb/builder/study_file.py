"""A study's folder: which design it belongs to, and from which seed."""

import json
from pathlib import Path

from syndisco_nb.builder.design import Design
from syndisco_nb.builder.fields import checked
from syndisco_nb.builder.files import as_document, from_document
from syndisco_nb.errors import InvalidInputError, RecordError, RunFolderError
from syndisco_nb.files import read_bounded, write_atomically
from syndisco_nb.run_files import storage_error
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
    document = {**as_document(design), "drawn_seed": seed if design.seed is None else None}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / _STUDY, text.encode())
    except OSError as error:
        raise storage_error(folder, error) from error
    return seed


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
