"""`InspectLog`: a log of Inspect, of its zip format ``.eval`` or of its older JSON format, parsed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pydantic_core
from pydantic import BaseModel, Field, TypeAdapter

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.inspect.inspect_fields import HEADER, SAMPLES, START
from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.runs.serialization import validated

_ATTACHMENT = "attachment://"


class InspectScore(BaseModel):
    """A score of a sample."""

    value: Any = None
    answer: str | None = None
    explanation: str | None = None
    metadata: dict[str, Any] | None = None


class InspectSample(BaseModel):
    """A sample of a log: its chat and scores."""

    id: int | str
    epoch: int = 1
    input: str | list[dict[str, Any]] = ""
    target: str | list[str] = ""
    messages: list[dict[str, Any]] = Field(default_factory=list)
    scores: dict[str, InspectScore] | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    error: dict[str, Any] | None = None
    attachments: dict[str, str] = Field(default_factory=dict)

    @property
    def chat(self) -> list[dict[str, Any]]:
        """The messages; those of the input if there are no others."""
        texts = [{"role": "user", "content": self.input}] if isinstance(self.input, str) else self.input
        found: list[dict[str, Any]] = _attached(self.messages or texts, self.attachments)
        return found


class InspectEvaluation(BaseModel):
    """The settings of an evaluation."""

    task: str = ""
    model: str = ""
    metadata: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class InspectLog:
    """A log.

    Attributes
    ----------
    name : str
        Name of the file.
    evaluation : InspectEvaluation
    samples : list of InspectSample
    """

    name: str
    evaluation: InspectEvaluation
    samples: list[InspectSample]

    @classmethod
    def read(cls, source: SourceFile) -> "InspectLog":
        """Return the log in a file; raise `RecordError` if a part of it is broken."""
        if source.members:
            header = _member(source, HEADER if HEADER in source.members else START)
            names = dict.fromkeys(name for name in source.members if _is_sample(name))
            samples = ((name, _member(source, name)) for name in names)
        else:
            header = json_log(source)
            given = header.get("samples")
            samples = ((f"sample {place}", one) for place, one in enumerate(given if isinstance(given, list) else ()))
        evaluation = validated(_EVALUATION, header.get("eval") or {}, source.name)
        found = [validated(_SAMPLE, one, f"{source.name}, {name}") for name, one in samples]
        if not found:
            raise RecordError(f"{source.name} is a log of Inspect without samples: only those hold discussions.")
        return cls(source.name, evaluation, found)


_SAMPLE, _EVALUATION = TypeAdapter(InspectSample), TypeAdapter(InspectEvaluation)


def is_inspect_log(source: SourceFile) -> bool:
    """Return whether a file is a log of Inspect, of either format."""
    if source.members:
        return any(name in source.members for name in (HEADER, START)) and any(map(_is_sample, source.members))
    return bool(json_log(source))


def json_log(source: SourceFile) -> dict[str, Any]:
    """Return the content of a log in JSON; empty if it is none.

    Parameters
    ----------
    source : SourceFile
    """
    document = source.document
    if source.json_fault and "NaN" in source.text:
        try:
            document = _finite(pydantic_core.from_json(source.text))
        except ValueError:
            return {}
    known = isinstance(document, dict) and isinstance(document.get("eval"), dict) and "task" in document["eval"]
    return document if known else {}


def _member(source: SourceFile, name: str) -> dict[str, Any]:
    try:
        content = _finite(pydantic_core.from_json(source.member(name)))
    except RecordError:
        raise
    except ValueError as error:
        raise RecordError(f"{source.name} cannot be read: {name} in it is invalid JSON: {error}.") from None
    if not isinstance(content, dict):
        raise RecordError(f"{source.name} cannot be read: {name} in it holds no JSON object.")
    return content


def _is_sample(name: str) -> bool:
    return name.startswith(SAMPLES) and name.endswith(".json")


def _finite(value: Any) -> Any:
    """Return plain data in which None stands for the numbers that JSON does not have: Inspect writes NaN."""
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _attached(value: Any, attachments: Mapping[str, str]) -> Any:
    """Return plain data in which texts that Inspect keeps apart are in their places."""
    if isinstance(value, dict):
        return {name: _attached(one, attachments) for name, one in value.items()}
    if isinstance(value, list):
        return [_attached(one, attachments) for one in value]
    if isinstance(value, str) and value.startswith(_ATTACHMENT):
        return attachments.get(value.removeprefix(_ATTACHMENT), value)
    return value
