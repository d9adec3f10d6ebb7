"""`Weighted`: some speak more often than others."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syndisco_nb.backend.turn_manager.speakers import last_two_speakers, without
from syndisco_nb.backend.turn_manager.turn_manager import History, TurnManager
from syndisco_nb.errors import named_arguments, require, require_number


class Weighted(TurnManager):
    """Anyone but the last speaker, in proportion to given weights.

    Since nobody follows themselves, a participant's share of the comments is near, not equal to, their
    share of the weights.

    Parameters
    ----------
    weights : mapping of str to float
        How readily each participant speaks; whoever is not named has weight 1. A weight of 0 means never,
        as long as anyone else can speak.
    names, seed
        See `TurnManager`.

    Examples
    --------
    >>> manager = Weighted({"Ana": 3}, ["Ana", "Ben", "Cem"], seed=1)
    >>> [manager.next() for _ in range(8)]
    ['Ana', 'Cem', 'Ben', 'Ana', 'Ben', 'Ana', 'Cem', 'Ben']
    """

    form_label = "Random, some more often than others"
    form_rank = 4

    @named_arguments
    def __init__(self, weights: Mapping[str, float], names: Iterable[str] = (), seed: int | None = None) -> None:
        require(isinstance(weights, Mapping), f"weights is {weights!r}, but must map names to numbers.", "weights")
        for name, weight in weights.items():
            require_number(f"weights.{name}", weight, "of 0 or more", lambda value: value >= 0)
        self.weights = dict(weights)
        super().__init__(names, seed)

    def choose(self, names: Sequence[str], history: History, rng: random.Random) -> str:
        """Return a participant other than the last speaker, by weight.

        Parameters are as in `TurnManager.choose`.
        """
        last, _ = last_two_speakers(names, history)
        others = without(names, last)
        weights = [self.weights.get(name, 1.0) for name in others]
        return rng.choices(others, weights)[0] if any(weights) else rng.choice(others)

    def names_mentioned(self) -> tuple[str, ...]:
        """Return the names that have a weight."""
        return tuple(self.weights)

    def settings(self) -> dict[str, Any]:
        """Return the type and the weights."""
        return {**super().settings(), "weights": self.weights}

    def __str__(self) -> str:
        return f"by weight: {', '.join(f'{name} {weight:g}' for name, weight in self.weights.items())}; others 1"
