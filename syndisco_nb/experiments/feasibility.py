"""Check that the users of an experiment can hold its discussions."""

from collections.abc import Sequence

from syndisco_nb.backend.topics import Topic, topic_title
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.errors import require
from syndisco_nb.jobs.random_draws import needed_names
from syndisco_nb.wording import count


def check_feasible(users: Sequence[str], topics: Sequence[Topic], manager: TurnManager, number: int) -> None:
    """Raise `InvalidInputError` unless a discussion on every topic can be held.

    Parameters
    ----------
    users : sequence of str
        The names of all users.
    topics : sequence of Topic
    manager : TurnManager
    number : int
        Number of users in each discussion.
    """
    were = "was" if len(users) == 1 else "were"
    require(
        number <= len(users),
        f"num_active_users is {number}, but only {count(len(users), 'user')} {were} given. Give more users, or lower "
        "num_active_users.",
        "num_active_users",
    )
    strangers = [name for name in manager.names_mentioned() if name not in users]
    require(
        not strangers,
        f"{manager!r} speaks of {', '.join(strangers)}, but the users are: {', '.join(users)}.",
        "turn_manager",
    )
    needed = manager.names_needed()
    require(
        len(needed) <= number,
        f"{manager!r} needs {len(needed)} users in every discussion, but num_active_users is {number}.",
        "num_active_users",
    )
    for topic in topics:
        names = needed_names(topic, manager)
        called = [name for name in users if name in names]
        require(
            len(called) <= number,
            f"On the topic {topic_title(topic)!r}, {', '.join(called)} take part in any case, but num_active_users is "
            f"{number}.",
            "topics",
        )
