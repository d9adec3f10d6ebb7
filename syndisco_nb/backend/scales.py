"""What an annotator may answer: scales, and the question each one asks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from syndisco_nb.backend.scale import Scale
from syndisco_nb.errors import InvalidInputError, require, require_bool, require_int, require_text, short_repr
from syndisco_nb.records import ChatMessage, Value
from syndisco_nb.seeds import Purpose, generator

__all__ = ["Choice", "Flag", "FreeText", "Likert", "Scale", "check_scales", "with_question"]

_HIGHEST = 1_000  # of a Likert scale: every number is a label, of which a model tells the probability


@dataclass(frozen=True)
class Likert(Scale):
    """Whole numbers from a lowest to a highest (Likert, 1932).

    Examples
    --------
    >>> Likert("toxicity", 1, 5).instruction()
    'How much toxicity is in the comment, from 1 (least) to 5 (most)? Answer with the number alone.'
    """

    low: int = 1
    high: int = 5

    def __init__(self, name: str, low: int = 1, high: int = 5, question: str = "") -> None:
        object.__setattr__(self, "low", require_int("low", low, 0))
        object.__setattr__(self, "high", require_int("high", high, 1, _HIGHEST))
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "question", question)
        require(low < high, f"low is {low} and high is {high}, but low must be below high.")
        self.__post_init__()

    @property
    def labels(self) -> tuple[str, ...]:
        """The numbers, as text."""
        return tuple(map(str, range(self.low, self.high + 1)))

    @property
    def asks(self) -> str:
        """The question."""
        return (
            self.question or f"How much {self.name} is in the comment, from {self.low} (least) to {self.high} (most)?"
        )

    def instruction(self) -> str:
        """Return the question and how to answer it."""
        return f"{self.asks} Answer with the number alone."

    def value(self, label: str) -> Value:
        """Return the number."""
        return int(label)

    def spellings(self) -> Mapping[str, Sequence[str]]:
        """Return how each number may be written, as in "3", "3.0", "3/5" and "3 out of 5"."""
        top = self.high
        return {one: (one, f"{one}.0", f"{one}/{top}", f"{one} of {top}", f"{one} out of {top}") for one in self.labels}


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

    Examples
    --------
    >>> tone = Choice("tone", ["toxic", "civil", "mixed"], shuffle=True)
    >>> tone.ordered(1).instruction()
    'Which tone does the comment have? Answer with one of: toxic, mixed, civil.'
    """

    options: tuple[str, ...] = ()
    shuffle: bool = False

    def __init__(self, name: str, options: Iterable[str], question: str = "", shuffle: bool = False) -> None:
        if isinstance(options, str):
            raise InvalidInputError(f"options is the text {options!r}, but must be a list of texts.")
        given = tuple(options)
        require(len(given) >= 2, f"options is {list(given)}, but must hold at least two.")
        for option in given:
            require_text("An option", option)
            require(option.strip() == option and option, f"An option is {option!r}, but must be text without margins.")
        require(len(set(given)) == len(given), f"options is {list(given)}, but every option must be different.")
        object.__setattr__(self, "options", given)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "question", question)
        object.__setattr__(self, "shuffle", _check_shuffle(shuffle))
        self.__post_init__()

    @property
    def labels(self) -> tuple[str, ...]:
        """The options."""
        return self.options

    @property
    def asks(self) -> str:
        """The question."""
        return self.question or f"Which {self.name} does the comment have?"

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
        """Return what is recorded of the scale."""
        return {**super().settings(), "shuffle": self.shuffle}


@dataclass(frozen=True)
class Flag(Scale):
    """Yes or no; the values are True and False.

    Parameters
    ----------
    name : str
    question : str, optional
    shuffle : bool
        Whether some prompts ask for "yes or no", others for "no or yes", drawn from the label's seed; see `Choice`.
    """

    shuffle: bool = False

    def __post_init__(self) -> None:
        _check_shuffle(self.shuffle)
        super().__post_init__()

    @property
    def labels(self) -> tuple[str, ...]:
        """Yes and no."""
        return ("yes", "no")

    @property
    def asks(self) -> str:
        """The question."""
        return self.question or f"Does the comment show {self.name}?"

    def instruction(self) -> str:
        """Return the question and how to answer it."""
        return f"{self.asks} Answer with {' or '.join(self.labels)}."

    def value(self, label: str) -> Value:
        """Return True for yes."""
        return label == "yes"

    def spellings(self) -> Mapping[str, Sequence[str]]:
        """Return how yes and no may be written, as in "true" and "No, it does not."."""
        return {
            "yes": ("yes", "true", "yes, it does", "yes, it is"),
            "no": ("no", "false", "no, it does not", "no, it doesn't", "no, it is not", "no, it isn't"),
        }

    def ordered(self, seed: int) -> Scale:
        """Return the scale with its labels in the order in which the prompt of a label with this seed names them."""
        if not self.shuffle:
            return self
        order = generator(seed, Purpose.OPTIONS).choice((Flag, _NoOrYes))
        return order(self.name, self.question)

    def settings(self) -> dict[str, Any]:
        """Return what is recorded of the scale."""
        return {**super().settings(), "shuffle": self.shuffle}


@dataclass(frozen=True)
class _NoOrYes(Flag):
    """A flag whose prompt names "no" first."""

    @property
    def labels(self) -> tuple[str, ...]:
        """No and yes."""
        return ("no", "yes")


@dataclass(frozen=True)
class FreeText(Scale):
    """Any text; an empty answer counts as none."""

    @property
    def labels(self) -> tuple[str, ...]:
        """None: any text is allowed."""
        return ()

    @property
    def asks(self) -> str:
        """The question."""
        return self.question or f"Describe the {self.name} of the comment."

    def instruction(self) -> str:
        """Return the question."""
        return self.asks

    def accept(self, value: Value) -> Value:
        """Return the text, without margins."""
        require(
            isinstance(value, str) and value.strip(),
            f"The label of {self.name} is {value!r}, but must be text that is not empty.",
        )
        return str(value).strip()

    def parse(self, text: str) -> Value | None:
        """Return the text, without margins."""
        return text.strip() or None


def _check_shuffle(shuffle: Any) -> bool:
    require_bool("shuffle", shuffle)
    return bool(shuffle)


def with_question(messages: tuple[ChatMessage, ...], scale: Scale) -> tuple[ChatMessage, ...]:
    """Return the annotator's prompt, with the scale's question at its end."""
    *before, last = messages
    return (*before, ChatMessage(last.role, f"{last.content}\n\n{scale.instruction()}"))


def check_scales(scales: Any) -> tuple[Scale, ...]:
    """Return the scales, of which one may be given bare, or raise `InvalidInputError`."""
    require(
        isinstance(scales, Scale) or (isinstance(scales, Iterable) and not isinstance(scales, str | Mapping)),
        f"scales is {short_repr(scales)}, but must be a scale, or a list of them. {_called(scales)}",
    )
    given = (scales,) if isinstance(scales, Scale) else tuple(scales)
    for scale in given:
        require(
            isinstance(scale, Scale),
            f"A scale is {short_repr(scale)}, but must be a Likert, Choice, Flag or FreeText. {_called(scale)}",
        )
    names = [scale.name for scale in given]
    require(len(set(names)) == len(names), f"The scales are called {names}. Give every scale a name of its own.")
    return given


def _called(name: Any) -> str:
    """Return how to make a scale of a text that was given in the place of one."""
    text = name if isinstance(name, str) else "toxicity"
    return (
        f"Give Likert({short_repr(text, 60)}) for numbers from 1 to 5, or Flag({short_repr(text, 60)}) for yes or no."
    )
