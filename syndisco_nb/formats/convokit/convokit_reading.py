"""Read ConvoKit corpora: folders as ``convokit.Corpus.dump`` writes them, and their ``utterances.jsonl`` alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.convokit.convokit_labels import read_annotations
from syndisco_nb.formats.convokit.convokit_meta import (
    CONVOKIT,
    ConversationFields,
    CorpusFields,
    SpeakerFields,
    UtteranceFields,
    flat_attributes,
    participant_of,
)
from syndisco_nb.formats.convokit.convokit_utterances import ConvokitUtterance, in_order
from syndisco_nb.formats.foreign_format import FileContents, ForeignFormat, ReadOptions, register
from syndisco_nb.formats.foreign_records import foreign_message, foreign_participant, foreign_transcript
from syndisco_nb.formats.own.own_fields import recorded_part
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.records import HUMAN, AnnotationSet, Message, Participant, Transcript
from syndisco_nb.runs.serialization import parse_object, validated

_IN_A_PICKLE = "<##bin{"
_UTTERANCES = ("utterances.jsonl", "utterances.json")
_SPEAKERS = ("speakers.json", "users.json")
_CONVERSATIONS = ("conversations.json",)
_NEEDED = ({"id"}, {"text"}, {"speaker", "user"}, {"reply-to", "reply_to"}, {"conversation_id", "root"})

_UTTERANCE = TypeAdapter(ConvokitUtterance)
_Fields = TypeVar("_Fields", UtteranceFields, SpeakerFields, ConversationFields)
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (UtteranceFields, SpeakerFields, ConversationFields)
}


class _Corpus:
    """The files of a corpus, parsed; `own` is None if another tool wrote them."""

    def __init__(
        self,
        name: str,
        utterances: list[ConvokitUtterance],
        speakers: Mapping[str, Mapping[str, Any]],
        conversations: Mapping[str, Mapping[str, Any]],
        own: CorpusFields | None,
    ) -> None:
        self.name = name
        self.utterances = utterances
        self.conversations = conversations
        self.own = own
        self._speakers = speakers
        self._described: dict[str, Participant] = {}

    def fields(self, kind: type[_Fields], meta: Mapping[str, Any], what: str) -> _Fields:
        """Return the fields of this package in the meta of an object; those of a foreign corpus have none."""
        adapter: TypeAdapter[_Fields] = _ADAPTERS[kind]
        return validated(adapter, dict(meta) if self.own else {}, f"{self.name}, {what}")

    def speaker(self, speaker: str) -> Participant:
        """Return a speaker of this id."""
        if speaker not in self._described:
            self._described[speaker] = self._describe(speaker, self._speakers.get(speaker, {}))
        return self._described[speaker]

    def _describe(self, speaker: str, meta: Mapping[str, Any]) -> Participant:
        if not self.own:
            return foreign_participant(speaker, _foreign_model(meta), meta)
        own = self.fields(SpeakerFields, meta, f"speaker {speaker}")
        recorded = recorded_part(own, flat_attributes(own.attributes or ()), meta)
        return participant_of(own, own.name or speaker, recorded)


def _read(source: SourceFile, options: ReadOptions) -> FileContents:
    corpus = _parsed(source)
    grouped: dict[str, list[ConvokitUtterance]] = {}
    for one, conversation in zip(corpus.utterances, _conversation_ids(corpus.utterances), strict=True):
        grouped.setdefault(conversation, []).append(one)
    transcripts: list[Transcript] = []
    annotations: list[AnnotationSet] = []
    for conversation, utterances in grouped.items():
        transcript, labels = _discussion(corpus, conversation, utterances)
        transcripts.append(transcript)
        annotations += labels
    return FileContents(transcripts, annotations)


def _parsed(source: SourceFile) -> _Corpus:
    """Return the content of all files; raise `RecordError` if one is broken."""
    if not source.is_folder:
        return _Corpus(source.name, _checked(source.lines, source.name), {}, {}, None)
    file = _file(source, _UTTERANCES)
    lines = list(_json_lines(file)) if file.path.suffix == ".jsonl" else file.document
    if not isinstance(lines, list) or not lines:
        raise RecordError(f"{file.name} holds no utterances.")
    overall = _objects(source, ("corpus.json",))
    own = None
    if overall.get("format") == CONVOKIT.name:
        own = validated(TypeAdapter(CorpusFields), CONVOKIT.without_header(overall, source.name), source.name)
    speakers, conversations = _metas(_objects(source, _SPEAKERS)), _metas(_objects(source, _CONVERSATIONS))
    return _Corpus(source.name, _checked(lines, file.name), speakers, conversations, own)


def _discussion(
    corpus: _Corpus, conversation: str, utterances: list[ConvokitUtterance]
) -> tuple[Transcript, list[AnnotationSet]]:
    meta = corpus.conversations.get(conversation, {})
    fields = corpus.fields(ConversationFields, meta, f"conversation {conversation}")
    ordered = in_order(utterances)
    places = {one.id: place for place, one in enumerate(ordered)}
    messages, labels = [], {}
    for place, one in enumerate(ordered):
        own = corpus.fields(UtteranceFields, one.meta or {}, f"utterance {one.id}")
        messages.append(_message(corpus, place, one, own, places, fields))
        labels[place] = own.labels
    ids = dict.fromkeys(one.speaker for one in ordered)
    speakers = [corpus.speaker(one) for one in (ids if fields.users is None else fields.users)]
    moderator = corpus.speaker(fields.moderator) if fields.moderator is not None else None
    transcript = foreign_transcript(
        messages,
        speakers,
        id=fields.discussion_id or conversation,
        known_as=conversation,
        topic=fields.topic,
        settings=fields.settings,
        seed=fields.seed,
        parent=fields.parent,
        ended=fields.ended,
        meta=recorded_part(fields, {one.scale for one in fields.labels}, meta) if corpus.own else dict(meta) or None,
        **({} if fields.users is None else {"users": tuple(speakers), "moderator": moderator}),
    )
    annotators = corpus.own.annotators if corpus.own else {}
    return transcript, read_annotations(transcript, fields, labels, annotators)


def _message(
    corpus: _Corpus,
    place: int,
    one: ConvokitUtterance,
    own: UtteranceFields,
    places: Mapping[str, int],
    conversation: ConversationFields,
) -> Message:
    meta = _known(one.meta or {})
    recorded = recorded_part(own, {label.scale for label in own.labels}, meta) if corpus.own else meta or None
    answered = places.get(one.reply_to or "", place) if conversation.replies_recorded else place
    also: dict[str, Any] = {}
    if not corpus.own or one.id != f"{one.conversation_id}.{place}":
        also["id"] = one.id
    if one.timestamp is not None and not (corpus.own and one.timestamp == place):
        also["timestamp"] = one.timestamp
    if one.reply_to is not None and answered >= place and conversation.replies_recorded:
        also["reply_to"] = one.reply_to
    if recorded and recorded.keys() & also.keys():
        recorded = {"meta": recorded}
    speaker = corpus.speaker(one.speaker)
    return foreign_message(
        place,
        speaker.name,
        one.text or "",
        turn=own.turn,
        model=own.model or speaker.model,
        role=own.role,
        speaks_for=own.speaks_for,
        reply_to=answered if answered < place else None,
        meta=recorded if recorded is None and not also else (recorded or {}) | also,
    )


def _checked(lines: Iterable[Any], where: str) -> list[ConvokitUtterance]:
    """Return the utterances on the lines of a file; raise `RecordError` at the first that is none."""
    utterances = [validated(_UTTERANCE, one, f"{where}, utterance {place}") for place, one in enumerate(lines)]
    twice = [name for name, count in Counter(one.id for one in utterances).items() if count > 1]
    if twice:
        raise RecordError(f"{where} holds several utterances of the id {twice[0]!r}. Give each an id of its own.")
    return utterances


def _conversation_ids(utterances: Sequence[ConvokitUtterance]) -> Iterator[str]:
    """Yield the conversation of each utterance; without one, the id of the first in its chain of replies."""
    there = {one.id: one for one in utterances}
    for one in utterances:
        above, seen = one, {one.id}
        while above.conversation_id is None and above.reply_to in there and above.reply_to not in seen:
            above = there[above.reply_to]
            seen.add(above.id)
        yield above.conversation_id or above.id


def _foreign_model(meta: Mapping[str, Any]) -> str:
    """Return the model of a speaker, which is a person unless ConvoKit says otherwise."""
    details = meta.get("ai_meta")
    config = details.get("config") if isinstance(details, dict) else None
    model = config.get("model") if isinstance(config, dict) else None
    return HUMAN if meta.get("is_ai") is not True else model if isinstance(model, str) else "AI"


def _file(folder: SourceFile, names: Iterable[str]) -> SourceFile:
    """Return the file in a folder that has one of these names; the first name if there is none."""
    paths = [folder.path / name for name in names]
    path = next((path for path in paths if path.is_file()), paths[0])
    return SourceFile(path, f"{folder.name}/{path.name}")


def _objects(folder: SourceFile, names: Iterable[str]) -> dict[str, Any]:
    """Return the JSON object in a file of a folder; empty if there is no such file."""
    file = _file(folder, names)
    return parse_object(file.data, file.name) if file.path.is_file() else {}


def _metas(objects: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the meta of speakers or conversations, which older versions of ConvoKit write without "meta"."""
    found = {}
    for name, value in objects.items():
        meta = value.get("meta", value) if isinstance(value, dict) else {}
        found[name] = _known(meta) if isinstance(meta, dict) else {}
    return found


def _json_lines(file: SourceFile) -> Iterator[Any]:
    for number, line in enumerate(file.text.split("\n"), start=1):  # a text may hold other line breaks
        if line.strip():
            yield parse_object(line.encode(), f"{file.name}, line {number}")


def _known(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return meta without the values that are in a pickle, and the empty fields that ConvoKit adds to all objects."""
    pickled = {name for name, value in meta.items() if isinstance(value, str) and value.startswith(_IN_A_PICKLE)}
    empty = {name for name in ("ai_meta",) if not meta.get(name)}
    return {name: value for name, value in meta.items() if name not in pickled | empty}


def _is_corpus(source: SourceFile) -> bool:
    return all(source.entries & set(known) for known in (_UTTERANCES, _SPEAKERS, _CONVERSATIONS))


def is_utterance_file(source: SourceFile) -> bool:
    """Return whether a file is the ``utterances.jsonl`` of a corpus, by itself."""
    return bool(source.lines) and all(source.lines[0].keys() & names for names in _NEEDED)


register(ForeignFormat("a ConvoKit corpus", _is_corpus, _read))
register(ForeignFormat("a file of ConvoKit utterances", is_utterance_file, _read))
