"""`AfterSilences`: the discussion has run dry."""

import itertools
from typing import Any

from syndisco_nb.backend.stop_condition.stop_condition import StopCondition
from syndisco_nb.backend.turn_manager import History
from syndisco_nb.errors import named_arguments, require_int


class AfterSilences(StopCondition):
    """Participants stayed silent a number of times in a row.

    A moderator, who stands outside the order, neither makes nor breaks the row.

    Parameters
    ----------
    silences : int
        How many.

    Examples
    --------
    >>> str(AfterSilences(3))
    '3 silences in a row'
    """

    form_label = "After several silences in a row"
    form_rank = 2

    @named_arguments
    def __init__(self, silences: int) -> None:
        self.silences = require_int("silences", silences, 1)

    def holds(self, history: History) -> bool:
        """Return True if the last turns were all silent."""
        turns = (message for message in reversed(history) if message.role == "participant")
        last = list(itertools.takewhile(lambda message: message.silent, itertools.islice(turns, self.silences)))
        return len(last) == self.silences

    def settings(self) -> dict[str, Any]:
        """Return the type and the number."""
        return {**super().settings(), "silences": self.silences}

    def __str__(self) -> str:
        return "1 silence" if self.silences == 1 else f"{self.silences} silences in a row"
