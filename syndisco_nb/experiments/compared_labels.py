"""Labels of several annotators, compared one by one: those on which they agree, and those on which they differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syndisco_nb.backend.scale import Scale
from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.records import AnnotationSet, Label, LabelKey
from syndisco_nb.runs.sources import Held, Material
from syndisco_nb.wording import listed

Place = tuple[str, LabelKey]
"""A label of a discussion: the id of the discussion, and the key of the label."""


@dataclass(frozen=True, slots=True)
class ComparedLabels:
    """Labels of several annotators on one scale.

    Attributes
    ----------
    scale : Scale
    annotators : tuple of str
        Their names.
    agreed : mapping of (str, LabelKey) to Label
        Labels that are the same for two annotators or more, each as the first of them gave it, by discussion and key.
    disputed : tuple of (str, LabelKey)
        Places where annotators differ.
    single : int
        Number of places that one annotator alone has labelled.
    """

    scale: Scale
    annotators: tuple[str, ...]
    agreed: Mapping[Place, Label]
    disputed: tuple[Place, ...]
    single: int


def compared_labels(material: Material, scale: Scale | str | None = None) -> ComparedLabels:
    """Compare the labels of several annotators on one scale; a label that was skipped does not count.

    Parameters
    ----------
    material : Material
    scale : Scale or str, optional
        The scale, or its name; by default the only one on which they differ.

    Raises
    ------
    InvalidInputError
        If there are not two annotators, they differ on several scales and none was given, there is no such scale, or
        they saw different texts.
    """
    annotators = tuple(dict.fromkeys(_annotator(held) for held in material.labels))
    require(
        len(annotators) > 1,
        f"There are labels of {listed([name for name, _ in annotators]) or 'nobody'} alone. Give those of two "
        "annotators or more, as in adjudicate(dana, eli, annotator='Eva', folder='labels/eva').",
        "labels",
    )
    scales = {str(one["name"]): one for held in material.labels for one in held.record.settings.get("scales", ())}
    chosen = _chosen(material, scales, scale)
    agreed, disputed, single = _divided(material, chosen.name)
    return ComparedLabels(chosen, tuple(name for name, _ in annotators), agreed, disputed, single)


def _chosen(material: Material, scales: Mapping[str, Any], scale: Scale | str | None) -> Scale:
    if isinstance(scale, Scale):
        return scale
    if scale is None:
        differing = {name: len(_divided(material, name)[1]) for name in scales}
        open_ones = [name for name, number in differing.items() if number] or list(scales)[:1]
        numbers = ", ".join(f"{name} ({differing[name]})" for name in open_ones)
        require(
            len(open_ones) == 1,
            f"They differ on several scales: {numbers}. Give one, as in scale={open_ones[0]!r}, and each a folder of "
            "its own."
            if open_ones
            else "There are no labels on a scale. Give those of an AnnotationExperiment or a Labelling.",
            "scale",
        )
        scale = open_ones[0]
    if scale not in scales:
        raise InvalidInputError(f"There is no scale {scale!r}. There are: {', '.join(scales)}.", field="scale")
    made = Scale.remake(scales[scale])
    if made is None:
        raise InvalidInputError(f"{scale} is a scale of your own. Give it itself, not its name.", field="scale")
    return made


def _divided(material: Material, scale: str) -> tuple[dict[Place, Label], tuple[Place, ...], int]:
    """Return the labels agreed on, the places in dispute, and the number of places with one label."""
    given: dict[Place, dict[tuple[str, int], Label]] = {}
    for held in material.labels:
        for label in held.record.labels:
            if label.scale == scale and label.value is not None:
                given.setdefault((held.record.discussion_id, label.key), {})[_annotator(held)] = label
    agreed, disputed, single = {}, [], 0
    for place, labels in given.items():
        first, *others = labels.values()
        require(
            all(label.text == first.text for label in others),
            f"The annotators saw different texts in {place[1]} of discussion {place[0]}. Give labels of the same "
            "discussions.",
            "labels",
        )
        if not others:
            single += 1
        elif all(label.value == first.value for label in others):
            agreed[place] = first
        else:
            disputed.append(place)
    return agreed, tuple(disputed), single


def _annotator(held: Held[AnnotationSet]) -> tuple[str, int]:
    return held.record.annotator_name, held.record.index
