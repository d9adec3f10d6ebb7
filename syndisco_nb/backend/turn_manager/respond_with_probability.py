"""`RespondWithProbability`: the last-but-one speaker answers, with a probability."""

import random
from collections.abc import Iterable, Sequence
from typing import Any

from syndisco_nb.backend.turn_manager.speakers import last_two_speakers, without
from syndisco_nb.backend.turn_manager.turn_manager import History, TurnManager
from syndisco_nb.errors import named_arguments, require_number
from syndisco_nb.wording import percent


class RespondWithProbability(TurnManager):
    """The participant who was just replied to answers with probability p; otherwise someone else joins in.

    With three or more participants, P(speaker i = speaker i − 2) is exactly `p`: "someone else" is
    uniform over all but the last two speakers. With two, they alternate.

    Parameters
    ----------
    p : float
        The probability, in [0, 1], that the last-but-one speaker answers.
    names, seed
        See `TurnManager`.

    Examples
    --------
    >>> manager = RespondWithProbability(1, ["Ana", "Ben", "Cem"], seed=1)
    >>> [manager.next() for _ in range(6)]
    ['Ana', 'Ben', 'Ana', 'Ben', 'Ana', 'Ben']
    """

    form_label = "Previous speaker replies with probability p"
    form_rank = 3

    @named_arguments
    def __init__(self, p: float = 0.5, names: Iterable[str] = (), seed: int | None = None) -> None:
        require_number("p", p, "from 0 to 1: it is a probability", lambda value: 0 <= value <= 1)
        self.p = float(p)
        super().__init__(names, seed)

    def choose(self, names: Sequence[str], history: History, rng: random.Random) -> str:
        """Return the last-but-one speaker with probability p, otherwise a random other.

        Parameters are as in `TurnManager.choose`.
        """
        last, before = last_two_speakers(names, history)
        if before is not None and rng.random() < self.p:
            return before
        return rng.choice(without(names, last, before))

    def settings(self) -> dict[str, Any]:
        """Return the type and p."""
        return {**super().settings(), "p": self.p}

    def __str__(self) -> str:
        return f"previous speaker replies {percent(self.p)}"
