"""What a model was asked when it failed, kept with the error."""

from dataclasses import dataclass

from syndisco_nb.records import ChatMessage

_ASKED = "_syndisco_nb_asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model was asked.

    Attributes
    ----------
    turn : int
        The turn of the discussion, or the index of the comment to label.
    prompt : tuple of ChatMessage
        What the model was sent.
    """

    turn: int
    prompt: tuple[ChatMessage, ...]


def asked_when(error: Exception) -> Asked | None:
    """Return what a model was asked when a job failed with this error, if it was asked."""
    asked = getattr(error, _ASKED, None)
    return asked if isinstance(asked, Asked) else None


def note(error: Exception, asked: Asked) -> None:
    """Keep with an error what was asked."""
    setattr(error, _ASKED, asked)
