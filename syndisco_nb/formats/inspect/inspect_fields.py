"""Fields of this package in the metadata of an Inspect log, beside those that other tools recorded."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, Field

from syndisco_nb.formats.own.own_fields import OwnFields
from syndisco_nb.formats.written_labels import LabelSettings, WrittenLabel
from syndisco_nb.records import Message, MessageRole, Parent, Participant
from syndisco_nb.runs.file_format import FileFormat

INSPECT = FileFormat("syndisco_nb/inspect", 1)
"""The header in the metadata of an evaluation by which a log of this package is known."""

HEADER, START, SUMMARIES, SAMPLES = "header.json", "_journal/start.json", "summaries.json", "samples/"
"""The files in a log."""


class ChatFields(OwnFields):
    """Fields of a message that a chat message has not."""

    always: ClassVar[frozenset[str]] = frozenset({"index", "turn", "name", "role", "model"})

    index: int = 0
    name: str = ""
    role: MessageRole = "participant"
    turn: int = 0
    model: str = ""
    reply_to: int | None = None
    speaks_for: tuple[str, ...] = ()

    @classmethod
    def of(cls, message: Message, **fields: Any) -> Self:
        """Return the fields of a message, and further ones."""
        own = {name: getattr(message, name) for name in cls.model_fields if name != "meta"}
        return cls(**own | fields)


class ScorerFields(BaseModel):
    """An annotator of a discussion."""

    annotator: Participant
    index: int = 0
    seed: int | None = None
    settings: LabelSettings = Field(default_factory=dict)
    meta: dict[str, Any] | None = None


class SampleFields(OwnFields):
    """Fields of a transcript that a sample has not."""

    discussion_id: str | None = None
    seed: int | None = None
    users: tuple[Participant, ...] = ()
    moderator: Participant | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    parent: Parent | None = None
    ended: str | None = None
    silences: list[ChatFields] = Field(default_factory=list)
    annotations: list[ScorerFields] = Field(default_factory=list)


class ScoreFields(BaseModel):
    """The labels behind a score: those of one annotator, by its place among the annotations, on one scale."""

    annotation: int
    labels: list[WrittenLabel]
