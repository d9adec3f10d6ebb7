"""Is a run what it says it is? Checking its folder, and comparing a record with one made anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pydantic_core

from syndisco_nb.backend.stopping import ended, made_again
from syndisco_nb.backend.topics import check_topic, openings, title
from syndisco_nb.errors import InvalidInputError, RecordError
from syndisco_nb.files import read_bounded
from syndisco_nb.journal import read_lines
from syndisco_nb.records import HUMAN, AnnotationSet, Label, Message, Participant, Transcript
from syndisco_nb.run_files import KINDS, read_failures, record_files, unit_files
from syndisco_nb.run_head import Head, read_head
from syndisco_nb.seeds import derive, generator
from syndisco_nb.serialization import read_record
from syndisco_nb.shown import Shown

_ROUNDING = 1e-3  # probabilities may miss a sum of 1 by this


@dataclass(frozen=True, slots=True, repr=False)
class Verification(Shown):
    """What a check of a run folder found: true if nothing is wrong.

    Attributes
    ----------
    folder : Path
    checked : int
        How many finished discussions, or annotation sets, were checked.
    problems : tuple of str
        What is wrong, each with the file it is in.
    """

    folder: Path
    checked: int
    problems: tuple[str, ...]

    def __bool__(self) -> bool:
        return not self.problems

    def __repr__(self) -> str:
        count = len(self.problems)
        more = f" (and {count - 1} more)" if count > 1 else ""
        found = f"{' '.join(self.problems[0].split())}{more}" if count else "nothing is wrong"
        return f"<Verification of {str(self.folder)!r}, {self.checked} checked: {found}>"

    def __str__(self) -> str:
        return "\n".join(self.problems) or repr(self)


@dataclass(frozen=True, slots=True, repr=False)
class Replay(Shown):
    """How a record compares with one made anew: true if they are equal.

    Attributes
    ----------
    unit : str
        The discussion, or the annotation of one.
    difference : str
        The first turn, or label, that differs, and how; "" if none does.
    """

    unit: str
    difference: str

    def __bool__(self) -> bool:
        return not self.difference

    def __repr__(self) -> str:
        found = f"{self.unit}: {self.difference or 'equal'}"
        return f"<Replay of {' '.join(found.split())}>"


def compare(unit: str, old: Transcript | AnnotationSet, new: Transcript | AnnotationSet) -> Replay:
    """Compare all but what an answer cost, in tokens and seconds."""
    for before, after in zip_longest(_items(old), _items(new)):
        if isinstance(before, Message) and before.role == "guest" and before != after:
            return Replay(unit, f"{_place(before)} was said by a person; from there on, all may differ")
        if before is None or after is None:
            there, which = (after, "missing") if before is None else (before, "too much")
            return Replay(unit, f"{_place(there)} is {which}")
        one, other = _content(before), _content(after)
        for name in one:
            if one[name] != other.get(name):
                return Replay(unit, f"{_place(before)} differs: {name}: {one[name]!r} → {other.get(name)!r}")
    differs = old.settings != new.settings
    return Replay(unit, f"settings: {old.settings!r} → {new.settings!r}" if differs else "")


def verify(folder: Path) -> Verification:
    """Check every file of a run folder, and what happened against what was asked."""
    try:
        head = read_head(folder)
        files = unit_files(folder)
    except RecordError as error:
        return Verification(folder, 0, (str(error),))
    records: dict[str, Transcript | AnnotationSet] = {}
    problems = []
    for file in files:
        try:
            records[file.stem] = read_record(KINDS[head.kind], file)
        except RecordError as error:
            problems.append(f"{file.name}: {error}")
    texts: dict[str, Any] = {}
    for unit, record in records.items():
        found = _discussion(head, unit, record) if isinstance(record, Transcript) else _annotation(head, unit, record)
        problems += [f"{unit}.json: {problem}" for problem in found]
        if isinstance(record, AnnotationSet):
            said = (record.discussion_id, sorted({(label.comment, label.name, label.text) for label in record.labels}))
            if texts.setdefault(record.discussion, said) != said:
                problems.append(f"{unit}.json: it is about other comments than those of another annotator.")
    problems += _doubled(records)
    problems += _missing(head, folder, {file.stem for file in files})
    problems += _journals(head, folder, records)
    return Verification(folder, len(records), tuple(problems))


def _doubled(records: Mapping[str, Transcript | AnnotationSet]) -> Iterator[str]:
    first: dict[str, str] = {}
    for unit, record in records.items():
        if isinstance(record, Transcript) and first.setdefault(record.id, unit) != unit:
            yield f"{unit}.json: it has the id of {first[record.id]}.json."


def _missing(head: Head, folder: Path, there: set[str]) -> Iterator[str]:
    """Say which files are missing without a reason, and which do not belong here."""
    for file in record_files(folder)[0]:
        if file.stem not in there:
            yield f"{file.name}: it does not belong to the run."
    try:
        failed = {failure.unit for failure in read_failures(folder)}
    except RecordError as error:
        yield str(error)
        failed = set()
    if head.kind == "discussions":
        asked = {f"discussion-{index:05d}" for index in range(head.total)}
        yield from (f"{unit}.json: only {head.total} discussions were asked." for unit in sorted(there - asked))
        excused = failed if head.status == "partial" else asked if head.status != "finished" else set()
        yield from (
            f"{unit}.json is missing, though the run is {head.status}." for unit in sorted(asked - there - excused)
        )
    elif head.status == "finished" and len(there) != head.total:
        yield f"{len(there)} annotation sets are there, though {head.total} were finished."


def _journals(head: Head, folder: Path, records: Mapping[str, Transcript | AnnotationSet]) -> Iterator[str]:
    for path in sorted((folder / "journal").glob("*.jsonl")):
        kind: type[Any] = Message if head.kind == "discussions" else Label
        try:
            lines, _, reason = read_lines(kind, read_bounded(path), path.name)
        except OSError as error:
            lines, reason = [], f"{path.name} cannot be read: {error.strerror}."
        if reason:
            yield f"journal/{reason}"
        record = records.get(path.stem)
        if record is not None and any(line not in _items(record) for line in lines):
            yield f"journal/{path.name}: it says something else than {path.stem}.json."
        if record is None and head.kind == "discussions" and path.stem.startswith("discussion-"):
            seed = derive(head.seed, "discussion", int(path.stem.removeprefix("discussion-")))
            yield from (f"journal/{path.name}: {problem}" for problem in _turns(lines, seed))


def _discussion(head: Head, unit: str, transcript: Transcript) -> Iterator[str]:
    """Say where a discussion is not what its run asked for."""
    spec, index = head.spec, int(unit.removeprefix("discussion-"))
    yield from _different("index", transcript.index, index)
    yield from _different("seed", transcript.seed, derive(head.seed, "discussion", index))
    for name in ("num_turns", "window", "window_counts", "turn_manager", "stop"):
        yield from _different(name, transcript.settings.get(name), spec.get(name))
    yield from _different("moderator", _plain(transcript.moderator), spec.get("moderator"))
    yield from _opening(transcript, spec.get("topics"))
    names = [user.name for user in transcript.users]
    asked = spec.get("users")
    strangers = [user.name for user in transcript.users if isinstance(asked, list) and _plain(user) not in asked]
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
    """Say where a discussion does not open with the topic that its seed gives."""
    names = [user.name for user in transcript.users]
    if not (isinstance(topics, list) and topics and names):
        return
    try:
        topic = check_topic(generator(transcript.seed, "topic").choice(topics))
    except InvalidInputError as error:
        yield str(error)
        return
    yield from _different("topic", transcript.topic, title(topic))
    asked = openings(topic, generator(transcript.seed, "opener").choice(names), names)
    found = [message for message in transcript.messages if message.role == "opening"]
    yield from (f"{_place(message)} is not the opening that was asked." for message in found if message not in asked)
    if len(found) < len(asked):
        yield "its opening is missing."


def _end(transcript: Transcript, stop: Any) -> Iterator[str]:
    """Say where a discussion did not end when one of the stop conditions held, as far as they are known."""
    if not stop:
        yield from _different("end", transcript.ended, None)
        return
    try:
        conditions = made_again(stop)
    except (InvalidInputError, TypeError, AttributeError):
        yield f"its run has stop conditions that cannot be read: {stop!r}."
        return
    if len(conditions) < len(stop):
        return
    messages = [message for message in transcript.messages if message.role != "guest"]
    yield from _different("end", transcript.ended, ended(conditions, messages))
    early = next((message for place, message in enumerate(messages) if ended(conditions, messages[:place])), None)
    if early:
        yield f"{_place(early)} comes after the discussion has ended."


def _turns(messages: Sequence[Message], seed: int) -> Iterator[str]:
    """Say which messages are not what the discussion's seed gave."""
    for message in messages:
        if message.silent != (not message.text):
            yield f"{_place(message)} is marked as {'silent' if message.silent else 'a comment'}, but is not."
        if message.role == "opening":
            continue
        if message.role == "guest":
            if message.generation or message.model != HUMAN:
                yield f"{_place(message)} is a guest's, but by the model {message.model!r}."
        elif message.generation is None:
            yield f"{_place(message)} has no prompt."
        elif message.generation.seed != derive(seed, "sampling", message.role, message.turn):
            yield f"{_place(message)} was drawn with another seed than the run's."


