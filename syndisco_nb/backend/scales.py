"""What an annotator may answer: scales, and the question each one asks."""

import abc
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from syndisco_nb.errors import InvalidInputError, require, require_int, require_text, shortened
from syndisco_nb.records import ChatMessage, Value
from syndisco_nb.shown import Shown

_HIGHEST = 1_000  # of a Likert scale: every number is a label, of which a model tells the probability


@dataclass(frozen=True)
class Scale(Shown, abc.ABC):
    """The base of all scales.

    Parameters
    ----------
    name : str
        What the labels are of, for example "toxicity".
    question : str, optional
        What the annotator is asked; made from the name if not given.
    """

    name: str
    question: str = ""

    def __post_init__(self) -> None:
        require_text("name", self.name)
        require(self.name.strip(), "name is empty. Say what the scale measures.")
        require_text("question", self.question)

    @property
    @abc.abstractmethod
    def labels(self) -> tuple[str, ...]:
        """All allowed answers; none where any text is one."""

    @property
    @abc.abstractmethod
    def asks(self) -> str:
        """The question, without how to answer it."""

    @abc.abstractmethod
    def instruction(self) -> str:
        """Return what is added to the annotator's prompt: the question and how to answer it."""

    def accept(self, value: Value) -> Value:
        """Return the value of a person's label, given as such or as text.

        Raises
        ------
        InvalidInputError
            If the scale does not allow it.

        Examples
        --------
        >>> Likert("toxicity").accept("3"), Flag("sarcasm").accept("yes"), Flag("sarcasm").accept(False)
        (3, True, False)
        """
        label = ("no", "yes")[value] if isinstance(value, bool) else str(value)
        require(
            label in self.labels,
            f"The label of {self.name} is {value!r}, but must be one of: {', '.join(self.labels)}.",
        )
        return self.value(label)

    def value(self, label: str) -> Value:
        """Return what a label means."""
        return label

    def parse(self, text: str) -> Value | None:
        """Return the value in a free answer, or None if it holds none, or several."""
        answer = text.strip().strip(".\"'").casefold()
        found = [label for label in self.labels if label.casefold() == answer] or [
            label
            for label in self.labels
            if re.search(rf"(?<![\w.]){re.escape(label.casefold())}(?!\w|\.\d)", text.casefold())
        ]
        return self.value(found[0]) if len(found) == 1 else None

    def settings(self) -> dict[str, Any]:
        """Return what is recorded of the scale."""
        return {
            "type": type(self).__name__,
            "name": self.name,
            "labels": list(self.labels),
            "instruction": self.instruction(),
        }


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


@dataclass(frozen=True)
class Choice(Scale):
    """One of several options."""

    options: tuple[str, ...] = ()

    def __init__(self, name: str, options: Iterable[str], question: str = "") -> None:
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


@dataclass(frozen=True)
class Flag(Scale):
    """Yes or no; the values are True and False."""

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
        return f"{self.asks} Answer with yes or no."

    def value(self, label: str) -> Value:
        """Return True for yes."""
        return label == "yes"


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


def with_question(messages: tuple[ChatMessage, ...], scale: Scale) -> tuple[ChatMessage, ...]:
    """Return the annotator's prompt, with the scale's question at its end."""
    *before, last = messages
    return (*before, ChatMessage(last.role, f"{last.content}\n\n{scale.instruction()}"))


def check_scales(scales: Any) -> tuple[Scale, ...]:
    """Return the scales, of which one may be given bare, or raise `InvalidInputError`."""
    require(
        isinstance(scales, Scale) or (isinstance(scales, Iterable) and not isinstance(scales, str | Mapping)),
        f"scales is {shortened(scales)}, but must be a scale, or a list of them. {_called(scales)}",
    )
    given = (scales,) if isinstance(scales, Scale) else tuple(scales)
    for scale in given:
        require(
            isinstance(scale, Scale),
            f"A scale is {shortened(scale)}, but must be a Likert, Choice, Flag or FreeText. {_called(scale)}",
        )
    names = [scale.name for scale in given]
    require(len(set(names)) == len(names), f"The scales are called {names}. Give every scale a name of its own.")
    return given


def _called(name: Any) -> str:
    """Return how to make a scale of a text that was given in the place of one."""
    text = name if isinstance(name, str) else "toxicity"
    return f"Give Likert({shortened(text, 60)}) for numbers from 1 to 5, or Flag({shortened(text, 60)}) for yes or no."
