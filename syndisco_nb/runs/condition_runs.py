"""The runs of a study's conditions, as one mapping."""

import copy
import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from syndisco_nb import doors
from syndisco_nb.analysed import Analysed
from syndisco_nb.errors import UnknownItemError, short_repr, suggestion, unknown_name
from syndisco_nb.loop import run_async, run_sync
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.runs.failures import Failure
from syndisco_nb.runs.layout import WORST_FIRST, Skipped
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.run_status import true_status
from syndisco_nb.runs.shown_tables import SkippedFiles

if TYPE_CHECKING:
    import pandas as pd

    from syndisco_nb.doors import Verification
    from syndisco_nb.runs.layout import Status

Item = TypeVar("Item", Transcript, AnnotationSet)


class ConditionRuns(Mapping[str, Run[Item]], Analysed, Generic[Item]):
    """The runs of a study's conditions, by name; a condition whose run has not begun is absent.

    Parameters
    ----------
    folder : Path
        The folder of the run folders.
    levels : mapping
        For each condition, the level of every varied setting.
    runs : mapping
        The runs that have begun, by condition.
    """

    def __init__(self, folder: Path, levels: Mapping[str, Mapping[str, str]], runs: Mapping[str, Run[Item]]) -> None:
        self.folder = folder
        self.levels = levels
        self._runs: dict[str, Run[Item]] = dict(runs)

    if not TYPE_CHECKING:  # a type checker is to refuse the name

        def __getattr__(self, name: str) -> Any:
            raise unknown_name(self, name)

    @property
    def finished(self) -> bool:
        """True if the runs of all conditions are finished."""
        return len(self) == len(self.levels) and all(run.status == "finished" for run in self.values())

    @property
    def status(self) -> "Status":
        """The status of the run that is the farthest from finished; "interrupted" where a condition has not begun."""
        found = {run.status for run in self.values()} | ({"interrupted"} if len(self) < len(self.levels) else set())
        return next(status for status in WORST_FIRST if status in found or status == "finished")

    @property
    def failures(self) -> "pd.DataFrame":
        """The last failure of each unfinished unit, as `Run.failures`; the condition comes first."""
        import pandas as pd

        from syndisco_nb.runs.run_frames import FailureFrame

        columns = ["condition", *(field.name for field in dataclasses.fields(Failure))]
        tables = [run.failures.assign(condition=condition)[columns] for condition, run in self.items()]
        return FailureFrame(pd.concat(tables, ignore_index=True) if tables else None, columns=columns)

    @property
    def order(self) -> "pd.DataFrame":
        """The order of work in all conditions, sorted by time, as `Run.order`; the condition comes first."""
        import pandas as pd

        from syndisco_nb.runs.run_frames import OrderFrame

        tables = {condition: run.order for condition, run in self.items()} or {"": OrderFrame.of([])}
        order = pd.concat(tables, names=["condition"]).reset_index("condition")
        return OrderFrame(order.sort_values(["began", "unit"], kind="stable", ignore_index=True))

    @property
    def skipped(self) -> list[Skipped]:
        """Files that were skipped, with their condition, and why."""
        return SkippedFiles(
            Skipped(f"{condition}/{one.file}", one.reason) for condition, run in self.items() for one in run.skipped
        )

    def costs(self) -> "pd.DataFrame":
        """Return the cost of all runs beside its estimate: the columns ``condition`` and ``part``, then `Run.costs`.

        `attrs` holds ``unpriced`` and ``price_source``, as in `Cost`.
        """
        import pandas as pd

        from syndisco_nb.runs.run_frames import CostFrame

        tables = {condition: run.costs() for condition, run in self.items()}
        frame = CostFrame(pd.concat(tables, names=["condition", "part"]).reset_index() if tables else None)
        unpriced = dict.fromkeys(name for table in tables.values() for name in table.attrs["unpriced"])
        sources = dict.fromkeys(table.attrs["price_source"] for table in tables.values())
        frame.attrs = {"unpriced": tuple(unpriced), "price_source": ", ".join(filter(None, sources)) or None}
        return frame

    def verify(self) -> "Verification":
        """Check the folders of all runs, and of their labels, as `Run.verify` does; problems name the condition.

        Returns
        -------
        Verification
            True if nothing is wrong; `problems` lists all faults.
        """
        return doors.verify_conditions(self)

    def retry(self) -> Self:
        """Work once more on the units that failed, and on no others; return the runs as they are then.

        Raises
        ------
        RunFolderError
            If an experiment is not at hand, and no design says how to make it again.
        """
        return run_sync(self._retry())

    async def aretry(self) -> Self:
        """Async form of `retry`."""
        return await run_async(self._retry())

    @property
    def labels(self) -> "ConditionRuns[AnnotationSet] | None":
        """The labels of these discussions, by condition; None if there are none."""
        return None

    def __getitem__(self, condition: str) -> Run[Item]:
        if isinstance(condition, slice) or condition not in self._runs:
            raise UnknownItemError(self._absent(condition))
        run: Run[Item] = self._runs[condition]
        return run

    def __iter__(self) -> Iterator[str]:
        return iter(self._runs)

    def __len__(self) -> int:
        return len(self._runs)

    async def _retry(self) -> Self:
        other = copy.copy(self)
        failed = {condition: run for condition, run in self.items() if len(run.failures)}
        await doors.run_all([run.retrying() for run in failed.values()], self.folder.name)
        other._runs = {**self._runs, **{condition: run.read_again() for condition, run in failed.items()}}
        return other

    def _absent(self, condition: object) -> str:
        """Return the message of the error for a missing run."""
        names = f"conditions: {', '.join(self.levels)}"
        if isinstance(condition, int | slice):
            return f"A study is a mapping of conditions, not a list: take one by its name, of the {names}."
        if condition in self.levels:
            return f"The condition {condition!r} has not started. Run the study again to go on."
        near = suggestion(str(condition), self.levels)
        return f"There is no condition {short_repr(condition)}.{near} There are the {names}."

    def _ipython_key_completions_(self) -> list[str]:
        """Return the completions that a notebook offers between the brackets."""
        return list(self)

    def __repr__(self) -> str:
        done = "; ".join(f"{condition} {self._progress(condition)}" for condition in self.levels)
        return f"<{type(self).__name__} {str(self.folder)!r}: {done}>"

    def _progress(self, condition: str) -> str:
        if condition not in self:
            return "not started"
        run = self[condition]
        return f"{len(run)} of {run.total}, {true_status(run.folder, run.status)}"
