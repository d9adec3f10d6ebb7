"""Write discussions and labels as a ConvoKit corpus: a folder that ``convokit.Corpus(filename=folder)`` opens."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from syndisco_nb.formats.convokit.convokit_meta import (
    CONVOKIT,
    ConversationFields,
    ConvokitAnnotations,
    ConvokitAnnotator,
    ConvokitLabel,
    CorpusFields,
    SpeakerFields,
    UtteranceFields,
    flat_attributes,
)
from syndisco_nb.formats.convokit.label_means import LabelMeans
from syndisco_nb.formats.described_ids import DescribedIds
from syndisco_nb.formats.own.own_fields import joined
from syndisco_nb.formats.target_folder import save_folder
from syndisco_nb.formats.written_discussions import WrittenDiscussion, written_discussions
from syndisco_nb.records import AnnotationSet, Label, Message, Participant, Transcript
from syndisco_nb.runs.layout import PathLike


def write_convokit(source: Any, folder: PathLike) -> Path:
    """Write a ConvoKit corpus; see `Exchanged.to_convokit`.

    Parameters
    ----------
    source : run, study, corpus, transcript, labels, or several
    folder : str or path-like
    """
    discussions = written_discussions(source)
    corpus = _ConvokitCorpus(one.held.record for one in discussions)
    for one in discussions:
        corpus.add(one)
    return save_folder(folder, corpus.files())


@dataclass(slots=True)
class _Facts:
    """The facts of a message for which an utterance has fields, and the rest of its meta."""

    id: str
    timestamp: int | float
    text: str
    meta: Mapping[str, Any] | None


class _ConvokitCorpus:
    """The content of all files of a corpus."""

    def __init__(self, transcripts: Iterable[Transcript]) -> None:
        counts = Counter(_recorded_id(message) for talk in transcripts for message in talk.messages)
        self._unique = {name for name, count in counts.items() if name and count == 1}
        self._utterances: list[dict[str, Any]] = []
        self._speakers: dict[str, Any] = {}
        self._conversations: dict[str, Any] = {}
        self._fields = CorpusFields()
        self._speaker_ids, self._conversation_ids, self._annotator_ids = (DescribedIds() for _ in range(3))

    def add(self, discussion: WrittenDiscussion) -> None:
        """Add a discussion and its labels."""
        transcript, annotations = discussion.held.record, discussion.annotations
        conversation = self._conversation_ids.of(discussion.held.unit_name, transcript.id)
        moderator = [transcript.moderator] if transcript.moderator else []
        speakers = {user.name: self._speaker(user) for user in [*moderator, *transcript.users]}
        means = LabelMeans(annotations)
        labels: dict[int | str, list[tuple[Label, ConvokitLabel]]] = defaultdict(list)
        heads = []
        for one in annotations:
            annotator = self._annotator(one)
            heads.append(
                ConvokitAnnotations(
                    annotator=annotator, seed=one.seed, settings=dict(one.settings), meta=_dict(one.meta)
                )
            )
            for label in one.labels:
                place = label.unit if label.comment is None else label.comment
                labels[place].append((label, ConvokitLabel.by(annotator, label)))
        replies = any(message.reply_to is not None for message in transcript.messages)
        self._add_utterances(transcript, conversation, speakers, labels, means, replies=replies)
        fields = ConversationFields(
            discussion_id=transcript.id if transcript.id != conversation else None,
            seed=transcript.seed,
            topic=transcript.topic,
            users=[speakers[user.name] for user in transcript.users],
            moderator=speakers[transcript.moderator.name] if transcript.moderator else None,
            settings=dict(transcript.settings),
            parent=transcript.parent,
            ended=transcript.ended,
            replies_recorded=replies,
            annotations=heads,
            labels=[written for _, written in [*labels["participant"], *labels["discussion"]]],
        )
        flat = means.of(label for label, _ in labels["discussion"])
        conditions = discussion.conditions
        meta = {**(transcript.meta or {}), **conditions} if conditions else transcript.meta
        self._conversations[conversation] = {"meta": joined(fields, flat, meta), "vectors": []}

    def files(self) -> dict[str, bytes]:
        """Return the bytes of all files, by name."""
        overall = {**CONVOKIT.header(), **self._fields.model_dump(mode="json", exclude_defaults=True)}
        index = {
            "utterances-index": _types(one["meta"] for one in self._utterances),
            "speakers-index": _types(one["meta"] for one in self._speakers.values()),
            "conversations-index": _types(one["meta"] for one in self._conversations.values()),
            "overall-index": _types([overall]),
            "version": 1,
            "vectors": [],
        }
        return {
            "utterances.jsonl": b"".join(_json(one) + b"\n" for one in self._utterances),
            "speakers.json": _json(self._speakers),
            "conversations.json": _json(self._conversations),
            "corpus.json": _json(overall),
            "index.json": _json(index),
        }

    def _add_utterances(
        self,
        transcript: Transcript,
        conversation: str,
        speakers: dict[str, str],
        labels: Mapping[int | str, list[tuple[Label, ConvokitLabel]]],
        means: LabelMeans,
        *,
        replies: bool,
    ) -> None:
        messages = transcript.messages
        timed = all(_is_number((message.meta or {}).get("timestamp")) for message in messages)
        ids: dict[int, str] = {}
        before: str | None = None
        for place, message in enumerate(messages):
            facts = self._facts(message, place, f"{conversation}.{place}", timed=timed)
            here = labels.get(message.index, [])
            fields = UtteranceFields.of(message, [written for _, written in here])
            answered = ids.get(message.reply_to) if replies and message.reply_to is not None else None
            self._utterances.append(
                {
                    "id": facts.id,
                    "conversation_id": conversation,
                    "text": facts.text,
                    "speaker": speakers.get(message.name) or self._speaker(message.name),
                    "meta": joined(fields, means.of(label for label, _ in here), facts.meta),
                    "reply-to": answered if replies else before,
                    "timestamp": facts.timestamp,
                    "vectors": [],
                }
            )
            ids[message.index] = facts.id
            if before is None or not message.silent:
                before = facts.id

    def _facts(self, message: Message, place: int, derived: str, *, timed: bool) -> "_Facts":
        """Return the facts for which an utterance has fields, taken out of the meta of a message.

        ConvoKit orders utterances by their timestamps, so where not all have one, their places stand for them.
        """
        meta = dict(message.meta or {})
        facts = _Facts(derived, place, message.text, message.meta)
        recorded = _recorded_id(message)
        if recorded in self._unique and recorded != derived:
            facts.id = meta.pop("id")
        if timed and meta["timestamp"] != place:
            facts.timestamp = meta.pop("timestamp")
        if message.silent and isinstance(meta.get("text"), str):
            facts.text = meta.pop("text")
        if meta != message.meta:
            facts.meta = meta or None
        return facts

    def _speaker(self, speaker: Participant | str) -> str:
        """Return the id of a participant, or of somebody of whom only the name is known."""
        if isinstance(speaker, str):
            name, fields, recorded = speaker, SpeakerFields(), None
        else:
            name, fields, recorded = speaker.name, SpeakerFields.of(speaker), speaker.meta
        found = self._speaker_ids.of(name, None if isinstance(speaker, str) else asdict(speaker))
        if found != name:
            fields.name = name
        self._fields.has_ai |= fields.is_ai
        self._speakers[found] = {
            "meta": joined(fields, flat_attributes(fields.attributes or ()), recorded),
            "vectors": [],
        }
        return found

    def _annotator(self, labels: AnnotationSet) -> str:
        found = self._annotator_ids.of(labels.annotator_name, [labels.index, asdict(labels.annotator)])
        fields = ConvokitAnnotator.of(labels.annotator)
        fields.name, fields.index, fields.meta = labels.annotator.name, labels.index, _dict(labels.annotator.meta)
        self._fields.annotators[found] = fields
        return found


def _recorded_id(message: Message) -> str:
    """Return the id that another tool gave to a message; "" if there is none."""
    found = (message.meta or {}).get("id")
    return found if isinstance(found, str) else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _types(metas: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the types of all meta, by name, as ConvoKit lists them."""
    found: dict[str, set[str]] = {}
    for meta in metas:
        for name, value in meta.items():
            found.setdefault(name, set()).update([] if value is None else [str(type(value))])
    return {name: sorted(types) for name, types in found.items()}


def _dict(meta: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if meta is None else dict(meta)


def _json(data: Any) -> bytes:
    return json.dumps(data).encode()  # ASCII: ConvoKit opens files in the encoding of the computer
