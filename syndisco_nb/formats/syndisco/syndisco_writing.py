"""Write discussions and labels as SynDisco's logs, for programs that were made for them."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

from syndisco_nb.errors import require, short_repr
from syndisco_nb.formats.assembling import file_name
from syndisco_nb.formats.foreign_records import digest_of
from syndisco_nb.formats.syndisco.syndisco_annotations import LABELS_OF_SILENCES
from syndisco_nb.formats.syndisco.syndisco_log import ALL_KEYS
from syndisco_nb.formats.syndisco.syndisco_prompts import NOBODY, object_prompt, plain_prompt, prompt_json, read_prompt
from syndisco_nb.formats.target_folder import save_folder
from syndisco_nb.formats.written_discussions import WrittenDiscussion, written_discussions
from syndisco_nb.records import AnnotationSet, Label, Message, Participant, Transcript
from syndisco_nb.records.unit_names import annotation_name
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.wording import label_text

SynDiscoVersion = Literal["1.0", "2.0", "2.1", "2.2"]
_WINDOW = 3
"""Comments that SynDisco's actors remember by default."""


def write_syndisco(source: Any, folder: PathLike, version: SynDiscoVersion = "2.2") -> Path:
    """Write logs of SynDisco; see `Exchanged.to_syndisco`.

    Parameters
    ----------
    source : run, study, corpus, transcript, labels, or several
    folder : str or path-like
    version : {"1.0", "2.0", "2.1", "2.2"}
    """
    require(
        version in get_args(SynDiscoVersion),
        f"version is {short_repr(version)}, but must be one of: {', '.join(get_args(SynDiscoVersion))}.",
        "version",
    )
    logs: dict[str, bytes] = {}
    names = set()
    for one in written_discussions(source):
        name, talk = file_name(one.held.unit_name), _WrittenTalk(one, version)
        require(
            name not in names,
            f"Two discussions are called {name}. Write those of different runs into folders of their own.",
        )
        names.add(name)
        variant = f"{file_name(one.held.condition)}/" if one.held.condition else ""
        logs[f"discussions/{variant}{name}.json"] = _to_bytes(talk.log())
        for number, labelled in enumerate(talk.labelled()):
            logs[f"annotations/{variant}{annotation_name(name, number)}.json"] = _to_bytes(labelled)
    return save_folder(folder, logs)


