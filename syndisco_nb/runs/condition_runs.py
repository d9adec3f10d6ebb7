"""The runs of a study's conditions, as one mapping."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from syndisco_nb.analysed import Analysed
from syndisco_nb.errors import UnknownItemError, short_repr, suggestion, unknown_name
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.runs.run import Run

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
    def labels(self) -> "ConditionRuns[AnnotationSet] | None":
        """The labels of these discussions, by condition; None if there are none."""
        return None

    def __getitem__(self, condition: str) -> Run[Item]:
        if condition not in self._runs:
            raise UnknownItemError(self._absent(condition))
        run: Run[Item] = self._runs[condition]
        return run

    def __iter__(self) -> Iterator[str]:
        return iter(self._runs)

    def __len__(self) -> int:
        return len(self._runs)

    def _absent(self, condition: object) -> str:
        """Return the message of the error for a missing run."""
        names = ", ".join(map(repr, self.levels))
        if condition in self.levels:
            return f"The condition {condition!r} has not begun yet. Run the study again to go on."
        if isinstance(condition, int):
            return f"A study is a mapping of conditions, not a list: take one by its name. There are: {names}."
        near = suggestion(str(condition), self.levels)
        return f"There is no condition {short_repr(condition)}.{near} There are: {names}."

    def _ipython_key_completions_(self) -> list[str]:
        """Return the completions that a notebook offers between the brackets."""
        return list(self)

    def __repr__(self) -> str:
        done = [
            f"{condition} {len(self[condition])} of {self[condition].total}, {self[condition].status}"
            if condition in self
            else f"{condition} not begun"
            for condition in self.levels
        ]
        return f"<{type(self).__name__} {str(self.folder)!r}: {'; '.join(done)}>"
