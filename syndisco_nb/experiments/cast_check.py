"""Whether the users of an experiment can hold its discussions."""

from collections.abc import Sequence

from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.backend.topics import Topic, title
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.errors import require
from syndisco_nb.experiments.common import counted
from syndisco_nb.jobs.casting import needed_users


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
        called = [user.name for user in needed_users(users, topic, manager)]
        require(
            len(called) <= number,
            f"On the topic {title(topic)!r}, {', '.join(called)} take part in any case, but num_active_users is "
            f"{number}.",
        )
