"""Labels of several annotators on the same comments and scales, ready to be compared."""

import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syndisco_nb.backend.scale import COMMENT, Scale
from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.records import AnnotationSet, Label, Unit
from syndisco_nb.runs.run import Run
from syndisco_nb.runs.sources import gather
from syndisco_nb.wording import label_text

Subject = tuple[str, Unit, int | str]
"""A comment, participant or discussion that is labelled: id of the discussion, and what `LabelKey` says of it."""
LabelsByAnnotator = Mapping[str, Mapping[Subject, str]]


@dataclass(frozen=True, slots=True)
class ComparableLabels:
    """Labels of several annotators that may be compared.

    Attributes
    ----------
    annotators : tuple of str
        Names that tell the annotators apart.
    by_scale : mapping of str to mapping
        The labels on each scale, by annotator and comment.
    scales : mapping of str to mapping
        The settings of each scale.
    missing : mapping of str to int
        Number of labels that each annotator did not give.
    notes : tuple of str
        What was left out, in words.
    """

    annotators: tuple[str, ...]
    by_scale: Mapping[str, LabelsByAnnotator]
    scales: Mapping[str, Mapping[str, Any]]
    missing: Mapping[str, int]
    notes: tuple[str, ...]


def comparable_labels(labels: Sequence[Any]) -> ComparableLabels:
    """Return the labels that may be compared; warn of comments whose texts the annotators saw differ.

    Parameters
    ----------
    labels : sequence
        Anything that `gather` takes.

    Raises
    ------
    InvalidInputError
        If there are no labels, an annotator labelled a comment twice, or a scale is not the same to all.
    """
    sets, notes = _gathered(labels)
    names = distinct_names(sets)
    changed = _changed_comments(sets)
    if changed:
        several = len(changed) > 1
        notes.append(
            f"{len(changed)} {'comments are' if several else 'comment is'} left out: the annotators saw different "
            "texts. Give labels of the same discussions."
        )
        warnings.warn(notes[-1], stacklevel=3)
    scales: dict[str, Mapping[str, Any]] = {}
    for labels_of_one, name in zip(sets, names, strict=True):
        notes += _add_scales(scales, labels_of_one, name)
    by_scale = _by_scale(sets, names, scales, changed)
    annotators = tuple(dict.fromkeys(names))
    subjects = {subject_of(one, label) for one in sets for label in one.labels} - changed
    asked = [(name, one) for name, scale in scales.items() for one in subjects if one[1] == scale.get("unit", COMMENT)]
    missing = {
        annotator: sum(subject not in by_scale[scale].get(annotator, {}) for scale, subject in asked)
        for annotator in annotators
    }
    return ComparableLabels(annotators, by_scale, scales, missing, tuple(dict.fromkeys(notes)))


def _gathered(labels: Sequence[Any]) -> tuple[list[AnnotationSet], list[str]]:
    """Return the annotation sets, and the progress of people who have not labelled everything."""
    for given in labels:
        if isinstance(given, Run) and given.holds is not AnnotationSet:
            raise InvalidInputError(
                f"{given!r} holds no labels. Give what an AnnotationExperiment or a Labelling wrote.", field="labels"
            )
    try:
        material = gather(*labels)
    except InvalidInputError as error:
        raise InvalidInputError(str(error), field="labels") from None
    sets = [held.record for held in material.labels]
    require(sets, "There are no labels. Give the runs of two annotators, as in agreement(person, model).", "labels")
    return sets, list(material.unfinished)


def subject_of(labels: AnnotationSet, label: Label) -> Subject:
    """Return the subject of a label, the same for all annotators.

    Parameters
    ----------
    labels : AnnotationSet
        The set that holds it.
    label : Label
    """
    return labels.discussion_id, label.key.unit, label.key.place


def distinct_names(sets: Sequence[AnnotationSet]) -> list[str]:
    """Return the annotator's name for each set; annotators of one name get their model's name, then a number."""
    keys = [(labels.annotator, labels.index) for labels in sets]
    plain = {key: labels.annotator_name for key, labels in zip(keys, sets, strict=True)}
    with_model = {key: f"{name} ({key[0].model})" for key, name in plain.items()}
    names = {}
    for number, (key, name) in enumerate(plain.items(), start=1):
        if list(plain.values()).count(name) == 1:
            names[key] = name
        elif list(with_model.values()).count(with_model[key]) == 1:
            names[key] = with_model[key]
        else:
            names[key] = f"{with_model[key]} {number}"
    return [names[key] for key in keys]


def _changed_comments(sets: Sequence[AnnotationSet]) -> set[Subject]:
    """Return the comments whose text was not the same for all annotators."""
    texts: dict[Subject, str] = {}
    changed = set()
    for labels in sets:
        for label in labels.labels:
            subject = subject_of(labels, label)
            if texts.setdefault(subject, label.text) != label.text:
                changed.add(subject)
    return changed


def _add_scales(scales: dict[str, Mapping[str, Any]], labels: AnnotationSet, annotator: str) -> list[str]:
    """Add the scales whose labels can be compared; return notes on the others."""
    notes = []
    for scale in labels.settings.get("scales", ()):
        name = str(scale["name"])
        if not Scale.recorded_kind(scale).level:
            notes.append(f"{name} is left out: its labels are any text, so they are hardly ever equal.")
            continue
        other = scales.setdefault(name, scale)
        require(
            all(other.get(field) == scale.get(field) for field in ("type", "labels", "unit")),
            f"The scale {name!r} of {annotator} has the labels {', '.join(map(str, scale['labels']))}, but that of "
            f"another annotator {', '.join(map(str, other['labels']))}. Compare those who had the same.",
            "labels",
        )
    if not labels.settings.get("scales"):
        notes.append(f"{annotator} labelled without a scale, which is left out: any text is hardly ever equal.")
    return notes


def _by_scale(
    sets: Sequence[AnnotationSet], names: Sequence[str], scales: Collection[str], changed: Collection[Subject]
) -> Mapping[str, LabelsByAnnotator]:
    by_scale: dict[str, dict[str, dict[Subject, str]]] = {scale: {} for scale in scales}
    for labels, annotator in zip(sets, names, strict=True):
        for label in labels.labels:
            if label.scale not in scales:
                continue
            given = by_scale[label.scale].setdefault(annotator, {})
            subject = subject_of(labels, label)
            require(
                subject not in given,
                f"{annotator} labelled {label.key} of {labels.discussion} twice. Give each annotator "
                "once, or each a name of their own.",
                "labels",
            )
            if label.value is not None and subject not in changed:
                given[subject] = label_text(label.value)
    return by_scale
