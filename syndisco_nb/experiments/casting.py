"""Who takes part in a discussion: some of the users, at random, and those without whom it makes no sense."""

from collections.abc import Sequence

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.topics import Topic, authors, title
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.errors import require
from syndisco_nb.experiments.common import counted
from syndisco_nb.seeds import generator


def check_cast(users: Sequence[LLMActor], topics: Sequence[Topic], manager: TurnManager, number: int) -> None:
    """Raise `InvalidInputError` unless so many of the users can hold a discussion on every topic."""
    require(
        number <= len(users),
        f"num_active_users is {number}, but only {counted(len(users), 'user')} given. Give more users, or lower "
        "num_active_users.",
    )
    names = [user.name for user in users]
    strangers = [name for name in manager.names_known() if name not in names]
    require(
        not strangers,
        f"{manager!r} speaks of {', '.join(strangers)}, but the users are: {', '.join(names)}.",
    )
    needed = manager.names_needed()
    require(
        len(needed) <= number,
        f"{manager!r} needs {len(needed)} users in every discussion, but num_active_users is {number}.",
    )
    for topic in topics:
        called = [user.name for user in _needed(users, topic, manager)]
        require(
            len(called) <= number,
            f"On the topic {title(topic)!r}, {', '.join(called)} take part in any case, but num_active_users is "
            f"{number}.",
        )


def cast(users: Sequence[LLMActor], topic: Topic, manager: TurnManager, number: int, seed: int) -> list[LLMActor]:
    """Draw who takes part, whoever is needed among them, in random order."""
    rng = generator(seed, "users")
    needed = _needed(users, topic, manager)
    drawn = needed + rng.sample([user for user in users if user not in needed], number - len(needed))
    return rng.sample(drawn, len(drawn)) if needed else drawn


def _needed(users: Sequence[LLMActor], topic: Topic, manager: TurnManager) -> list[LLMActor]:
    """Return the users whom the turn manager needs, and those who open the topic."""
    names = {*manager.names_needed(), *authors(topic)}
    return [user for user in users if user.name in names]
