"""Write files so that a crash at any moment loses nothing written before; read files within bounds.

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
from syndisco_nb.log import warn

SIZE_LIMIT = 256 * 2**20
"""Size in bytes of the largest file that is read: far above any file of a run, far below the memory."""


def write_all(file: io.FileIO, data: bytes) -> None:
    """Write all of the data; a disk that is almost full may take only a part of it at one write.

    Parameters
    ----------
    file : io.FileIO
    data : bytes
    """
    written = file.write(data)
    while written < len(data):
        written += file.write(data[written:])


def write_atomically(path: Path, data: bytes, durable: bool = False) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    path : Path
        Replaced if it exists; of a link, the link and not its target.
    data : bytes
    durable : bool
        Whether the file must survive a power cut right after.
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
        os.replace(partial, path)  # if a power cut undoes this, the file before it is there, and whole
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def append_line(path: Path, line: bytes) -> None:
    """Append a line to a file; a last line that was cut off stays a line of its own.

    Parameters
    ----------
    path : Path
    line : bytes
        Without its line break.
    """
    with path.open("a+b", buffering=0) as file:
        cut = b""
        if file.seek(0, os.SEEK_END) > 0:
            file.seek(-1, os.SEEK_END)
            cut = b"" if file.read(1) == b"\n" else b"\n"
        write_all(file, cut + line + b"\n")


class UnfitFileError(OSError):
    """A path is not that of a readable file: a link, a folder, a pipe, or a huge file."""


def is_ordinary(path: Path) -> bool:
    """Return whether a path is free or an ordinary file: no link, folder or pipe."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return True


def is_there(path: Path) -> bool:
    """Return whether a path exists; false, too, where nobody may look."""
    try:
        return path.exists()
    except OSError:
        return False


def free_name(path: Path) -> Path:
    """Return a free path beside a broken file."""
    names = (path.with_name(f"{path.name}.broken{f'-{n}' if n > 1 else ''}") for n in itertools.count(1))
    return next(name for name in names if not os.path.lexists(name))


def set_aside(path: Path) -> Path:
    """Rename a broken file to a free path beside it; return that."""
    aside = free_name(path)
    path.rename(aside)
    return aside


def set_aside_with_warning(path: Path, reason: str, anew: bool = True) -> None:
    """Rename a broken file to a free path beside it, and warn.

    Parameters
    ----------
    path : Path
    reason : str
        A sentence that says why.
    anew : bool
        Whether the run makes it anew.

    Raises
    ------
    StorageError
        If it cannot be renamed.
    """
    try:
        aside = set_aside(path)
    except OSError as error:
        raise storage_error(path, error) from error
    warn(f"Moved to {aside.name}{', to be made anew' if anew else ''}: {reason}")


def check_own(path: Path) -> None:
    """Raise `UnfitFileError` unless the package may have written this file: ordinary, no link, not huge."""
    if not is_ordinary(path):
        raise UnfitFileError(0, "it is not an ordinary file", str(path))
    _check_size(path.stat())


def read_own(path: Path) -> bytes:
    """Return the content of a file that the package wrote; raise `UnfitFileError` if it cannot have."""
    check_own(path)
    return path.read_bytes()


def read_bounded(path: Path) -> bytes:
    """Return the content of a file.

    Raises
    ------
    OSError
        If it cannot be read; an `UnfitFileError` if it is huge or no ordinary file: a pipe would never end.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not an ordinary file"
        raise UnfitFileError(0, f"it is {kind}", str(path))
    _check_size(status)
    return path.read_bytes()


def save_file(file: Path, content: str | bytes) -> Path:
    """Write a file whole, and the folders above it; return its path.

    Parameters
    ----------
    file : Path
    content : str or bytes

    Raises
    ------
    StorageError
        If it cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise StorageError(f"{file} cannot be written: {error.strerror or error}. Give another path.") from error
    return file


def as_path(name: str, value: Any) -> Path:
    """Return an argument as a path, with ``~`` expanded; raise `InvalidInputError` if it is none.

    Parameters
    ----------
    name : str
        Name of the argument.
    value : str or path-like
    """
    require(
        isinstance(value, str | os.PathLike) and os.fspath(value),
        f'{name} is {short_repr(value)}, but must be a path, such as "runs/pilot".',
        name,
    )
    return Path(value).expanduser()


def path_to(source: Path, folder: Path) -> str:
    """Return the relative path from a folder to a source, with all links resolved.

    Parameters
    ----------
    source, folder : Path
    """
    return os.path.relpath(os.path.realpath(source), os.path.realpath(folder))


def path_from(named: str, folder: Path) -> Path:
    """Return the folder that a relative path from `path_to` names; older paths were made without resolving links.

    Parameters
    ----------
    named : str
    folder : Path
    """
    if "\0" in named:  # no path at all
        return folder / named
    place = Path(os.path.realpath(folder / named))
    return place if place.is_dir() else Path(os.path.realpath(os.path.normpath(folder.absolute() / named)))


def storage_error(path: Path, error: OSError) -> StorageError:
    """Return the error for a failure of the disk, with a remedy.

    Parameters
    ----------
    path : Path
    error : OSError
    """
    remedies = {
        errno.ENOSPC: "Free some space",
        errno.EDQUOT: "Free some space",
        errno.EROFS: "Make it writable",
        errno.EACCES: "Make it readable and writable",
        errno.EPERM: "Make it readable and writable",
        errno.ENOENT: "Put the folder back",
    }
    remedy = remedies.get(error.errno or 0, "Fix that")
    return StorageError(
        f"{path} cannot be written or read: {error.strerror or error}. {remedy}, then begin again with the same "
        "settings: the run continues."
    )


def _check_size(status: os.stat_result) -> None:
    if status.st_size > SIZE_LIMIT:
        size, limit = (number // 2**20 for number in (status.st_size, SIZE_LIMIT))
        raise UnfitFileError(0, f"it has {size} MiB, but files of up to {limit} MiB are read")


def _sync(opened: int) -> None:
    """Wait until the data is on the disk; some network drives do not support that."""
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
