"""Means of labels, for formats with one number for each scale."""

from collections.abc import Iterable
from statistics import fmean

from syndisco_nb.analysis.frames.scored_scales import numeric_value, scales_of
from syndisco_nb.records import AnnotationSet, Label, LabelKey


class LabelMeans:
    """The mean value of all labels with the same place and scale.

    Parameters
    ----------
    annotations : iterable of AnnotationSet
        About one discussion.
    """

    def __init__(self, annotations: Iterable[AnnotationSet]) -> None:
        self._values: dict[LabelKey, list[float]] = {}
        for labels in annotations:
            scales = scales_of(labels)
            for label in labels.labels:
                value = numeric_value(label, scales.get(label.scale))
                if value is not None:
                    self._values.setdefault(label.key, []).append(value)

    def of(self, labels: Iterable[Label]) -> dict[str, float]:
        """Return the mean of the numbers, by scale, in the places of some labels; other scales are left out.

        It is the expected value of a scored label, else the label as a number; yes is 1 and no 0.

        Parameters
        ----------
        labels : iterable of Label
            Of one place.
        """
        return {label.scale: fmean(self._values[label.key]) for label in labels if label.key in self._values}
