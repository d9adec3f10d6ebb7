"""`StudyStage`: a step in which a study was asked for: its pilot, then the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from syndisco_nb.builder.design import Design
from syndisco_nb.errors import RecordError
from syndisco_nb.runs.head import RunHead, read_head
from syndisco_nb.runs.layout import ANNOTATIONS
from syndisco_nb.runs.opening import now_utc


@dataclass(frozen=True, slots=True)
class StudyStage:
    """A step in which a study was asked for.

    Attributes
    ----------
    asked : str
        The time, in UTC.
    discussions : int
        Number of discussions in each condition.
    conditions : tuple of str
    annotators, scales : tuple of str
        Names of the annotators, in order, and of their scales; none before anything was labelled.
    """

    asked: str
    discussions: int
    conditions: tuple[str, ...]
    annotators: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()

    def restricted(self, design: Design) -> Design:
        """Return the design as it was asked for in this stage."""
        levels = design.levels()
        kept = [levels[name] for name in self.conditions if name in levels]
        vary = {
            setting: {level: value for level, value in values.items() if level in [one[setting] for one in kept]}
            for setting, values in design.vary.items()
        }
        return design.model_copy(update={"discussions": self.discussions, "vary": vary})


def with_discussions(stages: Sequence[StudyStage], design: Design) -> tuple[StudyStage, ...]:
    """Return the stages of a study after its discussions were asked for; a new one where some had not been before.

    Parameters
    ----------
    stages : sequence of StudyStage
        Those so far, oldest first.
    design : Design
        What is asked for.
    """
    conditions = tuple(design.levels())
    before = {
        name: max((stage.discussions for stage in stages if name in stage.conditions), default=0) for name in conditions
    }
    if all(before[name] >= design.discussions for name in conditions):
        return tuple(stages)
    new = StudyStage(now_utc(), design.discussions, conditions)
    return (*stages, replace(new, annotators=stages[-1].annotators, scales=stages[-1].scales) if stages else new)


def with_labels(
    stages: Sequence[StudyStage], annotators: Sequence[str], scales: Sequence[str]
) -> tuple[StudyStage, ...]:
    """Return the stages of a study after labels were asked for; a new one where some had not been before.

    The first labels belong to the last stage.

    Parameters
    ----------
    stages : sequence of StudyStage
        Those so far, oldest first.
    annotators, scales : sequence of str
        Names of what is asked for.
    """
    last = stages[-1]
    if any(len(stage.annotators) >= len(annotators) and set(scales) <= set(stage.scales) for stage in stages):
        return tuple(stages)
    asked = replace(last, annotators=tuple(annotators), scales=tuple(scales))
    return (*stages, replace(asked, asked=now_utc())) if last.annotators else (*stages[:-1], asked)


def unrecorded_stage(folder: Path, design: Design) -> StudyStage:
    """Return the only stage of a study whose file tells of none, as those of earlier versions.

    Parameters
    ----------
    folder : Path
    design : Design
    """
    conditions = tuple(design.levels())
    runs = [head for name in conditions if (head := _head(folder / name))]
    labels = [head for name in conditions if (head := _head(folder / ANNOTATIONS / name))]
    spec = labels[0].spec if labels else {}
    names = {key: tuple(str(one["name"]) for one in spec.get(key, ())) for key in ("annotators", "scales")}
    return StudyStage(runs[0].started if runs else "", design.discussions, conditions, **names)


def _head(folder: Path) -> RunHead | None:
    try:
        return read_head(folder)
    except RecordError:
        return None
