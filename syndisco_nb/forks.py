"""What distinguishes a fork from its parent: who sits where, and what has changed, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from syndisco_nb.errors import require, suggestion

if TYPE_CHECKING:
    from syndisco_nb.backend.actors import LLMActor
    from syndisco_nb.jobs import Discussion

_TOPIC = 60


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
    )
    names = [user.name for user in users]
    for name in replace:
        require(
            name in names,
            f"replace names {name!r}, who does not take part.{suggestion(str(name), names)} The users are: "
            f"{', '.join(names)}.",
        )
    return [replace.get(user.name, user) for user in users]


def changes(before: Discussion, after: Discussion) -> tuple[str, ...]:
    """Return what was changed from one discussion to the other, as in "moderator none → Mo"."""
    was, now = _made(before), _made(after)
    return (
        *_users(before.users, after.users),
        *(f"{name} {was[name]} → {now[name]}" for name in was if was[name] != now[name]),
        *_told(before.moderator, after.moderator),
    )


def _made(discussion: Discussion) -> dict[str, str]:
    return {
        "topic": _quoted(discussion.topic),
        "moderator": discussion.moderator.name if discussion.moderator else "none",
        "turn manager": repr(discussion.turn_manager),
        "turns": str(discussion.num_turns),
        "window": str(discussion.window),
        "seed": str(discussion.seed),
    }


def _quoted(topic: str) -> str:
    line = " ".join(topic.split())
    return repr(line if len(line) <= _TOPIC else f"{line[: _TOPIC - 1]}…") if line else "none"


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
    new = [name.replace("_", " ") for name in was if was[name] != now[name]]
    if before.model.name == after.model.name and before.model.settings() != after.model.settings():
        new.append("settings of the model")
    if new:
        yield f"another {before.name} ({', '.join(new)})"


def _names(users: Sequence[LLMActor]) -> str:
    return ", ".join(user.name for user in users)
