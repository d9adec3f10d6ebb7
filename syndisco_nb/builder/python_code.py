"""The Python that makes a design."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.backend.population import Sample
from syndisco_nb.backend.topics import Opening
from syndisco_nb.builder.design import Design, Moderator
from syndisco_nb.builder.parts import Part

_INDENT = "    "
_TOGETHER = {  # what is set by the method of another setting
    "per_discussion": "participants",
    "scales": "annotators",
    "annotation_window": "annotators",
    "window_counts": "window",
}
_ARGUMENTS = {  # what a setting is called there, if not by its own name
    "annotation_window": "window",
    "window_counts": "counts",
}


def to_code(design: Design) -> str:
    """Return code that imports what it needs and names the builder `study`; defaults are left out."""
    usual = Design()
    own = {name: getattr(design, name) for name in Design.model_fields}
    own = {name: value for name, value in own.items() if value != getattr(usual, name)}
    seed = own.pop("seed", None)
    methods = dict.fromkeys(_TOGETHER.get(name, name) for name in sorted(own, key="models".__eq__))  # names come first
    calls = [call for method in methods for call in _calls(method, own)]
    lines = [f"snb.ExperimentBuilder({'' if seed is None else f'seed={seed}'})", *calls]
    body = "".join(f"{_INDENT}{line}\n" for line in lines)
    return f"import syndisco_nb as snb\n\nstudy = (\n{body})\n"


def _calls(method: str, own: Mapping[str, Any]) -> list[str]:
    """Return the calls of a method that make these settings."""
    if method == "models":
        return [f".model({part.code()}, of=[{name!r}])" for name, part in own["models"].items()]
    if method == "vary":
        return [_call(method, own["vary"])]
    if method == "moderator":
        return [_call(method, _given(own["moderator"]))]
    together = [name for name, other in _TOGETHER.items() if other == method]
    if together:
        given = {_ARGUMENTS.get(name, name): own[name] for name in (method, *together) if name in own}
        return [_call(method, given, method)]
    return [f".{method}({_code(own[method])})"]


def _call(method: str, arguments: Mapping[str, Any], first: str = "") -> str:
    """Return a call with named arguments, but for the first."""
    texts = [f"{'' if name == first else f'{name}='}{_code(value)}" for name, value in arguments.items()]
    return f".{method}({', '.join(texts)})"


def _code(value: Any, depth: int = 1) -> str:
    """Return the expression that makes a value; collections of what is no plain text or number take a line each."""
    if isinstance(value, Part):
        return value.code()
    if isinstance(value, LLMPersona):
        return f"snb.{value!r}"
    if isinstance(value, Moderator) and list(_given(value)) == ["instructions"]:
        return repr(value.instructions)
    if isinstance(value, BaseModel):
        value = _given(value)
    if isinstance(value, Opening):
        return repr({"name": value.name, "text": value.text} if value.name else value.text)
    if isinstance(value, Sample) and value.quotas:
        return f"snb.Sample({_code(tuple(value), depth)}, quotas={_code([asdict(one) for one in value.quotas], depth)})"
    if isinstance(value, Mapping):
        return _lines("{}", [f"{name!r}: {_code(one, depth + 1)}" for name, one in value.items()], depth)
    if isinstance(value, tuple | list):
        return _lines("[]", [_code(one, depth + 1) for one in value], depth)
    return repr(value)


def _lines(brackets: str, parts: list[str], depth: int) -> str:
    if sum(map(len, parts)) < 80:
        return f"{brackets[0]}{', '.join(parts)}{brackets[1]}"
    inner = "".join(f"{_INDENT * (depth + 1)}{part},\n" for part in parts)
    return f"{brackets[0]}\n{inner}{_INDENT * depth}{brackets[1]}"


def _given(data: BaseModel) -> dict[str, Any]:
    """Return the fields that differ from their defaults; the moderator's instructions always."""
    return {
        name: getattr(data, name)
        for name, field in type(data).model_fields.items()
        if getattr(data, name) != field.default or (isinstance(data, Moderator) and name == "instructions")
    }
