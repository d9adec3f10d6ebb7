"""`RunFolder`: a run folder while it is written: its head, finished units, journals, failures and order of work.

One run at a time writes to a folder. A run that was killed is continued by the next one.
"""

import contextlib
import logging
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from syndisco_nb.errors import NewerVersionError, RecordError, StorageError
from syndisco_nb.records import AnnotationSet, ChatMessage, Label, Transcript
from syndisco_nb.runs.cost import Cost
from syndisco_nb.runs.failure_log import FailureLog
from syndisco_nb.runs.files import (
    UnfitFileError,
    is_ordinary,
    read_own,
    set_aside_with_warning,
    storage_error,
    write_atomically,
)
from syndisco_nb.runs.head import digest
from syndisco_nb.runs.head_writer import HeadWriter
from syndisco_nb.runs.journal import Journal, Line, LineCheck, OpenJournals
from syndisco_nb.runs.layout import HEAD_FILE, RECORD_TYPES, Kind, PathLike, Skipped, Status, journal_path, unit_path
from syndisco_nb.runs.lock import locked, moved_aside
from syndisco_nb.runs.opening import Check, as_plain_data, holds_work, opened_head
from syndisco_nb.runs.order_log import OrderLog
from syndisco_nb.runs.reading import unit_files
from syndisco_nb.runs.serialization import from_json, readable_json, to_line

logger = logging.getLogger(__name__)


