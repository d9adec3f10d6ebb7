"""Log files of long runs, and warnings that are logged as well."""

import logging
import os
import warnings
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path

_LOGGER = logging.getLogger("syndisco_nb")
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class LogFile(TimedRotatingFileHandler):
    """A log file that is being written, one line per event, with a new file every midnight.

    Start one with `log_to`; end it with `stop`.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, when="midnight", encoding="utf-8", errors="backslashreplace")
        self.setFormatter(_OneLine(_FORMAT))
        self.path = path

    def stop(self) -> None:
        """Stop writing to the file."""
        _LOGGER.removeHandler(self)
        self.close()
        _set_level()

    def __enter__(self) -> "LogFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<LogFile {str(self.path)!r}, {logging.getLevelName(self.level)}>"


def log_to(folder: str | os.PathLike[str], level: int | str = "INFO") -> LogFile:
    """Log the events of this package to ``syndisco_nb.log`` in a folder, until stopped.

    The start and end of a run, every finished discussion, every failure and every retry are a line each. At midnight
    the file is renamed to its date, and a new one begins. A second call for the same folder only changes the level.

    Parameters
    ----------
    folder : str or path-like
        Made if it does not exist.
    level : int or str
        The least important level to write: "WARNING" for failures alone, "DEBUG" for their tracebacks, too.

    Returns
    -------
    LogFile
        The log, with `stop`; also a context manager.

    Raises
    ------
    ValueError
        If there is no such level.
    OSError
        If the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import syndisco_nb as snb
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = snb.log_to(folder)
    ...     log.stop()
    """
    path = Path(folder).expanduser().absolute() / "syndisco_nb.log"
    log = next((log for log in _logs() if log.path == path), None)
    if log is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        log = LogFile(path)
        try:
            log.setLevel(level)
        except (ValueError, TypeError):
            log.close()
            raise
        _LOGGER.addHandler(log)
    log.setLevel(level)
    _set_level()
    return log


def warn(text: str) -> None:
    """Warn the user, and write the warning to the log."""
    _LOGGER.warning("%s", text)
    warnings.warn(text, stacklevel=3)


def _logs() -> list[LogFile]:
    return [handler for handler in _LOGGER.handlers if isinstance(handler, LogFile)]


def _set_level() -> None:
    """Set the logger to the lowest level of all log files; without any, to that of the root logger."""
    _LOGGER.setLevel(min((log.level for log in _logs()), default=logging.NOTSET))


class _OneLine(logging.Formatter):
    """Formatter that keeps a message on one line; a traceback, at "DEBUG", follows on its own lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
