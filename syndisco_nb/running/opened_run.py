"""`OpenedRun`: a run whose folder is open, ready to be worked on."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from syndisco_nb.backend.model.base import Model
from syndisco_nb.running.control import RunControl
from syndisco_nb.running.progress import RunProgress
from syndisco_nb.runs.layout import Skipped
from syndisco_nb.runs.run_part import RunPart
from syndisco_nb.runs.writing import RunFolder

Work = Callable[[str, RunProgress, RunControl], Awaitable[None]]
"""Works on one unit by its name; reports to the progress bar, and pauses when the control says so."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenedRun:
    """A run whose folder is open, with the work that is left.

    Attributes
    ----------
    folder : RunFolder
    units : mapping of str to int
        Size of each unit in turns or labels, finished ones included, in the order in which they are worked on.
    unfinished : collection of str
        Names of the unfinished units; those that are not among `units` are not worked on.
    work : callable
        Works on one unit.
    models : sequence of Model
        All models that the units ask.
    max_concurrency : int
        Number of units under way at once.
    skipped : sequence of Skipped
        Files that were skipped, for run.json.
    only : collection of str or None
        Names of the units to restrict the work to.
    part : RunPart or None
        The part of the run that is asked for, if the folder holds more.
    """

    folder: RunFolder
    units: Mapping[str, int]
    unfinished: Collection[str]
    work: Work
    models: Sequence[Model]
    max_concurrency: int
    skipped: Sequence[Skipped] = ()
    only: Collection[str] | None = None
    part: RunPart | None = None

    @property
    def left(self) -> list[str]:
        """The units that are unfinished, in order."""
        unfinished = frozenset(self.unfinished)
        return [unit for unit in self.units if unit in unfinished]

    @property
    def pending(self) -> list[str]:
        """The units to work on, in order."""
        return self.left if self.only is None else [unit for unit in self.left if unit in self.only]
