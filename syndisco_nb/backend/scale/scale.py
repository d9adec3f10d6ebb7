"""Base of all scales: a question, its labels, and how a label is read out of an answer."""

import abc
import copy
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal, Self, get_args

from syndisco_nb.backend.answers import find_label
from syndisco_nb.backend.kinds import Kind, kinds_of
from syndisco_nb.errors import require, require_text, short_repr
from syndisco_nb.records import ChatMessage, Unit, Value
from syndisco_nb.wording import label_text

COMMENT: Unit = "comment"
"""The subject of a label by default."""

NAME = "{name}"
"""Place of the participant's name in a question about participants."""


@dataclass(frozen=True)
class Scale(Kind):
    """Base of all scales. The question, and how to answer it, always stand at the end of the prompt.

    Parameters
    ----------
    name : str
        The trait that the labels measure, for example "toxicity".
    question : str, optional
        The question to the annotator; made from the name if not given. About a participant, ``{name}`` stands for the
        participant's name.
    unit : {"comment", "participant", "discussion"}
        The subject of a label: one comment, seen with those before it; a participant, all of whose comments are
        labelled together; or a whole discussion. For the last two, the annotator sees the whole discussion, openings
        and comments of moderators included, whatever the window.

    Attributes
    ----------
    level : {"nominal", "ordinal"} or None
        The level of measurement of its labels; None where two answers cannot be compared.
    value_type : type
        The type of its values.

    Examples
    --------
    >>> from syndisco_nb import Flag
    >>> sarcasm = Flag("sarcasm")
    >>> sarcasm.labels, sarcasm.value("yes"), sarcasm.parse("No, it does not.")
    (('yes', 'no'), True, False)
    """

    level: ClassVar[Literal["nominal", "ordinal"] | None] = None
    value_type: ClassVar[type[Value]] = str

    name: str
    question: str = ""
    unit: Unit = field(default=COMMENT, kw_only=True)

    def __post_init__(self) -> None:
        require_text("name", self.name)
        require(self.name.strip(), "name is empty. Say what the scale measures.", "name")
        require_text("question", self.question)
        require(
            isinstance(self.unit, str) and self.unit in get_args(Unit),
            f"unit is {short_repr(self.unit)}, but must be one of: {', '.join(get_args(Unit))}.",
            "unit",
        )
        require(
            self.unit != "participant" or not self.question or NAME in self.question,
            f"question is {short_repr(self.question)}, but must name the participant it is about: write {NAME} where "
            f"the name belongs, as in 'How polite is {NAME}?'.",
            "question",
        )

    @property
    @abc.abstractmethod
    def labels(self) -> tuple[str, ...]:
        """All allowed answers; empty where any text is allowed."""

    @property
    @abc.abstractmethod
    def asks(self) -> str:
        """The question, without how to answer it."""

    @abc.abstractmethod
    def instruction(self) -> str:
        """Return the end of the annotator's prompt: the question and how to answer it."""

    def about(self, name: str) -> "Scale":
        """Return the scale with a participant's name in its question; itself if it is not about participants.

        Examples
        --------
        >>> from syndisco_nb import Flag
        >>> Flag("sarcasm", unit="participant").about("Ana").instruction()
        'Does Ana show sarcasm in the discussion? Answer with yes or no.'
        """
        if self.unit != "participant":
            return self
        named = copy.copy(self)
        object.__setattr__(named, "question", self.asks.replace(NAME, name))
        return named

    def ordered(self, seed: int) -> "Scale":
        """Return the scale with its labels in the order in which the prompt of a label with this seed names them."""
        return self

    def accept(self, value: Value) -> Value:
        """Return the value of a person's label, given as such or as text.

        Raises
        ------
        InvalidInputError
            If the scale does not allow it.

        Examples
        --------
        >>> from syndisco_nb import Flag, Likert
        >>> Likert("toxicity").accept("3"), Flag("sarcasm").accept("yes"), Flag("sarcasm").accept(False)
        (3, True, False)
        """
        label = label_text(value)
        require(
            value is not None and label in self.labels,
            f"The label of {self.name} is {value!r}, but must be one of: {', '.join(self.labels)}.",
        )
        return self.value(label)

    def value(self, label: str) -> Value:
        """Return the value of a label."""
        return label

    def expected(self, probabilities: Mapping[str, float] | None) -> float | None:
        """Return the expected value of a scored label: Σ k·p(k) over the numbers of the scale, p(yes) of a flag.

        None without probabilities, and for scales whose labels are no numbers.

        Examples
        --------
        >>> from syndisco_nb import Likert
        >>> Likert("toxicity", 1, 5).expected({"1": 0.5, "2": 0.2, "3": 0.15, "4": 0.1, "5": 0.05})
        2.0
        """
        if probabilities is None or self.value_type not in (int, bool):
            return None
        return math.fsum(float(self.value(label)) * share for label, share in probabilities.items())

    def parse(self, text: str) -> Value | None:
        """Return the value in a free answer, or None if it holds none, or several.

        A label counts if it stands alone, or after an anchor such as "Answer:" or the scale's name. Prose, refusals
        and negations hold none.

        Examples
        --------
        >>> from syndisco_nb import Likert
        >>> toxicity = Likert("toxicity", 1, 5)
        >>> [toxicity.parse(text) for text in ("**3**", "3/5", "Score (1-5): 3", "I would rate this 3.")]
        [3, 3, 3, None]
        """
        label = find_label(text, self.name, self.spellings())
        return None if label is None else self.value(label)

    def spellings(self) -> Mapping[str, Sequence[str]]:
        """Return the ways in which each label may be written in a free answer."""
        return {label: (label,) for label in self.labels}

    def arguments(self) -> dict[str, Any]:
        """Return the fields; without the unit, if that is the comment, as in designs of earlier versions."""
        return {name: value for name, value in asdict(self).items() if (name, value) != ("unit", COMMENT)}

    def settings(self) -> dict[str, Any]:
        """Return the type, the name, the labels, the instruction and the unit, unless that is the comment."""
        return {
            **super().settings(),
            "name": self.name,
            "labels": list(self.labels),
            "instruction": self.instruction(),
            **({} if self.unit == COMMENT else {"unit": self.unit}),
        }

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Return the scale with these recorded settings: the instruction is the question and how to answer it."""
        known = ("type", "name", "labels", "instruction")
        arguments = {name: value for name, value in settings.items() if name not in known}
        arguments |= {"name": settings["name"], **cls.arguments_of_labels(settings["labels"])}
        plain = cls(**arguments)
        how_to_answer = plain.instruction().removeprefix(plain.asks)
        return cls(**arguments, question=str(settings["instruction"]).removesuffix(how_to_answer))

    @classmethod
    def arguments_of_labels(cls, labels: Sequence[str]) -> dict[str, Any]:
        """Return the arguments that make a scale with these labels; none where all have the same."""
        return {}


def check_scales(scales: Any) -> tuple[Scale, ...]:
    """Return a tuple of scales; a single one is wrapped.

    Raises
    ------
    InvalidInputError
        If something else was given, or two scales have one name.
    """
    require(
        isinstance(scales, Scale) or (isinstance(scales, Iterable) and not isinstance(scales, str | Mapping)),
        f"scales is {short_repr(scales)}, but must be a scale, or a list of them. {_advice(scales)}",
        "scales",
    )
    given = (scales,) if isinstance(scales, Scale) else tuple(scales)
    for scale in given:
        *most, last = kinds_of(Scale)
        require(
            isinstance(scale, Scale),
            f"A scale is {short_repr(scale)}, but must be a {', '.join(most)} or {last}. {_advice(scale)}",
            "scales",
        )
    names = [scale.name for scale in given]
    require(
        len(set(names)) == len(names), f"The scales are called {names}. Give every scale a name of its own.", "scales"
    )
    return given


def with_question(messages: tuple[ChatMessage, ...], scale: Scale) -> tuple[ChatMessage, ...]:
    """Return the annotator's prompt, with the scale's question at its end.

    Parameters
    ----------
    messages : tuple of ChatMessage
        The prompt without the question.
    scale : Scale
    """
    *before, last = messages
    return (*before, ChatMessage(last.role, f"{last.content}\n\n{scale.instruction()}"))


def _advice(given: Any) -> str:
    """Return how to make a scale of what was given in the place of one."""
    name = short_repr(given if isinstance(given, str) else "toxicity", 60)
    return f"Give Likert({name}) for numbers from 1 to 5, or Flag({name}) for yes or no."