class RunFolder:
    """The folder of one run while it is written; run.json is written by the first `write_status`.

    Parameters
    ----------
    path : str or path-like
        The folder; made if it does not exist.
    kind : {"discussions", "annotations"}
        The units of the run.
    spec : mapping
        Settings of the experiment, as plain data. A folder that holds work belongs to one spec, which may grow; see
        `grown`.
    total : int
        Number of units that the experiment has.
    fresh : bool
        Whether to move an existing run aside and start anew.
    check : callable, optional
        Returns the reason why a record is not of this run; see `Check`.

    Attributes
    ----------
    path : Path
    order : OrderLog

    Raises
    ------
    RunFolderError
        If the folder belongs to another experiment, or another run is writing to it.
    StorageError
        If the disk cannot be written.
    """

    def __init__(
        self,
        path: PathLike,
        kind: Kind,
        spec: Mapping[str, Any],
        total: int,
        fresh: bool = False,
        check: Check = lambda *_: "",
    ) -> None:
        self.path = Path(path).expanduser()
        self._record_type = RECORD_TYPES[kind]
        self._check = check
        self._open_journals = OpenJournals()
        self.order = OrderLog(self.path)
        plain_spec = as_plain_data(spec)
        try:
            self._lock = locked(self.path)
            if fresh and (holds_work(self.path) or os.path.lexists(self.path / HEAD_FILE)):
                self._lock = moved_aside(self.path, self._lock)
        except OSError as error:
            raise storage_error(self.path, error) from error
        try:
            self._head = HeadWriter(self.path, opened_head(self.path, kind, plain_spec, total, check))
            self._failures = FailureLog(self.path)
        except OSError as error:
            self._lock.release()
            raise storage_error(self.path, error) from error
        except BaseException:
            self._lock.release()
            raise

    @property
    def seed(self) -> int:
        """The seed of the run, given or drawn when it was first started."""
        return self._head.seed

    @property
    def kind(self) -> Kind:
        """The units of the run."""
        return self._head.kind

    @property
    def spec(self) -> Mapping[str, Any]:
        """The spec of the run: that of the experiment, or a larger one that it had before."""
        return self._head.spec

    @property
    def total(self) -> int:
        """The number of units of the run, of which the experiment may ask for a part."""
        return self._head.total

    @total.setter
    def total(self, total: int) -> None:
        self._head.total = total

    def keep_estimate(self, cost: Cost | None) -> None:
        """Note the estimated cost of the run, if there is an estimate, for run.json."""
        if cost:
            self._head.keep_estimate(cost)

    def pending(self, units: Collection[str]) -> list[str]:
        """Return the unfinished units. Files that are broken, or of no unit, are set aside with a warning."""
        pending = [unit for unit in units if self.read_finished(unit) is None]
        self.set_strangers_aside(units)
        return pending

    def read_finished(self, unit: str) -> Transcript | AnnotationSet | None:
        """Return the record of a finished unit; None if its file is missing, broken or of another run.

        A file that is broken or of another run is set aside with a warning.

        Raises
        ------
        NewerVersionError
            If it was written by a newer version: it stays as it is.
        """
        file = unit_path(self.path, unit)
        try:
            data = read_own(file)
            record: Transcript | AnnotationSet = from_json(self._record_type, data, str(file))
            if reason := self._check(self.seed, unit, record):
                raise RecordError(f"{file} is not of this run: {reason}")
            self._drop_journal(unit)  # left behind by a kill right after the file was written
        except FileNotFoundError:
            pass
        except UnfitFileError as error:
            set_aside_with_warning(file, f"{file}: {error.strerror}.")
        except OSError as error:
            raise storage_error(file, error) from error
        except NewerVersionError:
            raise
        except RecordError as error:
            set_aside_with_warning(file, str(error))
        else:
            if unit not in self._head.digests:
                self._head.digests[unit] = digest(data)
            return record
        self._head.digests.pop(unit, None)
        return None

    def set_strangers_aside(self, units: Collection[str], is_kept: Callable[[str], bool] = lambda _: False) -> None:
        """Set aside, with a warning, files that are named like a unit but are none of the run: tables would count them.

        Parameters
        ----------
        units : collection of str
            Names of the units of the run.
        is_kept : callable, optional
            Whether a file of this name stays nevertheless.

        Raises
        ------
        NewerVersionError
            If it was written by a newer version: it stays as it is.
        """
        for file in unit_files(self.path):
            if file.stem in units or is_kept(file.stem):
                continue
            try:
                from_json(self._record_type, read_own(file), str(file))
            except NewerVersionError:
                raise
            except (OSError, RecordError):
                logger.debug("%s cannot be read", file)
            set_aside_with_warning(file, f"{file} is not of this run, which has no unit of this name.", anew=False)
        for unit in [*self._head.digests]:
            if unit not in units and not is_kept(unit):
                del self._head.digests[unit]

    def close(self) -> None:
        """Write digests that are not on file yet, and release the lock."""
        try:
            with contextlib.suppress(StorageError):  # the next run reads all files anyway
                self._head.write_new_digests()
        finally:
            self.order.close()
            self._lock.release()

    def journal(self, unit: str, kind: type[Line], check: LineCheck[Line] | None = None) -> "Journal[Line]":
        """Return the open journal of a unit, with the lines of earlier attempts.

        Parameters
        ----------
        unit : str
        kind : type
            `Message` or `Label`.
        check : callable, optional
            Returns the reason why a line is not of this unit; see `LineCheck`.
        """
        return Journal(journal_path(self.path, unit), kind, check, self._open_journals)

    def finish(self, unit: str, record: Transcript | AnnotationSet) -> None:
        """Write the file of a finished unit and delete its journal.

        Parameters
        ----------
        unit : str
        record : Transcript or AnnotationSet

        Raises
        ------
        RecordError
            If the record could not be read back.
        """
        file = unit_path(self.path, unit)
        data = readable_json(record)
        try:
            if not is_ordinary(file):
                set_aside_with_warning(file, "it is not an ordinary file.")
            write_atomically(file, data, durable=True)
            self._drop_journal(unit)
        except OSError as error:
            raise storage_error(file, error) from error
        self._head.digests[unit] = digest(data)

    def reopen(self, unit: str, done: Sequence[Label]) -> None:
        """Reopen a unit, finished or not, with these labels in its journal.

        Until the finished file is deleted, it counts, and not the journal.

        Parameters
        ----------
        unit : str
        done : sequence of Label
        """
        try:
            write_atomically(journal_path(self.path, unit), b"".join(map(to_line, done)))
            unit_path(self.path, unit).unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(journal_path(self.path, unit), error) from error
        self._head.digests.pop(unit, None)

    def forget(self, units: Collection[str]) -> None:
        """Forget the digests of units that are to be reopened, on disk, too: a kill may leave them changed."""
        known = [unit for unit in units if self._head.digests.pop(unit, None)]
        if known:
            self._head.write_new_digests()

    def fail(
        self, unit: str, error: BaseException, turn: int | None = None, prompt: tuple[ChatMessage, ...] = ()
    ) -> None:
        """Record a failure of a unit; its journal stays.

        Parameters
        ----------
        unit : str
        error : BaseException
        turn, prompt : optional
            As in `Failure`.
        """
        self._failures.append(unit, error, self._journal_length(unit), turn, prompt)

    def write_status(self, status: Status, skipped: Sequence[Skipped] = (), reason: str = "") -> None:
        """Write run.json with a new status.

        Parameters
        ----------
        status : str
            As in `Run.status`.
        skipped : sequence of Skipped
        reason : str
            As in `Run.reason`.
        """
        self._head.write_status(status, skipped, reason)

    def count_share(self, share: float) -> None:
        """Count this share of the time from now on as time of the run; see `HeadWriter.count_share`."""
        self._head.count_share(share)

    def _drop_journal(self, unit: str) -> None:
        journal = journal_path(self.path, unit)
        if not is_ordinary(journal):
            set_aside_with_warning(journal, "it is not an ordinary file.")
        journal.unlink(missing_ok=True)

    def _journal_length(self, unit: str) -> int:
        """Return the number of lines in the journal of a unit."""
        file = journal_path(self.path, unit)
        try:
            return read_own(file).count(b"\n")
        except (FileNotFoundError, UnfitFileError):
            return 0
        except OSError as error:
            raise storage_error(file, error) from error
