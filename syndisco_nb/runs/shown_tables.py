"""Tables and lists of a run that are shown as pages: costs, failures, order of work, skipped files.

They are a data frame and a list to code. The classes here need no pandas, which `run_frames` imports when a run is
asked for a table.
"""

from syndisco_nb.runs.layout import Skipped
from syndisco_nb.shown import Shown


class CostFigures(Shown):
    """A table with the cost of a run, or of the runs of a study, beside its estimate."""

    __slots__ = ()


class FailureRows(Shown):
    """A table with the last failure of each unfinished unit."""

    __slots__ = ()


class OrderRows(Shown):
    """A table with the times in which each unit was worked on."""

    __slots__ = ()


class SkippedFiles(Shown, list[Skipped]):
    """A list of the files that were skipped, and why."""

    __slots__ = ()
