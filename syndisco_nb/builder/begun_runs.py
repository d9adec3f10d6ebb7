"""The runs that a study's folder holds, as far as a design, or a stage, asks for them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from syndisco_nb.builder.design import Design
from syndisco_nb.builder.study_stage import StudyStage
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.records.unit_names import annotation_name, discussion_name
from syndisco_nb.runs.head import read_head
from syndisco_nb.runs.layout import ANNOTATIONS, HEAD_FILE
from syndisco_nb.runs.run import Run, RunOrigin
from syndisco_nb.runs.run_part import RunPart


def begun_runs(
    folder: Path, design: Design, origin_of: Callable[[str], RunOrigin[Transcript]]
) -> dict[str, Run[Transcript]]:
    """Return the run of each condition that has begun.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    design : Design
        What is asked for.
    origin_of : callable
        Returns the origin of a condition's run.
    """
    cast = design.cast()
    names = frozenset(map(discussion_name, range(design.discussions)))
    runs = {}
    for condition in design.levels():
        path = folder / condition
        if (path / HEAD_FILE).exists():
            part = RunPart(names) if read_head(path).total > len(names) else None
            runs[condition] = Run(path, origin_of(condition), part, cast)
    return runs


def begun_labels(
    folder: Path,
    runs: Mapping[str, Run[Transcript]],
    stage: StudyStage | None,
    origin_of: Callable[[str], RunOrigin[AnnotationSet]],
) -> dict[str, Run[AnnotationSet]]:
    """Return the labels of each condition that has some.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    runs : mapping of str to Run
        The discussions, as far as they are asked for.
    stage : StudyStage, optional
        The stage whose annotators and scales are asked for; those of all stages by default.
    origin_of : callable
        Returns the origin of a condition's labels.
    """
    labels = {}
    for condition, run in runs.items():
        path = folder / ANNOTATIONS / condition
        if (path / HEAD_FILE).exists():
            labels[condition] = Run(path, origin_of(condition), _part_of_labels(path, run, stage))
    return labels


def _part_of_labels(path: Path, run: Run[Transcript], stage: StudyStage | None) -> RunPart | None:
    """Return the part of the labels in a folder that is asked for; None for all of them."""
    if stage is None and run.part is None:
        return None
    number = len(stage.annotators if stage else read_head(path).spec["annotators"])
    units = [annotation_name(name, annotator) for name in run.names for annotator in range(number)]
    return RunPart(frozenset(units), stage.scales if stage else None)
