"""What a form asks for: the fields of pydantic data, or the arguments of whatever else makes an object."""

import inspect
import re
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from syndisco_nb.backend.kinds import kept_parameters


@dataclass(frozen=True)
class Spec:
    """One thing to ask for.

    Attributes
    ----------
    name : str
    kinds : tuple
        The types that it may have, None apart.
    optional : bool
        Whether it may be None.
    description : str
    default : Any
        What stands in the form at first.
    marks : tuple
        What else is said of it: validators and remarks.
    """

    name: str
    kinds: tuple[Any, ...]
    optional: bool = False
    description: str = ""
    default: Any = None
    marks: tuple[Any, ...] = ()

    @property
    def label(self) -> str:
        """What the form calls it."""
        words = self.name.replace("_", " ").strip()
        return words[:1].upper() + words[1:]


def specs_of(kind: Callable[..., Any]) -> tuple[Spec, ...]:
    """Return what must be asked for to make one of this kind."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return tuple(
            spec(name, field.annotation, field.description or "", field.get_default(), tuple(field.metadata))
            for name, field in kind.model_fields.items()
        )
    about = _described(inspect.getdoc(kind) or "")
    return tuple(
        spec(
            parameter.name,
            dict[str, Any] if parameter.kind is parameter.VAR_KEYWORD else parameter.annotation,
            about.get(parameter.name, ""),
            None if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in kept_parameters(kind)
    )


def spec(name: str, annotation: Any, description: str = "", default: Any = None, marks: tuple[Any, ...] = ()) -> Spec:
    """Return the spec of an annotation."""
    if get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        return spec(name, annotation, description, default, (*more, *marks))
    union = get_origin(annotation) in (Union, types.UnionType)
    kinds = get_args(annotation) if union else (annotation,)
    asked = tuple(one for one in kinds if one is not type(None) and get_origin(one) is not Callable)
    return Spec(name, asked, type(None) in kinds, description, default, marks)


def _described(doc: str) -> Mapping[str, str]:
    """Return what a numpydoc docstring says of each parameter."""
    found: dict[str, str] = {}
    section = re.search(r"^Parameters\n-+\n(.*?)(?=\n\n\w[^\n]*\n-+\n|\Z)", doc, re.M | re.S)
    names: Iterable[str] = ()
    for line in section[1].splitlines() if section else ():
        if line and not line.startswith(" "):
            names = [name.strip().lstrip("*") for name in line.partition(" : ")[0].split(",")]
        else:
            for name in names:
                found[name] = f"{found.get(name, '')} {line.strip()}".strip()
    return {name: re.sub(r"`+", "", text) for name, text in found.items()}
