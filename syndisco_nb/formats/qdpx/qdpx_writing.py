"""Write discussions and labels as a project for QDA programs, in the exchange format REFI-QDA."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from syndisco_nb.analysis.annotator_names import distinct_names
from syndisco_nb.analysis.frames.scored_scales import scales_of
from syndisco_nb.backend.scale import Scale
from syndisco_nb.errors import require
from syndisco_nb.formats.coded_labels import scale_from_labels
from syndisco_nb.formats.qdpx.qdpx_layout import (
    DISCUSSION_ID,
    MODEL,
    MODERATOR,
    ROLE,
    TOPIC,
    guid_of,
    part_name,
    source_text,
)
from syndisco_nb.formats.qdpx.qdpx_scales import code_description
from syndisco_nb.formats.written_discussions import material_to_write
from syndisco_nb.records import Label, Participant, Transcript
from syndisco_nb.runs.files import as_path, save_file
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.runs.sources import Held, Material
from syndisco_nb.wording import label_text

_NAMESPACE = "urn:QDA-XML:project:1.0"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DATE = (1980, 1, 1, 0, 0, 0)  # of the files in the archive: the first that there can be


def write_qdpx(source: Any, path: PathLike) -> Path:
    """Write a project for QDA programs; see `Exchanged.to_qdpx`.

    Parameters
    ----------
    source : object
        Anything that `gather` takes.
    path : str or path-like
    """
    file = as_path("path", path)
    require(file.suffix.lower() == ".qdpx", f"path is {str(file)!r}, but must end in .qdpx.", "path")
    material = material_to_write(source)
    project, texts = _WrittenProject(material).written(file.stem)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        for name, text in {"project.qde": project, **texts}.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, text)
    return save_file(file, archive.getvalue())


class _WrittenProject:
    """A project that is being written.

    Parameters
    ----------
    material : Material
    """

    def __init__(self, material: Material) -> None:
        self._material = material
        self._scales = _scales(material)
        self._variables: dict[str, None] = {}
        self._notes: dict[str, str] = {}
        self._labels: dict[str, list[tuple[str, int, Label]]] = {}
        self._users: dict[str, tuple[str, str]] = {}
        names = distinct_names([held.record for held in material.labels])
        for number, (held, name) in enumerate(zip(material.labels, names, strict=True)):
            user = guid_of("user", name, held.record.annotator.model)
            self._users[user] = (name, held.record.annotator.model)
            given = [(user, number, label) for label in held.record.labels if label.value is not None]
            self._labels.setdefault(held.record.discussion_id, []).extend(given)

    def written(self, name: str) -> tuple[str, dict[str, str]]:
        """Return project.qde, and the texts of its sources."""
        root = Element("Project", {"name": _clean(name), "origin": "syndisco_nb", "xmlns": _NAMESPACE})
        texts: dict[str, str] = {}
        sources = Element("Sources")
        for held in self._material.transcripts:
            self._add_source(sources, held, texts)
        cases = self._cases()
        self._add_users(root)
        self._add_codebook(root)
        variables = SubElement(root, "Variables")
        for one in self._variables:
            _child(variables, "Variable", guid=guid_of("variable", one), name=one, typeOfVariable="Text")
        root.extend([*([cases] if len(cases) else []), sources])
        if self._notes:
            notes = SubElement(root, "Notes")
            for guid, text in self._notes.items():
                _child(_child(notes, "Note", guid=guid), "PlainTextContent").text = _clean(text)
        indent(root)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n", texts

    def _add_users(self, root: Element) -> None:
        if self._users:
            users = SubElement(root, "Users")
            for guid, (name, model) in self._users.items():
                _child(users, "User", guid=guid, name=name, id=model)

    def _add_codebook(self, root: Element) -> None:
        if self._scales:
            codes = SubElement(SubElement(root, "CodeBook"), "Codes")
            for name, scale in self._scales.items():
                codable = str(not scale.labels).lower()
                code = _child(codes, "Code", guid=_code(name), name=_code_name(name), isCodable=codable)
                _child(code, "Description").text = _clean(code_description(scale))
                for label in scale.labels:
                    _child(code, "Code", guid=_code(name, label), name=label, isCodable="true")

    def _add_source(self, sources: Element, held: Held[Transcript], texts: dict[str, str]) -> None:
        talk = held.record
        guid = guid_of("source", talk.id)
        text, blocks = source_text(talk)
        texts[f"sources/{guid}.txt"] = text
        source = _child(sources, "TextSource", guid=guid, name=held.unit_name, plainTextPath=f"internal://{guid}.txt")
        labels: dict[int | None, list[tuple[str, int, Label]]] = {}
        for user, number, label in self._labels.get(talk.id, ()):
            if label.unit != "participant":
                labels.setdefault(label.comment, []).append((user, number, label))
        for comment, block in zip(talk.comments, blocks, strict=True):
            part = _child(
                source,
                "PlainTextSelection",
                guid=_part(talk, comment.index),
                name=part_name(comment),
                startPosition=block.begin,
                endPosition=block.end,
            )
            self._add_codings(part, talk, labels.get(comment.index, ()))
        self._add_codings(source, talk, labels.get(None, ()))
        levels = {f"condition_{setting}": level for setting, level in held.levels.items()}
        given = {DISCUSSION_ID: talk.id, TOPIC: talk.topic, "condition": held.condition, **levels}
        self._add_values(source, {name: value for name, value in given.items() if value})

    def _add_codings(self, place: Element, talk: Transcript, labels: Iterable[tuple[str, int, Label]]) -> None:
        for user, number, label in labels:
            text = label_text(label.value)
            known = text in self._scales[label.scale].labels
            guid = guid_of("coding", talk.id, number, *label.key)
            coding = _child(place, "Coding", guid=guid, creatingUser=user)
            _child(coding, "CodeRef", targetGUID=_code(label.scale, text) if known else _code(label.scale))
            if not known:
                note = guid_of("note", guid)
                self._notes[note] = text
                _child(coding, "NoteRef", targetGUID=note)

    def _cases(self) -> Element:
        """Return the speakers, each with the discussions and comments that are theirs."""
        places: dict[tuple[Participant, str], list[tuple[str, str]]] = {}
        for held in self._material.transcripts:
            talk = held.record
            roles = [(user, "participant") for user in talk.users]
            roles += [(talk.moderator, MODERATOR)] if talk.moderator else []
            for person, role in roles:
                refs = places.setdefault((person, role), [])
                refs.append(("SourceRef", guid_of("source", talk.id)))
                own = [comment.index for comment in talk if comment.name == person.name]
                refs += [("SelectionRef", _part(talk, index)) for index in own]
        cases = Element("Cases")
        for (person, role), refs in places.items():
            case = _child(cases, "Case", guid=guid_of("case", person, role), name=person.name)
            named, other = _attributes(person)
            if other:
                _child(case, "Description").text = _clean("\n".join(other))
            self._add_values(case, {**named, MODEL: person.model, ROLE: role})
            for tag, guid in sorted(dict.fromkeys(refs), key=lambda ref: ref[0] == "SelectionRef"):
                _child(case, tag, targetGUID=guid)
        return cases

    def _add_values(self, place: Element, values: Mapping[str, str]) -> None:
        for name, text in values.items():
            self._variables[name] = None
            value = _child(place, "VariableValue")
            _child(value, "VariableRef", targetGUID=guid_of("variable", name))
            _child(value, "TextValue").text = _clean(text)


def _scales(material: Material) -> dict[str, Scale]:
    """Return the scales of all labels that a project can hold, by name; those of one name are one, with all labels."""
    scales: dict[str, Scale] = {}
    for held in material.labels:
        recorded = scales_of(held.record)
        for name in dict.fromkeys(label.scale for label in held.record.labels if label.unit != "participant"):
            scale = recorded.get(name) or scale_from_labels(name or _code_name(name), ())
            known = scales.setdefault(name, scale)
            if known.labels != scale.labels:
                both = dict.fromkeys([*known.labels, *scale.labels])
                scales[name] = scale_from_labels(name, tuple(both), known.asks, known.unit)
    return scales


def _attributes(person: Participant) -> tuple[dict[str, str], list[str]]:
    """Return the attributes with a name, and the others."""
    named: dict[str, str] = {}
    other = []
    for attribute in person.attributes:
        name, colon, value = attribute.partition(": ")
        if colon and name not in (*named, MODEL, ROLE) and name.strip() and "\n" not in attribute:
            named[name] = value
        else:
            other.append(attribute)
    return named, other


def _code(scale: str, *label: str) -> str:
    return guid_of("code", scale, *label)


def _code_name(scale: str) -> str:
    return scale or "label"


def _part(talk: Transcript, index: int) -> str:
    return guid_of("comment", talk.id, index)


def _child(parent: Element, tag: str, **attributes: object) -> Element:
    return SubElement(parent, tag, {name: _clean(str(value)) for name, value in attributes.items()})


def _clean(text: str) -> str:
    """Return a text without the characters that no XML file can hold."""
    return _NOT_IN_XML.sub("\ufffd", text)
