"""Models, turn managers, stop conditions and scales as plain data: a type and its arguments.

A live object is taken apart into its part, and made again from it. What no file can hold (a function, an object of
a class of the user's own) is refused when it is given, not when it is saved.
"""

import inspect
import json
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, model_serializer

from syndisco_nb.backend.kinds import Kind, design_parameters, inner_kinds, is_built_in, kinds_of
from syndisco_nb.backend.model import Model
from syndisco_nb.backend.model.secrets import refuse_secrets
from syndisco_nb.errors import InvalidInputError, SyndiscoError, require, short_repr, suggestion, within
from syndisco_nb.records import Sampling

_SCRIPT = "script"  # an argument that may hold any text: the replies of a `ScriptedModel`
_EMPTY: tuple[Any, ...] = (None, "", {})


class Part(BaseModel):
    """A model, a turn manager, a stop condition or a scale, as plain data.

    Parameters
    ----------
    type : str
        The name of its kind, as `kinds_of` has it.
    arguments : dict
        The keyword arguments, as JSON has them. A part within (the model of a `CachedModel`) and a `Sampling` are
        objects, and parts within (the models of `Replicas`) a list of objects.
    """

    model_config = ConfigDict(frozen=True)

    type: str
    arguments: dict[str, Any]

    @model_serializer
    def plain(self) -> dict[str, Any]:
        """Return type and arguments as one flat object."""
        return {"type": self.type, **self.arguments}

    @property
    def key(self) -> str:
        """A text that equal parts share."""
        return json.dumps(self.plain(), sort_keys=True)

    def make(self) -> Any:
        """Return the object.

        Raises
        ------
        InvalidInputError
            If an argument has a value that cannot work.
        UnknownArgumentError
            If there is no such argument.
        """
        constructor = kinds_of(Kind)[self.type].constructor()
        arguments = dict(self.arguments)
        for name, base in inner_kinds(constructor).items():
            if name in arguments:
                with within(name):
                    arguments[name] = _each(_made, arguments[name], name, base)
        if arguments.get("sampling") is not None:
            with within("sampling"):
                arguments["sampling"] = _sampling(arguments["sampling"])
        try:
            return constructor(**arguments)
        except SyndiscoError:
            raise
        except (TypeError, ValueError) as error:
            raise InvalidInputError(f"{self.type} cannot be made of {arguments!r}: {error}.") from None

    def code(self) -> str:
        """Return the Python that makes it."""
        return f"snb.{self.type}({', '.join(self._arguments_code())})"

    def _arguments_code(self) -> Iterator[str]:
        constructor = kinds_of(Kind)[self.type].constructor()
        known, inner = inspect.signature(constructor).parameters, inner_kinds(constructor)
        for name, value in self.arguments.items():
            if value == known[name].default:
                continue
            if name in inner:
                made = _each(_code, value, name, inner[name])
                yield f"{name}={made}" if isinstance(made, str) else f"{name}=[{', '.join(made)}]"
            elif name == "sampling":
                yield f"{name}=snb.{_sampling(value)!r}"
            else:
                yield f"{name}={value!r}"


def meaning_none(kind: type[Kind]) -> frozenset[str]:
    """Return the arguments of a kind for which None is another value than the default.

    Examples
    --------
    >>> from syndisco_nb import OpenAIModel
    >>> meaning_none(OpenAIModel)
    frozenset({'max_out_tokens'})
    """
    return frozenset(
        parameter.name
        for parameter in design_parameters(kind.constructor())
        if parameter.default is not None and type(None) in get_args(parameter.annotation)
    )


def as_part(name: str, value: Any, base: type[Kind]) -> Part:
    """Return the part of a live object, or of plain data, which is tried out, and completed by defaults.

    Parameters
    ----------
    name : str
        The setting, as errors call it.
    value : Part, mapping or object
    base : type
        What it must be: `Model`, `TurnManager`, `StopCondition` or `Scale`.

    Raises
    ------
    InvalidInputError
        If it is nothing of this base, or cannot be written down.
    """
    kinds = kinds_of(base)
    if isinstance(value, Part):
        require(value.type in kinds, f"{name} is a {value.type}, but must be one of: {', '.join(kinds)}.", "type")
        return value
    if isinstance(value, Mapping):
        value = from_plain(value, name, base).make()
    if isinstance(value, Kind):
        value = value.in_design()
    if not isinstance(value, base) or not is_built_in(type(value)) or value.kind_name() not in kinds:
        raise InvalidInputError(
            f"{name} is {short_repr(value)}, which no file could hold. A design takes: {', '.join(kinds)}. Use "
            "another class with a DiscussionExperiment."
        )
    defaults = {parameter.name: parameter.default for parameter in design_parameters(value.constructor())}
    arguments = {
        argument: given
        for argument, given in value.arguments().items()
        if given not in _EMPTY or defaults[argument] not in _EMPTY
    }
    for argument, inner in inner_kinds(value.constructor()).items():
        with within(argument):
            arguments[argument] = _each(_plain, arguments[argument], argument, inner)
    return _part(type(value), arguments)


def from_plain(value: Mapping[str, Any], name: str, base: type[Kind]) -> Part:
    """Return the part in plain data, without trying it out.

    Parameters
    ----------
    value : mapping
        The type and the arguments.
    name : str
        The setting, as errors call it.
    base : type
        See `as_part`.
    """
    kinds, kind = kinds_of(base), str(value.get("type"))
    if kind not in kinds:
        near = suggestion(kind, kinds)
        raise InvalidInputError(
            f"{name} has type {kind!r}, but must have one of: {', '.join(kinds)}.{near}", field="type"
        )
    return _part(kinds[kind], {str(argument): given for argument, given in value.items() if argument != "type"})


def _part(kind: type[Kind], arguments: dict[str, Any]) -> Part:
    """Return a part whose arguments are exactly what JSON gives back."""
    name = kind.kind_name()
    for argument, value in arguments.items():
        try:
            arguments[argument] = json.loads(json.dumps(value, allow_nan=False, default=os.fspath))
        except (TypeError, ValueError):
            raise InvalidInputError(
                f"{name} has {argument}={short_repr(value)}, which no file could hold. Use it with a "
                "DiscussionExperiment, or give text, numbers, lists and mappings of these.",
                field=argument,
            ) from None
    if issubclass(kind, Model):
        exempt = {_SCRIPT, *inner_kinds(kind.constructor())}
        refuse_secrets({argument: value for argument, value in arguments.items() if argument not in exempt})
    return Part(type=name, arguments=arguments)


def _each(convert: Callable[[Any, str, type[Kind]], Any], value: Any, name: str, base: type[Kind]) -> Any:
    """Return an argument that holds a part, or a list of parts, with each converted."""
    if not isinstance(value, list | tuple):
        return convert(value, name, base)
    converted = []
    for number, one in enumerate(value):
        with within(number):
            converted.append(convert(one, name, base))
    return converted


def _made(value: Any, name: str, base: type[Kind]) -> Any:
    """Return the object of plain data; any other value as it is, for the constructor to refuse."""
    return from_plain(value, name, base).make() if isinstance(value, Mapping) else value


def _plain(value: Any, name: str, base: type[Kind]) -> dict[str, Any]:
    return as_part(name, value, base).plain()


def _code(value: Any, name: str, base: type[Kind]) -> str:
    return from_plain(value, name, base).code()


def _sampling(value: Any) -> Sampling:
    try:
        return Sampling(**value)
    except TypeError as error:
        raise InvalidInputError(f"sampling is {short_repr(value)}, which cannot be used: {error}.") from None
