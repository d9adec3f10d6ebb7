"""Facts of this package in the meta of a ConvoKit corpus, beside those that other tools recorded.

ConvoKit has few fields of its own, and meta for all others. Ours lie flat in the meta, so that ConvoKit's tables have
them as columns. Where recorded meta has one of their names, all of it goes into the field ``meta``.
"""

from collections.abc import Collection, Mapping
from typing import Any, Self

from pydantic import BaseModel, Field

from syndisco_nb.formats.foreign_records import foreign_participant
from syndisco_nb.records import HUMAN, Label, Message, MessageRole, Parent, Participant, Unit, Value
from syndisco_nb.runs.file_format import FileFormat

CONVOKIT = FileFormat("syndisco_nb/convokit", 1)
"""The header in ``corpus.json`` by which a corpus of this package is known."""

_META = "meta"
_DESCRIBED = ("type", "model", "context", "instructions", "prompt_format", "model_digest")


class ConvokitLabel(BaseModel):
    """A label in the meta of an utterance or a conversation; fields as in `Label`, `annotator` a name in the corpus."""

    annotator: str
    scale: str = ""
    value: Value | None = None
    probabilities: dict[str, float] | None = None
    mass: float | None = None
    options: tuple[str, ...] = ()
    raw: str | None = None
    model: str = ""
    unit: Unit = "comment"
    name: str = ""

    @classmethod
    def of(cls, label: Label, annotator: str) -> "ConvokitLabel":
        """Return a label as it is written.

        Parameters
        ----------
        label : Label
        annotator : str
            Name of the annotator in the corpus.
        """
        fields = {name: getattr(label, name) for name in ("scale", "value", "mass", "options", "model", "unit")}
        name = label.name if label.unit == "participant" else ""
        probabilities = dict(label.probabilities) if label.probabilities is not None else None
        return cls(annotator=annotator, name=name, probabilities=probabilities, raw=label.generation.raw, **fields)


class UtteranceFields(BaseModel):
    """Fields of a message that an utterance has not."""

    turn: int = 0
    role: MessageRole = "participant"
    model: str = ""
    speaks_for: tuple[str, ...] = ()
    labels: list[ConvokitLabel] = []
    meta: dict[str, Any] | None = None

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


class SpeakerFields(BaseModel):
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
    meta: dict[str, Any] | None = None

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
    settings: dict[str, Any] = {}
    meta: dict[str, Any] | None = None


class ConversationFields(BaseModel):
    """Fields of a transcript that a conversation has not."""

    discussion_id: str | None = None
    seed: int | None = None
    topic: str = ""
    users: list[str] | None = None
    moderator: str | None = None
    settings: dict[str, Any] = {}
    parent: Parent | None = None
    ended: str | None = None
    replies_recorded: bool = True
    annotations: list[ConvokitAnnotations] = []
    labels: list[ConvokitLabel] = []
    meta: dict[str, Any] | None = None


class ConvokitAnnotator(SpeakerFields):
    """An annotator of the corpus."""

    index: int = 0


class CorpusFields(BaseModel):
    """Meta of a whole corpus."""

    has_ai: bool = False
    annotators: dict[str, ConvokitAnnotator] = Field(default_factory=dict)


def joined(own: BaseModel, flat: Mapping[str, Any], recorded: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the meta of an object.

    Parameters
    ----------
    own : BaseModel
        Our fields; those that have their default are left out.
    flat : mapping
        Values that follow from `own`, for use in ConvoKit.
    recorded : mapping or None
        The meta that another tool recorded.
    """
    ours = own.model_dump(mode="json", exclude_defaults=True)
    names = type(own).model_fields.keys()
    shown = {name: value for name, value in flat.items() if name not in names}
    if not recorded:
        return ours | shown
    if recorded.keys() & (names | shown.keys()):
        return ours | shown | {_META: dict(recorded)}
    return ours | shown | dict(recorded)


def recorded_part(own: BaseModel, flat: Collection[str], meta: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the meta that another tool recorded, or None: the reverse of `joined`.

    Parameters
    ----------
    own : BaseModel
        Our fields in the meta.
    flat : collection of str
        The names of the values that follow from them.
    meta : mapping
        The meta of the object.
    """
    names = type(own).model_fields.keys()
    others = {name: value for name, value in meta.items() if name not in names and name not in flat}
    nested: dict[str, Any] | None = getattr(own, _META)
    return (nested or {}) | others or None


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
