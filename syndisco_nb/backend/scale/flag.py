"""`Flag`: yes or no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syndisco_nb.backend.scale.scale import NAME, Scale
from syndisco_nb.errors import require_bool
from syndisco_nb.records import Value
from syndisco_nb.seeds import Purpose, generator
from syndisco_nb.wording import NO, YES


@dataclass(frozen=True)
class Flag(Scale):
    """Yes or no; the values are True and False.

    Parameters
    ----------
    name : str
    question : str, optional
    shuffle : bool
        Whether some prompts ask for "yes or no", others for "no or yes", drawn from the label's seed; see `Choice`.
    unit : {"comment", "participant", "discussion"}
        The subject of a label; see `Scale`.

    Examples
    --------
    >>> Flag("sarcasm").instruction()
    'Does the comment show sarcasm? Answer with yes or no.'
    """

    form_label = "Yes or no"
    form_rank = 3
    level = "nominal"
    value_type = bool

    shuffle: bool = False

    def __post_init__(self) -> None:
        require_bool("shuffle", self.shuffle)
        super().__post_init__()

    @property
    def labels(self) -> tuple[str, ...]:
        """Yes and no."""
        return (YES, NO)

    @property
    def asks(self) -> str:
        """The question."""
        made = {
            "comment": f"Does the comment show {self.name}?",
            "participant": f"Does {NAME} show {self.name} in the discussion?",
            "discussion": f"Does the discussion show {self.name}?",
        }
        return self.question or made[self.unit]

    def instruction(self) -> str:
        """Return the question and how to answer it."""
        return f"{self.asks} Answer with {' or '.join(self.labels)}."

    def value(self, label: str) -> Value:
        """Return True for yes."""
        return label == YES

    def spellings(self) -> Mapping[str, Sequence[str]]:
        """Return the ways to write yes and no, such as "true" and "No, it does not"."""
        return {
            "yes": ("yes", "true", "yes, it does", "yes, it is"),
            "no": ("no", "false", "no, it does not", "no, it doesn't", "no, it is not", "no, it isn't"),
        }

    def ordered(self, seed: int) -> Scale:
        """Return the scale with its labels in the order in which the prompt of a label with this seed names them."""
        if not self.shuffle:
            return self
        kind = generator(seed, Purpose.OPTIONS).choice((Flag, _NoOrYes))
        return kind(self.name, self.question, unit=self.unit)

    def settings(self) -> dict[str, Any]:
        """Return the settings of every scale, and `shuffle`."""
        return {**super().settings(), "shuffle": self.shuffle}


@dataclass(frozen=True)
class _NoOrYes(Flag):
    """A flag whose prompt names "no" first."""

    @property
    def labels(self) -> tuple[str, ...]:
        """No and yes."""
        return (NO, YES)
