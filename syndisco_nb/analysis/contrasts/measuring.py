"""The values of a measure: of a scale's labels, or of a function of a transcript."""

import functools
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.contrasts.level_table import CONDITION, PREFIX
from syndisco_nb.analysis.contrasts.measured_values import MeasuredValues
from syndisco_nb.analysis.counted import NO_LABEL, NOT_DEFINED, LeftOut, check_roles, counted
from syndisco_nb.analysis.frames.label_frame import PlacedLabel, placed_labels
from syndisco_nb.analysis.frames.scored_scales import is_numeric, numeric_value
from syndisco_nb.analysis.measures.measure_registry import MEASURES, find_measure
from syndisco_nb.backend.scale import Scale
from syndisco_nb.errors import InvalidInputError, require, short_repr, suggestion
from syndisco_nb.records import Label, LabelKey, Transcript
from syndisco_nb.records.unit_names import discussion_index
from syndisco_nb.runs.sources import Held, Material
from syndisco_nb.wording import NO, YES, label_text, listed

if TYPE_CHECKING:
    import pandas as pd

MeasureLike = str | Callable[[Transcript], float]
Roles = str | Collection[str] | None
Row = tuple[Any, ...]


def measured_values(material: Material, measure: MeasureLike, label: Any = None, roles: Roles = None) -> MeasuredValues:
    """Return the values of a scale's labels, or of a measure of transcripts.

    Parameters
    ----------
    material : Material
    measure : str or callable
        Name of a scale or measure, or a function of a transcript. A scale with the name of a measure comes first.
    label : bool, int or str, optional
        The label of a scale whose share is measured.
    roles : str or collection of str, optional
        See `check_roles`.

    Raises
    ------
    InvalidInputError
        If there is no such scale or measure, or a scale's labels are not numbers and no label is given.
    """
    scales = [name for name in dict.fromkeys(_scale_names(material)) if name]
    if measure in scales:
        return _of_labels(material, str(measure), label, roles)
    if isinstance(measure, str) and measure not in MEASURES:
        known = [*scales, *MEASURES]
        raise InvalidInputError(
            f"There is no scale and no measure {measure!r}.{suggestion(measure, known)} Scales of these labels: "
            f"{listed(scales) or 'none'}. Measures: {', '.join(MEASURES)}. Or give a function of a transcript.",
            field="measure",
        )
    require(label is None, f"label is {short_repr(label)}, but only a scale has labels. Leave it out.", "label")
    return _of_transcripts(material, measure, roles)


def _scale_names(material: Material) -> Iterable[str]:
    return (label.scale for held in material.labels for label in held.record.labels)


def _of_labels(material: Material, name: str, label: Any, roles: Roles) -> MeasuredValues:
    placed = [one for one in placed_labels(material) if one.label.scale == name]
    scale = placed[0].scale
    value, quantity = _value_of(scale, name, label, [one.label for one in placed])
    limits, labels = _range_of(scale, label)
    wanted, settings = check_roles(roles), material.settings
    rows: list[Row] = []
    masses: list[float] = []
    missing = Counter[str]()
    unknown = 0
    other_roles: dict[tuple[str, LabelKey], str] = {}  # a comment that several annotators labelled is one
    unpaired: dict[str, int] = {}
    for one in placed:
        number = value(one.label)
        if one.role and one.role not in wanted:
            other_roles[one.held.record.discussion_id, one.label.key] = one.role
        elif number is None:
            missing[one.held.condition] += 1
        else:
            masses += [] if one.label.mass is None else [one.label.mass]
            unit = str(one.label.key.place)
            plain = one.label.value if labels and isinstance(one.label.value, int) else None
            place = _index(one) if one.held.condition else _own_number(one.held.record.discussion_id, unpaired)
            rows.append((*_start(one.held, settings), place, unit, one.turn, one.annotator, number, plain))
            unknown += not one.role and one.label.unit != "discussion"
    left_out = LeftOut({**Counter(other_roles.values()), NO_LABEL: missing.total()})
    require(rows, f"No label of {name} counts. Left out: {left_out or 'nothing'}. Choose other roles.", "roles")
    return MeasuredValues(
        name=name if label is None else f"{name}: {label_text(label)}",
        quantity=quantity,
        unit=placed[0].label.unit,
        rows=_frame(rows, material),
        left_out=left_out,
        material=material,
        limits=limits,
        labels=labels,
        masses=tuple(masses),
        missing=missing,
        of_unknown_role=unknown,
    )


