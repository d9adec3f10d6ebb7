"""Checks of a discussion on record: whether it follows from the spec of its run and from its own seed and answers."""

from collections.abc import Iterator, Sequence
from typing import Any

from syndisco_nb.backend.stop_condition import StopCondition, ended
from syndisco_nb.backend.topics import check_topic, opening_messages, topic_title
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.jobs.recorded_actors import Playback
from syndisco_nb.jobs.reenactment import message_deviations, place_of, recorded_discussion
from syndisco_nb.records import HUMAN, Message, Transcript
from syndisco_nb.records.unit_names import discussion_index
from syndisco_nb.running.head_problems import spec_difference, spec_form
from syndisco_nb.runs.head import RunHead
from syndisco_nb.seeds import Purpose, discussion_seed, generator, message_seed


def discussion_problems(head: RunHead, unit: str, transcript: Transcript) -> Iterator[str]:
    """Report deviations of a discussion from the spec of its run.

    Parameters
    ----------
    head : RunHead
    unit : str
        Name of the record's file, without ending.
    transcript : Transcript
    """
    spec, index = head.spec, discussion_index(unit)
    if index is None:
        yield "it is not named like a discussion."
        return
    yield from spec_difference("index", transcript.index, index)
    yield from spec_difference("seed", transcript.seed, discussion_seed(head.seed, index))
    for name in ("num_turns", "window", "window_counts", "turn_manager", "stop"):
        yield from spec_difference(name, transcript.settings.get(name), spec.get(name))
    yield from spec_difference("moderator", spec_form(transcript.moderator), spec_form(spec.get("moderator")))
    yield from _opening_problems(transcript, spec.get("topics"))
    names = [user.name for user in transcript.users]
    users = spec.get("users")
    allowed = [spec_form(user) for user in users] if isinstance(users, list) else None
    strangers = [user.name for user in transcript.users if allowed is not None and spec_form(user) not in allowed]
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
    if transcript.seed is not None:  # its absence was named above
        yield from _message_problems(messages, transcript.seed)
    yield from _speaker_problems(transcript)


def replayed_discussion_problems(head: RunHead, transcript: Transcript) -> Iterator[str]:
    """Hold a discussion again with the answers on record; report differences.

    Parameters
    ----------
    head : RunHead
    transcript : Transcript

    Raises
    ------
    Exception
        Of any kind, if the spec makes no such discussion.
    """
    playback = Playback(head.spec, transcript.messages)
    discussion = recorded_discussion(head.spec, head.seed, transcript.index, transcript, playback)
    problems = list(message_deviations(discussion, playback, whole=True))
    yield from problems
    if problems:
        return
    replayed = discussion.transcript
    for name in ("comments", "silences"):
        order = [message.index for message in getattr(transcript, name)]
        if order != sorted(order):
            yield f"its {name} are not in order."
    newer = () if playback.is_version_1 else ("settings", "id")
    for name in ("topic", "users", "moderator", "parent", "ended", *newer):
        yield from spec_difference(name, spec_form(getattr(transcript, name)), spec_form(getattr(replayed, name)))


def _opening_problems(transcript: Transcript, topics: Any) -> Iterator[str]:
    """Report an opening that does not follow from the seed."""
    names = [user.name for user in transcript.users]
    seed = transcript.seed
    if not (isinstance(topics, list) and topics and names) or seed is None:
        return
    try:
        topic = check_topic(generator(seed, Purpose.TOPIC).choice(topics))
    except InvalidInputError as error:
        yield str(error)
        return
    yield from spec_difference("topic", transcript.topic, topic_title(topic))
    expected = opening_messages(topic, generator(seed, Purpose.OPENER).choice(names), names)
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
        yield from spec_difference("end", transcript.ended, None)
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
    yield from spec_difference("end", transcript.ended, ended(conditions, messages))
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
