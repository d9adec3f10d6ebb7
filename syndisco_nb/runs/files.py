"""Writing files so that a crash at any moment loses nothing that was written before.

Every byte that the package writes goes through `write_all`.
"""

import contextlib
import errno
import io
import itertools
import os
import stat
from pathlib import Path
from typing import Any

from syndisco_nb.errors import StorageError, require, short_repr

SIZE_LIMIT = 256 * 2**20
"""The largest file that is read, in bytes: far above what a run writes, far below what fills the memory."""


def write_all(file: io.FileIO, data: bytes) -> None:
    """Write all of the data: a disk that gets full takes a part of it, and says so at the next write only."""
    written = file.write(data)
    while written < len(data):
        written += file.write(data[written:])


def write_atomically(path: Path, data: bytes, durable: bool = False) -> None:
    """Write a file so that it is there whole, or not at all; if `durable`, also should the power fail.

    What already has the file's name is replaced; a link is, too, and not what it leads to.
    """
    partial = path.with_name(f".{path.name}.partial")
    if not is_ordinary(partial):
        set_aside(partial)
    partial.unlink(missing_ok=True)
    try:
        with partial.open("xb", buffering=0) as file:
            write_all(file, data)
            if durable:
                _sync(file.fileno())
        os.replace(partial, path)  # should a power cut undo this, the file is the one before, and as whole
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def append_line(path: Path, line: bytes) -> None:
    """Append a line to a file; a last line that was cut off stays alone, broken as it is."""
    with path.open("a+b", buffering=0) as file:
        cut = b""
        if file.seek(0, os.SEEK_END) > 0:
            file.seek(-1, os.SEEK_END)
            cut = b"" if file.read(1) == b"\n" else b"\n"
        write_all(file, cut + line + b"\n")


class UnfitFileError(OSError):
    """What has a file's name cannot be read as one: a link, a folder, a pipe, or a huge file."""


def is_ordinary(path: Path) -> bool:
    """Return whether this name is free, or that of an ordinary file: no link, folder or pipe."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return True


def free_name(path: Path) -> Path:
    """Return a name beside a broken file that nothing has yet."""
    names = (path.with_name(f"{path.name}.broken{f'-{n}' if n > 1 else ''}") for n in itertools.count(1))
    return next(name for name in names if not os.path.lexists(name))


def set_aside(path: Path) -> Path:
    """Rename what is there, to a name that nothing has yet; return that."""
    aside = free_name(path)
    path.rename(aside)
    return aside


def check_own(path: Path) -> None:
    """Raise unless this is a file that the package itself may have written: ordinary, no link, and not huge."""
    if not is_ordinary(path):
        raise UnfitFileError(0, "it is not an ordinary file", str(path))
    _check_size(path.stat())


def read_own(path: Path) -> bytes:
    """Return what is in a file that the package itself wrote, or raise an `UnfitFileError` if it cannot have."""
    check_own(path)
    return path.read_bytes()


def read_bounded(path: Path) -> bytes:
    """Return what is in a file, unless it is no ordinary file (a pipe would be waited for), or huge.

    Raises
    ------
    OSError
        If it cannot be read; an `UnfitFileError` if it is one of those.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise UnfitFileError(0, "it is not an ordinary file", str(path))
    _check_size(found)
    return path.read_bytes()


def save_file(file: Path, text: str) -> Path:
    """Write a file whole, with the folders that it needs; return its path.

    Raises
    ------
    StorageError
        If the disk does not take it.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, text.encode())
    except OSError as error:
        raise StorageError(f"{file} cannot be written: {error.strerror or error}. Give another path.") from error
    return file


def as_path(name: str, value: Any) -> Path:
    """Return the path that was given as a file or folder, or raise `InvalidInputError` if it is none."""
    require(
        isinstance(value, str | os.PathLike) and os.fspath(value),
        f'{name} is {short_repr(value)}, but must be a path, such as "runs/pilot".',
    )
    return Path(value).expanduser()


def path_to(source: Path, folder: Path) -> str:
    """Return where a folder lies, seen from another, wherever links on the way lead to."""
    return os.path.relpath(os.path.realpath(source), os.path.realpath(folder))


def path_from(named: str, folder: Path) -> Path:
    """Return the folder to which a path leads from another; it may have been written without a look at links."""
    if "\0" in named:  # no path at all
        return folder / named
    place = Path(os.path.realpath(folder / named))
    return place if place.is_dir() else Path(os.path.realpath(os.path.normpath(folder.absolute() / named)))


def storage_error(path: Path, error: OSError) -> StorageError:
    """Return the error that says what the disk did not do, where, and what to do about it."""
    remedies = {
        errno.ENOSPC: "Free some space",
        errno.EDQUOT: "Free some space",
        errno.EROFS: "Make it writable",
        errno.EACCES: "Make it readable and writable",
        errno.EPERM: "Make it readable and writable",
        errno.ENOENT: "Put the folder back",
    }
    remedy = remedies.get(error.errno or 0, "Mend that")
    return StorageError(
        f"{path} cannot be written or read: {error.strerror or error}. {remedy}, then begin again with the same "
        "settings: it goes on from what is there."
    )


def _check_size(found: os.stat_result) -> None:
    if found.st_size > SIZE_LIMIT:
        size, limit = (number // 2**20 for number in (found.st_size, SIZE_LIMIT))
        raise UnfitFileError(0, f"it has {size} MiB, but files of up to {limit} MiB are read")


def _sync(opened: int) -> None:
    """Wait until the disk has what was written; some network drives cannot say, and then nobody can know."""
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