class _WrittenTalk:
    """A discussion in the form of one version of SynDisco."""

    def __init__(self, discussion: WrittenDiscussion, version: SynDiscoVersion) -> None:
        self._talk: Transcript = discussion.held.record
        self._annotations = sorted(discussion.annotations, key=lambda one: one.index)
        self._conditions = discussion.conditions
        self._version = version
        self._numbered = version in ("2.0", "2.1")
        # Those of other tools keep all their entries; of our own, SynDisco would not store the silences.
        self._messages = self._talk.comments if self._talk.seed is not None else self._talk.messages

    def log(self) -> dict[str, Any]:
        """Return the log of the discussion."""
        talk, meta = self._talk, self._talk.meta or {}
        timestamp, entries = meta.get("timestamp", ""), self._entries()
        if self._version in ("2.1", "2.2"):
            named = {"id": talk.id} if self._version == "2.1" else {}
            return self._with_more({"timestamp": timestamp, "logs": entries, **named}, meta)
        document = {
            "id": talk.id,
            "timestamp": timestamp,
            "users": [user.name for user in talk.users],
            "moderator": talk.moderator and talk.moderator.name,
            "user_prompts": meta.get("user_prompts") or [self._prompt(user) for user in talk.users],
            "moderator_prompt": talk.moderator and self._prompt(talk.moderator),
            "ctx_length": meta.get("ctx_length", talk.settings.get("window", _WINDOW)),
            "logs": entries,
        }
        return self._with_more(document, meta)

    def labelled(self) -> list[dict[str, Any]]:
        """Return the logs of all annotators who labelled comments."""
        texts = [(one, _texts_of_labels(one)) for one in self._annotations]
        return [self._labels(one, by_place) for one, by_place in texts if by_place]

    def _labels(self, labels: AnnotationSet, texts: Mapping[int, str]) -> dict[str, Any]:
        meta = {key: value for key, value in (labels.meta or {}).items() if key != LABELS_OF_SILENCES}
        timestamp, model = meta.get("timestamp", ""), labels.annotator.model
        prompt = self._prompt(replace(labels.annotator, type="annotator"))  # the only sign of labels since 2.1
        last = max(place for place, one in enumerate(self._messages) if one.index in texts)
        given = [(one, texts.get(one.index, "")) for one in self._messages[: last + 1]]
        if self._version in ("2.1", "2.2"):
            entries = [{"name": one.name, "text": text, "model": model, "prompt": prompt} for one, text in given]
            document = {"timestamp": timestamp, "logs": entries}
            named = {"id": meta.get("id", digest_of(document))} if self._version == "2.1" else {}
            return self._with_more(document | named, meta)
        document = {
            "conv_id": self._talk.id,
            "timestamp": timestamp,
            "annotator_model": model,
            "annotator_prompt": prompt,
            "ctx_length": meta.get("ctx_length", labels.settings.get("window", _WINDOW)),
            "logs": [[_said(one), text] for one, text in given],
        }
        return self._with_more(document, meta)

    def _entries(self) -> list[dict[str, Any]]:
        moderator = [self._talk.moderator] if self._talk.moderator else []
        speakers = {one.name: one for one in [*moderator, *reversed(self._talk.users)]}
        prompts = {name: self._prompt(speaker) for name, speaker in speakers.items()}
        opening = prompt_json(NOBODY, self._numbered)
        entries = []
        for message in self._messages:
            meta = message.meta or {}
            entry = {"name": message.name, "text": _said(message), "model": message.model}
            if self._version in ("2.1", "2.2"):
                standard = opening if message.role == "opening" else prompts.get(message.name, opening)
                entry["prompt"] = self._own_prompt(message, standard)
            known = {*entry, "prompt"}  # another tool's meta may have keys of these names
            entries.append(entry | {key: value for key, value in meta.items() if key not in known})
        return entries

    def _own_prompt(self, message: Message, standard: Any) -> Any:
        """Return the prompt that stands on a message because it is not its speaker's, or else the standard one."""
        meta = message.meta or {}
        if "prompt" not in meta:
            return standard
        raw = meta["prompt"]
        return self._prompt(read_prompt(raw).participant(message.name, "", raw)) if raw else raw

    def _prompt(self, participant: Participant) -> Any:
        return plain_prompt(participant) if self._version == "1.0" else object_prompt(participant, self._numbered)

    def _with_more(self, document: dict[str, Any], meta: Mapping[str, Any]) -> dict[str, Any]:
        """Return a log with whatever else its meta holds, but for fields of other versions, and the condition."""
        of_others = ALL_KEYS if self._version in ("2.1", "2.2") else ()
        more = {key: value for key, value in meta.items() if key not in document and key not in of_others}
        return document | more | self._conditions


def _said(message: Message) -> str:
    return str((message.meta or {}).get("text", "")) if message.silent else message.text


def _texts_of_labels(labels: AnnotationSet) -> dict[int, str]:
    """Return the text of an annotator about each comment, by its index."""
    groups: dict[int, list[Label]] = defaultdict(list)
    for label in labels.labels:
        if label.comment is not None:
            groups[label.comment].append(label)
    silences = {int(place): text for place, text in ((labels.meta or {}).get(LABELS_OF_SILENCES) or {}).items()}
    foreign = labels.seed is None
    return {place: _text_of(group, foreign=foreign) for place, group in groups.items()} | silences


def _text_of(labels: Sequence[Label], *, foreign: bool) -> str:
    raw = labels[0].generation.raw
    if foreign and raw is not None:
        return raw
    if len(labels) == 1:
        return _answer(labels[0])
    return "\n".join(f"{label.scale}={_answer(label)}" for label in labels)


def _answer(label: Label) -> str:
    return label.generation.raw or "" if label.value is None else label_text(label.value)


def _to_bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, indent=4).encode()
