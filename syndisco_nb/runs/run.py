"""`Run`: a run read from its folder, finished or not."""

import copy
import dataclasses
import logging
import warnings
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, SupportsIndex, TypeVar, overload

from syndisco_nb import doors
from syndisco_nb.analysed import Analysed
from syndisco_nb.errors import InvalidInputError, RecordError, RunFolderError, UnknownItemError, unknown_name
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import AnnotationSet, Records, Transcript
from syndisco_nb.runs.batch_job import batches_in_words
from syndisco_nb.runs.cost import side_by_side
from syndisco_nb.runs.failures import Failure, last_failures, read_failures
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.head import participant_names
from syndisco_nb.runs.layout import RECORD_TYPES, PathLike, Skipped
from syndisco_nb.runs.order_of_work import read_order
from syndisco_nb.runs.reading import HeadReader, lines_of, unit_files
from syndisco_nb.runs.run_part import RunPart
from syndisco_nb.runs.run_status import true_status
from syndisco_nb.runs.serialization import read_record
from syndisco_nb.runs.shown_tables import SkippedFiles
from syndisco_nb.runs.unfinished import turns_kept, unfinished_journals, unfinished_record
from syndisco_nb.wording import count

if TYPE_CHECKING:
    import pandas as pd

    from syndisco_nb.doors import OpenedRun, Replay, Verification
    from syndisco_nb.runs.layout import (
        Status,
    )  # imported here, since jedi completes nothing on a run if it sees a Literal

logger = logging.getLogger(__name__)

Item = TypeVar("Item", Transcript, AnnotationSet)


@dataclass(frozen=True, slots=True)
class RunOrigin(Generic[Item]):
    """The experiment behind a run from `begin`, as the functions that a run calls.

    Attributes
    ----------
    opened : callable
        Returns the context in which the run's folder is open to work on the units of these names.
    remake : callable
        Makes the record of the unit of this name anew, without writing it.
    """

    opened: Callable[[Collection[str]], "AbstractContextManager[OpenedRun]"]
    remake: Callable[[str], Awaitable[Item]]


def made_later(origin: Callable[[], RunOrigin[Item]]) -> RunOrigin[Item]:
    """Return an origin that is made when it is called: making one may need a model, or a permission."""
    return RunOrigin(lambda units: origin().opened(units), lambda unit: origin().remake(unit))


