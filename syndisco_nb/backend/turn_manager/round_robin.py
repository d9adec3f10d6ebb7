"""`RoundRobin`: one after the other."""

import random
from collections.abc import Sequence

from syndisco_nb.backend.turn_manager.turn_manager import History, TurnManager


class RoundRobin(TurnManager):
    """One after the other, in the order given; after the opening, the participant who follows its author.

    Examples
    --------
    >>> manager = RoundRobin(["Ana", "Ben", "Cem"])
    >>> [manager.next() for _ in range(4)]
    ['Ana', 'Ben', 'Cem', 'Ana']
    """

    form_label = "One after the other"
    form_rank = 1

    def choose(self, names: Sequence[str], history: History, rng: random.Random) -> str:
        """Return the name that follows the last one that had the floor, silent or not.

        Parameters are as in `TurnManager.choose`.
        """
        for message in reversed(history):
            if message.role != "moderator" and message.name in names:
                return names[(names.index(message.name) + 1) % len(names)]
        return names[0]

    def __str__(self) -> str:
        return "one after the other"


RoundRobbin = RoundRobin
"""`RoundRobin`, in the guide's spelling."""
