"""Writing files so that a crash at any moment loses nothing that was written before.

Every byte that the package writes goes through `write_all`.
"""

import contextlib
import io
import os
import stat
from pathlib import Path

SIZE_LIMIT = 256 * 2**20
"""The largest file that is read, in bytes: far above what a run writes, far below what fills the memory."""


def write_all(file: io.FileIO, data: bytes) -> None:
    """Write all of the data: a disk that gets full takes a part of it, and says so at the next write only."""
    written = file.write(data)
    while written < len(data):
        written += file.write(data[written:])


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole, or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb", buffering=0) as file:
            write_all(file, data)
        os.replace(partial, path)
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


def read_bounded(path: Path) -> bytes:
    """Return what is in a file, unless it is no ordinary file (a pipe would be waited for), or huge.

    Raises
    ------
    OSError
        If it cannot be read, or is one of those.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError(0, "it is not an ordinary file", str(path))
    if found.st_size > SIZE_LIMIT:
        size, limit = (number // 2**20 for number in (found.st_size, SIZE_LIMIT))
        raise OSError(0, f"it has {size} MiB, but files of up to {limit} MiB are read", str(path))
    return path.read_bytes()
