"""The generator of forms: from the fields of a pydantic model, or the arguments of a call.

A new field of the design appears in the form by itself: as an input of its type if that is known here, or of YAML.
"""

import enum
import functools
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator

from syndisco_nb.backend.kinds import Kind
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.builder.fields import PartOf
from syndisco_nb.builder.parts import Part
from syndisco_nb.records import Sampling
from syndisco_nb.widgets.forms.call_form import CallForm
from syndisco_nb.widgets.forms.data_form import DataForm
from syndisco_nb.widgets.forms.field_specs import FieldSpec, field_spec, field_specs
from syndisco_nb.widgets.forms.form import Form
from syndisco_nb.widgets.forms.form_field import Field
from syndisco_nb.widgets.forms.inputs import (
    Input,
    check_input,
    choice_input,
    lines_input,
    number_input,
    text_input,
    yaml_input,
)
from syndisco_nb.widgets.forms.list_forms import ListForm, MapForm, OptionalForm
from syndisco_nb.widgets.forms.part_form import PartForm
from syndisco_nb.widgets.forms.people_form import PeopleForm

_CALLED: tuple[type, ...] = (Sampling, LLMPersona)  # classes other than pydantic's that get a form within a form
_PROSE_ROWS = 3
_NONE = {"model": "The model of all others", "turn_taking": "One after the other"}  # the meaning of None

Special = Mapping[str, Callable[[FieldSpec], Field]]
"""Makers of fields, by name, for those that are not generated."""


def form_of(
    kind: Callable[..., Any],
    title: str = "",
    hint: str = "",
    special: Special | None = None,
    leave_out: Iterable[str] = (),
) -> Form:
    """Return the form of a pydantic model, or of the arguments of any other class or function.

    Parameters
    ----------
    kind : type or callable
    title, hint : str
        Shown above the fields.
    special : mapping, optional
        Makers of fields, by name, for those that are not to be generated.
    leave_out : iterable of str
        Names of fields to leave out.
    """
    fields = fields_of(kind, special, leave_out)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return DataForm(kind, fields, title, hint)
    return CallForm(kind, fields, title, hint)


def fields_of(
    kind: Callable[..., Any], special: Special | None = None, leave_out: Iterable[str] = ()
) -> dict[str, Field]:
    """Return the fields of a kind, each with its default; parameters as in `form_of`."""
    left_out, makers = set(leave_out), special or {}
    return {spec.name: makers.get(spec.name, field_of)(spec) for spec in field_specs(kind) if spec.name not in left_out}


def field_of(spec: FieldSpec) -> Field:
    """Return the field of a spec, with its default."""
    field = _empty_field(spec)
    if spec.default is not None:
        field.value = spec.default
        field.mark_untouched()
    return field


def _empty_field(spec: FieldSpec) -> Field:
    label, hint, optional = spec.label, spec.description, spec.optional
    if base := _base(spec):
        none = _NONE.get(spec.name, "None") if optional else ""
        return PartForm(spec.name, base, fields_of, label, hint, optional, none)
    for kind in spec.kinds:
        if _has_own_form(kind):
            form = form_of(kind, "" if optional else label, "" if optional else hint)
            return OptionalForm(form, label, hint) if optional else form
        noun = spec.name.removesuffix("s").replace("_", " ") if spec.name.endswith("s") else ""
        item, value = field_spec("", _item_type(kind)), field_spec("", _value_type(kind))
        if LLMPersona in item.kinds:
            return PeopleForm(title=label, hint=hint, nested=True)
        if _is_form(item):
            return ListForm(functools.partial(field_of, item), label, hint, noun)
        if _is_form(value) or {str, int, float} & set(value.kinds):
            return MapForm(functools.partial(field_of, value), label, hint, noun)
    return _input_of(spec)


def _input_of(spec: FieldSpec) -> Input:
    label, hint, optional = spec.label, spec.description, spec.optional
    if choices := _choices(spec):
        return choice_input(label, hint, choices, optional=optional)
    if spec.kinds == (bool,) and not optional:
        return check_input(label, hint)
    if any(str in field_spec("", _item_type(kind)).kinds for kind in spec.kinds):
        return lines_input(label, hint, optional=optional)
    if any(kind is str or kind is os.PathLike for kind in spec.kinds):
        rows = _PROSE_ROWS if "prose" in spec.marks else 1
        return text_input(label, hint, optional=optional, rows=rows)
    if any(kind in (int, float) for kind in spec.kinds) and bool not in spec.kinds:
        return number_input(label, hint, optional=optional)
    return yaml_input(label, hint, optional=optional)


def _is_form(spec: FieldSpec) -> bool:
    return _base(spec) is not None or any(map(_has_own_form, spec.kinds))


def _base(spec: FieldSpec) -> type[Kind] | None:
    """Return the base of the parts that a field holds; None if it holds none."""
    for mark in spec.marks:
        if isinstance(mark, BeforeValidator) and isinstance(mark.func, PartOf) and Part in spec.kinds:
            return mark.func.base
    return next((kind for kind in spec.kinds if isinstance(kind, type) and issubclass(kind, Kind)), None)


def _has_own_form(kind: Any) -> bool:
    return isinstance(kind, type) and (issubclass(kind, BaseModel) or kind in _CALLED)


def _item_type(kind: Any) -> Any:
    """Return the type of a list's items; None for any other type."""
    inner = get_args(kind)
    if get_origin(kind) is tuple:
        return inner[0] if len(inner) == 2 and inner[1] is ... else None
    return inner[0] if get_origin(kind) in (list, Sequence, Iterable) and inner else None


def _value_type(kind: Any) -> Any:
    """Return the type of the values of a mapping from text; None for any other type."""
    inner = get_args(kind)
    return inner[1] if get_origin(kind) in (dict, Mapping) and inner and inner[0] is str else None


def _choices(spec: FieldSpec) -> list[Any]:
    choices: list[Any] = []
    for kind in spec.kinds:
        if get_origin(kind) is Literal:
            choices += get_args(kind)
        elif isinstance(kind, type) and issubclass(kind, enum.Enum):
            choices += list(kind)
    return choices
