"""Write discussions as tasks of Label Studio, with the configuration that asks for labels on some scales."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import pydantic_core

from syndisco_nb.analysis.annotator_names import distinct_names
from syndisco_nb.analysis.frames.scored_scales import scales_of
from syndisco_nb.backend.scale import NAME, Scale, check_scales
from syndisco_nb.errors import require, require_bool
from syndisco_nb.formats.label_studio.label_studio_task import DIALOGUE, TEXT
from syndisco_nb.formats.target_folder import save_folder
from syndisco_nb.formats.written_discussions import material_to_write
from syndisco_nb.jobs.labelled_units import LabelledUnit, all_units
from syndisco_nb.records import Label, Transcript
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.sources import Material
from syndisco_nb.wording import label_text

_BEFORE = 10  # comments that are shown before the one to label

Given = tuple[str, str, Label]
"""A label, after the name of its annotator and of the model."""


def write_label_studio(
    source: Any, folder: PathLike, scales: Scale | Sequence[Scale] | None = None, labels: bool = True
) -> Path:
    """Write tasks of Label Studio; see `Exchanged.to_label_studio`.

    Parameters
    ----------
    source : object
        Anything that `gather` takes.
    folder : str or path-like
    scales : Scale or sequence of Scale, optional
    labels : bool
    """
    require_bool("labels", labels)
    material = material_to_write(source)
    asked = check_scales(_scales_of(material) if scales is None else scales)
    require(
        asked,
        "There are no labels that tell what to ask. Give the scales, as in scales=snb.Likert('toxicity').",
        "scales",
    )
    given = _given(material) if labels else {}
    files: dict[str, bytes] = {}
    for unit in dict.fromkeys(scale.unit for scale in asked):
        own = [scale for scale in asked if scale.unit == unit]
        tasks = list(_tasks(material, unit, own, given))
        files[f"{unit}s.json"] = pydantic_core.to_json(tasks, indent=1) + b"\n"
        files[f"{unit}s.xml"] = _configuration(own).encode()
    return save_folder(folder, files)


def _tasks(
    material: Material, unit: str, scales: Sequence[Scale], given: dict[tuple[Any, ...], list[Given]]
) -> Iterator[dict[str, Any]]:
    settings = [scale.settings() for scale in scales]
    for held in material.transcripts:
        talk = held.record
        for one in all_units(talk):
            if one.unit == unit:
                place, name = one.key().place, one.name or held.unit_name
                data = {
                    "discussion_id": talk.id,
                    "discussion": held.unit_name,
                    "unit": one.unit,
                    "place": place,
                    "name": name,
                    "text": one.text,
                    "dialogue": _dialogue(talk, one),
                    "scales": settings,
                }
                own = [label for scale in scales for label in given.get((talk.id, one.key(scale)), ())]
                task: dict[str, Any] = {"data": data}
                if own:
                    task["predictions"] = _predictions(talk.id, own)
                yield task


def _dialogue(talk: Transcript, unit: LabelledUnit) -> list[dict[str, str]]:
    """Return the comments that are shown beside the text: those before a comment, or all."""
    shown = list(talk.comments)
    if unit.comment is not None:
        before = [comment for comment in shown if comment.index < unit.comment]
        shown = before[-_BEFORE:]
    return [{"author": comment.name, "text": comment.text} for comment in shown]


def _predictions(talk: str, given: Sequence[Given]) -> list[dict[str, Any]]:
    annotators = dict.fromkeys((name, model) for name, model, _ in given)
    return [
        {
            "model_version": name,
            "model": model,
            "result": [_item(talk, name, label) for *who, label in given if tuple(who) == (name, model)],
        }
        for name, model in annotators
    ]


def _item(talk: str, annotator: str, label: Label) -> dict[str, Any]:
    text = label_text(label.value)
    kind, value = ("choices", {"choices": [text]}) if label.options else ("textarea", {"text": [text]})
    ident = hashlib.sha256(json.dumps([talk, annotator, *label.key]).encode()).hexdigest()[:10]
    return {"id": ident, "from_name": label.scale, "to_name": TEXT, "type": kind, "value": value}


def _configuration(scales: Sequence[Scale]) -> str:
    """Return the labelling configuration: the comments around it, the text, and a question for each scale."""
    view = Element("View")
    SubElement(view, "Style").text = ".htx-text { white-space: pre-wrap; }"
    shown = {"layout": "dialogue", "nameKey": "author", "textKey": "text"}
    SubElement(view, "Paragraphs", {"name": DIALOGUE, "value": "$dialogue", **shown})
    SubElement(view, "Header", {"value": "$name"})
    SubElement(view, "Text", {"name": TEXT, "value": "$text"})
    for scale in scales:
        SubElement(view, "Header", {"value": scale.asks.replace(NAME, "$name")})
        if scale.labels:
            asked = {"choice": "single-radio", "showInline": "true", "required": "true"}
            choices = SubElement(view, "Choices", {"name": scale.name, "toName": TEXT, **asked})
            for label in scale.labels:
                SubElement(choices, "Choice", {"value": label})
        else:
            SubElement(view, "TextArea", {"name": scale.name, "toName": TEXT, "rows": "3", "required": "true"})
    indent(view)
    return tostring(view, encoding="unicode") + "\n"


def _scales_of(material: Material) -> list[Scale]:
    """Return the scales of the labels at hand, each name once."""
    scales = {name: scale for held in material.labels for name, scale in scales_of(held.record).items()}
    return list(scales.values())


def _given(material: Material) -> dict[tuple[Any, ...], list[Given]]:
    """Return the labels at hand, by discussion and place."""
    given: dict[tuple[Any, ...], list[Given]] = {}
    names = distinct_names([held.record for held in material.labels])
    for held, name in zip(material.labels, names, strict=True):
        for label in held.record.labels:
            if label.value is not None:
                place = (held.record.discussion_id, label.key)
                given.setdefault(place, []).append((name, held.record.annotator.model, label))
    return given
