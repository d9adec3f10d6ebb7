"""Rules behind `verify`: the agreement of records with the spec of their run."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pydantic_core

from syndisco_nb.backend.fingerprint import settings_digest
from syndisco_nb.backend.scale import Scale
from syndisco_nb.backend.stop_condition import StopCondition, ended
from syndisco_nb.backend.topics import check_topic, opening_messages, topic_title
from syndisco_nb.errors import InvalidInputError, RecordError, said
from syndisco_nb.jobs.recorded_actors import Tape
from syndisco_nb.jobs.reenactment import label_deviations, message_deviations, recorded_annotation, recorded_discussion
from syndisco_nb.records import HUMAN, AnnotationSet, Label, Message, Transcript
from syndisco_nb.records.unit_names import annotation_name, annotation_parts, discussion_index
from syndisco_nb.runs.files import path_from
from syndisco_nb.runs.head import RunHead
from syndisco_nb.runs.reading import record_files
from syndisco_nb.runs.serialization import read_record
from syndisco_nb.seeds import Purpose, annotation_seed, discussion_seed, generator, label_seed, message_seed
from syndisco_nb.wording import label_text

_ROUNDING = 1e-3  # probabilities may miss a sum of 1 by this


class LabelledDiscussions:
    """The discussions that a run of annotations labels, if their folder is known; each is read once.

    Attributes
    ----------
    problems : list of str
        Reasons why they cannot be read.
    """

    def __init__(self, folder: Path, head: RunHead) -> None:
        named = head.spec.get("discussions")
        self._head = head
        self._folder = path_from(named, folder) if head.kind == "annotations" and isinstance(named, str) else None
        self._read: dict[str, Transcript | None] = {}
        self.problems: list[str] = []
        if head.kind == "annotations" and not named:
            self.problems.append("run.json: it does not say which discussions are labelled.")
        if self._folder and not self._folder.is_dir():
            self.problems.append(f"its discussions are not there any more, in {self._folder}.")
            self._folder = None

    @property
    def known(self) -> bool:
        """Whether their folder exists."""
        return self._folder is not None

    def get(self, name: str) -> Transcript | None:
        """Return the discussion of this name; None if it is missing or broken."""
        if self._folder is None:
            return None
        if name not in self._read:
            try:
                self._read[name] = read_record(Transcript, self._folder / f"{name}.json")
            except RecordError:
                self._read[name] = None
        return self._read[name]

    def unlabelled(self, units: set[str]) -> Iterator[str]:
        """Report discussions that are not labelled, though the run is finished."""
        annotators = self._head.spec.get("annotators")
        if self._folder is None or self._head.status != "finished" or not isinstance(annotators, list):
            return
        for file in record_files(self._folder)[0]:
            wanted = {annotation_name(file.stem, number) for number in range(len(annotators))}
            if wanted - units and self.get(file.stem):
                yield f"{file.stem} has been added since to {self._folder}, or has lost labels."


def asked_problems(head: RunHead) -> Iterator[str]:
    """Report contradictions within run.json."""
    spec = head.spec
    if spec.get("seed") is not None:
        yield from _different("run.json: its seed", head.seed, spec["seed"])
    if head.kind == "discussions":
        yield from _different("run.json: its total", head.total, spec.get("num_discussions"))
    models = spec.get("models")
    listed = [one for one in models if isinstance(one, Mapping)] if isinstance(models, list) else []
    digests = {one.get("name"): settings_digest(one) for one in listed}
    for name in ("users", "annotators"):
        people = spec.get(name)
        for who in [*(people if isinstance(people, list) else ()), spec.get("moderator")]:
            if isinstance(who, Mapping) and who.get("model_digest", "") not in ("", digests.get(who.get("model"))):
                yield f"run.json: the settings of {who.get('model')!r} are not those that {who.get('name')!r} had."


def record_problems(
    head: RunHead, unit: str, record: Transcript | AnnotationSet, sources: LabelledDiscussions
) -> Iterator[str]:
    """Report deviations of a record from the spec of its run and from its own prompts and seeds.

    Parameters
    ----------
    head : RunHead
    unit : str
        Name of the record's file, without ending.
    record : Transcript or AnnotationSet
    sources : LabelledDiscussions
    """
    found = _discussion(head, unit, record) if isinstance(record, Transcript) else _annotation(head, unit, record)
    problems = list(found)
    yield from problems
    if problems:
        return  # further checks would only repeat these
    try:
        if isinstance(record, Transcript):
            yield from _followed(head, record)
        else:
            yield from _labelled(head, record, sources)
    except Exception as error:
        yield f"it cannot have come about as run.json says: {said(error)}"


def journal_problems(
    head: RunHead, unit: str, lines: Sequence[Message | Label], sources: LabelledDiscussions
) -> Iterator[str]:
    """Report deviations of a journal from the spec of its run.

    Parameters
    ----------
    head : RunHead
    unit : str
        Name of the journal, without ending.
    lines : sequence of Message or Label
    sources : LabelledDiscussions
    """
    tape = Tape(head.spec, lines)
    try:
        if head.kind == "discussions" and (index := discussion_index(unit)) is not None:
            yield from message_deviations(
                recorded_discussion(head.spec, head.seed, index, None, tape), tape, whole=False
            )
        elif head.kind == "annotations" and (parts := annotation_parts(unit)):
            name, number = parts
            source = sources.get(name)
            job = recorded_annotation(head.spec, head.seed, name, number, source, tape) if source else None
            yield from label_deviations(job, tape, whole=False) if job else ()
    except Exception as error:
        yield f"it cannot have come about as run.json says: {said(error)}"


def place_of(item: Message | Label) -> str:
    """Return the place of a message or label, in words."""
    if isinstance(item, Message):
        return f"turn {item.turn} ({item.name})"
    return f"the label of comment {item.comment}{f' ({item.scale})' if item.scale else ''}"


def _followed(head: RunHead, transcript: Transcript) -> Iterator[str]:
    tape = Tape(head.spec, transcript.messages)
    discussion = recorded_discussion(head.spec, head.seed, transcript.index, transcript, tape)
    problems = list(message_deviations(discussion, tape, whole=True))
    yield from problems
    if problems:
        return
    made = discussion.transcript
    for name in ("comments", "silences"):
        order = [message.index for message in getattr(transcript, name)]
        if order != sorted(order):
            yield f"its {name} are not in order."
    for name in ("topic", "users", "moderator", "parent", "ended", *(() if tape.old else ("settings", "id"))):
        yield from _different(name, _plain(getattr(transcript, name)), _plain(getattr(made, name)))


def _labelled(head: RunHead, record: AnnotationSet, sources: LabelledDiscussions) -> Iterator[str]:
    source = sources.get(record.discussion)
    if source is None:
        if sources.known:
            yield f"its discussion, {record.discussion}.json, is gone, or broken."
        return
    yield from _different("discussion_id", record.discussion_id, source.id)
    tape = Tape(head.spec, record.labels)
    job = recorded_annotation(head.spec, head.seed, record.discussion, record.index, source, tape)
    if job:
        yield from label_deviations(job, tape, whole=True)


def _discussion(head: RunHead, unit: str, transcript: Transcript) -> Iterator[str]:
    """Report deviations of a discussion from the spec of its run."""
    spec, index = head.spec, discussion_index(unit)
    if index is None:
        yield "it is not named like a discussion."
        return
    yield from _different("index", transcript.index, index)
    yield from _different("seed", transcript.seed, discussion_seed(head.seed, index))
    for name in ("num_turns", "window", "window_counts", "turn_manager", "stop"):
        yield from _different(name, transcript.settings.get(name), spec.get(name))
    yield from _different("moderator", _plain(transcript.moderator), _plain(spec.get("moderator")))
    yield from _opening(transcript, spec.get("topics"))
    names = [user.name for user in transcript.users]
    given = spec.get("users")
    asked = [_plain(user) for user in given] if isinstance(given, list) else None
    strangers = [user.name for user in transcript.users if asked is not None and _plain(user) not in asked]
    if strangers:
        yield f"{', '.join(strangers)} took part, but not as the run describes its users."
    if len(set(names)) != len(names) or len(names) != spec.get("num_active_users"):
        yield f"{', '.join(names)} took part, but {spec.get('num_active_users')!r} different users were asked."
    messages = transcript.messages
    if [message.index for message in messages] != list(range(len(messages))):
        yield f"its messages are numbered {[message.index for message in messages]}: one is missing, or doubled."
    turns = [message.turn for message in messages if message.role == "participant"]
    held_all = len(turns) == spec.get("num_turns") or transcript.ended
    if turns != list(range(1, len(turns) + 1)) or not held_all:
        yield f"its turns are {turns}, but {spec.get('num_turns')!r} were asked."
    yield from _end(transcript, spec.get("stop"))
    yield from _turns(messages, transcript.seed)
    yield from _speakers(transcript)


def _opening(transcript: Transcript, topics: Any) -> Iterator[str]:
    """Report an opening that is not that of the seed."""
    names = [user.name for user in transcript.users]
    if not (isinstance(topics, list) and topics and names):
        return
    try:
        topic = check_topic(generator(transcript.seed, Purpose.TOPIC).choice(topics))
    except InvalidInputError as error:
        yield str(error)
        return
    yield from _different("topic", transcript.topic, topic_title(topic))
    asked = opening_messages(topic, generator(transcript.seed, Purpose.OPENER).choice(names), names)
    found = [message for message in transcript.messages if message.role == "opening"]
    yield from (f"{place_of(message)} is not the opening that was asked." for message in found if message not in asked)
    if len(found) < len(asked):
        yield "its opening is missing."


def _end(transcript: Transcript, stop: Any) -> Iterator[str]:
    """Report an end that is not that of the stop conditions, as far as they are known."""
    if not stop:
        yield from _different("end", transcript.ended, None)
        return
    given = stop if isinstance(stop, list) else [stop]
    unknown = [one for one in given if isinstance(one, dict) and StopCondition.recorded_kind(one) is StopCondition]
    conditions = [condition for one in given if (condition := StopCondition.remake(one))]
    if len(conditions) + len(unknown) < len(given):
        yield f"its run has stop conditions that cannot be read: {stop!r}."
        return
    if unknown:
        return
    messages = [message for message in transcript.messages if message.role != "guest"]
    yield from _different("end", transcript.ended, ended(conditions, messages))
    early = next((message for place, message in enumerate(messages) if ended(conditions, messages[:place])), None)
    if early:
        yield f"{place_of(early)} comes after the discussion has ended."


def _turns(messages: Sequence[Message], seed: int) -> Iterator[str]:
    """Report messages that do not follow from the seed of the discussion."""
    for message in messages:
        if message.silent != (not message.text):
            yield f"{place_of(message)} is marked as {'silent' if message.silent else 'a comment'}, but is not."
        if message.role == "opening":
            continue
        if message.role == "guest":
            if message.generation or message.model != HUMAN:
                yield f"{place_of(message)} is a guest's, but by the model {message.model!r}."
        elif message.generation is None:
            yield f"{place_of(message)} has no prompt."
        elif message.generation.seed != message_seed(seed, message.role, message.turn):
            yield f"{place_of(message)} was drawn with another seed than the run's."


def _speakers(transcript: Transcript) -> Iterator[str]:
    users = {user.name: user for user in transcript.users}
    moderators = {transcript.moderator.name: transcript.moderator} if transcript.moderator else {}
    for message in transcript.messages:
        if message.role in ("opening", "guest"):
            continue
        speaker = (moderators if message.role == "moderator" else users).get(message.name)
        if speaker is None:
            yield f"{place_of(message)}: {message.name!r} speaks as {message.role}, but is none."
        elif message.model != speaker.model:
            yield f"{place_of(message)} is by the model {message.model!r}, but {message.name} has {speaker.model!r}."


def _annotation(head: RunHead, unit: str, annotations: AnnotationSet) -> Iterator[str]:
    """Report deviations of an annotation set from the spec of its run."""
    parts = annotation_parts(unit)
    if parts is None:
        yield "it is not named like an annotation."
        return
    discussion, number = parts
    asked = head.spec.get("annotators")
    annotator = dict(enumerate(asked if isinstance(asked, list) else ())).get(number)
    yield from _different("discussion", annotations.discussion, discussion)
    yield from _different("index", annotations.index, number)
    yield from _different("seed", annotations.seed, annotation_seed(head.seed, discussion, number))
    yield from _different("annotator", _plain(annotations.annotator), _plain(annotator))
    for name in ("window", "window_counts", "scales"):
        yield from _different(name, annotations.settings.get(name), head.spec.get(name))
    given = head.spec.get("scales")
    scales = {
        scale.get("name"): scale for scale in (given if isinstance(given, list) else ()) if isinstance(scale, dict)
    }
    found = [(label.comment, label.scale) for label in annotations.labels]
    wanted = {(comment, name) for comment, _ in found for name in scales or ("",)}
    if len(set(found)) != len(found):
        yield "a comment has two labels of one scale."
    if wanted - set(found):
        yield f"labels are missing, the first for comment {min(wanted - set(found), key=repr)[0]}."
    order = list(scales or ("",))
    if found != sorted(found, key=lambda one: (one[0], order.index(one[1]) if one[1] in order else 0)):
        yield "its labels are not in order."
    for label in annotations.labels:
        if label.generation.seed != label_seed(annotations.seed, label.comment, label.scale):
            yield f"{place_of(label)} was drawn with another seed than the run's."
        yield from _value(label, scales.get(label.scale, {}))


def _value(label: Label, scale: Mapping[str, Any]) -> Iterator[str]:
    """Report a label, or probabilities, that its scale does not allow."""
    allowed = scale.get("labels") or ()
    right_type = isinstance(label.value, bool) == (Scale.recorded_kind(scale).value_type is bool)
    value = label_text(label.value)
    fits = not allowed or label.value is None or (value in allowed and right_type)
    if not fits:
        yield f"{place_of(label)} has the label {label.value!r}, but its scale allows {', '.join(map(str, allowed))}."
    chances = label.probabilities
    if chances is not None and (set(chances) != set(allowed) or abs(sum(chances.values()) - 1) > _ROUNDING):
        yield f"{place_of(label)} has probabilities that are not those of its scale, or do not add up to 1."
    elif chances and chances.get(value, 0) < max(chances.values()) - _ROUNDING:
        yield f"{place_of(label)} is {value!r}, which is not the likeliest."


def _different(name: str, found: Any, asked: Any) -> Iterator[str]:
    if found != asked:
        yield f"its {name} is {found!r}, but must be {asked!r}."


def _plain(participant: Any) -> Any:
    """Return a participant as a spec holds it; a `model_digest` of "", read from version 1, is left out."""
    plain = pydantic_core.to_jsonable_python(participant)
    if isinstance(plain, dict) and plain.get("model_digest") == "":
        del plain["model_digest"]
    return plain
