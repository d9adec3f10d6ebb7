"""The lock of a run folder: one run at a time writes to it, in this or another process."""

import itertools
import os
from pathlib import Path

from filelock import FileLock, Timeout

from syndisco_nb.errors import RunFolderError
from syndisco_nb.log import warn
from syndisco_nb.runs.files import is_ordinary, set_aside
from syndisco_nb.runs.layout import JOURNAL_FOLDER

_PROBE_S = 0.1
"""Seconds to wait for a lock, which `being_written` may hold for a moment."""


def locked(folder: Path) -> FileLock:
    """Make the folder and return its acquired lock; the lock of a dead process is free.

    Raises
    ------
    RunFolderError
        If another run holds the lock, or the path is that of a file.
    """
    journal = folder / JOURNAL_FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(journal) and (journal.is_symlink() or not journal.is_dir()):
            warn(f"{journal} is not a folder. It was moved to {set_aside(journal).name}.")
        journal.mkdir(exist_ok=True)
        if not is_ordinary(journal / ".lock"):
            warn(f"{journal / '.lock'} is not an ordinary file. It was moved to {set_aside(journal / '.lock').name}.")
    except (FileExistsError, NotADirectoryError):
        raise RunFolderError(f"{folder} is a file, or in one, not a folder. Give another path.") from None
    lock = FileLock(journal / ".lock", timeout=_PROBE_S, poll_interval=_PROBE_S / 10)
    try:
        lock.acquire()
    except Timeout:
        raise RunFolderError(
            f"{folder} is being written by another run, here or in another process. Wait for it, or use another "
            "folder. (An interrupted run, too, holds its folder until a model that is being loaded is through; "
            "restarting the kernel ends it.)"
        ) from None
    return lock


def moved_aside(folder: Path, lock: FileLock) -> FileLock:
    """Rename a locked folder, and return the lock of a new folder in its place.

    Parameters
    ----------
    folder : Path
    lock : FileLock
        Lock of the folder, which is released.
    """
    here = folder.absolute()
    names = (here.with_name(f"{here.name}.old-{n}") for n in itertools.count(1))
    aside = next(name for name in names if not os.path.lexists(name))
    try:
        here.rename(aside)
        warn(f"{folder} was moved aside, to {aside.name}, to start anew.")
        return locked(folder)
    finally:
        lock.release()


def being_written(folder: Path) -> bool:
    """Return whether a live run, in this or another process, holds the lock of a folder."""
    file = folder / JOURNAL_FOLDER / ".lock"
    if not file.exists() or not is_ordinary(file):
        return False
    lock = FileLock(file, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError:
        return True  # a read-only folder of somebody else's: believe its status
    lock.release()
    return False
