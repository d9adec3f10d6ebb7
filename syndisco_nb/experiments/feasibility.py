"""Check that the users of an experiment can hold its discussions."""

from collections.abc import Sequence

from syndisco_nb.backend.topics import Topic, topic_title
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.errors import require
from syndisco_nb.jobs.random_draws import needed_names
from syndisco_nb.wording import count


def check_feasible(
    users: Sequence[str],
    topics: Sequence[Topic],
    manager: TurnManager,
    number: int,
    words: tuple[str, str] = ("num_active_users", "user"),
) -> None:
    """Raise `InvalidInputError` unless a discussion on every topic can be held.

    Parameters
    ----------
    users : sequence of str
        The names of all users.
    topics : sequence of Topic
    manager : TurnManager
    number : int
        Number of users in each discussion.
    words : (str, str)
        The name of the setting that has this number, and the word for a user.
    """
    setting, noun = words
    were = "was" if len(users) == 1 else "were"
    require(
        number <= len(users),
        f"{setting} is {number}, but only {count(len(users), noun)} {were} given. Give more {noun}s, or lower "
        f"{setting}.",
        setting,
    )
    strangers = [name for name in manager.names_mentioned() if name not in users]
    require(
        not strangers,
        f"{manager!r} speaks of {', '.join(strangers)}, but the {noun}s are: {', '.join(users)}.",
        "turn_manager",
    )
    needed = manager.names_needed()
    require(
        len(needed) <= number,
        f"{manager!r} needs {count(len(needed), noun)} in every discussion, but {setting} is {number}.",
        setting,
    )
    for topic in topics:
        names = needed_names(topic, manager)
        called = [name for name in users if name in names]
        require(
            len(called) <= number,
            f"On the topic {topic_title(topic)!r}, {', '.join(called)} take part in any case, but {setting} is "
            f"{number}.",
            "topics",
        )
