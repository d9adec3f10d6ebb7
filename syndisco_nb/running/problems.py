"""Checks behind `verify`: whether records follow from the spec and the seed of their run."""

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

_ROUNDING = 1e-3  # tolerance for the sum of probabilities


class LabelledDiscussions:
    """The discussions behind a run of annotations, if their folder is known; each is read once.

    Attributes
    ----------
    problems : list of str
        Reasons why they cannot be read.
    """

    def __init__(self, folder: Path, head: RunHead) -> None:
        path = head.spec.get("discussions")
        self._head = head
        self._folder = path_from(path, folder) if head.kind == "annotations" and isinstance(path, str) else None
        self._read: dict[str, Transcript | None] = {}
        self.problems: list[str] = []
        if head.kind == "annotations" and not path:
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
            expected = {annotation_name(file.stem, number) for number in range(len(annotators))}
            if expected - units and self.get(file.stem):
                yield f"{file.stem} has been added since to {self._folder}, or has lost labels."


def head_problems(head: RunHead) -> Iterator[str]:
    """Report contradictions within run.json."""
    spec = head.spec
    if spec.get("seed") is not None:
        yield from _difference("run.json: its seed", head.seed, spec["seed"])
    if head.kind == "discussions":
        yield from _difference("run.json: its total", head.total, spec.get("num_discussions"))
    models = spec.get("models")
    listed = [model for model in models if isinstance(model, Mapping)] if isinstance(models, list) else []
    digests = {model.get("name"): settings_digest(model) for model in listed}
    for name in ("users", "annotators"):
        people = spec.get(name)
        for person in [*(people if isinstance(people, list) else ()), spec.get("moderator")]:
            if not isinstance(person, Mapping):
                continue
            if person.get("model_digest", "") not in ("", digests.get(person.get("model"))):
                yield f"run.json: the settings of {person.get('model')!r} are not those of {person.get('name')!r}."


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
    if isinstance(record, Transcript):
        problems = list(_discussion_problems(head, unit, record))
    else:
        problems = list(_annotation_problems(head, unit, record))
    yield from problems
    if problems:
        return  # further checks would only repeat these
    try:
        if isinstance(record, Transcript):
            yield from _replayed_discussion_problems(head, record)
        else:
            yield from _replayed_annotation_problems(head, record, sources)
    except Exception as error:
        yield f"it does not follow from run.json: {said(error)}"


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
        yield f"it does not follow from run.json: {said(error)}"


def place_of(item: Message | Label) -> str:
    """Return the place of a message or label, in words."""
    if isinstance(item, Message):
        return f"turn {item.turn} ({item.name})"
    return f"the label of comment {item.comment}{f' ({item.scale})' if item.scale else ''}"


def _replayed_discussion_problems(head: RunHead, transcript: Transcript) -> Iterator[str]:
    """Hold a discussion again with the answers on record; report differences."""
    tape = Tape(head.spec, transcript.messages)
    discussion = recorded_discussion(head.spec, head.seed, transcript.index, transcript, tape)
    problems = list(message_deviations(discussion, tape, whole=True))
    yield from problems
    if problems:
        return
    replayed = discussion.transcript
    for name in ("comments", "silences"):
        order = [message.index for message in getattr(transcript, name)]
        if order != sorted(order):
            yield f"its {name} are not in order."
    for name in ("topic", "users", "moderator", "parent", "ended", *(() if tape.old else ("settings", "id"))):
        yield from _difference(name, _plain(getattr(transcript, name)), _plain(getattr(replayed, name)))


def _replayed_annotation_problems(head: RunHead, record: AnnotationSet, sources: LabelledDiscussions) -> Iterator[str]:
    """Label a discussion again with the answers on record; report differences."""
    source = sources.get(record.discussion)
    if source is None:
        if sources.known:
            yield f"its discussion, {record.discussion}.json, is gone, or broken."
        return
    yield from _difference("discussion_id", record.discussion_id, source.id)
    tape = Tape(head.spec, record.labels)
    job = recorded_annotation(head.spec, head.seed, record.discussion, record.index, source, tape)
    if job:
        yield from label_deviations(job, tape, whole=True)


