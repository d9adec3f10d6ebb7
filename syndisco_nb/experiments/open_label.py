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
    blind : bool
        Whether the person must not learn the condition, which the name of the discussion tells.
    """

    discussion: str
    transcript: Transcript
    comments: tuple[Message, ...]
    scale: Scale
    given: Mapping[str, Value | None]
    blind: bool = False

    @property
    def comment(self) -> Message:
        """The comment to label."""
        return self.comments[-1]

    @property
    def title(self) -> str:
        """The scale, and the place of the comment as the person may know it."""
        # A moderator adds comments, so that their number would tell the condition, too.
        comment = self.comment
        place = f"turn {comment.turn}" if self.blind else f"comment {comment.index} of {self.discussion}"
        return f"{self.scale.name} of {place}"

    def __repr__(self) -> str:
        return f"<OpenLabel: {self.title}>"
