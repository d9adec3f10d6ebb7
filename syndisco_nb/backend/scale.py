"""The base of all scales: a question, its labels, and how a label is read out of an answer."""

import abc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syndisco_nb.backend.answers import find_label
from syndisco_nb.errors import require, require_text
from syndisco_nb.records import Value
from syndisco_nb.shown import Shown
from syndisco_nb.wording import label_text


@dataclass(frozen=True)
class Scale(Shown, abc.ABC):
    """The base of all scales. The question, and how to answer it, always stand at the end of the prompt.

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
        """Return what a label means."""
        return label

    def parse(self, text: str) -> Value | None:
        """Return the value in a free answer, or None if it holds none, or several.

        A label counts that stands alone, or after an anchor such as "Answer:" or the scale's name; prose, refusals and
        negations hold none.

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
        """Return how each label may be written in a free answer."""
        return {label: (label,) for label in self.labels}

    def settings(self) -> dict[str, Any]:
        """Return what is recorded of the scale."""
        return {
            "type": type(self).__name__,
            "name": self.name,
            "labels": list(self.labels),
            "instruction": self.instruction(),
        }
