"""Forks of a discussion: the turn to fork at, the users that go on, and the changes in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.stop_condition import StopCondition
from syndisco_nb.backend.topics import Topic, topic_title
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.backend.window import Counts
from syndisco_nb.errors import require, require_int, suggestion
from syndisco_nb.wording import more, shortened

_TOPIC = 60  # characters
_WORDS = {"model_digest": "settings of the model"}


class DiscussionSetup(Protocol):
    """Everything about a discussion that a fork may change."""

    users: tuple[LLMActor, ...]
    moderator: LLMActor | None
    topic: Topic
    turn_manager: TurnManager
    num_turns: int
    window: int
    window_counts: Counts
    stop: tuple[StopCondition, ...]
    seed: int


def check_fork_point(at: int, held: int, turns: int) -> int:
    """Return the turn to fork at, or raise `InvalidInputError` if it was not held yet or no turn would follow.

    Parameters
    ----------
    at : int
        The last turn that both discussions have in common.
    held : int
        The last turn of the discussion so far.
    turns : int
        Number of turns of the fork, those of the history included.
    """
    at = require_int("at", at, 0)
    require(
        at <= held,
        f"at is {at}, but the discussion is at turn {held}. Give a turn from 0 (the opening) to {held}, or let it go "
        "on first.",
        "at",
    )
    require(
        at < turns,
        f"at is {at} and num_turns is {turns}, so no turn would follow. Fork earlier, or give a larger num_turns.",
        "at",
    )
    return at


def replace_users(users: Sequence[LLMActor], replace: Mapping[str, LLMActor]) -> list[LLMActor]:
    """Return the users after some of them are replaced by others, who take their places in the order.

    Parameters
    ----------
    users : sequence of LLMActor
    replace : mapping of str to LLMActor
        The new actor for each name.

    Raises
    ------
    InvalidInputError
        If a name is not that of a user.
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


def described_changes(before: DiscussionSetup, after: DiscussionSetup) -> tuple[str, ...]:
    """Return the changes from one discussion to another, as in "moderator none → Mo".

    Parameters
    ----------
    before, after : Discussion
    """
    was, now = _in_words(before), _in_words(after)
    return (
        *_users(before.users, after.users),
        *(f"{name} {was[name][1]} → {now[name][1]}" for name in was if was[name][0] != now[name][0]),
        *_told(before.moderator, after.moderator),
    )


def _in_words(setup: DiscussionSetup) -> dict[str, tuple[Any, str]]:
    """Return each setting of a discussion, as a value to compare and in words."""
    moderator = setup.moderator.name if setup.moderator else "none"
    stop = [repr(condition) for condition in setup.stop]
    return {
        "topic": (setup.topic, _quoted(setup.topic)),
        "moderator": (moderator, moderator),
        "turn manager": (repr(setup.turn_manager), repr(setup.turn_manager)),
        "turns": (setup.num_turns, str(setup.num_turns)),
        "window": (setup.window, str(setup.window)),
        "window counts": (setup.window_counts, setup.window_counts),
        "stop": (stop, ", ".join(stop) or "none"),
        "seed": (setup.seed, str(setup.seed)),
    }


def _quoted(topic: Topic) -> str:
    line = shortened(topic_title(topic), _TOPIC)
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
    """Yield the changes to an actor who kept the name."""
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
