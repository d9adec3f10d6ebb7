"""Records: plain, immutable data that runs write, pages show and analysis reads.

A `Transcript` is one discussion; an `AnnotationSet` holds the labels that one annotator gave to one discussion. Their
fields are the fields of the JSON files, which `runs.serialization` writes and reads.
"""

from syndisco_nb.records.annotation_set import LOW_MASS, AnnotationSet, Label, LabelKey, Unit, Value, median_mass
from syndisco_nb.records.generation import ChatMessage, ChatRole, FinishReason, Generation, Sampling, Trim
from syndisco_nb.records.record_list import Records
from syndisco_nb.records.transcript import (
    GUEST,
    HARDCODED,
    HUMAN,
    UNFINISHED,
    Message,
    MessageRole,
    Parent,
    Participant,
    Transcript,
    remark,
)

__all__ = [
    "GUEST",
    "HARDCODED",
    "HUMAN",
    "LOW_MASS",
    "UNFINISHED",
    "AnnotationSet",
    "ChatMessage",
    "ChatRole",
    "FinishReason",
    "Generation",
    "Label",
    "LabelKey",
    "Message",
    "MessageRole",
    "Parent",
    "Participant",
    "Records",
    "Sampling",
    "Transcript",
    "Trim",
    "Unit",
    "Value",
    "median_mass",
    "remark",
]
