"""The topic and the participants of a discussion, drawn from its seed."""

from collections.abc import Sequence

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.topics import Topic, topic_authors
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.seeds import Purpose, generator


def draw_topic(topics: Sequence[Topic], seed: int) -> Topic:
    """Draw the topic of a discussion.

    Parameters
    ----------
    topics : sequence of Topic
    seed : int
        Seed of the discussion.
    """
    return generator(seed, Purpose.TOPIC).choice(topics)


def draw_participants(
    users: Sequence[LLMActor], topic: Topic, manager: TurnManager, number: int, seed: int
) -> list[LLMActor]:
    """Draw the participants of a discussion, in random order; those who are always needed are among them.

    Parameters
    ----------
    users : sequence of LLMActor
        All who may take part.
    topic : Topic
    manager : TurnManager
    number : int
        Number of participants.
    seed : int
        Seed of the discussion.
    """
    rng = generator(seed, Purpose.USERS)
    names = needed_names(topic, manager)
    needed = [user for user in users if user.name in names]
    drawn = needed + rng.sample([user for user in users if user not in needed], number - len(needed))
    return rng.sample(drawn, len(drawn)) if needed else drawn


def needed_names(topic: Topic, manager: TurnManager) -> set[str]:
    """Return the names that the turn manager needs, and those of the topic's authors, users or not.

    Parameters
    ----------
    topic : Topic
    manager : TurnManager
    """
    return {*manager.names_needed(), *topic_authors(topic)}
