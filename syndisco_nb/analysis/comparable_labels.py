"""Labels of several annotators on the same comments and scales, ready to be compared."""

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syndisco_nb.analysis.counted import LeftOut
from syndisco_nb.analysis.frames.label_frame import PlacedLabel, counted_labels
from syndisco_nb.analysis.frames.scored_scales import scales_of
from syndisco_nb.backend.scale import Scale
from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.records import AnnotationSet, Unit
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.sources import gather
from syndisco_nb.wording import listed

Subject = tuple[str, Unit, int | str]
"""A comment, participant or discussion that is labelled: id of the discussion, and what `LabelKey` says of it."""
LabelsByAnnotator = Mapping[str, Mapping[Subject, PlacedLabel]]


@dataclass(frozen=True, slots=True)
class ComparableLabels:
    """Labels of several annotators that may be compared.

    Attributes
    ----------
    annotators : tuple of str
        Names that tell the annotators apart.
    by_scale : mapping of str to mapping
        The labels on each scale, by annotator and comment; answers without a label are not among them.
    scales : mapping of str to Scale
    missing : mapping of str to int
        Number of labels that each annotator did not give.
    notes : tuple of str
        What was left out, in words.
    left_out : LeftOut
        Comments that do not count.
    """

    annotators: tuple[str, ...]
    by_scale: Mapping[str, LabelsByAnnotator]
    scales: Mapping[str, Scale]
    missing: Mapping[str, int]
    notes: tuple[str, ...]
    left_out: LeftOut


def comparable_labels(labels: Sequence[Any], roles: Any = None) -> ComparableLabels:
    """Return the labels that may be compared; warn of comments whose texts the annotators saw differ.

    Parameters
    ----------
    labels : sequence
        Anything that `gather` takes.
    roles : str or collection of str, optional
        Whose comments count; see `check_roles`.

    Raises
    ------
    InvalidInputError
        If there are no labels, an annotator labelled a comment twice, or a scale is not the same to all.
    """
    for given in labels:
        if isinstance(given, Run) and given.holds is not AnnotationSet:
            raise InvalidInputError(
                f"{given!r} holds no labels. Give what an AnnotationExperiment or a Labelling wrote.", field="labels"
            )
    try:
        material = gather(*labels)
    except InvalidInputError as error:
        raise InvalidInputError(str(error), field="labels") from None
    require(
        material.labels,
        "There are no labels. Give the runs of two annotators, as in agreement(person, model).",
        "labels",
    )
    placed, others = counted_labels(material, roles)
    notes = list(material.unfinished)
    changed = _changed_comments(placed)
    if changed:
        several = len(changed) > 1
        notes.append(
            f"{len(changed)} {'comments are' if several else 'comment is'} left out: the annotators saw different "
            "texts. Give labels of the same discussions."
        )
        warnings.warn(notes[-1], stacklevel=3)
    scales, more = _scales([held.record for held in material.labels])
    kept = [one for one in placed if subject_of(one) not in changed]
    by_scale = _by_scale(kept, scales)
    annotators = tuple(dict.fromkeys(one.annotator for one in placed))
    subjects = dict.fromkeys(map(subject_of, kept))
    asked = [(name, one) for name, scale in scales.items() for one in subjects if one[1] == scale.unit]
    missing = {
        annotator: sum(subject not in by_scale[scale].get(annotator, {}) for scale, subject in asked)
        for annotator in annotators
    }
    notes = list(dict.fromkeys([*notes, *more]))
    left_out = Counter({subject_of(one): one.role for one in others}.values())
    return ComparableLabels(annotators, by_scale, scales, missing, tuple(notes), LeftOut(left_out))


def subject_of(placed: PlacedLabel) -> Subject:
    """Return the subject of a label, the same for all annotators."""
    key = placed.label.key
    return placed.held.record.discussion_id, key.unit, key.place


def _changed_comments(labels: Sequence[PlacedLabel]) -> set[Subject]:
    """Return the comments whose text was not the same for all annotators."""
    texts: dict[Subject, str] = {}
    return {subject_of(one) for one in labels if texts.setdefault(subject_of(one), one.label.text) != one.label.text}


def _scales(sets: Sequence[AnnotationSet]) -> tuple[dict[str, Scale], list[str]]:
    """Return the scales whose labels can be compared, and notes on the others."""
    scales: dict[str, Scale] = {}
    notes = []
    for labels in sets:
        if not labels.settings.get("scales"):
            notes.append(
                f"{labels.annotator_name} labelled without a scale, which is left out: any text is hardly ever equal."
            )
        for name, scale in scales_of(labels).items():
            if not scale.level:
                notes.append(f"{name} is left out: its labels are any text, so they are hardly ever equal.")
                continue
            other = scales.setdefault(name, scale)
            require(
                (type(other), other.labels, other.unit) == (type(scale), scale.labels, scale.unit),
                f"The scale {name!r} of {labels.annotator_name} has the labels {listed(scale.labels, 12)}, but that of "
                f"another annotator {listed(other.labels, 12)}. Compare those who had the same.",
                "labels",
            )
    return scales, notes


def _by_scale(labels: Sequence[PlacedLabel], scales: Mapping[str, Scale]) -> Mapping[str, LabelsByAnnotator]:
    by_scale: dict[str, dict[str, dict[Subject, PlacedLabel]]] = {scale: {} for scale in scales}
    seen = set()
    for one in labels:
        label = one.label
        if label.scale not in scales:
            continue
        subject = subject_of(one)
        require(
            (key := (one.annotator, label.scale, subject)) not in seen,
            f"{one.annotator} labelled {label.key} of {one.held.record.discussion} twice. Give each annotator once, "
            "or each a name of their own.",
            "labels",
        )
        seen.add(key)
        if label.value is not None:
            by_scale[label.scale].setdefault(one.annotator, {})[subject] = one
    return by_scale
