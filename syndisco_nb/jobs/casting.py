"""Who takes part in a discussion, and on what: drawn from its seed."""

from collections.abc import Sequence

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.topics import Topic, authors
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.seeds import Purpose, generator


def topic_of(topics: Sequence[Topic], seed: int) -> Topic:
    """Draw the topic."""
    return generator(seed, Purpose.TOPIC).choice(topics)


def cast(users: Sequence[LLMActor], topic: Topic, manager: TurnManager, number: int, seed: int) -> list[LLMActor]:
    """Draw who takes part, whoever is needed among them, in random order."""
    rng = generator(seed, Purpose.USERS)
    needed = needed_users(users, topic, manager)
    drawn = needed + rng.sample([user for user in users if user not in needed], number - len(needed))
    return rng.sample(drawn, len(drawn)) if needed else drawn


def needed_users(users: Sequence[LLMActor], topic: Topic, manager: TurnManager) -> list[LLMActor]:
    """Return the users whom the turn manager needs, and those who open the topic."""
    names = {*manager.names_needed(), *authors(topic)}
    return [user for user in users if user.name in names]
