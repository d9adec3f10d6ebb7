"""Facts of this package in the meta of a ConvoKit corpus, beside those that other tools recorded.

ConvoKit has few fields of its own, and meta for all others. Ours lie flat in the meta, so that ConvoKit's tables have
them as columns; see `own_fields`.
"""

from collections.abc import Collection
from typing import Any, ClassVar, Self

from pydantic import BaseModel, Field

from syndisco_nb.formats.foreign_records import foreign_participant
from syndisco_nb.formats.own.own_fields import OwnFields
from syndisco_nb.formats.written_labels import LabelSettings, WrittenLabel, written_fields
from syndisco_nb.records import HUMAN, Label, Message, MessageRole, Parent, Participant
from syndisco_nb.runs.file_format import FileFormat

CONVOKIT = FileFormat("syndisco_nb/convokit", 1)
"""The header in ``corpus.json`` by which a corpus of this package is known."""

_DESCRIBED = ("type", "model", "context", "instructions", "prompt_format", "model_digest")


class ConvokitLabel(WrittenLabel):
    """A label in the meta of an utterance or a conversation, by the annotator of this name in the corpus."""

    annotator: str

    @classmethod
    def by(cls, annotator: str, label: Label) -> Self:
        """Return a label as it is written; the utterance tells its comment.

        Parameters
        ----------
        annotator : str
        label : Label
        """
        return cls(annotator=annotator, **written_fields(label))


class UtteranceFields(OwnFields):
    """Fields of a message that an utterance has not."""

    always: ClassVar[frozenset[str]] = frozenset({"turn", "role", "model"})

    turn: int = 0
    role: MessageRole = "participant"
    model: str = ""
    speaks_for: tuple[str, ...] = ()
    labels: list[ConvokitLabel] = Field(default_factory=list)

    @classmethod
    def of(cls, message: Message, labels: list[ConvokitLabel]) -> "UtteranceFields":
        """Return the fields of a message.

        Parameters
        ----------
        message : Message
        labels : list of ConvokitLabel
        """
        fields = {name: getattr(message, name) for name in ("turn", "role", "model", "speaks_for")}
        return cls(labels=labels, **fields)


class SpeakerFields(OwnFields):
    """Fields of a participant that a speaker has not."""

    name: str = ""
    type: str = "user"
    model: str = ""
    attributes: tuple[str, ...] | None = None
    context: str = ""
    instructions: str = ""
    prompt_format: str = ""
    model_digest: str = ""
    is_ai: bool = False

    @classmethod
    def of(cls, speaker: Participant) -> Self:
        """Return the fields of a participant; attributes only if its meta does not show them already."""
        shown = foreign_participant(speaker.name, meta=speaker.meta).attributes == speaker.attributes
        fields = {name: getattr(speaker, name) for name in _DESCRIBED}
        return cls(attributes=None if shown else speaker.attributes, is_ai=speaker.model != HUMAN, **fields)


class ConvokitAnnotations(BaseModel):
    """The labels of an annotator in a conversation, but for the labels themselves."""

    annotator: str
    seed: int | None = None
    settings: LabelSettings = Field(default_factory=dict)
    meta: dict[str, Any] | None = None


class ConversationFields(OwnFields):
    """Fields of a transcript that a conversation has not."""

    discussion_id: str | None = None
    seed: int | None = None
    topic: str = ""
    users: list[str] | None = None
    moderator: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    parent: Parent | None = None
    ended: str | None = None
    replies_recorded: bool = True
    annotations: list[ConvokitAnnotations] = Field(default_factory=list)
    labels: list[ConvokitLabel] = Field(default_factory=list)


class ConvokitAnnotator(SpeakerFields):
    """An annotator of the corpus."""

    index: int = 0


class CorpusFields(BaseModel):
    """Meta of a whole corpus."""

    has_ai: bool = False
    annotators: dict[str, ConvokitAnnotator] = Field(default_factory=dict)


def participant_of(own: SpeakerFields, name: str, recorded: dict[str, Any] | None) -> Participant:
    """Return the participant of a speaker: the reverse of `SpeakerFields.of`.

    Parameters
    ----------
    own : SpeakerFields
    name : str
    recorded : dict or None
        The meta that another tool recorded.
    """
    fields: dict[str, Any] = {field: getattr(own, field) for field in _DESCRIBED}
    fields |= {} if own.attributes is None else {"attributes": own.attributes}
    return foreign_participant(name, meta=recorded, **fields)


def flat_attributes(attributes: Collection[str]) -> dict[str, str]:
    """Return attributes such as "age: 34" as a mapping; others are left out.

    Examples
    --------
    >>> flat_attributes(["age: 34", "likes tea"])
    {'age': '34'}
    """
    pairs = (attribute.partition(": ") for attribute in attributes)
    return {name: value for name, colon, value in pairs if colon and name.isidentifier()}