def _discussion_problems(head: RunHead, unit: str, transcript: Transcript) -> Iterator[str]:
    """Report deviations of a discussion from the spec of its run."""
    spec, index = head.spec, discussion_index(unit)
    if index is None:
        yield "it is not named like a discussion."
        return
    yield from _difference("index", transcript.index, index)
    yield from _difference("seed", transcript.seed, discussion_seed(head.seed, index))
    for name in ("num_turns", "window", "window_counts", "turn_manager", "stop"):
        yield from _difference(name, transcript.settings.get(name), spec.get(name))
    yield from _difference("moderator", _plain(transcript.moderator), _plain(spec.get("moderator")))
    yield from _opening_problems(transcript, spec.get("topics"))
    names = [user.name for user in transcript.users]
    users = spec.get("users")
    allowed = [_plain(user) for user in users] if isinstance(users, list) else None
    strangers = [user.name for user in transcript.users if allowed is not None and _plain(user) not in allowed]
    if strangers:
        yield f"{', '.join(strangers)} took part, but the run describes them otherwise, or not at all."
    if len(set(names)) != len(names) or len(names) != spec.get("num_active_users"):
        yield f"{', '.join(names)} took part, but {spec.get('num_active_users')!r} different users must."
    messages = transcript.messages
    if [message.index for message in messages] != list(range(len(messages))):
        yield f"its messages are numbered {[message.index for message in messages]}: one is missing, or stands twice."
    turns = [message.turn for message in messages if message.role == "participant"]
    is_whole = len(turns) == spec.get("num_turns") or transcript.ended
    if turns != list(range(1, len(turns) + 1)) or not is_whole:
        yield f"its turns are {turns}, but there must be {spec.get('num_turns')!r}."
    yield from _end_problems(transcript, spec.get("stop"))
    yield from _message_problems(messages, transcript.seed)
    yield from _speaker_problems(transcript)


def _opening_problems(transcript: Transcript, topics: Any) -> Iterator[str]:
    """Report an opening that does not follow from the seed."""
    names = [user.name for user in transcript.users]
    if not (isinstance(topics, list) and topics and names):
        return
    try:
        topic = check_topic(generator(transcript.seed, Purpose.TOPIC).choice(topics))
    except InvalidInputError as error:
        yield str(error)
        return
    yield from _difference("topic", transcript.topic, topic_title(topic))
    expected = opening_messages(topic, generator(transcript.seed, Purpose.OPENER).choice(names), names)
    posted = [message for message in transcript.messages if message.role == "opening"]
    yield from (
        f"{place_of(message)} is not the opening that follows from the seed."
        for message in posted
        if message not in expected
    )
    if len(posted) < len(expected):
        yield "its opening is missing."


def _end_problems(transcript: Transcript, stop: Any) -> Iterator[str]:
    """Report an end that does not follow from the stop conditions, unless one of them is the user's own."""
    if not stop:
        yield from _difference("end", transcript.ended, None)
        return
    recorded = stop if isinstance(stop, list) else [stop]
    users_own = [one for one in recorded if isinstance(one, dict) and StopCondition.recorded_kind(one) is StopCondition]
    conditions = [condition for settings in recorded if (condition := StopCondition.remake(settings))]
    if len(conditions) + len(users_own) < len(recorded):
        yield f"its run has stop conditions that cannot be read: {stop!r}."
        return
    if users_own:
        return
    messages = [message for message in transcript.messages if message.role != "guest"]
    yield from _difference("end", transcript.ended, ended(conditions, messages))
    early = next((message for place, message in enumerate(messages) if ended(conditions, messages[:place])), None)
    if early:
        yield f"{place_of(early)} comes after the discussion has ended."


def _message_problems(messages: Sequence[Message], seed: int) -> Iterator[str]:
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


