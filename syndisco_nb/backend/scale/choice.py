"""`Choice`: one of several options."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from syndisco_nb.backend.scale.scale import COMMENT, NAME, Scale
from syndisco_nb.errors import InvalidInputError, require, require_bool, require_text
from syndisco_nb.records import Unit
from syndisco_nb.seeds import Purpose, generator


@dataclass(frozen=True)
class Choice(Scale):
    """One of several options.

    Parameters
    ----------
    name : str
    options : iterable of str
        The labels.
    question : str, optional
    shuffle : bool
        Whether every prompt names the options in an order of its own, drawn from the label's seed. The order is kept
        as `Label.options`, so that its effect can be measured; without, it is that of `options`.
    unit : {"comment", "participant", "discussion"}
        The subject of a label; see `Scale`.

    Examples
    --------
    >>> tone = Choice("tone", ["toxic", "civil", "mixed"], shuffle=True)
    >>> tone.ordered(1).instruction()
    'Which tone does the comment have? Answer with one of: toxic, mixed, civil.'
    """

    form_label = "One of several options"
    form_rank = 2
    level = "nominal"

    options: tuple[str, ...] = ()
    shuffle: bool = False

    def __init__(
        self, name: str, options: Iterable[str], question: str = "", shuffle: bool = False, unit: Unit = COMMENT
    ) -> None:
        require_bool("shuffle", shuffle)
        if isinstance(options, str):
            raise InvalidInputError(f"options is the text {options!r}, but must be a list of texts.", field="options")
        given = tuple(options)
        require(len(given) >= 2, f"options is {list(given)}, but must hold at least two.", "options")
        for option in given:
            _check_option(option)
        require(
            len(set(given)) == len(given), f"options is {list(given)}, but every option must be different.", "options"
        )
        object.__setattr__(self, "options", given)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "question", question)
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "shuffle", shuffle)
        self.__post_init__()

    @property
    def labels(self) -> tuple[str, ...]:
        """The options."""
        return self.options

    @property
    def asks(self) -> str:
        """The question."""
        place = {
            "comment": "does the comment have",
            "participant": f"does {NAME} have in the discussion",
            "discussion": "does the discussion have",
        }[self.unit]
        return self.question or f"Which {self.name} {place}?"

    def instruction(self) -> str:
        """Return the question and how to answer it."""
        return f"{self.asks} Answer with one of: {', '.join(self.options)}."

    def ordered(self, seed: int) -> Scale:
        """Return the scale with its options in the order in which the prompt of a label with this seed names them."""
        if not self.shuffle:
            return self
        options = generator(seed, Purpose.OPTIONS).sample(self.options, len(self.options))
        return replace(self, options=tuple(options), shuffle=False)

    def settings(self) -> dict[str, Any]:
        """Return the settings of every scale, and `shuffle`."""
        return {**super().settings(), "shuffle": self.shuffle}

    @classmethod
    def arguments_of_labels(cls, labels: Sequence[str]) -> dict[str, Any]:
        """Return the options."""
        return {"options": labels}


def _check_option(option: Any) -> None:
    if not isinstance(option, str) or not option or option.strip() != option:
        raise InvalidInputError(f"An option is {option!r}, but must be text without margins.", field="options")
    require_text("options", option)
