"""Forks: the same history, then something else, and what distinguishes them from their parents, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from types import EllipsisType
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.topics import Topic, TopicLike, check_topic, openings, title
from syndisco_nb.errors import require, require_int, suggestion
from syndisco_nb.jobs.checks import check_moderator, check_users
from syndisco_nb.records import Parent
from syndisco_nb.wording import more, shortened

if TYPE_CHECKING:
    from syndisco_nb.backend.actors import LLMActor
    from syndisco_nb.backend.stop_condition import StopCondition
    from syndisco_nb.backend.turn_manager import TurnManager
    from syndisco_nb.backend.window import Counts
    from syndisco_nb.jobs.discussion import Discussion

_TOPIC = 60
_WORDS = {"model_digest": "settings of the model"}


def forked(
    discussion: Discussion,
    at: int,
    users: Sequence[LLMActor] | None,
    replace: Mapping[str, LLMActor] | None,
    moderator: LLMActor | str | EllipsisType | None,
    topic: TopicLike | None,
    turn_manager: TurnManager | None,
    num_turns: int | None,
    window: int | None,
    stop: StopCondition | Sequence[StopCondition] | None,
    seed: int | None,
    window_counts: Counts | None,
) -> Discussion:
    """Return another discussion with the same history up to a turn; see `Discussion.fork`."""
    at = require_int("at", at, 0)
    turns = discussion.num_turns if num_turns is None else require_int("num_turns", num_turns, 1)
    require(
        at <= discussion.turn,
        f"at is {at}, but the discussion is at turn {discussion.turn}. Give a turn from 0 (the opening) to "
        f"{discussion.turn}, or let it go on first.",
        "at",
    )
    require(
        at < turns,
        f"at is {at} and num_turns is {turns}, so no turn would follow. Fork earlier, or give a larger num_turns.",
        "at",
    )
    require(
        topic is None or at == 0,
        f"topic is {topic!r}, but at is {at}, and what follows answers the opening. Give at=0 to change it.",
        "topic",
    )
    require(users is None or replace is None, "users and replace are both given. Give one of them.", "replace")
    if users is None:
        users = reseated(discussion.users, {} if replace is None else replace)
    posted = discussion.openings if not discussion.turn else []  # perhaps not all of them yet
    history = [*posted, *(one for one in discussion.messages[len(posted) :] if one.turn <= at)]
    shared = len(history)
    topic = discussion.topic if topic is None else check_topic(topic)
    if topic != discussion.topic:
        history, shared = openings(topic, discussion.opener, [user.name for user in users]), 0
    if isinstance(moderator, EllipsisType):
        moderator = discussion.moderator
    elif isinstance(moderator, str):  # who may moderate here without a topic: nobody could mean one
        moderator = check_moderator(moderator, check_users(users))
    fork = type(discussion)(
        users=users,
        moderator=moderator,
        topic=topic,
        turn_manager=turn_manager or discussion.turn_manager,
        num_turns=turns,
        window=discussion.window if window is None else window,
        stop=discussion.stop if stop is None else stop,
        seed=discussion.seed if seed is None else seed,
        index=discussion.index,
        history=history,
        window_counts=window_counts or discussion.window_counts,
    )
    require(
        not fork.ended,
        f"at is {at}, but by then {fork.ended}, so no turn would follow. Fork earlier, or give another stop.",
        "at",
    )
    fork.parent = Parent(discussion.transcript.id, at, shared, changes(discussion, fork))
    return fork


def reseated(users: Sequence[LLMActor], replace: Mapping[str, LLMActor]) -> list[LLMActor]:
    """Return the users, some of them replaced by others, each of whom takes their predecessor's place in the order.

    Raises
    ------
    InvalidInputError
        If someone is to be replaced who does not take part.
    """
    require(
        isinstance(replace, Mapping),
        f"replace is {replace!r}, but must map names to actors, as in {{'Ana': LLMActor(...)}}.",
        "replace",
    )
    names = [user.name for user in users]
    for name in replace:
        require(
            name in names,
            f"replace names {name!r}, who does not take part.{suggestion(str(name), names)} The users are: "
            f"{', '.join(names)}.",
            "replace",
        )
    return [replace.get(user.name, user) for user in users]


def changes(before: Discussion, after: Discussion) -> tuple[str, ...]:
    """Return what was changed from one discussion to the other, as in "moderator none → Mo"."""
    was, now = _made(before), _made(after)
    return (
        *_users(before.users, after.users),
        *(f"{name} {was[name][1]} → {now[name][1]}" for name in was if was[name][0] != now[name][0]),
        *_told(before.moderator, after.moderator),
    )


def _made(discussion: Discussion) -> dict[str, tuple[Any, str]]:
    """Return how a discussion is made, each part in words, too."""
    moderator = discussion.moderator.name if discussion.moderator else "none"
    stop = [repr(condition) for condition in discussion.stop]
    return {
        "topic": (discussion.topic, _quoted(discussion.topic)),
        "moderator": (moderator, moderator),
        "turn manager": (repr(discussion.turn_manager), repr(discussion.turn_manager)),
        "turns": (discussion.num_turns, str(discussion.num_turns)),
        "window": (discussion.window, str(discussion.window)),
        "window counts": (discussion.window_counts, discussion.window_counts),
        "stop": (stop, ", ".join(stop) or "none"),
        "seed": (discussion.seed, str(discussion.seed)),
    }


def _quoted(topic: Topic) -> str:
    line = shortened(title(topic), _TOPIC)
    others = "" if isinstance(topic, str) else f" and {more(len(topic) - 1)}"
    return repr(line) + others if line else "none"


def _users(before: Sequence[LLMActor], after: Sequence[LLMActor]) -> Iterator[str]:
    if len(before) != len(after):
        yield f"participants {_names(before)} → {_names(after)}"
        return
    for was, now in zip(before, after, strict=True):
        if was.name != now.name:
            yield f"{was.name} → {now.name}"
        yield from _told(was, now)


def _told(before: LLMActor | None, after: LLMActor | None) -> Iterator[str]:
    """Return what is new about someone who kept their name."""
    if before is None or after is None or before.name != after.name:
        return
    was, now = asdict(before.describe()), asdict(after.describe())
    new = [name for name in was if was[name] != now[name]]
    if "model" in new:  # another model has other settings in any case
        new.remove("model_digest")
    if new:
        yield f"another {before.name} ({', '.join(_WORDS.get(name, name.replace('_', ' ')) for name in new)})"


def _names(users: Sequence[LLMActor]) -> str:
    return ", ".join(user.name for user in users)
