"""The next label that a person is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from syndisco_nb.backend.scale import Scale
from syndisco_nb.records import Message, Transcript, Value
from syndisco_nb.shown import Shown


@dataclass(frozen=True, slots=True)
class OpenLabel(Shown):
    """The next label that a person is asked for.

    Attributes
    ----------
    discussion : str
        The name of the discussion.
    transcript : Transcript
    comments : tuple of Message
        The comments of the window; the last is the one to label.
    scale : Scale
        The question, its labels in the order in which they are shown.
    given : mapping of str to value
        The comment's labels so far, by scale; None where it was skipped.
    """

    discussion: str
    transcript: Transcript
    comments: tuple[Message, ...]
    scale: Scale
    given: Mapping[str, Value | None]

    @property
    def comment(self) -> Message:
        """The comment to label."""
        return self.comments[-1]

    def __repr__(self) -> str:
        return f"<OpenLabel: {self.scale.name} of comment {self.comment.index} of {self.discussion}>"
