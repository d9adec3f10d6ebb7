"""The one generator: from pydantic fields, or a maker's arguments, to a form.

A new field of the design is in the form without further ado: by its type if that is known here, as YAML if not.
"""

import enum
import functools
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator

from syndisco_nb.backend.kinds import Kind
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.builder.fields import PartOf, checked, faults
from syndisco_nb.builder.parts import Part
from syndisco_nb.records import Sampling
from syndisco_nb.widgets.forms.call_form import CallForm
from syndisco_nb.widgets.forms.controls import (
    Input,
    check_input,
    choice_input,
    lines_input,
    number_input,
    text_input,
    yaml_input,
)
from syndisco_nb.widgets.forms.engine_choices import MODEL_WORDS, PART_WORDS, missing_engines
from syndisco_nb.widgets.forms.form import Form
from syndisco_nb.widgets.forms.list_forms import ListForm, MapForm, OptionalForm
from syndisco_nb.widgets.forms.part_form import PartForm
from syndisco_nb.widgets.forms.people_form import PeopleForm
from syndisco_nb.widgets.forms.specs import Spec, spec, specs_of

_CALLED: tuple[type, ...] = (Sampling, LLMPersona)  # made by a call, as a form within another
_PROSE_ROWS = 3
_NONE = {"model": "The model of all others", "turn_taking": "One after the other"}  # what it means to choose none

Special = Mapping[str, Callable[[Spec], Input | Form]]
"""Fields, by name, that have a form of their own."""


def form_of(
    kind: Callable[..., Any],
    title: str = "",
    hint: str = "",
    special: Special | None = None,
    leave_out: Iterable[str] = (),
) -> Form:
    """Return the form of a kind of pydantic data, or of whatever a call makes.

    Parameters
    ----------
    kind : type or callable
    title, hint : str
        What the form says above its fields.
    special : mapping, optional
        Fields that have a form of their own, by name.
    leave_out : iterable of str
        Fields that are not asked for.
    """
    fields = fields_of(kind, special, leave_out)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        data = kind
        return Form(fields, lambda given: checked(data, given), lambda given: faults(data, given), title, hint)
    return CallForm(kind, fields, title, hint)


def fields_of(
    kind: Callable[..., Any], special: Special | None = None, leave_out: Iterable[str] = ()
) -> dict[str, Input | Form]:
    """Return the fields of a kind, each with its default."""
    left, own = set(leave_out), special or {}
    fields: dict[str, Input | Form] = {}
    for one in specs_of(kind):
        if one.name not in left:
            fields[one.name] = own[one.name](one) if one.name in own else field_of(one)
    return fields


def field_of(asked: Spec) -> Input | Form:
    """Return what a field is filled in with, holding its default."""
    field = _empty(asked)
    if asked.default is not None:
        field.value = asked.default
        if isinstance(field, Input):
            field.touched = False
    return field


def _empty(asked: Spec) -> Input | Form:
    label, hint, optional = asked.label, asked.description, asked.optional
    if base := _base(asked):
        none = _NONE.get(asked.name, "None") if optional else ""
        unavailable, words = (missing_engines(), MODEL_WORDS) if base is Model else ({}, PART_WORDS)
        return PartForm(asked.name, base, fields_of, label, hint, optional, none, unavailable, words)
    for kind in asked.kinds:
        if (within := _form_within(kind)) is not None:
            form = form_of(within, "" if optional else label, "" if optional else hint)
            return OptionalForm(form, label, hint) if optional else form
        noun = asked.name.removesuffix("s").replace("_", " ") if asked.name.endswith("s") else ""
        item, value = spec("", _items(kind)), spec("", _named_items(kind))
        if LLMPersona in item.kinds:
            return PeopleForm(title=label, hint=hint)
        if _has_form(item):
            return ListForm(functools.partial(field_of, item), label, hint, noun)
        if _has_form(value) or {str, int, float} & set(value.kinds):
            return MapForm(functools.partial(field_of, value), label, hint, noun)
    return _simple(asked, label, hint, optional)


def _simple(asked: Spec, label: str, hint: str, optional: bool) -> Input:
    """Return an input for what can be typed in one place."""
    choices = _choices(asked)
    if choices:
        return choice_input(label, hint, choices, optional=optional)
    if asked.kinds == (bool,) and not optional:
        return check_input(label, hint)
    if any(str in spec("", _items(kind)).kinds for kind in asked.kinds):
        return lines_input(label, hint, optional=optional)
    if any(kind is str or kind is os.PathLike for kind in asked.kinds):
        rows = _PROSE_ROWS if "prose" in asked.marks else 1
        return text_input(label, hint, optional=optional, rows=rows)
    if {bool, int} <= set(asked.kinds):
        return yaml_input(label, hint, optional=optional)
    if any(kind in (int, float) for kind in asked.kinds):
        return number_input(label, hint, optional=optional)
    return yaml_input(label, hint, optional=optional)


def _has_form(asked: Spec) -> bool:
    return bool(_base(asked)) or any(_form_within(kind) for kind in asked.kinds)


def _base(asked: Spec) -> type[Kind] | None:
    for mark in asked.marks:
        if isinstance(mark, BeforeValidator) and isinstance(mark.func, PartOf) and Part in asked.kinds:
            return mark.func.base
    return next((kind for kind in asked.kinds if isinstance(kind, type) and issubclass(kind, Kind)), None)


def _form_within(kind: Any) -> Callable[..., Any] | None:
    known = isinstance(kind, type) and (issubclass(kind, BaseModel) or kind in _CALLED)
    return kind if known else None


def _items(kind: Any) -> Any:
    """Return what a list holds."""
    inner = get_args(kind)
    if get_origin(kind) is tuple:
        return inner[0] if len(inner) == 2 and inner[1] is ... else None
    return inner[0] if get_origin(kind) in (list, Sequence, Iterable) and inner else None


def _named_items(kind: Any) -> Any:
    """Return what a mapping from names holds."""
    inner = get_args(kind)
    return inner[1] if get_origin(kind) in (dict, Mapping) and inner and inner[0] is str else None


def _choices(asked: Spec) -> list[Any]:
    found: list[Any] = []
    for kind in asked.kinds:
        if get_origin(kind) is Literal:
            found += get_args(kind)
        elif isinstance(kind, type) and issubclass(kind, enum.Enum):
            found += list(kind)
    return found
