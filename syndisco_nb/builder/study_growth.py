"""Growth of a study: a design may ask for more in the same folder, never for a change of finished work."""

from typing import Any

from syndisco_nb.backend.model.batch.batch_model import BatchModel
from syndisco_nb.backend.model.replicas.replicas_model import Replicas
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.documents import as_document
from syndisco_nb.builder.fields import checked
from syndisco_nb.runs.growth import difference, grown

_LABELS = ("annotators", "scales", "annotation_window")
_GROWING = ("discussions", "vary", *_LABELS)


def grown_design(held: Design, asked: Design, *, is_labelled: bool) -> tuple[Design, str]:
    """Return the design of a study that goes on, and the changes of finished work that are asked for, or "".

    More discussions, levels of a varied setting, annotators and scales are added. A design that asks for less than the
    study has takes nothing away.

    Parameters
    ----------
    held, asked : Design
        The design of the study in the folder, and the one that is to go on there.
    is_labelled : bool
        Whether the study has labels; without, its annotators and scales may change.

    Raises
    ------
    InvalidInputError
        If the levels of both do not fit together.
    """
    old, new = (_as_if_one(as_document(design)) for design in (held, asked))
    changes = [difference(old.get(name), value, name) for name, value in new.items() if name not in _GROWING]
    changes += [_changed_levels(name, old["vary"], new["vary"]) for name in {**old["vary"], **new["vary"]}]
    labels, change = _labels(held, asked, is_labelled)
    changes.append(change)
    if named := "; ".join(change for change in changes if change):
        return asked, named
    vary = {setting: {**held.vary[setting], **levels} for setting, levels in asked.vary.items()}
    more = {"discussions": max(held.discussions, asked.discussions), "vary": vary, **labels}
    return checked(Design, {name: getattr(asked, name) for name in Design.model_fields} | more), ""


def _changed_levels(setting: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    """Return how the levels of a varied setting that are in both designs differ."""
    if setting not in old or setting not in new:
        return difference(sorted(old), sorted(new), "the settings in vary")
    shared = [level for level in old[setting] if level in new[setting]]
    parts = [difference(old[setting][level], new[setting][level], f"vary.{setting}.{level}") for level in shared]
    return "; ".join(part for part in parts if part)


def _labels(held: Design, asked: Design, is_labelled: bool) -> tuple[dict[str, Any], str]:
    """Return annotators, scales and their window of the study that goes on, and the changes of labels."""
    if not (asked.annotators or asked.scales):
        return {name: getattr(held, name) for name in _LABELS}, ""
    if not is_labelled or not (held.annotators or held.scales):
        return {}, ""
    old, new = (_as_if_one(as_document(design)) for design in (held, asked))
    _, changes = grown("annotations", {name: old[name] for name in _LABELS}, {name: new[name] for name in _LABELS})
    known = [scale.arguments["name"] for scale in held.scales]
    added = [scale for scale in asked.scales if scale.arguments["name"] not in known]
    return {"annotators": max(asked.annotators, held.annotators, key=len), "scales": (*held.scales, *added)}, changes


def _as_if_one(document: Any) -> Any:
    """Return plain data with one model in place of replicas and of batches, which change no answer."""
    if isinstance(document, list):
        return [_as_if_one(one) for one in document]
    if not isinstance(document, dict):
        return document
    if document.get("type") == BatchModel.kind_name():
        return _as_if_one(document["model"])
    if document.get("type") == Replicas.kind_name():
        first = document["models"][0]
        return {**first, "name": document.get("name") or first.get("name")}
    return {name: _as_if_one(value) for name, value in document.items()}
