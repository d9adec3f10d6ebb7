"""Section of a study's page: the mean of each scale in each condition."""

from statistics import fmean
from typing import Any

from syndisco_nb.analysis.counted import check_roles
from syndisco_nb.analysis.frames.mean_values import mean_values
from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Note, Table
from syndisco_nb.display.pages.limited_table import limited_table
from syndisco_nb.records import AnnotationSet
from syndisco_nb.records.unit_names import annotation_parts
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.sources import gather
from syndisco_nb.wording import listed

_HEAD = ("scale", "condition", "mean", "discussions", "annotators")
_READ = 50
"""The most bytes of labels to read for an output, as a multiple of `Limits.max_bytes`."""


def labels_by_condition(labels: ConditionRuns[Any], limits: Limits) -> list[Table | Note]:
    """Return a table with the mean of each scale of numbers in each condition; nothing without labels.

    It is the mean over discussions of their mean over annotators and counted comments, of expected values where the
    labels are scored.

    Parameters
    ----------
    labels : ConditionRuns
    limits : Limits
    """
    runs = {condition: run for condition, run in labels.items() if run.holds is AnnotationSet and len(run)}
    if not runs:
        return []
    if not limits.whole and sum(map(_size, runs.values())) > limits.max_bytes * _READ:
        return [Note("Too many labels for a summary here: labels.contrast(...) compares the conditions.")]
    material = gather(labels)
    means = mean_values(material, check_roles(None))
    condition_of = {held.record.discussion_id: held.condition for held in material.labels}
    rows = []
    for scale in means.scales:
        for condition, run in runs.items():
            values = [
                mean[scale]
                for discussion, mean in means.of_discussion.items()
                if scale in mean and condition_of[discussion] == condition
            ]
            if values:
                rows.append((scale, condition, f"{fmean(values):.3g}", f"{len(values):,}", listed(_annotators(run))))
    return [limited_table("Labels by condition", _HEAD, rows, tuple, limits)] if rows else []


def _annotators(run: Run[AnnotationSet]) -> list[str]:
    """Return the names of those whose labels the run, or the part of it, holds."""
    numbers = sorted({parts[1] for name in run.names if (parts := annotation_parts(name))})
    return [run.spec["annotators"][number]["name"] or f"annotator {number}" for number in numbers]


def _size(run: Run[AnnotationSet]) -> int:
    """Return the size of the files of a run, in bytes."""
    files = (run.folder / f"{name}.json" for name in run.names)
    return sum(file.stat().st_size for file in files if file.exists())
