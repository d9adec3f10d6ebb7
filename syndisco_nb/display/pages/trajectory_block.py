"""The block of a scale's course over the comments of a discussion, below the strips of its speakers."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syndisco_nb.analysis.frames.scored_scales import numeric_value
from syndisco_nb.backend.scale import Scale
from syndisco_nb.backend.scale.recorded_scale import recorded_scale
from syndisco_nb.display.page import Point, Trajectory
from syndisco_nb.records import AnnotationSet, Label, Message, Transcript
from syndisco_nb.wording import count, label_text, shortened

_MOST_CATEGORIES = 12
"""A scale with more labels is not drawn."""


def make_trajectory(
    scale: Mapping[str, Any], transcript: Transcript, sets: Sequence[AnnotationSet], columns: int, most: int
) -> Trajectory | None:
    """Return the course of a scale: of numbers, the mean; of categories, the share of annotators for each.

    The mean of scored labels is that of their expected values, as the likeliest label may be the same for all comments.

    Parameters
    ----------
    scale : mapping
        Its recorded settings.
    transcript : Transcript
    sets : sequence of AnnotationSet
        Of this discussion.
    columns : int
        The number of columns, each for as many messages as one of the speakers' strips.
    most : int
        The most comments to tell one by one.

    Returns
    -------
    Trajectory or None
        None if no comment has a label, or for texts.
    """
    name = str(scale["name"])
    given = [label for labels in sets for label in labels.labels if label.scale == name and label.comment is not None]
    by_comment: dict[int, list[Label]] = {}
    for label in given:
        by_comment.setdefault(label.comment or 0, []).append(label)
    ends = _ends(scale)
    labels = [str(label) for label in scale.get("labels") or []]
    if ends is None and not 0 < len(labels) <= _MOST_CATEGORIES:
        return None
    scored = any(label.probabilities for label in given)

    def point(message: Message) -> Point | None:
        about_it = by_comment.get(message.index, [])
        return _mean(message, about_it, scale, ends) if ends else _shares(message, about_it, labels)

    points = {message.index: made for message in transcript.comments if (made := point(message))}
    if not points:
        return None
    stretches = _stretches([points.get(message.index) for message in transcript.messages], columns)
    of_annotators = f" of {count(len(sets), 'annotator')}" if len(sets) > 1 else ""
    measure = _measure(ends, scored) if ends else "share" if of_annotators else "label"
    span = ", pale: lowest to highest" if ends and of_annotators else ""
    return Trajectory(
        f"{name} over the discussion",
        tuple(points.values())[:most],
        tuple(stretches),
        f"{measure}{of_annotators}{span}",
        _axis(scale, ends) if ends else (),
        () if ends else tuple(shortened(label, 40) for label in labels),
    )


def _mean(
    message: Message, labels: Iterable[Label], scale: Mapping[str, Any], ends: tuple[float, float]
) -> Point | None:
    made, (low, high) = recorded_scale(scale), ends
    values = [value for label in labels if (value := numeric_value(label, made)) is not None]
    if not values:
        return None
    mean, least, most = math.fsum(values) / len(values), min(values), max(values)
    spread = f" ({least:g} to {most:g})" if least < most else ""
    text = f"{mean:.0%}" if ends == (0, 1) else f"{mean:.3g}{spread}"
    height, lowest, highest = (min(1.0, max(0.0, (value - low) / (high - low))) for value in (mean, least, most))
    return Point(message.index, message.name, text, height, lowest, highest)


def _shares(message: Message, given: Iterable[Label], labels: Sequence[str]) -> Point | None:
    times = Counter(text for label in given if label.value is not None and (text := label_text(label.value)) in labels)
    if not times:
        return None
    text = ", ".join(f"{shortened(label, 40)} {times[label]:,}" for label in labels if times[label])
    return Point(message.index, message.name, text, shares=tuple(times[label] / times.total() for label in labels))


def _stretches(points: Sequence[Point | None], columns: int) -> Iterable[Point | None]:
    """Yield a point for each column; where several comments share one, their mean."""
    if len(points) <= columns:
        yield from points
        return
    for column in range(columns):
        start, end = (place * len(points) // columns for place in (column, column + 1))
        here = [point for point in points[start:end] if point]
        yield _joined(here) if here else None


def _joined(points: Sequence[Point]) -> Point:
    if len(points) == 1:
        return points[0]
    first, number = points[0], len(points)
    return Point(
        first.number,
        first.name,
        f"{first.text} … {points[-1].text}",
        math.fsum(point.height for point in points) / number,
        min(point.low for point in points),
        max(point.high for point in points),
        tuple(math.fsum(shares) / number for shares in zip(*(point.shares for point in points), strict=True)),
    )


def _measure(ends: tuple[float, float], scored: bool) -> str:
    if ends == (0, 1):
        return "probability of yes, mean" if scored else "share of yes"
    return "mean of expected values" if scored else "mean"


def _axis(scale: Mapping[str, Any], ends: tuple[float, float]) -> tuple[str, str, str]:
    """Return the highest, the middle and the lowest value, in words where the question has them."""
    low, high = ends
    if ends == (0, 1):
        return "100% yes", "50%", "0%"
    worded = "(least)" in str(scale.get("instruction", ""))
    most, least = (" (most)", " (least)") if worded else ("", "")
    return f"{high:g}{most}", f"{(low + high) / 2:g}", f"{low:g}{least}"


def _ends(scale: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the lowest and the highest number of a scale; None if its labels are no numbers."""
    if Scale.recorded_kind(scale).value_type is bool:
        return 0.0, 1.0
    labels = scale.get("labels") or []
    try:
        numbers = [int(label) for label in labels]
    except (TypeError, ValueError):
        return None
    return (min(numbers), max(numbers)) if len(set(numbers)) > 1 else None
