"""A form of a part: which one, and then what that takes."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ipywidgets

from syndisco_nb.backend.kinds import Kind, kinds_of
from syndisco_nb.builder.live_models import Models
from syndisco_nb.builder.parts import Part, as_part, meaning_none
from syndisco_nb.builder.trust import guarded
from syndisco_nb.errors import SyndiscoError
from syndisco_nb.widgets.forms.controls import Input, choice_input
from syndisco_nb.widgets.forms.fold_section import Section
from syndisco_nb.widgets.forms.form import Faults, Form, place_of

_TYPE = "type"
_FEW = 4  # arguments that are always seen; where there are more than one more, the rest is folded away


class PartForm(Form):
    """A model, a turn manager or a scale: its type, and its arguments.

    What was filled in for one type is kept, should somebody come back to it.

    Parameters
    ----------
    name : str
        What errors call it.
    base : type
        The base of the kinds to choose from.
    fields_of : callable
        Returns the fields for the arguments of a maker.
    label, hint : str
    optional : bool
        Whether none may be chosen.
    none : str
        How the choice of none is called.
    unavailable : mapping of str to str, optional
        What is not installed: its name, and the command that installs it.
    words : mapping of str to str, optional
        How choices are called, if not by their names; in the order in which they are offered.

    Attributes
    ----------
    models : Models
        The live models that were given, or have been made; a model is loaded once.
    """

    def __init__(
        self,
        name: str,
        base: type[Kind],
        fields_of: Callable[[Callable[..., Any]], Mapping[str, Input | Form]],
        label: str = "",
        hint: str = "",
        optional: bool = False,
        none: str = "—",
        unavailable: Mapping[str, str] | None = None,
        words: Mapping[str, str] | None = None,
    ) -> None:
        self._name, self._base, self._fields_of = name, base, fields_of
        self._by_type: dict[str, Mapping[str, Input | Form]] = {}
        self._rest: dict[str, Section] = {}
        self._exact: tuple[Any, Part] | None = None
        self.models = Models()
        self.missing = dict(unavailable or {})
        called = words or {}
        offered = [kind for kind in kinds_of(base) if kind not in self.missing]
        off = [f"{called.get(kind, kind)} (not installed: {command})" for kind, command in self.missing.items()]
        choice = choice_input(label or "Type", hint, offered, optional=optional, none=none, off=off, words=words)
        super().__init__({_TYPE: choice}, as_given)
        self.add_class("snb-choosing")
        if not optional:
            self.fields[_TYPE].value = offered[0]
            self.forget()

    @property
    def given(self) -> Any:
        """The part; what is filled in, if that is none; or None."""
        plain = self._plain()
        if plain is None:
            return None
        if self._exact is None or self._exact[0] != plain:
            try:
                self._exact = (plain, as_part(self._name, plain, self._base))
            except (SyndiscoError, TypeError):
                return plain
        return self._exact[1]

    @property
    def value(self) -> Any:
        """The object, or None: a model that was made once is the same from then on."""
        if self.errors:
            return super().value
        part = self.given
        if part is None:
            return None
        if self.models.guard:
            self.models.guard.check(part)
        return self.models.make(part)

    @value.setter
    def value(self, value: Any) -> None:
        with self._one_change():
            self.fill(value)

    def fill(self, value: Any) -> None:
        """Show an object, a part, or none."""
        if value is None:
            self.fields[_TYPE].value = None
        else:
            kept = self.models.keep(value)
            plain = dict(kept) if isinstance(kept, Mapping) else as_part(self._name, kept, self._base).plain()
            self.fields[_TYPE].value = plain.pop(_TYPE, None)
            self._choose()
            for name, one in plain.items():
                self[name].value = one
            if not isinstance(kept, Mapping):
                self._exact = (self._plain(), as_part(self._name, kept, self._base))
        self.forget()

    def read_from(self, file: Path) -> None:
        """Ask for permission for what the part, which was loaded from a file, would do."""
        self.models.guard = guarded(self.given, str(file), file.absolute().parent, (), "call allow() of the form")

    def allow(self) -> None:
        """Allow what a part that was loaded from a file would do."""
        self.models.guard = None

    def code(self) -> str:
        """Return Python that makes an equal object."""
        _ = self.value  # raises if it is not filled in right
        return f"{self.given.code()}\n" if self.given else "None\n"

    def _plain(self) -> dict[str, Any] | None:
        kind = self.fields[_TYPE].given
        if not kind:
            return None
        given = {name: _plainly(field.given) for name, field in self.fields.items() if name != _TYPE}
        kinds = kinds_of(self._base)
        kept = meaning_none(kinds[kind]) if kind in kinds else ()
        return {_TYPE: kind, **{name: one for name, one in given.items() if one is not None or name in kept}}

    def _own_errors(self) -> Faults:
        plain = self._plain()
        if plain is None:
            return {}
        try:
            as_part(self._name, plain, self._base)
        except (SyndiscoError, TypeError) as error:
            return {getattr(error, "field", "") or place_of(str(error), list(self.fields)): str(error)}
        return {}

    def _choose(self) -> None:
        """Show the fields of the chosen type."""
        kind = self.fields[_TYPE].given
        kinds = kinds_of(self._base)
        if kind in kinds and kind not in self._by_type:
            self._by_type[kind] = self._fields_of(kinds[kind].constructor())
            for field in self._by_type[kind].values():
                field.on_change(self._changed)
        wanted = {_TYPE: self.fields[_TYPE], **self._by_type.get(kind, {})}
        if list(wanted.values()) != list(self.fields.values()):
            self.fields = wanted
            self._arrange()

    def _changed(self) -> None:
        self._choose()
        super()._changed()

    def _rows(self) -> list[ipywidgets.DOMWidget]:
        choice, *arguments = self.fields.values()
        if len(arguments) <= _FEW + 1:
            return [choice, *arguments]
        kind = self.fields[_TYPE].given
        if kind not in self._rest:
            self._rest[kind] = Section("More settings", arguments[_FEW:])
        return [choice, *arguments[:_FEW], self._rest[kind]]


def as_given(given: Any) -> Any:
    """Return it as it is."""
    return given


def _plainly(given: Any) -> Any:
    """Return a part within as the arguments that it is made of, and tuples as lists: as JSON has them."""
    if isinstance(given, Part):
        return given.plain()
    return list(given) if isinstance(given, tuple) else given
