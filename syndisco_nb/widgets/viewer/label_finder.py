"""The labels of the discussions that a viewer shows."""

from collections.abc import Iterable
from typing import TypeVar

from syndisco_nb.display.pages.annotated_page import about_texts
from syndisco_nb.errors import require
from syndisco_nb.records import AnnotationSet, Transcript
from syndisco_nb.records.unit_names import annotation_parts
from syndisco_nb.runs.condition_runs import ConditionRuns
from syndisco_nb.runs.run import Run

Item = TypeVar("Item")
Labels = AnnotationSet | Iterable[AnnotationSet] | ConditionRuns[AnnotationSet]


class LabelFinder:
    """Finds the labels of a discussion; those of a run are read from its files one discussion at a time.

    Parameters
    ----------
    labels : AnnotationSet, iterable of AnnotationSet, Run or ConditionRuns of them, or None

    Raises
    ------
    InvalidInputError
        If `labels` holds something else.
    """

    def __init__(self, labels: Labels | None) -> None:
        self._run = labels if isinstance(labels, Run) else None
        self._by_condition: dict[str, LabelFinder] = {}
        self._by_name: dict[str, list[int]] = {}
        self._by_id: dict[str, list[AnnotationSet]] = {}
        if self._run is not None:
            require(
                self._run.holds is AnnotationSet,
                f"labels is {labels!r}, but must hold annotation sets. Give what an AnnotationExperiment wrote.",
            )
            parts = enumerate(map(annotation_parts, self._run.names))
            self._by_name = _grouped((name[0], place) for place, name in parts if name)
        elif isinstance(labels, ConditionRuns):
            self._by_condition = {condition: LabelFinder(run) for condition, run in labels.items()}
        elif labels is not None:
            annotations = [labels] if isinstance(labels, AnnotationSet) else list(labels)
            for item in annotations:
                require(isinstance(item, AnnotationSet), f"labels holds {item!r}, but must hold AnnotationSets.")
            self._by_id = _grouped((item.discussion_id, item) for item in annotations)

    def find(self, transcript: Transcript, name: str, condition: str) -> tuple[list[AnnotationSet], int]:
        """Return the labels of a discussion, and how many more are left out since its texts have changed.

        Parameters
        ----------
        transcript : Transcript
        name : str
            The name of its file, which annotations refer to.
        condition : str
            Its condition in a study, or "".
        """
        if condition in self._by_condition:
            return self._by_condition[condition].find(transcript, name, condition)
        read = [] if self._run is None else [self._run[place] for place in self._by_name.get(name, [])]
        # A file of that name may be about another discussion: only the id tells.
        sets, left_out = about_texts(transcript, [*read, *self._by_id.get(transcript.id, [])])
        return list(sets), left_out


def _grouped(pairs: Iterable[tuple[str, Item]]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for name, item in pairs:
        groups.setdefault(name, []).append(item)
    return groups