def _speaker_problems(transcript: Transcript) -> Iterator[str]:
    """Report messages by somebody who does not take part, or by another model than the speaker's."""
    users = {user.name: user for user in transcript.users}
    moderators = {transcript.moderator.name: transcript.moderator} if transcript.moderator else {}
    for message in transcript.messages:
        if message.role in ("opening", "guest"):
            continue
        speaker = (moderators if message.role == "moderator" else users).get(message.name)
        if speaker is None:
            yield f"{place_of(message)}: {message.name!r} speaks as {message.role}, but does not take part as one."
        elif message.model != speaker.model:
            yield f"{place_of(message)} is by the model {message.model!r}, but {message.name} has {speaker.model!r}."


def _annotation_problems(head: RunHead, unit: str, annotations: AnnotationSet) -> Iterator[str]:
    """Report deviations of an annotation set from the spec of its run."""
    parts = annotation_parts(unit)
    if parts is None:
        yield "it is not named like an annotation."
        return
    discussion, number = parts
    annotators = head.spec.get("annotators")
    annotator = dict(enumerate(annotators if isinstance(annotators, list) else ())).get(number)
    yield from _difference("discussion", annotations.discussion, discussion)
    yield from _difference("index", annotations.index, number)
    yield from _difference("seed", annotations.seed, annotation_seed(head.seed, discussion, number))
    yield from _difference("annotator", _plain(annotations.annotator), _plain(annotator))
    for name in ("window", "window_counts", "scales"):
        yield from _difference(name, annotations.settings.get(name), head.spec.get(name))
    recorded = head.spec.get("scales")
    listed = [scale for scale in recorded if isinstance(scale, dict)] if isinstance(recorded, list) else []
    scales = {scale.get("name"): scale for scale in listed}
    places = [(label.comment, label.scale) for label in annotations.labels]
    missing = {(comment, name) for comment, _ in places for name in scales or ("",)} - set(places)
    if len(set(places)) != len(places):
        yield "a comment has two labels of one scale."
    if missing:
        yield f"labels are missing, the first for comment {min(missing, key=repr)[0]}."
    order = list(scales or ("",))
    if places != sorted(places, key=lambda place: (place[0], order.index(place[1]) if place[1] in order else 0)):
        yield "its labels are not in order."
    for label in annotations.labels:
        if label.generation.seed != label_seed(annotations.seed, label.comment, label.scale):
            yield f"{place_of(label)} was drawn with another seed than the run's."
        yield from _label_problems(label, scales.get(label.scale, {}))


def _label_problems(label: Label, scale: Mapping[str, Any]) -> Iterator[str]:
    """Report a label, or probabilities, that its scale does not allow."""
    allowed = scale.get("labels") or ()
    right_type = isinstance(label.value, bool) == (Scale.recorded_kind(scale).value_type is bool)
    value = label_text(label.value)
    fits = not allowed or label.value is None or (value in allowed and right_type)
    if not fits:
        yield f"{place_of(label)} has the label {label.value!r}, but its scale allows {', '.join(map(str, allowed))}."
    probabilities = label.probabilities or {}
    is_sum_right = abs(sum(probabilities.values()) - 1) <= _ROUNDING
    if label.probabilities is not None and not (set(probabilities) == set(allowed) and is_sum_right):
        yield f"{place_of(label)} has probabilities that are not those of its scale, or do not add up to 1."
    elif probabilities and probabilities.get(value, 0) < max(probabilities.values()) - _ROUNDING:
        yield f"{place_of(label)} is {value!r}, which is not the likeliest."


def _difference(name: str, value: Any, expected: Any) -> Iterator[str]:
    if value != expected:
        yield f"its {name} is {value!r}, but must be {expected!r}."


def _plain(participant: Any) -> Any:
    """Return a participant as it stands in a spec, without a `model_digest` of "", which version 1 does not have."""
    plain = pydantic_core.to_jsonable_python(participant)
    if isinstance(plain, dict) and plain.get("model_digest") == "":
        del plain["model_digest"]
    return plain
