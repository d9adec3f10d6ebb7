"""Units of a discussion that an annotator labels: its comments, its participants, or the whole."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

from syndisco_nb.backend.scale import COMMENT, Scale
from syndisco_nb.records import Label, LabelKey, MessageRole, Transcript, Unit


@dataclass(frozen=True, slots=True)
class LabelledUnit:
    """A comment, a participant in a discussion, or a whole discussion; fields as in `Label`."""

    unit: Unit
    name: str
    text: str
    comment: int | None = None
    role: MessageRole | Literal[""] = ""
    turn: int | None = None

    def key(self, scale: Scale | None = None) -> LabelKey:
        """Return the key of its label on a scale."""
        place = self.name if self.comment is None else self.comment
        return LabelKey(self.unit, place, scale.name if scale else "")

    def label(self, **answer: Any) -> Label:
        """Return a label of it.

        Parameters
        ----------
        **answer
            All fields of `Label` but those that are here.
        """
        return Label(**asdict(self), **answer)


class AskedLabel(NamedTuple):
    """A label to give: the unit that it is about, and its scale; None where any text is asked for."""

    unit: LabelledUnit
    scale: Scale | None

    @property
    def key(self) -> LabelKey:
        """The key of the label."""
        return self.unit.key(self.scale)


def labelled_units(
    transcript: Transcript, scales: Sequence[Scale] = (), comments: Collection[int] | None = None
) -> tuple[AskedLabel, ...]:
    """Return all labels that an annotator gives to a discussion, in order.

    Labels of comments come first, comment by comment; then those of participants, in the order of the transcript, and
    of the whole discussion. Participants are those of whom it holds a comment, and neither moderator nor guests; their
    openings do not count, since nobody generated them.

    Parameters
    ----------
    transcript : Transcript
    scales : sequence of Scale
        Each is asked of its own unit. Without any, one text is asked of each comment.
    comments : collection of int, optional
        `Message.index` of the comments to label; by default all. Other units are labelled whatever it holds.
    """
    asked = []
    for unit in all_units(transcript):
        if unit.comment is None or comments is None or unit.comment in comments:
            asked += [AskedLabel(unit, scale) for scale in scales if scale.unit == unit.unit]
            if not scales and unit.unit == COMMENT:
                asked.append(AskedLabel(unit, None))
    return tuple(asked)


def scale_units(scales: Sequence[Scale]) -> dict[str, Unit]:
    """Return the unit that each scale is asked of, by its name; without scales, any text is asked of comments."""
    return {scale.name: scale.unit for scale in scales} or {"": COMMENT}


def all_units(transcript: Transcript) -> Iterator[LabelledUnit]:
    """Yield the comments of a discussion, its participants, and itself as a whole; see `labelled_units`."""
    for message in transcript.comments:
        yield LabelledUnit(COMMENT, message.name, message.text, message.index, message.role, message.turn)
    for user in transcript.users:
        own = [message.text for message in transcript if (message.name, message.role) == (user.name, "participant")]
        if own:
            yield LabelledUnit("participant", user.name, "\n\n".join(own), role="participant")
    yield LabelledUnit("discussion", "", "\n\n".join(map(str, transcript.comments)))