def _speakers(transcript: Transcript) -> Iterator[str]:
    users = {user.name: user for user in transcript.users}
    moderators = {transcript.moderator.name: transcript.moderator} if transcript.moderator else {}
    for message in transcript.messages:
        if message.role in ("opening", "guest"):
            continue
        speaker = (moderators if message.role == "moderator" else users).get(message.name)
        if speaker is None:
            yield f"{_place(message)}: {message.name!r} speaks as {message.role}, but is none."
        elif message.model != speaker.model:
            yield f"{_place(message)} is by the model {message.model!r}, but {message.name} has {speaker.model!r}."


def _annotation(head: Head, unit: str, annotations: AnnotationSet) -> Iterator[str]:
    """Say where an annotation set is not what its run asked for."""
    discussion, number = unit.rsplit(".annotator-", 1)
    asked = head.spec.get("annotators")
    annotator = dict(enumerate(asked if isinstance(asked, list) else ())).get(int(number))
    yield from _different("discussion", annotations.discussion, discussion)
    yield from _different("index", annotations.index, int(number))
    yield from _different("seed", annotations.seed, derive(head.seed, "annotation", discussion, int(number)))
    yield from _different("annotator", _plain(annotations.annotator), annotator)
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
    for label in annotations.labels:
        purpose = ("label", label.comment, label.scale) if label.scale else ("label", label.comment)
        if label.generation.seed != derive(annotations.seed, *purpose):
            yield f"{_place(label)} was drawn with another seed than the run's."
        yield from _value(label, scales.get(label.scale, {}))


