"""Mean values of labels per discussion and per speaker: over annotators first, then over comments."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import TypeVar

from syndisco_nb.analysis.frames.label_frame import counted_labels
from syndisco_nb.analysis.frames.scored_scales import numeric_value
from syndisco_nb.runs.sources import Material

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class MeanValues:
    """Mean values on each scale with numbers.

    Attributes
    ----------
    scales : tuple of str
    of_discussion : mapping of str to mapping
        By id of the discussion, the mean on each scale.
    of_speaker : mapping of (str, str) to mapping
        By id of the discussion and name of the speaker.
    """

    scales: tuple[str, ...]
    of_discussion: Mapping[str, Mapping[str, float]]
    of_speaker: Mapping[tuple[str, str], Mapping[str, float]]


def mean_values(material: Material, roles: Collection[str]) -> MeanValues:
    """Return the mean values of comments that count.

    Parameters
    ----------
    material : Material
    roles : collection of str
        As `check_roles` returns them.
    """
    of_comment: dict[tuple[str, str, int, str], list[float]] = defaultdict(list)
    for placed in counted_labels(material, roles)[0]:
        value = numeric_value(placed.label, placed.scale)
        if value is not None:
            label = placed.label
            of_comment[label.scale, placed.held.record.discussion_id, label.comment, label.name].append(value)
    of_discussion: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    of_speaker: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for (scale, talk, _, name), values in of_comment.items():
        mean = fmean(values)
        of_discussion[talk][scale].append(mean)
        of_speaker[talk, name][scale].append(mean)
    scales = tuple(dict.fromkeys(scale for scale, *_ in of_comment))
    return MeanValues(scales, _means(of_discussion), _means(of_speaker))


def _means(values: Mapping[Key, Mapping[str, list[float]]]) -> dict[Key, dict[str, float]]:
    return {key: {scale: fmean(means) for scale, means in scales.items()} for key, scales in values.items()}