class Run(Sequence[Item], Analysed, Generic[Item]):
    """The finished transcripts, or annotation sets, in a run folder: a sequence that reads them when asked.

    Units that failed are left out, so ``run[3]`` is the fourth that is finished; its number is ``run[3].index``.

    Parameters
    ----------
    folder : str or path-like
        A folder that an experiment wrote, finished or not.
    origin : RunOrigin, optional
        The experiment behind it, if it is at hand, as in a run from `begin`.
    part : RunPart, optional
        The part of it that is asked for, if the folder holds more; the whole by default.
    cast : iterable of str, optional
        Names of all who may take part in its study; those of the run alone by default.

    Raises
    ------
    RecordError
        If it is not a run folder.

    Attributes
    ----------
    folder : Path
    part : RunPart or None
    cast : tuple of str
        As in `Transcript`.

    Examples
    --------
    >>> import tempfile
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Why?"), name) for name in ("Ana", "Ben")]
    >>> experiment = snb.DiscussionExperiment(topics=["Tax?"], users=users, num_turns=2, num_discussions=3, seed=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = experiment.begin(folder)
    ...     run.status, len(run), run[0].topic
    ('finished', 3, 'Tax?')
    """

    def __init__(
        self,
        folder: PathLike,
        origin: RunOrigin[Item] | None = None,
        part: RunPart | None = None,
        cast: Iterable[str] = (),
    ) -> None:
        self.folder = as_path("folder", folder)
        self.part = part
        self._head = HeadReader(self.folder)
        self._record_type: type[Item] = RECORD_TYPES[self._head.read().kind]
        self.cast = tuple(cast) or participant_names(self._head.read().spec)
        self._files = self._finished()
        self._origin: RunOrigin[Item] | None = origin

    if not TYPE_CHECKING:  # a type checker is to refuse the name

        def __getattr__(self, name: str) -> Any:
            raise unknown_name(self, name)

    @property
    def seed(self) -> int:
        """The seed of the whole run."""
        return self._head.read().seed

    @property
    def status(self) -> "Status":
        """The status of the run.

        - "finished"
        - "partial": some units failed
        - "interrupted": it was stopped, or some units were set aside
        - "failed": it could not start or write, or too many units failed in a row
        - "paused" and "running": also after a crash, which leaves the last status
        """
        if self.part and {file.stem for file in self._finished()}.issuperset(self.part.units):
            return "finished"
        return self._head.read().status

    @property
    def reason(self) -> str:
        """The error that ended the run, if its status is "failed"; "" otherwise."""
        return self._head.read().reason

    @property
    def spec(self) -> dict[str, Any]:
        """The settings of the experiment, as plain data."""
        return copy.deepcopy(self._head.read().spec)  # a copy, since a caller may change it

    @property
    def total(self) -> int:
        """The number of units of the whole run, finished or not."""
        return len(self.part.units) if self.part else self._head.read().total

    @property
    def holds(self) -> type[Item]:
        """The type of its records: `Transcript` or `AnnotationSet`."""
        return self._record_type

    @property
    def names(self) -> list[str]:
        """The names of the finished units, in order: their file names without ending."""
        return [file.stem for file in self._files]

    @property
    def failures(self) -> "pd.DataFrame":
        """The last failure of each unfinished unit, one row each; the columns are those of `Failure`."""
        from syndisco_nb.runs.run_frames import FailureFrame

        columns = [field.name for field in dataclasses.fields(Failure)]
        rows = [[getattr(failure, name) for name in columns] for failure in self._failures()]
        table = FailureFrame(rows, columns=columns)
        table["prompt"] = ["\n\n".join(map(str, messages)) for messages in table.prompt]
        return FailureFrame(table.astype({"turn": "Int64"}))

    @property
    def order(self) -> "pd.DataFrame":
        """The order of work: a row for each time that a unit was worked on, sorted by time.

        Columns are ``unit``, ``began`` and ``ended`` (in UTC), and ``outcome``: "finished", "failed", "skipped" or
        "stopped". A unit that is being worked on, or whose process was killed, has no end. Runs of earlier versions
        have no rows.
        """
        from syndisco_nb.runs.run_frames import OrderFrame

        return OrderFrame.of([span for span in read_order(self.folder) if self._holds(span.unit)])

    @property
    def skipped(self) -> list[Skipped]:
        """Files that were skipped, and why."""
        return SkippedFiles(self._head.read().skipped)

    @property
    def unfinished(self) -> Records[Item]:
        """The discussions, or annotation sets, that are not finished, as far as they are kept; see `Transcript.ended`.

        They can be read like finished ones, but no analysis counts them. A unit that failed, was stopped or killed, or
        is still being worked on, has all that was answered; one of which nothing is kept is not among them.

        Examples
        --------
        >>> import tempfile
        >>> import syndisco_nb as snb
        >>> script = lambda request: "Why?" if request.situation.turn < 3 else 1 / 0
        >>> users = [snb.LLMActor(snb.ScriptedModel(script), name) for name in ("Ana", "Ben")]
        >>> experiment = snb.DiscussionExperiment(topics=["Tax?"], users=users, num_discussions=1, seed=1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     run = experiment.begin(folder)
        ...     len(run), [talk.ended for talk in run.unfinished]
        (0, ['unfinished after turn 2 of 10'])
        """
        records = (unfinished_record(self.folder, self._head.read(), file) for file in self._journals())
        return Records(self._ours(record) for record in records if record is not None)

    def retry(self) -> "Run[Item]":
        """Work once more on the units that failed, and on no others.

        Raises
        ------
        RunFolderError
            If the run was opened from its folder, so that its experiment is not at hand.
        """
        return run_sync(self._retry())

    async def aretry(self) -> "Run[Item]":
        """Async form of `retry`."""
        return await run_async(self._retry())

    def verify(self) -> "Verification":
        """Check the folder: every file, missing and duplicate units, and each record against the settings.

        Returns
        -------
        Verification
            True if nothing is wrong; `problems` lists all faults.
        """
        return doors.verify(self)

    def replay(self, place: int) -> "Replay":
        """Make ``run[place]`` anew, without writing it, and compare.

        Returns
        -------
        Replay
            True if they are equal; `difference` names the first turn, or label, that is not.

        Raises
        ------
        RunFolderError
            If the run was opened from its folder, so that its experiment is not at hand.
        """
        return run_sync(self._replay(place))

    async def areplay(self, place: int) -> "Replay":
        """Async form of `replay`."""
        return await run_async(self._replay(place))

    def costs(self) -> "pd.DataFrame":
        """Return the cost of the run beside its estimate: one row per part of a `Cost`.

        Columns are ``estimate`` (empty if there was none), ``truth`` and ``ratio`` (truth / estimate). Replies that are
        kept of `unfinished` units count, since they were paid for. The price is that of the day when the run began;
        `attrs` holds ``unpriced`` and ``price_source``, as in `Cost`.
        """
        from syndisco_nb.runs.run_frames import CostFrame

        head = self._head.read()
        truth = head.cost(line for record in chain(self, self.unfinished) for line in lines_of(record))
        frame = CostFrame(CostFrame.from_dict(side_by_side(head.estimate, truth), orient="index", dtype=float))
        frame.attrs = {"unpriced": truth.unpriced, "price_source": truth.price_source}
        return frame

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> Records[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | Records[Item]:
        if isinstance(place, slice):
            return Records(self._read(file) for file in self._files[place])
        return self._read(self._file(place))

    def __iter__(self) -> Iterator[Item]:
        for file in self._files:
            try:
                yield self._read(file)
            except RecordError as error:
                warnings.warn(f"Skipped: {error}", stacklevel=2)

    def __len__(self) -> int:
        return len(self._files)

    def __fspath__(self) -> str:
        return str(self.folder)

    def __repr__(self) -> str:
        noun = "discussions" if self._record_type is Transcript else "annotation sets"
        failures, files = self._failures(), len(self.skipped)
        failed = f", {len(failures)} failed ({failures[-1].error})" if failures else ""
        skipped = f", {count(files, 'file')} skipped" if files else ""
        whole = f", a part of {self._head.read().total}" if self.part else ""
        turns = turns_kept(self._journals())
        unit = "turn" if self._record_type is Transcript else "label"
        kept = f" and {count(turns, unit)} of unfinished ones" if turns else ""
        status = true_status(self.folder, self.status)
        batches = f", {waiting}" if status != "finished" and (waiting := batches_in_words(self.folder)) else ""
        done = f"{len(self)} of {self.total} {noun}{whole}{kept}"
        return f"<Run {str(self.folder)!r}: {done}, {status}{batches}{failed}{skipped}>"

    def _failures(self) -> list[Failure]:
        try:
            failures = read_failures(self.folder)
        except RecordError as error:
            warnings.warn(f"The failures cannot be read: {error}", stacklevel=3)
            return []
        wanted = [failure for failure in failures if self._holds(failure.unit)]
        return last_failures(wanted, {file.stem for file in self._finished()})

    def _holds(self, unit: str) -> bool:
        """Return whether a unit is of the part that is asked for."""
        return self.part is None or unit in self.part.units

    def _finished(self) -> list[Path]:
        """Return the files of the finished units that are there now."""
        return [file for file in unit_files(self.folder) if self._holds(file.stem)]

    def _journals(self) -> list[Path]:
        """Return the journals of the units that are not finished now."""
        return [file for file in unfinished_journals(self.folder) if self._holds(file.stem)]

    def _file(self, place: int) -> Path:
        """Return the file at a place, or raise an error that names the valid places."""
        there, noun = len(self._files), "discussions" if self._record_type is Transcript else "annotation sets"
        if not isinstance(place, SupportsIndex):
            raise InvalidInputError(f"A run is a list, but was asked for {place!r}. Take one by its number: run[0].")
        if not -there <= place.__index__() < there:
            places = (
                f"from 0 to {there - 1}, or from the end by negative numbers" if there else "once some are finished"
            )
            raise UnknownItemError(
                f"There is no run[{place}]: {there} of {self.total} {noun} are finished. Take one {places}."
            )
        return self._files[place]

    def _read(self, file: Path) -> Item:
        return self._ours(read_record(self._record_type, file))

    def _ours(self, record: Any) -> Item:
        """Return a record with the cast of the run, as far as it is asked for."""
        if isinstance(record, Transcript):
            record = dataclasses.replace(record, cast=self.cast)
        ours: Item = self.part.of(record) if self.part else record
        return ours

    def retrying(self) -> "AbstractContextManager[OpenedRun]":
        """Return the context in which the folder is open to work on the units that failed."""
        units = [failure.unit for failure in self._failures()]
        logger.info("%s: %d to retry", self.folder, len(units))
        return self._experiment("retry").opened(units)

    def read_again(self) -> "Run[Item]":
        """Return the run as its folder is now."""
        return Run(self.folder, self._origin, self.part, self.cast)

    async def _retry(self) -> "Run[Item]":
        await doors.run_all([self.retrying()])
        return self.read_again()

    async def _replay(self, place: int) -> "Replay":
        unit, record = self._file(place).stem, self[place]
        remade = await self._experiment("replay").remake(unit)
        return doors.compare_replay(unit, record, remade)

    def _experiment(self, method: str) -> RunOrigin[Item]:
        origin: RunOrigin[Item] | None = self._origin
        if origin is None:
            raise RunFolderError(
                f"This run was opened from {self.folder}, so its experiment is not at hand. Call begin of the same "
                f"experiment on that folder rerun, and {method}() the run that it returns."
            )
        return origin
