"""What a transcript says of its discussion."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.topics import title
from syndisco_nb.records import Transcript
from syndisco_nb.runs.identity import transcript_id

if TYPE_CHECKING:
    from syndisco_nb.jobs.discussion import Discussion


def transcript_of(discussion: Discussion) -> Transcript:
    """Return what has been asked, and said so far."""
    settings: dict[str, Any] = {
        "num_turns": discussion.num_turns,
        "window": discussion.window,
        "window_counts": discussion.window_counts,
        "turn_manager": discussion.turn_manager.settings(),
    }
    if discussion.stop:
        settings["stop"] = [condition.settings() for condition in discussion.stop]
    transcript = Transcript(
        id="",
        index=discussion.index,
        seed=discussion.seed,
        topic=title(discussion.topic),
        users=tuple(user.describe() for user in discussion.users),
        moderator=discussion.moderator.describe() if discussion.moderator else None,
        settings=settings,
        comments=tuple(discussion.comments),
        silences=tuple(message for message in discussion.messages if message.silent),
        parent=discussion.parent,
        ended=discussion.ended,
    )
    return replace(transcript, id=transcript_id(transcript, discussion.openings))
