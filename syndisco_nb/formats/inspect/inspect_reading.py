"""Read logs of Inspect: each sample is a discussion, and its scores are labels of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.chat.chat_conversation import ChatConversation
from syndisco_nb.formats.foreign_format import FileContents, ForeignFormat, ReadOptions, register
from syndisco_nb.formats.foreign_records import foreign_message, foreign_transcript
from syndisco_nb.formats.inspect.inspect_fields import INSPECT, ChatFields, SampleFields, ScoreFields
from syndisco_nb.formats.inspect.inspect_log import InspectLog, InspectSample, is_inspect_log
from syndisco_nb.formats.inspect.inspect_scores import read_scores
from syndisco_nb.formats.own.own_fields import recorded_part
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.formats.written_labels import WrittenLabel
from syndisco_nb.jobs.labelled_units import all_units
from syndisco_nb.records import AnnotationSet, Message, Transcript
from syndisco_nb.runs.serialization import validated

_CHAT, _SAMPLE = TypeAdapter(ChatConversation), TypeAdapter(SampleFields)
_MESSAGE, _SCORE = TypeAdapter(ChatFields), TypeAdapter(ScoreFields)


def _read(source: SourceFile, options: ReadOptions) -> FileContents:
    log = InspectLog.read(source)
    metadata = log.evaluation.metadata or {}
    if metadata.get("format") != INSPECT.name:
        transcripts = [_foreign_transcript(log, sample) for sample in log.samples]
        return FileContents(transcripts, read_scores(log.samples, transcripts))
    INSPECT.without_header(metadata, log.name)
    own = [_own_discussion(log, sample) for sample in log.samples]
    return FileContents([transcript for transcript, _ in own], [labels for _, sets in own for labels in sets])


def _foreign_transcript(log: InspectLog, sample: InspectSample) -> Transcript:
    """Return the transcript of a sample that another program recorded."""
    chat = {"messages": [_named(message) for message in sample.chat], "model": log.evaluation.model or None}
    conversation = validated(_CHAT, chat, f"{log.name}, sample {sample.id}")
    transcript = conversation.transcript()
    error = (sample.error or {}).get("message")
    facts = {"task": log.evaluation.task, "target": sample.target, "error": error}
    meta = {name: value for name, value in facts.items() if value} | sample.metadata | dict(transcript.meta or {})
    name = str(sample.id) if sample.epoch == 1 else f"{sample.id}-epoch-{sample.epoch}"
    return replace(transcript, known_as=name, meta=meta or None)


def _named(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message with the name that its metadata gives to the speaker."""
    name = (message.get("metadata") or {}).get("name") if isinstance(message.get("metadata"), dict | None) else None
    return {**message, "name": name} if isinstance(name, str) else dict(message)


def _own_discussion(log: InspectLog, sample: InspectSample) -> tuple[Transcript, list[AnnotationSet]]:
    """Return the discussion of a sample that this package wrote, and its labels."""
    where = f"{log.name}, sample {sample.id}"
    fields = validated(_SAMPLE, sample.metadata, where)
    comments = [_own_comment(message, where) for message in (sample.chat if sample.messages else ())]
    silences = [_own_message(own, "", own.meta) for own in fields.silences]
    transcript = foreign_transcript(
        sorted(comments + silences, key=lambda message: message.index),
        id=fields.discussion_id or str(sample.id),
        known_as=str(sample.id),
        topic=sample.input if isinstance(sample.input, str) else "",
        users=fields.users,
        moderator=fields.moderator,
        settings=fields.settings,
        seed=fields.seed,
        parent=fields.parent,
        ended=fields.ended,
        meta=recorded_part(fields, (), sample.metadata),
    )
    return transcript, _own_labels(sample, fields, transcript, where)


def _own_comment(message: Mapping[str, Any], where: str) -> Message:
    metadata = message.get("metadata")
    facts = metadata if isinstance(metadata, dict) else {}
    own = validated(_MESSAGE, facts, f"{where}, a message")
    if not isinstance(message.get("content"), str):
        raise RecordError(f"{where} cannot be read: the content of message {own.index} is not a text.")
    return _own_message(own, message["content"], recorded_part(own, (), facts))


def _own_message(own: ChatFields, text: str, recorded: dict[str, Any] | None) -> Message:
    fields = own.model_dump(include={"turn", "model", "role", "reply_to", "speaks_for"})
    return foreign_message(own.index, own.name, text, meta=recorded, **fields)


def _own_labels(sample: InspectSample, fields: SampleFields, transcript: Transcript, where: str) -> list[AnnotationSet]:
    units = {unit.key()[:2]: (place, unit) for place, unit in enumerate(all_units(transcript))}
    given: list[list[WrittenLabel]] = [[] for _ in fields.annotations]
    for name, score in (sample.scores or {}).items():
        behind = validated(_SCORE, score.metadata or {}, f"{where}, score {name}")
        for label in behind.labels:
            if label.place not in units or not 0 <= behind.annotation < len(given):
                raise RecordError(f"{where} has a score {name!r} of something that is not in the sample.")
            given[behind.annotation].append(label)
    sets = []
    for head, labels in zip(fields.annotations, given, strict=True):
        ordered = sorted(labels, key=lambda label: units[label.place][0])
        sets.append(
            AnnotationSet(
                discussion_id=transcript.id,
                discussion=transcript.name,
                index=head.index,
                seed=head.seed,
                annotator=head.annotator,
                settings=head.settings,
                labels=tuple(label.label(units[label.place][1], head.index) for label in ordered),
                meta=head.meta,
            )
        )
    return sets


register(ForeignFormat("a log of Inspect", is_inspect_log, _read))
