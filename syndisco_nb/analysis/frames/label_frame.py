"""Table of labels: one row per label, or per comment and annotator."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.annotator_names import distinct_names
from syndisco_nb.analysis.counted import check_roles
from syndisco_nb.analysis.frames.columns import PLACE, Row, make_frame, place, place_dtypes, speaker_dtypes, speakers_of
from syndisco_nb.analysis.frames.scored_scales import expected_value, is_numeric, numeric_value, scales_of
from syndisco_nb.backend.scale import Scale
from syndisco_nb.records import AnnotationSet, Label, Message, Transcript
from syndisco_nb.runs.sources import Held, Material
from syndisco_nb.wording import label_text

if TYPE_CHECKING:
    import pandas as pd

_UNIT = {
    "unit": "string",
    "index": "Int64",
    "turn": "Int64",
    "name": "string",
    "role": "string",
    "text": "string",
    "annotator": "string",
    "annotator_index": "int64",
}
_LABEL = {
    "scale": "string",
    "label": "object",
    "expected": "float64",
    "value": "float64",
    "probabilities": "object",
    "position": "Int64",
    "mass": "float64",
}
_MODEL = {"model": "string"}
_TYPES: dict[type, str] = {int: "Int64", bool: "boolean", str: "string"}


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label with all that is known of it.

    Attributes
    ----------
    held : Held
        Its annotation set.
    annotator : str
        A name that tells annotators apart.
    label : Label
    scale : Scale or None
    index : int or None
        `Transcript.index`, if the discussion is at hand.
    role : str
        Role of the speaker; "" if it is not known.
    turn : int or None
    speaker : dict
        Attributes of the speaker.
    """

    held: Held[AnnotationSet]
    annotator: str
    label: Label
    scale: Scale | None
    index: int | None
    role: str
    turn: int | None
    speaker: Row


def placed_labels(material: Material) -> Iterator[PlacedLabel]:
    """Yield every label with its place; roles and turns come from the discussion where a file does not hold them."""
    talks = {held.record.id: held.record for held in material.transcripts}
    messages: dict[str, dict[int, Message]] = {}
    attributes: dict[str, dict[str, Row]] = {}
    for held, annotator in zip(material.labels, distinct_names([one.record for one in material.labels]), strict=True):
        key = held.record.discussion_id
        talk: Transcript | None = talks.get(key)
        if talk and key not in messages:
            messages[key] = {message.index: message for message in talk.comments}
            attributes[key] = speakers_of(talk)
        scales = scales_of(held.record)
        for label in held.record.labels:
            message = None if label.comment is None else messages.get(key, {}).get(label.comment)
            yield PlacedLabel(
                held=held,
                annotator=annotator,
                label=label,
                scale=scales.get(label.scale),
                index=talk.index if talk else None,
                role=label.role or (message.role if message else ""),
                turn=message.turn if label.turn is None and message else label.turn,
                speaker=attributes.get(key, {}).get(label.name, {}),
            )


def counted_labels(
    material: Material, roles: str | Collection[str] | None = None
) -> tuple[list[PlacedLabel], list[PlacedLabel]]:
    """Return the labels of comments that count, and the other labels.

    A label whose role is not known counts.

    Parameters
    ----------
    material : Material
    roles : str or collection of str, optional
        See `check_roles`.
    """
    wanted = check_roles(roles)
    kept: list[PlacedLabel] = []
    others: list[PlacedLabel] = []
    for placed in placed_labels(material):
        (others if placed.role and placed.role not in wanted else kept).append(placed)
    return kept, others


def label_frame(material: Material, roles: str | Collection[str] | None = None, wide: bool = False) -> "pd.DataFrame":
    """Return one row per label; wide, one per comment and annotator, with typed columns for each scale.

    Parameters
    ----------
    material : Material
    roles : str or collection of str, optional
        Whose comments count; by default participants'. See `check_roles`.
    wide : bool
    """
    labels, others = counted_labels(material, roles)
    left_out = Counter(placed.role for placed in others)
    speakers = speaker_dtypes([{placed.label.name: placed.speaker} for placed in labels])
    scales = {name: scale for held in material.labels for name, scale in scales_of(held.record).items()}
    start = place_dtypes(material) | _UNIT
    held = {id(placed.held): (placed.held, placed.index) for placed in labels}
    places = {key: place(one, index, material.settings) for key, (one, index) in held.items()}
    if not wide:
        dtypes = start | _LABEL | {"label": _type_of(scales.values())} | _MODEL | speakers
        return make_frame([_row(placed, places) | _label_cells(placed) for placed in labels], dtypes, left_out)
    rows: dict[tuple[Any, ...], Row] = {}
    for placed in labels:
        key = (placed.held.record.discussion_id, *placed.label.key[:2], placed.annotator)
        rows.setdefault(key, _row(placed, places)).update(_wide_cells(placed))
    scored = {placed.label.scale for placed in labels if placed.label.probabilities is not None}
    columns = {
        column: dtype
        for name, scale in scales.items()
        for column, dtype in _wide_dtypes(name, scale, name in scored).items()
    }
    return make_frame(list(rows.values()), start | columns | _MODEL | speakers, left_out)


def _row(placed: PlacedLabel, places: Mapping[int, Row]) -> Row:
    label = placed.label
    return {
        **places[id(placed.held)],
        "unit": label.unit,
        "index": label.comment,
        "turn": placed.turn,
        "name": label.name,
        "role": placed.role or None,
        "text": label.text,
        "annotator": placed.annotator,
        "annotator_index": placed.held.record.index,
        "model": label.model,
        **placed.speaker,
    }


def _label_cells(placed: PlacedLabel) -> Row:
    label = placed.label
    text = label_text(label.value)
    known = label.value is not None and text in label.options
    return {
        "scale": label.scale,
        "label": label.value,
        "expected": expected_value(label, placed.scale),
        "value": numeric_value(label, placed.scale),
        "probabilities": label.probabilities,
        "position": label.options.index(text) + 1 if known else None,
        "mass": label.mass,
    }


def _wide_cells(placed: PlacedLabel) -> Row:
    label, column = placed.label, _wide_column(placed.label.scale)
    probabilities: Mapping[str, float] = label.probabilities or {}
    return {
        column: label.value,
        f"{column}_expected": expected_value(label, placed.scale),
        **{f"{column}_p_{text}": probability for text, probability in probabilities.items()},
    }


def _wide_dtypes(name: str, scale: Scale, scored: bool) -> dict[str, str]:
    column = _wide_column(name)
    dtypes = {column: _type_of([scale])}
    if scored:
        dtypes |= {f"{column}_expected": "float64"} if is_numeric(scale) else {}
        dtypes |= {f"{column}_p_{label}": "float64" for label in scale.labels}
    return dtypes


def _wide_column(scale: str) -> str:
    """Return the name of a scale's column, which no other column has."""
    return f"{scale}_label" if scale in _UNIT | _MODEL | PLACE else scale or "label"


def _type_of(scales: Iterable[Scale | None]) -> str:
    """Return the dtype of the labels of some scales: "object" if they have several types."""
    types = {scale.value_type if scale else str for scale in scales}
    return _TYPES[types.pop()] if len(types) == 1 else "object"
