"""`RandomOther`: anyone but the last speaker."""

import random
from collections.abc import Sequence

from syndisco_nb.backend.turn_manager.speakers import last_two_speakers, without
from syndisco_nb.backend.turn_manager.turn_manager import History, TurnManager


class RandomOther(TurnManager):
    """Random, never the same twice in a row, each with equal probability.

    Examples
    --------
    >>> manager = RandomOther(["Ana", "Ben", "Cem"], seed=1)
    >>> [manager.next() for _ in range(6)]
    ['Ana', 'Ben', 'Cem', 'Ana', 'Cem', 'Ben']
    """

    form_label = "Random, never the same twice in a row"
    form_rank = 2

    def choose(self, names: Sequence[str], history: History, rng: random.Random) -> str:
        """Return a uniformly random participant other than the last speaker.

        Parameters are as in `TurnManager.choose`.
        """
        last, _ = last_two_speakers(names, history)
        return rng.choice(without(names, last))

    def __str__(self) -> str:
        return "anyone but the last speaker"
