"""`FreeText`: any text."""

from dataclasses import dataclass

from syndisco_nb.backend.scale.scale import NAME, Scale
from syndisco_nb.errors import require
from syndisco_nb.records import Value


@dataclass(frozen=True)
class FreeText(Scale):
    """Any text; an empty answer counts as none.

    Parameters
    ----------
    name : str
    question : str, optional
    unit : {"comment", "participant", "discussion"}
        The subject of an answer; see `Scale`.

    Examples
    --------
    >>> FreeText("topic").instruction()
    'Describe the topic of the comment.'
    """

    form_label = "Free text"
    form_rank = 4

    @property
    def labels(self) -> tuple[str, ...]:
        """Empty: any text is allowed."""
        return ()

    @property
    def asks(self) -> str:
        """The question."""
        subject = {"comment": "the comment", "participant": f"{NAME} in the discussion", "discussion": "the discussion"}
        return self.question or f"Describe the {self.name} of {subject[self.unit]}."

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
