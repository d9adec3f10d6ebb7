"""Values of labels as numbers, so that they can be averaged and compared."""

import functools
import json
from collections.abc import Mapping
from typing import Any

from syndisco_nb.backend.scale import Scale
from syndisco_nb.backend.scale.recorded_scale import recorded_scale
from syndisco_nb.records import AnnotationSet, Label


def scales_of(labels: AnnotationSet) -> dict[str, Scale]:
    """Return the scales of a set of labels, by name."""
    return _scales(json.dumps(list(labels.settings.get("scales", ()))))


@functools.lru_cache(maxsize=64)  # sets of one run have the same scales
def _scales(recorded: str) -> dict[str, Scale]:
    scales: list[Mapping[str, Any]] = json.loads(recorded)
    return {str(settings["name"]): recorded_scale(settings) for settings in scales}


def is_numeric(scale: Scale | None) -> bool:
    """Return whether the labels of a scale are numbers, or yes and no, so that they have a mean."""
    return scale is not None and scale.value_type in (int, bool)


def expected_value(label: Label, scale: Scale | None) -> float | None:
    """Return the expected value of a scored label, see `Scale.expected`; None without its scale.

    Parameters
    ----------
    label : Label
    scale : Scale or None
        Its scale.
    """
    return scale.expected(label.probabilities) if scale else None


def numeric_value(label: Label, scale: Scale | None) -> float | None:
    """Return the expected value where it is known, else the label as a number; None where it is none.

    Parameters
    ----------
    label : Label
    scale : Scale or None
        Its scale.
    """
    expected = expected_value(label, scale)
    if expected is not None:
        return expected
    return float(label.value) if is_numeric(scale) and isinstance(label.value, int) else None
