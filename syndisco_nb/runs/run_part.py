"""`RunPart`: the units, and scales, to which a run is restricted."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from syndisco_nb.records import AnnotationSet, Transcript

Item = TypeVar("Item", Transcript, AnnotationSet)


@dataclass(frozen=True, slots=True)
class RunPart:
    """A part of a run, such as the first discussions of one that has grown since.

    Attributes
    ----------
    units : collection of str
        Names of its units, finished or not.
    scales : collection of str, optional
        Names of the scales whose labels it has; all by default.
    """

    units: Collection[str]
    scales: Collection[str] | None = None

    def of(self, record: Item) -> Item:
        """Return a record with the labels of these scales alone."""
        if self.scales is None or isinstance(record, Transcript):
            return record
        recorded: list[Any] = list(record.settings.get("scales", ()))
        return replace(
            record,
            settings={**record.settings, "scales": [scale for scale in recorded if scale.get("name") in self.scales]},
            labels=tuple(label for label in record.labels if label.scale in self.scales),
        )
