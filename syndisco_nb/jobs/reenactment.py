"""Do a job again with the answers on record in place of the models, and compare the result with the record.

Everything else (speakers, prompts, seeds, the text kept of an answer) follows from the rules, so it must be equal.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from pydantic import TypeAdapter

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.scale import COMMENT, Scale
from syndisco_nb.backend.topics import check_topics
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.errors import short_repr
from syndisco_nb.jobs.annotation import SHOWN, Annotation
from syndisco_nb.jobs.discussion import Discussion
from syndisco_nb.jobs.random_draws import draw_participants, draw_topic
from syndisco_nb.jobs.recorded_actors import (
    EndOfRecordError,
    Playback,
    RecordedActor,
    RecordedTurns,
    recorded_answer,
    recorded_stop,
)
from syndisco_nb.records import ChatMessage, Generation, Label, Message, Participant, Transcript
from syndisco_nb.seeds import annotation_seed, discussion_seed

_PARTICIPANT = TypeAdapter(Participant)
_CHANGED_SINCE_VERSION_1: dict[type[Message | Label], set[str]] = {
    Message: {"text", "silent", "raw", "speaks_for"},
    Label: {"raw", "value", "options"},
}
"""Fields that version 1 made by other rules."""
_SHOWN = 80  # characters of a value in a reason


def message_deviations(discussion: Discussion, playback: Playback, whole: bool) -> Iterator[str]:
    """Yield the places where the messages on record do not follow from the rules.

    Parameters
    ----------
    discussion : Discussion
        One that has not begun, whose actors repeat the playback.
    playback : Playback
    whole : bool
        Whether the record is finished, so that nothing may follow.
    """
    for place, message in enumerate(playback.items):
        playback.position = place
        assert isinstance(message, Message)  # noqa: S101
        if message.role == "guest":
            if not discussion.opened:
                yield f"{place_of(message)} was said before the opening."
                return
            made: Message | None = discussion.inject(message.text, message.name)
        else:
            made = _step(discussion)
        if made is None:
            yield f"{place_of(message)} comes after the discussion has ended."
            return
        if reason := _difference(made, message, playback.is_version_1):
            yield f"{place_of(message)} does not follow from what was before it: {reason}"
            return
        if playback.is_version_1:
            discussion.messages[-1] = message  # version 1 cleaned answers by other rules, and later prompts show it
    playback.position = len(playback.items)
    if whole:
        try:
            over = _step(discussion) is None
        except EndOfRecordError:
            over = False
        if not over:
            yield f"it ends at turn {discussion.turn}, but there should be more."


def recorded_discussion(
    spec: Mapping[str, Any], seed: int, index: int, transcript: Transcript | None, playback: Playback
) -> Discussion:
    """Return a discussion of a run, ready to be repeated.

    Parameters
    ----------
    spec : mapping
        `Run.spec`.
    seed : int
        `Run.seed`.
    index : int
        The number of the discussion.
    transcript : Transcript, optional
        The record, if it is finished.
    playback : Playback
        The messages on record.

    Raises
    ------
    Exception
        Of any kind, if the spec makes no discussion.
    """
    own_seed = discussion_seed(seed, index)
    users: list[LLMActor] = [RecordedActor(_PARTICIPANT.validate_python(user), playback) for user in spec["users"]]
    topic = draw_topic(check_topics(None if spec["topics"] == [""] else spec["topics"]), own_seed)
    manager = TurnManager.remake(spec["turn_manager"])
    if manager:
        users = draw_participants(users, topic, manager, spec["num_active_users"], own_seed)
    elif transcript is not None:  # only the record knows whom a turn manager of the user's own needs
        users = [RecordedActor(user, playback) for user in transcript.users]
    moderator = spec.get("moderator")
    return Discussion(
        users=users,
        moderator=RecordedActor(_PARTICIPANT.validate_python(moderator), playback) if moderator else None,
        topic=topic,
        turn_manager=manager or RecordedTurns(spec["turn_manager"], playback),
        num_turns=spec["num_turns"],
        window=spec["window"],
        window_counts=spec.get("window_counts", "all"),
        stop=recorded_stop(spec.get("stop", ()), transcript, playback),
        seed=own_seed,
        index=index,
    )


def recorded_annotation(
    spec: Mapping[str, Any], seed: int, discussion: str, number: int, transcript: Transcript, playback: Playback
) -> Annotation | None:
    """Return an annotation of a run, ready to be repeated, or None if its scales are the user's own.

    Parameters
    ----------
    spec : mapping
        `Run.spec`.
    seed : int
        `Run.seed`.
    discussion : str
        The name of the discussion.
    number : int
        The number of the annotator.
    transcript : Transcript
        The discussion.
    playback : Playback
        The labels on record.
    """
    recorded = spec["scales"] if isinstance(spec["scales"], list | tuple) else [None]
    scales = [scale for settings in recorded if (scale := Scale.remake(settings))]
    if len(scales) < len(recorded):
        return None
    return Annotation(
        annotator=RecordedActor(_PARTICIPANT.validate_python(spec["annotators"][number]), playback),
        transcript=transcript,
        scales=scales,
        window=spec["window"],
        window_counts=spec.get("window_counts", "all"),
        seed=annotation_seed(seed, discussion, number),
        index=number,
        discussion=discussion,
        comments=sampled_comments(spec, discussion),
    )


def sampled_comments(spec: Mapping[str, Any], discussion: str) -> list[int] | None:
    """Return the indices of the comments of a discussion that a run labels; None if it labels all.

    Parameters
    ----------
    spec : mapping
        `Run.spec`.
    discussion : str
        The name of the discussion.
    """
    sample = spec.get("sample")
    if not isinstance(sample, Mapping):
        return None
    return sorted(index for name, index in sample.get("comments", ()) if name == discussion)


def label_deviations(annotation: Annotation, playback: Playback, whole: bool) -> Iterator[str]:
    """Yield the places where the labels on record do not follow from the discussion and the answers.

    Parameters
    ----------
    annotation : Annotation
        One that has not begun.
    playback : Playback
        The labels on record.
    whole : bool
        Whether the record is finished, so that no label may be missing.
    """
    asked = {one.key: one for one in annotation.asked}
    comments = {comment.index for comment in annotation.transcript}
    person = annotation.annotator.model.name in playback.people
    for number, label in enumerate(playback.items):
        playback.position = number
        assert isinstance(label, Label)  # noqa: S101
        if label.key not in asked:
            known = label.comment is None or label.comment in comments
            reason = "was not asked" if known else f"is about a comment that {annotation.discussion} does not have"
            yield f"{place_of(label)} {reason}."
            continue
        unit, scale = asked[label.key]
        completion = recorded_answer(label)
        parsed = scale.parse(completion.text) if scale else completion.text.strip()
        request = annotation.request(unit, scale)
        made = annotation.label_of(unit, scale, request, completion, label.value if person else parsed)
        if reason := _difference(made, label, playback.is_version_1, person):
            yield f"{place_of(label)} does not follow from its prompt: {reason}"
    there = {label.key: label for label in playback.items if isinstance(label, Label)}
    missing = [key for key in asked if key not in there]
    if whole and missing:
        yield f"labels are missing, the first for {missing[0]}."
    people = [[key.place for key in keys if key.unit == "participant" and key in asked] for keys in (there, asked)]
    if whole and not missing and people[0] != people[1]:
        yield "its participants are not in the order of the discussion."


def place_of(item: Message | Label) -> str:
    """Return the place of a message or label, in words."""
    if isinstance(item, Message):
        return f"turn {item.turn} ({item.name})"
    return f"the label of {item.key}{f' ({item.scale})' if item.scale else ''}"


def _step(discussion: Discussion) -> Message | None:
    """Take a step without an event loop: answers on record are there at once."""
    step = discussion._step()
    try:
        step.send(None)
    except StopIteration as done:
        made: Message | None = done.value
        return made
    raise RuntimeError("a record had to be waited for")


def _difference(made: Message | Label, recorded: Message | Label, old: bool, person: bool = False) -> str:
    """Return the first field that differs from the record, in words, or ""."""
    if isinstance(made, Label) and isinstance(recorded, Label) and _is_of_an_earlier_version(recorded):
        made = replace(made, role="", turn=None)
    for name, expected, there in _fields(made, recorded):
        if old and name in _CHANGED_SINCE_VERSION_1[type(made)]:
            continue
        if name == "prompt" and person and _shows_labels_of_others(expected, there):
            continue
        if expected != there:
            return f"its {name} is {short_repr(there, _SHOWN)}, but must be {short_repr(expected, _SHOWN)}."
    return ""


def _is_of_an_earlier_version(label: Label) -> bool:
    """Return whether a label tells neither the role nor the turn of its comment."""
    return (label.unit, label.role, label.turn) == (COMMENT, "", None)


def _fields(made: Any, recorded: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield name and both values of each field, those of the generation among them."""
    for field in fields(made):
        expected, there = getattr(made, field.name), getattr(recorded, field.name)
        if isinstance(expected, Generation) and isinstance(there, Generation):
            yield from _fields(expected, there)
        else:
            yield field.name, expected, there


def _shows_labels_of_others(expected: Sequence[ChatMessage], there: Sequence[ChatMessage]) -> bool:
    """Return whether a prompt is the expected one, but for labels of others that a person looked at."""
    added = there[len(expected) :]
    return tuple(there[: len(expected)]) == tuple(expected) and all(one.content.startswith(SHOWN) for one in added)
