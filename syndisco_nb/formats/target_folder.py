"""Write several files as one folder that other tools read."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from syndisco_nb.errors import require
from syndisco_nb.runs.files import as_path, save_file
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.wording import shortened


def save_folder(folder: PathLike, files: Mapping[str, bytes]) -> Path:
    """Write files to a folder that is new, empty, or holds files of these names alone; return its path.

    Parameters
    ----------
    folder : str or path-like
    files : mapping of str to bytes
        The content of each file, by name; in a folder below, as in "discussions/a.json".

    Raises
    ------
    InvalidInputError
        If the folder holds something else, or is a file.
    StorageError
        If a file cannot be written.
    """
    target = as_path("folder", folder)
    require(not target.exists() or target.is_dir(), f"{target} is a file. Give the path of a folder.", "folder")
    others = _others(target, files)
    mixed = f"{target} holds {shortened(', '.join(others), 100)}, which would be mixed with the new files."
    require(not others, f"{mixed} Give a new folder.", "folder")
    for name, content in files.items():
        save_file(target / name, content)
    return target


def _others(target: Path, files: Iterable[str]) -> list[str]:
    """Return what else is in the folder, and in those below that are to hold files."""
    expected: dict[Path, set[Path]] = {}
    for name in files:
        for path in (target / name, *(target / name).parents):
            if path == target:
                break
            expected.setdefault(path.parent, set()).add(path)
    found = (path for folder, known in expected.items() if folder.exists() for path in {*folder.iterdir()} - known)
    return sorted(path.relative_to(target).as_posix() for path in found)