def _of_transcripts(material: Material, measure: MeasureLike, roles: Roles) -> MeasuredValues:
    require(
        material.transcripts or material.labels,
        "There are no discussions and no labels yet. Run the study first.",
        "measure",
    )
    require(
        material.transcripts,
        f"{short_repr(measure)} is measured on discussions, but these are labels, and their discussions are not where "
        "they were. Give the study.",
        "measure",
    )
    found = find_measure(measure)
    wanted, settings = check_roles(roles), material.settings
    rows: list[Row] = []
    left_out = Counter[str]()
    unpaired: dict[str, int] = {}
    for held in material.transcripts:
        comments, others = counted(held.record.messages, wanted)
        left_out += others
        place = held.record.index if held.condition else _own_number(held.record.id, unpaired)
        start = (*_start(held, settings), place)
        if found.per_comment:
            values = found.of_comments(held.record, wanted)
            rows += [
                (*start, str(comment.index), comment.turn, "", value, None)
                for comment, value in zip(comments, values, strict=True)
            ]
        else:
            rows.append((*start, "", None, "", found(held.record, wanted), None))
    defined = [row for row in rows if not math.isnan(row[-2])]
    require(defined, f"{found.name} is not defined for any of these discussions.", "measure")
    left_out[NOT_DEFINED] += len(rows) - len(defined)
    unit = "" if found.unit == found.name else found.unit
    subject = "comment" if found.per_comment else "discussion"
    return MeasuredValues(found.name, unit, subject, _frame(defined, material), LeftOut(left_out), material)


def _value_of(
    scale: Scale | None, name: str, label: Any, labels: Sequence[Label]
) -> tuple[Callable[[Label], float | None], str]:
    """Return the value of a label, and the kind of value in words."""
    scored = any(one.probabilities is not None for one in labels)
    allowed = scale.labels if scale else ()
    if label is not None:
        text = label_text(label)
        require(
            text in allowed,
            f"label is {short_repr(label)}, but the labels of {name} are: {', '.join(allowed) or 'any text'}.",
            "label",
        )
        return functools.partial(_share_of, text), "probability" if scored else "share"
    require(
        is_numeric(scale),
        f"The labels of {name} are not numbers, so they have no mean. "
        + (f"Say whose share to contrast, such as label={allowed[0]!r}." if allowed else "Contrast another scale."),
        "label",
    )
    if set(allowed) == {YES, NO}:
        return lambda one: numeric_value(one, scale), "probability of yes" if scored else "share of yes"
    return lambda one: numeric_value(one, scale), "expected value" if scored else "label"


def _share_of(text: str, label: Label) -> float | None:
    """Return the probability of a label; without probabilities, whether it was given."""
    if label.probabilities is not None:
        return label.probabilities.get(text, 0.0)
    return None if label.value is None else float(label_text(label.value) == text)


def _range_of(scale: Scale | None, label: Any) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the lowest and highest value, and all labels of a Likert scale."""
    if label is not None or scale is None or scale.value_type is bool:
        return (0.0, 1.0), ()
    numbers = sorted(float(scale.value(text)) for text in scale.labels)
    return (numbers[0], numbers[-1]), tuple(numbers)


def _start(held: Held[Any], settings: Sequence[str]) -> Row:
    return (held.condition, *(held.levels.get(setting, "") for setting in settings))


def _index(placed: PlacedLabel) -> int:
    """Return the number of a label's discussion, from its name where the discussion is not at hand."""
    named = discussion_index(placed.held.name) if placed.index is None else placed.index
    require(
        named is not None,
        f"The discussion {placed.held.name!r} has no number, so its pair is not known. Give the study with its labels.",
        "measure",
    )
    return int(named or 0)


def _own_number(discussion_id: str, numbers: dict[str, int]) -> int:
    """Return a number that only this discussion has: outside a study, where none are paired, two may have one index."""
    return numbers.setdefault(discussion_id, len(numbers))


def _frame(rows: Sequence[Row], material: Material) -> "pd.DataFrame":
    import pandas as pd

    settings = [PREFIX + setting for setting in material.settings]
    columns = [CONDITION, *settings, "discussion_index", "unit", "turn", "annotator", "value", "label"]
    return pd.DataFrame(rows, columns=columns).astype({"turn": "float64", "value": "float64", "label": "float64"})
