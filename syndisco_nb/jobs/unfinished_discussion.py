"""A discussion that is not finished, made from the settings of its run and the messages in its journal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from syndisco_nb.jobs.discussion import Discussion
from syndisco_nb.jobs.recorded_actors import Playback, RecordedTurns
from syndisco_nb.jobs.reenactment import recorded_discussion
from syndisco_nb.records import UNFINISHED, Message, Transcript
from syndisco_nb.runs.identity import transcript_id
from syndisco_nb.seeds import discussion_seed


def unfinished_transcript(spec: Mapping[str, Any], seed: int, index: int, messages: Sequence[Message]) -> Transcript:
    """Return a discussion as far as it was held.

    Its topic and participants are drawn as in the run. What the settings do not tell is left out.

    Parameters
    ----------
    spec : mapping
        `Run.spec`.
    seed : int
        `Run.seed`.
    index : int
        The number of the discussion.
    messages : sequence of Message
        In order.
    """
    playback = Playback(spec, messages)
    try:
        discussion = recorded_discussion(spec, seed, index, None, playback)
        discussion.messages = list(messages)
        transcript = _with_known_speakers(discussion)
    except Exception:  # of any kind, if the settings make no discussion: then its messages alone are known
        transcript = Transcript(
            id="",
            index=index,
            seed=discussion_seed(seed, index),
            topic=next((message.text for message in messages if message.role == "opening"), ""),
            users=(),
            comments=tuple(message for message in messages if not message.silent),
            silences=tuple(message for message in messages if message.silent),
        )
        transcript = replace(transcript, id=transcript_id(transcript))
    return replace(transcript, ended=_end(messages, spec.get("num_turns")))


def _with_known_speakers(discussion: Discussion) -> Transcript:
    """Return the transcript; if a turn manager of the user's own may need certain participants, of those who spoke.

    The id is a digest of the participants, so it is not that of the finished discussion then.
    """
    transcript = discussion.transcript
    if not isinstance(discussion.turn_manager, RecordedTurns):
        return transcript
    names = [message.name for message in discussion.messages]
    spoken = replace(transcript, users=tuple(user for user in transcript.users if user.name in names))
    return replace(spoken, id=transcript_id(spoken))


def _end(messages: Sequence[Message], turns: object) -> str:
    turn = messages[-1].turn if messages else 0
    whole = f" of {turns}" if isinstance(turns, int) else ""
    return f"{UNFINISHED} after turn {turn}{whole}" if turn else f"{UNFINISHED}, before turn 1{whole}"
