"""What a transcript says of its discussion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.topics import title
from syndisco_nb.records import Transcript
from syndisco_nb.seeds import derive

if TYPE_CHECKING:
    from syndisco_nb.jobs.discussion import Discussion


def transcript_of(discussion: Discussion) -> Transcript:
    """Return what has been asked, and said so far."""
    users = tuple(user.describe() for user in discussion.users)
    moderator = discussion.moderator.describe() if discussion.moderator else None
    settings: dict[str, Any] = {
        "num_turns": discussion.num_turns,
        "window": discussion.window,
        "turn_manager": discussion.turn_manager.settings(),
    }
    if discussion.stop:
        settings["stop"] = [condition.settings() for condition in discussion.stop]
    parent = [discussion.parent] if discussion.parent else []
    asked = repr((discussion.topic, discussion.opener, users, moderator, settings, *parent))
    return Transcript(
        id=f"{derive(discussion.seed, 'id', discussion.index, asked):014x}",
        index=discussion.index,
        seed=discussion.seed,
        topic=title(discussion.topic),
        users=users,
        moderator=moderator,
        settings=settings,
        comments=tuple(discussion.comments),
        silences=tuple(message for message in discussion.messages if message.silent),
        parent=discussion.parent,
        ended=discussion.ended,
    )
