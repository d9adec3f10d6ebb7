"""Scales as files record them, also those whose class is the user's own and cannot be made again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syndisco_nb.backend.scale.scale import COMMENT, Scale
from syndisco_nb.records import Value


@dataclass(frozen=True)
class RecordedScale(Scale):
    """A scale of which only the record is known."""

    recorded_labels: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels on record."""
        return self.recorded_labels

    @property
    def asks(self) -> str:
        """The question and how to answer it, as recorded."""
        return self.question

    def instruction(self) -> str:
        """Return the question and how to answer it."""
        return self.question


@dataclass(frozen=True)
class RecordedNumbers(RecordedScale):
    """A scale of which only the record is known, and whose labels are numbers."""

    value_type = int

    def value(self, label: str) -> Value:
        """Return the number."""
        return int(label)


def recorded_scale(settings: Mapping[str, Any]) -> Scale:
    """Return the scale with these recorded settings; one that stands for it if its class cannot be made again.

    Parameters
    ----------
    settings : mapping
        As recorded by `Scale.settings`.

    Examples
    --------
    >>> recorded_scale({"type": "MyScale", "name": "heat", "labels": ["1", "2"]}).expected({"1": 0.5, "2": 0.5})
    1.5
    """
    kind = Scale.recorded_kind(settings)
    if kind is not Scale:
        try:
            return kind.from_settings(settings)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError):
            pass  # of another version, or edited
    labels = settings.get("labels")
    texts = tuple(map(str, labels)) if isinstance(labels, list | tuple) else ()
    numbers = bool(texts) and all(text.isascii() and text.removeprefix("-").isdecimal() for text in texts)
    unit = settings.get("unit", COMMENT)
    made = RecordedNumbers if numbers else RecordedScale
    return made(
        name=str(settings["name"]), question=str(settings.get("instruction", "")), recorded_labels=texts, unit=unit
    )
