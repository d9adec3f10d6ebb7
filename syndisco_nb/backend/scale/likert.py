"""`Likert`: numbers from a lowest to a highest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syndisco_nb.backend.scale.scale import COMMENT, NAME, Scale
from syndisco_nb.errors import require, require_int
from syndisco_nb.records import Unit, Value

_HIGHEST = 1_000  # every number is a label, of which a model tells the probability


@dataclass(frozen=True)
class Likert(Scale):
    """Whole numbers from a lowest to a highest (Likert, 1932).

    Parameters
    ----------
    name : str
    low, high : int
        The lowest and the highest number.
    question : str, optional
    unit : {"comment", "participant", "discussion"}
        The subject of a label; see `Scale`.

    Examples
    --------
    >>> Likert("toxicity", 1, 5).instruction()
    'How much toxicity is in the comment, from 1 (least) to 5 (most)? Answer with the number alone.'
    """

    form_label = "Rating from low to high"
    form_rank = 1
    level = "ordinal"
    value_type = int

    low: int = 1
    high: int = 5

    def __init__(self, name: str, low: int = 1, high: int = 5, question: str = "", unit: Unit = COMMENT) -> None:
        object.__setattr__(self, "low", require_int("low", low, 0))
        object.__setattr__(self, "high", require_int("high", high, 1, _HIGHEST))
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "question", question)
        object.__setattr__(self, "unit", unit)
        require(low < high, f"low is {low} and high is {high}, but low must be below high.", "low")
        self.__post_init__()

    @property
    def labels(self) -> tuple[str, ...]:
        """The numbers, as text."""
        return tuple(map(str, range(self.low, self.high + 1)))

    @property
    def asks(self) -> str:
        """The question."""
        place = {
            "comment": "is in the comment",
            "participant": f"does {NAME} show in the discussion",
            "discussion": "is in the discussion",
        }[self.unit]
        return self.question or f"How much {self.name} {place}, from {self.low} (least) to {self.high} (most)?"

    def instruction(self) -> str:
        """Return the question and how to answer it."""
        return f"{self.asks} Answer with the number alone."

    def value(self, label: str) -> Value:
        """Return the number."""
        return int(label)

    def spellings(self) -> Mapping[str, Sequence[str]]:
        """Return the ways to write each number: "3", "3.0", "3/5", "3 of 5" and "3 out of 5"."""
        top = self.high
        return {
            number: (number, f"{number}.0", f"{number}/{top}", f"{number} of {top}", f"{number} out of {top}")
            for number in self.labels
        }

    @classmethod
    def arguments_of_labels(cls, labels: Sequence[str]) -> dict[str, Any]:
        """Return the lowest and the highest number."""
        return {"low": int(labels[0]), "high": int(labels[-1])}
