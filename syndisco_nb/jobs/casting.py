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
    """Draw the participants, in random order; those who are always needed are among them.

    Parameters
    ----------
    users : sequence of LLMActor
        All who may take part.
    topic : Topic
    manager : TurnManager
    number : int
        How many take part.
    seed : int
        The discussion's own.
    """
    rng = generator(seed, Purpose.USERS)
    names = needed_names(topic, manager)
    needed = [user for user in users if user.name in names]
    drawn = needed + rng.sample([user for user in users if user not in needed], number - len(needed))
    return rng.sample(drawn, len(drawn)) if needed else drawn


def needed_names(topic: Topic, manager: TurnManager) -> set[str]:
    """Return the names that the turn manager needs, and those of the topic's authors, users or not."""
    return {*manager.names_needed(), *authors(topic)}
