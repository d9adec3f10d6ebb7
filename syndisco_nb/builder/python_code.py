"""Python that makes a study, and the expressions and calls of which it consists."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.backend.population import Sample
from syndisco_nb.backend.topics import Opening
from syndisco_nb.builder.design import Design, Moderator
from syndisco_nb.builder.parts import Part

IMPORT = "import syndisco_nb as snb\n"

_INDENT = "    "
_ONE_LINE = 80  # characters up to which a collection stands on one line
_METHODS = {  # settings that are arguments of the method of another setting
    "per_discussion": "participants",
    "scales": "annotators",
    "annotation_window": "annotators",
    "window_counts": "window",
}
_ARGUMENTS = {  # the names of these arguments, where they are not those of the settings
    "annotation_window": "window",
    "window_counts": "counts",
}


class PythonExpression(str):
    """Python that stands in other Python as it is, where any other text would be quoted."""

    __slots__ = ()


def study_code(design: Design) -> str:
    """Return Python that makes the builder of a design, named `study`; defaults are left out."""
    defaults = Design()
    settings = {name: getattr(design, name) for name in Design.model_fields}
    settings = {name: value for name, value in settings.items() if value != getattr(defaults, name)}
    seed = settings.pop("seed", None)
    in_order = sorted(settings, key="models".__eq__)  # `models` last: the other calls define the names that it uses
    methods = dict.fromkeys(_METHODS.get(name, name) for name in in_order)
    calls = [text for method in methods for text in _calls(method, settings)]
    lines = [f"snb.ExperimentBuilder({'' if seed is None else f'seed={seed}'})", *calls]
    body = "".join(f"{_INDENT}{line}\n" for line in lines)
    return f"{IMPORT}\nstudy = (\n{body})\n"


def expression(value: Any, depth: int = 0) -> str:
    """Return Python that makes a value; longer collections have a line for each item.

    Parameters
    ----------
    value : Any
        Plain data, or what a design holds.
    depth : int
        The indent of the line on which the expression begins, in steps.

    Examples
    --------
    >>> expression({"people": [LLMPersona(username="Ana")], "n": PythonExpression("1 + 1")})
    "{'people': [snb.LLMPersona(username='Ana')], 'n': 1 + 1}"
    """
    if isinstance(value, PythonExpression):
        return str(value)
    if isinstance(value, Part):
        return value.code()
    if isinstance(value, LLMPersona):
        return f"snb.{value!r}"
    if isinstance(value, Moderator) and list(_not_default(value)) == ["instructions"]:
        return repr(value.instructions)
    if isinstance(value, BaseModel):
        value = _not_default(value)
    if isinstance(value, Opening):
        return repr({"name": value.name, "text": value.text} if value.name else value.text)
    if isinstance(value, Sample) and value.quotas:
        quotas = expression([asdict(quota) for quota in value.quotas], depth)
        return f"snb.Sample({expression(tuple(value), depth)}, quotas={quotas})"
    if isinstance(value, Mapping):
        return _lines("{}", [f"{name!r}: {expression(item, depth + 1)}" for name, item in value.items()], depth)
    if isinstance(value, tuple | list):
        return _lines("[]", [expression(item, depth + 1) for item in value], depth)
    return repr(value)


def call(function: str, *positional: Any, depth: int = 0, **named: Any) -> PythonExpression:
    """Return a call.

    Parameters
    ----------
    function : str
        As written in Python.
    *positional, **named
        Its arguments.
    depth : int
        As in `expression`.

    Examples
    --------
    >>> print(call("snb.Likert", "toxicity", low=1))
    snb.Likert('toxicity', low=1)
    """
    arguments = [expression(value, depth) for value in positional]
    arguments += [f"{name}={expression(value, depth)}" for name, value in named.items()]
    return PythonExpression(f"{function}({', '.join(arguments)})")


def _calls(method: str, settings: Mapping[str, Any]) -> list[str]:
    """Return the calls of a method that make these settings."""
    if method == "models":
        return [call(".model", part, of=[name], depth=1) for name, part in settings["models"].items()]
    if method == "vary":
        return [call(".vary", **settings["vary"], depth=1)]
    if method == "moderator":
        return [call(".moderator", **_not_default(settings["moderator"]), depth=1)]
    own = [settings[method]] if method in settings else []
    others = [name for name, other in _METHODS.items() if other == method and name in settings]
    return [call(f".{method}", *own, depth=1, **{_ARGUMENTS.get(name, name): settings[name] for name in others})]


def _lines(brackets: str, items: list[str], depth: int) -> str:
    if sum(map(len, items)) < _ONE_LINE:
        return f"{brackets[0]}{', '.join(items)}{brackets[1]}"
    inner = "".join(f"{_INDENT * (depth + 1)}{item},\n" for item in items)
    return f"{brackets[0]}\n{inner}{_INDENT * depth}{brackets[1]}"


def _not_default(data: BaseModel) -> dict[str, Any]:
    """Return the fields that differ from their defaults; the moderator's instructions always."""
    return {
        name: getattr(data, name)
        for name, field in type(data).model_fields.items()
        if getattr(data, name) != field.default or (isinstance(data, Moderator) and name == "instructions")
    }
