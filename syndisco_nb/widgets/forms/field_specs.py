"""The fields that make an object: those of a pydantic model, or the arguments of a call."""

import inspect
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Union, get_args, get_origin

from docstring_parser import DocstringStyle, parse
from pydantic import BaseModel

from syndisco_nb.backend.kinds import design_parameters
from syndisco_nb.field_labels import field_label


@dataclass(frozen=True)
class FieldSpec:
    """One field to fill in.

    Attributes
    ----------
    name : str
    kinds : tuple
        The types that its value may have, other than None.
    optional : bool
        Whether it may be None.
    description : str
    default : Any
        The initial content.
    marks : tuple
        Other metadata of the annotation: validators and remarks.
    inner : bool
        Whether it is an argument of a call.
    """

    name: str
    kinds: tuple[Any, ...]
    optional: bool = False
    description: str = ""
    default: Any = None
    marks: tuple[Any, ...] = ()
    inner: bool = False

    @property
    def label(self) -> str:
        """The name on screen."""
        return field_label(self.name, self.inner)


def field_specs(kind: Callable[..., Any]) -> tuple[FieldSpec, ...]:
    """Return the fields of a pydantic model, or the arguments of any other class or function."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return tuple(
            field_spec(name, field.annotation, field.description or "", field.get_default(), tuple(field.metadata))
            for name, field in kind.model_fields.items()
        )
    descriptions = _descriptions(kind)
    specs = (
        field_spec(
            parameter.name,
            dict[str, Any] if parameter.kind is parameter.VAR_KEYWORD else parameter.annotation,
            descriptions.get(parameter.name, ""),
            None if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in design_parameters(kind)
    )
    return tuple(replace(spec, inner=True) for spec in specs)


def field_spec(
    name: str, annotation: Any, description: str = "", default: Any = None, marks: tuple[Any, ...] = ()
) -> FieldSpec:
    """Return the spec of an annotation; parameters as in `FieldSpec`."""
    if get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        return field_spec(name, annotation, description, default, (*more, *marks))
    union = get_origin(annotation) in (Union, types.UnionType)
    kinds = get_args(annotation) if union else (annotation,)
    to_fill_in = tuple(kind for kind in kinds if kind is not type(None) and get_origin(kind) is not Callable)
    return FieldSpec(name, to_fill_in, type(None) in kinds, description, default, marks)


def _descriptions(kind: Callable[..., Any]) -> Mapping[str, str]:
    """Return the descriptions of parameters in a numpydoc docstring, on one line each and without backticks."""
    parameters = parse(inspect.getdoc(kind) or "", DocstringStyle.NUMPYDOC).params
    return {
        name.strip().lstrip("*"): " ".join((parameter.description or "").replace("`", "").split())
        for parameter in parameters
        if parameter.args[0] == "param"
        for name in parameter.arg_name.split(",")
    }
