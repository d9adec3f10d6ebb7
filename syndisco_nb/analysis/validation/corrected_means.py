"""Means by condition from one annotator's labels, corrected by those of people (PPI)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.comparable_labels import LabelsByAnnotator, Subject
from syndisco_nb.analysis.frames.label_frame import PlacedLabel
from syndisco_nb.analysis.frames.scored_scales import numeric_value
from syndisco_nb.analysis.label_table import number_of
from syndisco_nb.backend.scale import Scale

if TYPE_CHECKING:
    from syndisco_nb.analysis.statistics.prediction_powered import CorrectedEstimate


def corrected_means(
    scale: Scale, given: LabelsByAnnotator, annotator: str, people: Sequence[str]
) -> "dict[str, CorrectedEstimate]":
    """Return the corrected mean of each condition, and differences from the first, named "facilitator − none".

    A condition without two discussions labelled by people, or two others, is absent. Differences are of pairs:
    discussions of one name in both conditions.

    Parameters
    ----------
    scale : Scale
        Of numbers, or yes and no.
    given : mapping
        As `ComparableLabels.by_scale` holds them.
    annotator : str
        Its expected values count where they are known.
    people : sequence of str
        Of a comment that several labelled, the mean counts.
    """
    from syndisco_nb.analysis.statistics.prediction_powered import ppi_difference, ppi_mean

    true: dict[Subject, list[float]] = {}
    for person in people:
        for subject, placed in given.get(person, {}).items():
            if placed.label.value is not None:
                true.setdefault(subject, []).append(number_of(scale, placed.label.value))
    samples: dict[str, dict[str, Any]] = {}
    for subject, placed in given.get(annotator, {}).items():
        sample = samples.setdefault(placed.held.condition, {name: [] for name in _ARGUMENTS})
        _add(sample, placed, numeric_value(placed.label, scale), true.get(subject))
    usable = {condition: sample for condition, sample in samples.items() if _enough(sample)}
    found = {condition: ppi_mean(**sample) for condition, sample in usable.items()}
    first = next(iter(usable), "")
    for condition, sample in list(usable.items())[1:]:
        found[f"{condition} − {first}"] = ppi_difference(usable[first], sample)
    return found


_ARGUMENTS = ("predicted", "predicted_labelled", "human", "clusters", "clusters_labelled")


def _add(sample: Mapping[str, Any], placed: PlacedLabel, value: float | None, true: Sequence[float] | None) -> None:
    if value is None:
        return
    if true is None:
        sample["predicted"].append(value)
        sample["clusters"].append(placed.held.name)
    else:
        sample["predicted_labelled"].append(value)
        sample["human"].append(sum(true) / len(true))
        sample["clusters_labelled"].append(placed.held.name)


def _enough(sample: Mapping[str, Any]) -> bool:
    return min(len(set(sample[name])) for name in ("clusters", "clusters_labelled")) > 1
