"""A run, as a user holds it: read from its folder, finished or not."""

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from syndisco_nb.costs import Cost, side_by_side, spent
from syndisco_nb.errors import RecordError
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.run_files import (
    KINDS,
    Failure,
    PathLike,
    Skipped,
    Status,
    read_failures,
    read_head,
    unit_files,
)
from syndisco_nb.serialization import from_json

if TYPE_CHECKING:
    import pandas as pd

Item = TypeVar("Item", Transcript, AnnotationSet)


class Run(Sequence[Item], Generic[Item]):
    """What a run folder holds: a sequence of the finished transcripts, or annotation sets.

    What failed is left out, so ``run[3]`` is the fourth that is finished; its own number is in ``run[3].index``.

    Parameters
    ----------
    folder : str or path-like
        A folder that an experiment wrote, finished or not.

    Raises
    ------
    RecordError
        If it is not a run folder.

    Attributes
    ----------
    folder : Path
    """

    def __init__(self, folder: PathLike) -> None:
        self.folder = Path(folder).expanduser()
        self._kind: type[Item] = KINDS[read_head(self.folder)["kind"]]
        self._files = unit_files(self.folder)

    @property
    def seed(self) -> int:
        """The seed from which the whole run follows."""
        return int(read_head(self.folder)["seed"])

    @property
    def status(self) -> Status:
        """How far it is.

        "finished"; "partial", if some of it failed; "interrupted"; "failed", if it could not start or write at all;
        "running", also after a crash.
        """
        status: Status = read_head(self.folder)["status"]
        return status

    @property
    def spec(self) -> dict[str, Any]:
        """What was asked, as plain data."""
        return dict(read_head(self.folder)["spec"])

    @property
    def total(self) -> int:
        """How many files there will be once everything is finished."""
        return int(read_head(self.folder)["total"])

    @property
    def failures(self) -> list[Failure]:
        """The last failure of everything that is not finished."""
        last = {failure.unit: failure for failure in read_failures(self.folder)}
        return [failure for unit, failure in sorted(last.items()) if not (self.folder / f"{unit}.json").exists()]

    @property
    def skipped(self) -> list[Skipped]:
        """Files that were stepped around, and why."""
        return [Skipped(**one) for one in read_head(self.folder)["skipped"]]

    def costs(self) -> "pd.DataFrame":
        """Return what the run cost, beside what was estimated: one row per part of a `Cost`.

        Columns are ``estimate`` (empty if there was none), ``truth`` and ``ratio`` (truth / estimate).
        """
        import pandas as pd

        head = read_head(self.folder)
        made = (
            one for record in self for one in (record.messages if isinstance(record, Transcript) else record.labels)
        )
        truth = spent(made, *(head.get(name, 0) for name in ("seconds", "memory_mb", "gpu_memory_mb")))
        expected = Cost(**head["estimate"]) if "estimate" in head else None
        return pd.DataFrame.from_dict(side_by_side(expected, truth), orient="index")

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per message (of discussions) or per label (of annotations)."""
        import pandas as pd

        frames = [record.to_dataframe() for record in self]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> list[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | list[Item]:
        if isinstance(place, slice):
            return [self._read(file) for file in self._files[place]]
        return self._read(self._files[place])

    def __iter__(self) -> Iterator[Item]:
        for file in self._files:
            try:
                yield self._read(file)
            except (RecordError, OSError) as error:
                warnings.warn(f"Skipped: {error}", stacklevel=2)

    def __len__(self) -> int:
        return len(self._files)

    def __fspath__(self) -> str:
        return str(self.folder)

    def __repr__(self) -> str:
        what = "discussions" if self._kind is Transcript else "annotation sets"
        failed = f", {len(self.failures)} failed" if self.failures else ""
        skipped = f", {len(self.skipped)} files skipped" if self.skipped else ""
        return f"<Run {str(self.folder)!r}: {len(self)} of {self.total} {what}, {self.status}{failed}{skipped}>"

    def _read(self, file: Path) -> Item:
        return from_json(self._kind, file.read_bytes(), str(file))
