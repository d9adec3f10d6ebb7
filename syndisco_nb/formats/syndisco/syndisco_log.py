"""The logs of SynDisco, of all its versions: their shapes, and how they are told apart.

A discussion's log has ``logs`` with an entry for each comment: ``[name, text]`` in 2024, an object with ``name``,
``text``, ``model`` and, since 2.1, ``prompt`` later. The log of an annotator has ``[comment, label]`` up to 2.0. Since
2.1 its entries have the shape of a discussion's, with the label as ``text``, and the type of the prompt alone tells.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, TypeAdapter

from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.formats.syndisco.syndisco_prompts import read_prompt
from syndisco_nb.records import HARDCODED
from syndisco_nb.runs.serialization import validated

_OF_DISCUSSIONS = {"users", "user_prompts", "moderator", "moderator_prompt"}
_OF_ANNOTATIONS = {"conv_id", "annotator_model", "annotator_type", "annotator_prompt"}
ALL_KEYS = (
    *("id", "conv_id", "timestamp", "users", "user_types", "moderator", "moderator_type", "user_prompts"),
    *("moderator_prompt", "annotator_model", "annotator_type", "annotator_prompt", "ctx_length", "logs"),
)
"""All that a log may have at its top."""


class LogEntry(BaseModel, extra="allow"):
    """An entry of a discussion's log, or of an annotator's since 2.1; a prompt is among `more`."""

    name: str
    text: str
    model: str = ""

    @property
    def more(self) -> dict[str, Any]:
        """All other fields."""
        return self.model_extra or {}


def _named(entry: Any) -> Any:
    is_pair = isinstance(entry, list) and len(entry) == 2
    return {"name": entry[0], "text": entry[1]} if is_pair else entry


class DiscussionLog(BaseModel):
    """The log of a discussion."""

    id: str | int | None = None
    users: list[str] | None = None
    moderator: str | None = None
    user_prompts: list[str | dict[str, Any] | None] | None = None
    moderator_prompt: str | dict[str, Any] | None = None
    logs: list[Annotated[LogEntry, BeforeValidator(_named)]]


class AnnotationLog(BaseModel):
    """The log of an annotator up to 2.0; each entry is a comment and its label."""

    conv_id: str | int
    annotator_model: str | None = None
    annotator_type: str | None = None
    annotator_prompt: str | dict[str, Any] | None = None
    logs: list[tuple[str, str]]


class NamedAnnotationLog(BaseModel):
    """The log of an annotator since 2.1; the text of an entry is the label."""

    logs: list[LogEntry]


_ADAPTERS: dict[type[BaseModel], TypeAdapter[Any]] = {
    kind: TypeAdapter(kind) for kind in (DiscussionLog, AnnotationLog, NamedAnnotationLog)
}


def kind_of_log(source: SourceFile) -> type[BaseModel] | None:
    """Return the shape of a log; None if the file is none of SynDisco's."""
    document = source.document
    if not isinstance(document, dict) or not isinstance(document.get("logs"), list) or "format" in document:
        return None
    if not document.keys().isdisjoint(_OF_ANNOTATIONS):
        return AnnotationLog
    entries = document["logs"]
    first = entries[0] if entries else None
    if isinstance(first, dict) and not first.keys().isdisjoint(("name", "text")):
        return NamedAnnotationLog if _all_by_annotators(entries) else DiscussionLog
    is_pair = isinstance(first, list) and len(first) == 2
    return DiscussionLog if is_pair or not document.keys().isdisjoint((*_OF_DISCUSSIONS, "timestamp")) else None


def read_log(source: SourceFile, kind: type[BaseModel]) -> Any:
    """Return a log in its shape, or raise `RecordError` that names the entry that is wrong.

    Parameters
    ----------
    source : SourceFile
    kind : type
        As `kind_of_log` returns it.
    """
    return validated(_ADAPTERS[kind], source.document, f"{source.name}, a log of SynDisco,")


def _all_by_annotators(entries: list[Any]) -> bool:
    """Return whether the prompts say that an annotator wrote every entry whose prompt is known."""
    prompts = {
        str(entry["prompt"]): entry["prompt"]
        for entry in entries
        if isinstance(entry, dict) and entry.get("prompt") and entry.get("model") != HARDCODED
    }
    return bool(prompts) and all(read_prompt(prompt).type == "annotator" for prompt in prompts.values())
