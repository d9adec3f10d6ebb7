"""What follows from a record: the job done again, with the record's own answers in the place of the models'.

All else (speakers, prompts, seeds, what was made of an answer) follows from the rules, and must be what is on record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter

from syndisco_nb.backend.scale import Scale
from syndisco_nb.backend.topics import check_topics
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.errors import short_repr
from syndisco_nb.jobs.annotation import SHOWN, Annotation
from syndisco_nb.jobs.casting import cast, topic_of
from syndisco_nb.jobs.discussion import Discussion
from syndisco_nb.jobs.stand_ins import OverError, Tape, TurnsAsRecorded, actor_again, answer_of, stop_again
from syndisco_nb.records import ChatMessage, Generation, Label, Message, Participant, Transcript
from syndisco_nb.seeds import annotation_seed, discussion_seed

_PARTICIPANT = TypeAdapter(Participant)
_LATER: dict[type[Message | Label], set[str]] = {
    Message: {"text", "silent", "raw", "speaks_for"},
    Label: {"raw", "value", "options"},
}
"""Made in another way in files of version 1."""
_SHOWN = 80  # characters of a value in a reason


def followed(discussion: Discussion, tape: Tape, whole: bool) -> Iterator[str]:
    """Say where the messages on record are not what follows from the rules; `whole` if no more may follow."""
    for place, message in enumerate(tape.items):
        tape.place = place
        assert isinstance(message, Message)  # noqa: S101
        if message.role == "guest":
            if not discussion.opened:
                yield f"{_place(message)} was said before the opening."
                return
            made: Message | None = discussion.inject(message.text, message.name)
        else:
            made = _step(discussion)
        if made is None:
            yield f"{_place(message)} comes after the discussion has ended."
            return
        if reason := _differing(made, message, tape.old):
            yield f"{_place(message)} does not follow from what was before it: {reason}"
            return
        if tape.old:
            discussion.messages[-1] = message  # whatever version 1 took off an answer
    tape.place = len(tape.items)
    if whole:
        try:
            over = _step(discussion) is None
        except OverError:
            over = False
        if not over:
            yield f"it ends at turn {discussion.turn}, but there should be more."


def discussion_again(
    spec: Mapping[str, Any], seed: int, index: int, transcript: Transcript | None, tape: Tape
) -> Discussion:
    """Return discussion `index` of the experiment with this spec and seed, ready to be held again.

    Raises
    ------
    Exception
        Of any kind, if there can be no such experiment.
    """
    own_seed = discussion_seed(seed, index)
    users = [actor_again(_PARTICIPANT.validate_python(user), tape) for user in spec["users"]]
    topic = topic_of(check_topics(None if spec["topics"] == [""] else spec["topics"]), own_seed)
    manager = TurnManager.remake(spec["turn_manager"])
    if manager:
        users = cast(users, topic, manager, spec["num_active_users"], own_seed)
    elif transcript:  # whom an unknown one needs, only the record knows
        users = [actor_again(user, tape) for user in transcript.users]
    moderator = spec.get("moderator")
    return Discussion(
        users=users,
        moderator=actor_again(_PARTICIPANT.validate_python(moderator), tape) if moderator else None,
        topic=topic,
        turn_manager=manager or TurnsAsRecorded(spec["turn_manager"], tape),
        num_turns=spec["num_turns"],
        window=spec["window"],
        window_counts=spec.get("window_counts", "all"),
        stop=stop_again(spec.get("stop", ()), transcript, tape),
        seed=own_seed,
        index=index,
    )


def annotation_again(
    spec: Mapping[str, Any], seed: int, discussion: str, number: int, transcript: Transcript, tape: Tape
) -> Annotation | None:
    """Return what annotator `number` had to do with a discussion, or None if its scales are not known."""
    recorded = spec["scales"] if isinstance(spec["scales"], list | tuple) else [None]
    scales = [scale for settings in recorded if (scale := Scale.remake(settings))]
    if len(scales) < len(recorded):
        return None
    return Annotation(
        annotator=actor_again(_PARTICIPANT.validate_python(spec["annotators"][number]), tape),
        transcript=transcript,
        scales=scales,
        window=spec["window"],
        window_counts=spec.get("window_counts", "all"),
        seed=annotation_seed(seed, discussion, number),
        index=number,
        discussion=discussion,
    )


def labelled(annotation: Annotation, tape: Tape, whole: bool) -> Iterator[str]:
    """Say where the labels on record are not what follows from the discussion, and from what was answered."""
    comments = {comment.index: place for place, comment in enumerate(annotation.transcript.comments)}
    scales = {scale.name: scale for scale in annotation.scales}
    person = annotation.annotator.model.name in tape.people
    for number, label in enumerate(tape.items):
        tape.place = number
        assert isinstance(label, Label)  # noqa: S101
        place, scale = comments.get(label.comment), scales.get(label.scale)
        if place is None:
            yield f"the label of comment {label.comment} is about a comment that {annotation.discussion} does not have."
            continue
        completion = answer_of(label)
        parsed = scale.parse(completion.text) if scale else completion.text.strip()
        request = annotation.request(place, scale)
        made = annotation.keep(place, scale, request, completion, label.value if person else parsed)
        if reason := _differing(made, label, tape.old, person):
            yield f"the label of comment {label.comment} ({label.scale}) does not follow from its prompt: {reason}"
    asked = {(index, name) for index in comments for name in scales or ("",)}
    found = {(label.comment, label.scale) for label in tape.items if isinstance(label, Label)}
    if whole and (missing := sorted(asked - found)):
        yield f"labels are missing, the first for comment {missing[0][0]}."


def _step(discussion: Discussion) -> Message | None:
    """Take a step in which nobody is waited for."""
    step = discussion._step()
    try:
        step.send(None)
    except StopIteration as done:
        made: Message | None = done.value
        return made
    raise RuntimeError("a record had to be waited for")


def _differing(made: Message | Label, found: Message | Label, old: bool, person: bool = False) -> str:
    """Say in which field what follows from the rules differs from what is on record."""
    for name, expected, there in _pairs(made, found):
        if old and name in _LATER[type(made)]:
            continue
        if name == "prompt" and person and _with_shown(expected, there):
            continue
        if expected != there:
            return f"its {name} is {short_repr(there, _SHOWN)}, but must be {short_repr(expected, _SHOWN)}."
    return ""


def _pairs(made: Any, found: Any) -> Iterator[tuple[str, Any, Any]]:
    for field in fields(made):
        expected, there = getattr(made, field.name), getattr(found, field.name)
        if isinstance(expected, Generation) and isinstance(there, Generation):
            yield from _pairs(expected, there)
        else:
            yield field.name, expected, there


def _with_shown(expected: Sequence[ChatMessage], there: Sequence[ChatMessage]) -> bool:
    """Return whether a person had also been shown the labels of others."""
    more = there[len(expected) :]
    return tuple(there[: len(expected)]) == tuple(expected) and all(one.content.startswith(SHOWN) for one in more)


def _place(message: Message) -> str:
    return f"turn {message.turn} ({message.name})"
