"""Mean values of labels per comment, discussion and speaker: over annotators first, then over comments."""

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
class CommentValue:
    """Mean value of one comment, participant or discussion on one scale, over annotators.

    Attributes
    ----------
    discussion_id : str
    scale : str
    comment : int or None
        `Message.index` of the comment; None of a participant or a discussion.
    name : str
        The speaker; "" of a discussion.
    turn : int or None
        `Message.turn`, if it is known.
    value : float
    """

    discussion_id: str
    scale: str
    comment: int | None
    name: str
    turn: int | None
    value: float


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


def comment_values(material: Material, roles: Collection[str]) -> list[CommentValue]:
    """Return the mean value of each comment that counts on each scale with numbers.

    Parameters
    ----------
    material : Material
    roles : collection of str
        As `check_roles` returns them.
    """
    of_comment: dict[tuple[str, str, int | None, str, int | None], list[float]] = defaultdict(list)
    for placed in counted_labels(material, roles)[0]:
        value = numeric_value(placed.label, placed.scale)
        if value is not None:
            label = placed.label
            discussion = placed.held.record.discussion_id
            of_comment[discussion, label.scale, label.comment, label.name, placed.turn].append(value)
    return [CommentValue(*comment, fmean(values)) for comment, values in of_comment.items()]


def mean_values(material: Material, roles: Collection[str]) -> MeanValues:
    """Return the mean values of comments that count.

    Parameters
    ----------
    material : Material
    roles : collection of str
        As `check_roles` returns them.
    """
    comments = comment_values(material, roles)
    of_discussion: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    of_speaker: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for comment in comments:
        of_discussion[comment.discussion_id][comment.scale].append(comment.value)
        of_speaker[comment.discussion_id, comment.name][comment.scale].append(comment.value)
    scales = tuple(dict.fromkeys(comment.scale for comment in comments))
    return MeanValues(scales, _means(of_discussion), _means(of_speaker))


def _means(values: Mapping[Key, Mapping[str, list[float]]]) -> dict[Key, dict[str, float]]:
    return {key: {scale: fmean(means) for scale, means in scales.items()} for key, scales in values.items()}
