"""The label that a person is asked for, and those given before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from syndisco_nb.backend.scale import Scale
from syndisco_nb.jobs.labelled_units import LabelledUnit
from syndisco_nb.records import LabelKey, Message, Transcript, Value
from syndisco_nb.records.unit_names import unit_text
from syndisco_nb.shown import Shown


class GivenLabel(NamedTuple):
    """A label that a person has given or skipped.

    Attributes
    ----------
    position : int
        Its place in the order in which labels are asked for, for `Labelling.go_to`.
    name, text : str
        As in `Label`.
    scale : str
        Name of the scale.
    value : bool, int, str or None
        None if it was skipped.
    """

    position: int
    name: str
    text: str
    scale: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class OpenLabel(Shown):
    """The next label that a person is asked for.

    Attributes
    ----------
    discussion : str
        The name of the discussion.
    transcript : Transcript
    comments : tuple of Message
        The comments of the window, of which the last is the one to label; or the whole discussion.
    unit : LabelledUnit
        The comment, participant or discussion to label.
    scale : Scale
        The question, with the participant's name in it; its labels in the order in which they are shown.
    given : mapping of str to value
        The labels of the same unit so far, by scale, the one that is asked for included if it was given before; None
        where it was skipped.
    blind : bool
        Whether the person must not learn the condition, which the name of the discussion tells.
    """

    discussion: str
    transcript: Transcript
    comments: tuple[Message, ...]
    unit: LabelledUnit
    scale: Scale
    given: Mapping[str, Value | None]
    blind: bool = False

    @property
    def comment(self) -> Message | None:
        """The comment to label; None where a participant or a whole discussion is labelled."""
        return None if self.unit.comment is None else self.comments[-1]

    @property
    def key(self) -> LabelKey:
        """The key of the label."""
        return self.unit.key(self.scale)

    @property
    def title(self) -> str:
        """The scale, and the place of the comment as the person may know it."""
        # A moderator adds comments, so that their number would tell the condition, too.
        place = str(self.key)
        if self.blind and self.unit.comment is not None:
            place = f"turn {self.unit.turn}"
        return f"{self.scale.name} of {place}{'' if self.blind else f', {unit_text(self.discussion)}'}"

    def __repr__(self) -> str:
        return f"<OpenLabel: {self.title}>"