def _value(label: Label, scale: Mapping[str, Any]) -> Iterator[str]:
    """Say whether the scale does not allow the label, or what is known of its probabilities."""
    allowed = scale.get("labels") or ()
    flag = isinstance(label.value, bool)
    value = {True: "yes", False: "no"}[bool(label.value)] if flag else str(label.value)
    fits = not allowed or label.value is None or (value in allowed and flag == (scale.get("type") == "Flag"))
    if not fits:
        yield f"{_place(label)} has the label {label.value!r}, but its scale allows {', '.join(map(str, allowed))}."
    chances = label.probabilities
    if chances is not None and (set(chances) != set(allowed) or abs(sum(chances.values()) - 1) > _ROUNDING):
        yield f"{_place(label)} has probabilities that are not those of its scale, or do not add up to 1."


def _different(name: str, found: Any, asked: Any) -> Iterator[str]:
    if found != asked:
        yield f"its {name} is {found!r}, but must be {asked!r}."


def _plain(participant: Participant | None) -> Any:
    """Return the participant as it is in a spec."""
    return pydantic_core.to_jsonable_python(participant)


def _items(record: Transcript | AnnotationSet) -> Sequence[Message | Label]:
    return record.messages if isinstance(record, Transcript) else record.labels


def _place(item: Message | Label) -> str:
    if isinstance(item, Message):
        return f"turn {item.turn} ({item.name})"
    return f"the label of comment {item.comment}{f' ({item.scale})' if item.scale else ''}"


def _content(item: Message | Label) -> dict[str, Any]:
    """Return what must be equal in two draws from one seed, in the order in which it comes to be."""
    generation = item.generation
    asked = {"seed": generation.seed, "prompt": generation.prompt} if generation else {}
    if isinstance(item, Message):
        return {"name": item.name, "role": item.role, "turn": item.turn, **asked, "text": item.text}
    return {"comment": item.comment, "scale": item.scale, **asked, "value": item.value}
