"""Exit codes: the outcome of a command, for scripts and batch systems."""

from enum import IntEnum

from syndisco_nb.errors import (
    MissingDependencyError,
    ModelError,
    RecordError,
    RunFailedError,
    RunFolderError,
    StorageError,
    SyndiscoError,
)


class ExitCode(IntEnum):
    """The exit codes, as ``docs/command_line.md`` lists them.

    75 is EX_TEMPFAIL of sysexits.h: "try again later", which batch systems can be told to requeue.
    """

    FINISHED = 0
    BUG = 1
    INPUT = 2
    FAILURES = 3
    PROBLEMS = 4
    FOLDER = 5
    BROKE_OFF = 6
    UNFINISHED = 75
    KILLED = 130


_OF_STATUS = {
    "finished": ExitCode.FINISHED,
    "partial": ExitCode.FAILURES,
    "failed": ExitCode.BROKE_OFF,
    "broken": ExitCode.FOLDER,
}
_OF_ERROR: tuple[tuple[type[SyndiscoError], ExitCode], ...] = (
    (ModelError, ExitCode.BROKE_OFF),
    (RunFailedError, ExitCode.BROKE_OFF),
    (StorageError, ExitCode.BROKE_OFF),
    (MissingDependencyError, ExitCode.BROKE_OFF),
    (RunFolderError, ExitCode.FOLDER),
    (RecordError, ExitCode.FOLDER),
)


def code_of_status(status: str) -> ExitCode:
    """Return the exit code of a run with this status.

    Parameters
    ----------
    status : str
        As in `FolderStatus`.

    Examples
    --------
    >>> int(code_of_status("partial")), int(code_of_status("killed"))
    (3, 75)
    """
    return _OF_STATUS.get(status, ExitCode.UNFINISHED)


def code_of_error(error: SyndiscoError) -> ExitCode:
    """Return the exit code of a command that ended with this error."""
    return next((code for kind, code in _OF_ERROR if isinstance(error, kind)), ExitCode.INPUT)
