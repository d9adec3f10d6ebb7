"""The JSON Schema of a design: editors complete and check ``study.yaml`` by it, other programs validate."""

import collections.abc
import functools
import inspect
import json
import os
import types
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import TypeAdapter

from syndisco_nb.backend.kinds import Kind, design_parameters, kinds_of
from syndisco_nb.backend.model import Model
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.backend.population import Quota
from syndisco_nb.backend.scale import Scale
from syndisco_nb.backend.stop_condition import StopCondition
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.builder.design import LEVEL_PATTERN, Design
from syndisco_nb.builder.documents import FORMAT
from syndisco_nb.builder.fields import MOST
from syndisco_nb.records import Sampling

SCHEMA_FILE = "study.schema.json"
"""The file with the schema, beside every design that is saved as YAML."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BASES: tuple[type[Kind], ...] = (Model, TurnManager, StopCondition, Scale)
_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    os.PathLike: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    types.NoneType: {"type": "null"},
    Any: {},
}
_TOPIC = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Opening"}},
    ]
}
_OPENING = {
    "title": "Opening",
    "description": "A comment that opens a discussion: its text, or its author and text.",
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"name": {"type": "string"}, "text": {"type": "string"}},
            "required": ["text"],
            "additionalProperties": False,
        },
    ],
}


def design_schema() -> dict[str, Any]:
    """Return the JSON Schema of a design, as `ExperimentBuilder.load` reads it.

    Settings that are plain values are described by pydantic, all others here: each kind of model, speaking order, stop
    condition and scale is an object with its arguments, told apart by ``type``.
    """
    schema = Design.model_json_schema()
    definitions = {name: one for name, one in schema["$defs"].items() if name != "Part"}
    for base in _BASES:
        definitions[base.__name__] = {"anyOf": [_ref(name) for name in kinds_of(base)]}
        definitions |= {name: _kind_schema(name, kind) for name, kind in kinds_of(base).items()}
    definitions |= {"Sampling": _sampling_schema(), "Persona": _persona_schema(), "Opening": _OPENING}
    definitions["Quota"] = TypeAdapter(Quota).json_schema()
    definitions["Annotator"]["properties"]["model"] |= _optional(_ref("Model"))
    properties = schema["properties"]
    for name, replaced in _setting_schemas().items():
        kept = {key: properties[name][key] for key in ("title", "description", "default") if key in properties[name]}
        properties[name] = kept | replaced
    for setting in properties.values():
        if "minimum" in setting:
            setting["maximum"] = MOST
    properties["vary"] |= {
        "properties": {name: _levels(properties[name]) for name in Design.VARIABLE},
        "additionalProperties": False,
    }
    header = {"format": {"const": FORMAT.name}, "version": {"type": "integer", "minimum": 1, "maximum": FORMAT.version}}
    return {
        "$schema": _DIALECT,
        "title": "A study of syndisco_nb",
        "description": schema["description"],
        "type": "object",
        "properties": {**header, **properties},
        "additionalProperties": False,
        "$defs": definitions,
    }


@functools.cache
def design_schema_text() -> str:
    """Return the schema as the text of a file."""
    return json.dumps(design_schema(), indent=2, ensure_ascii=False) + "\n"


def _setting_schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas of the settings that pydantic cannot know."""
    file = {"type": "string", "minLength": 1, "description": "The path of a file beside the design"}
    people = {"type": "array", "items": _ref("Persona")}
    drawn = {
        "type": "object",
        "properties": {"people": {"anyOf": [file, people]}, "quotas": {"type": "array", "items": _ref("Quota")}},
        "required": ["people", "quotas"],
        "additionalProperties": False,
    }
    return {
        "model": _optional(_ref("Model")),
        "models": {"type": "object", "additionalProperties": _ref("Model")},
        "participants": {"anyOf": [file, people, drawn]},
        "topics": {"anyOf": [file, {"type": "array", "items": _TOPIC}, {"type": "null"}]},
        "moderator": {"anyOf": [{"type": "string"}, _ref("Moderator"), {"type": "null"}]},
        "turn_taking": _optional(_ref("TurnManager")),
        "stop": _one_or_more(_ref("StopCondition")),
        "annotators": _one_or_more(_ref("Annotator")),
        "scales": {"type": "array", "items": _ref("Scale")},
        "seed": _optional({"type": "integer", "minimum": 0}),
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _optional(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_or_more(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


def _levels(setting: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of the levels of a varied setting."""
    value = {key: one for key, one in setting.items() if key not in ("default", "title")}
    return {
        "type": "object",
        "minProperties": 2,
        "propertyNames": {"pattern": f"^{LEVEL_PATTERN}$"},
        "additionalProperties": value,
    }


def _kind_schema(name: str, kind: type[Kind]) -> dict[str, Any]:
    """Return the schema of a part of this kind."""
    constructor = kind.constructor()
    words, of_arguments = _descriptions(constructor)
    properties: dict[str, Any] = {"type": {"const": name}}
    required = ["type"]
    for parameter in design_parameters(constructor):
        properties[parameter.name] = _value_schema(parameter.annotation)
        if text := of_arguments.get(parameter.name):
            properties[parameter.name]["description"] = text
        if parameter.default is inspect.Parameter.empty:
            required.append(parameter.name)
        elif parameter.default is not None:
            properties[parameter.name]["default"] = parameter.default
    return _object(name, words, properties, required)


def _sampling_schema() -> dict[str, Any]:
    words, of_fields = _descriptions(Sampling)
    kinds = inspect.get_annotations(Sampling, eval_str=True)
    properties = {one.name: _value_schema(kinds[one.name]) for one in fields(Sampling)}
    return _object(
        "Sampling", words, {name: one | {"description": of_fields[name]} for name, one in properties.items()}, []
    )


def _persona_schema() -> dict[str, Any]:
    """Return the schema of a person; columns may have other headings, and there may be further ones."""
    words, of_fields = _descriptions(LLMPersona)
    properties = {name: {"description": text} for name, text in of_fields.items() if not name.startswith("*")}
    properties["username"]["type"] = "string"
    return {"title": "Persona", "description": words, "type": "object", "properties": properties}


def _object(title: str, words: str, properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "title": title,
        "description": words,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _descriptions(documented: Any) -> tuple[str, dict[str, str]]:
    """Return the first line of a docstring, and the description of each parameter on one line, or that of its base."""
    from docstring_parser import DocstringStyle, parse

    bases = documented.__mro__[1:-1] if isinstance(documented, type) else ()
    described: dict[str, str] = {}
    for one in (documented, *bases):
        doc = parse(inspect.cleandoc(one.__doc__ or ""), DocstringStyle.NUMPYDOC)
        for parameter in doc.params:
            for name in parameter.arg_name.split(","):
                if parameter.description:
                    described.setdefault(name.strip(), " ".join(parameter.description.split()))
    own = parse(inspect.cleandoc(documented.__doc__ or ""), DocstringStyle.NUMPYDOC)
    return own.short_description or "", described


def _value_schema(annotation: Any) -> dict[str, Any]:
    """Return the schema of an argument's values in a file; functions, which no file holds, are left out."""
    origin, arguments = get_origin(annotation) or annotation, get_args(annotation)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        found = [_value_schema(one) for one in arguments if get_origin(one) is not collections.abc.Callable]
        return {"anyOf": found} if len(found) > 1 else found[0]
    if origin in _PLAIN:
        return dict(_PLAIN[origin])
    if origin is collections.abc.Mapping:
        return {"type": "object", "additionalProperties": _value_schema(arguments[1])}
    if origin in (collections.abc.Sequence, collections.abc.Iterable):
        return {"type": "array", "items": _value_schema(arguments[0])}
    return _ref(origin.__name__)  # a kind, or a `Sampling`
