"""failures.jsonl while its run goes on."""

import logging
from pathlib import Path

from syndisco_nb.errors import said
from syndisco_nb.records import ChatMessage
from syndisco_nb.runs.failures import FAILURE, Failure, read_failures
from syndisco_nb.runs.files import (
    UnfitFileError,
    append_line,
    check_own,
    is_ordinary,
    set_aside_with_warning,
    storage_error,
)
from syndisco_nb.runs.layout import FAILURES_FILE

logger = logging.getLogger(__name__)


class FailureLog:
    """failures.jsonl of a run under way; it counts the attempts of each unit.

    Parameters
    ----------
    folder : Path
        The run folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / FAILURES_FILE
        self._attempts = {failure.unit: failure.attempt for failure in self._earlier()}

    def append(
        self,
        unit: str,
        error: BaseException,
        done: int,
        turn: int | None = None,
        prompt: tuple[ChatMessage, ...] = (),
    ) -> None:
        """Write a failure of a unit.

        Parameters
        ----------
        unit : str
        error : BaseException
        done, turn, prompt
            As in `Failure`.

        Raises
        ------
        StorageError
            If it cannot be written.
        """
        attempt = self._attempts[unit] = self._attempts.get(unit, 0) + 1
        failure = Failure(unit, type(error).__name__, said(error), done, attempt, turn, prompt)
        logger.warning("%s failed in %s", failure, self._folder)
        logger.debug("the error of %s", unit, exc_info=error)
        try:
            if not is_ordinary(self._file):
                set_aside_with_warning(self._file, "it is not an ordinary file.")
            append_line(self._file, FAILURE.dump_json(failure, exclude_none=True))
        except OSError as problem:
            raise storage_error(self._file, problem) from problem

    def _earlier(self) -> list[Failure]:
        try:
            check_own(self._file)
        except FileNotFoundError:
            return []
        except UnfitFileError as error:
            set_aside_with_warning(self._file, f"{error.strerror}.")
            return []
        return read_failures(self._folder)
