"""The form of a part of a design: its type, and the arguments of that type."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from syndisco_nb.backend.kinds import Kind, kinds_of
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.builder.parts import Part, as_part, meaning_none
from syndisco_nb.builder.trust import guarded
from syndisco_nb.errors import SyndiscoError
from syndisco_nb.widgets.forms.choosing_form import ChoosingForm
from syndisco_nb.widgets.forms.fold_section import Section
from syndisco_nb.widgets.forms.form_field import Faults, Field
from syndisco_nb.widgets.forms.inputs import choice_input

_TYPE = "type"
_ALWAYS_SHOWN = 4  # arguments; if there are at least two more, those are folded away


class PartForm(ChoosingForm):
    """A model, turn manager, stop condition or scale: its type, and the arguments of that type.

    Parameters
    ----------
    name : str
        Its name in errors.
    base : type
        The base of the kinds to choose from; kinds that are not installed are shown disabled.
    fields_of : callable
        Returns the fields of a constructor's arguments.
    label, hint : str
    optional : bool
        Whether None may be chosen.
    none : str
        The text of that choice.

    Attributes
    ----------
    models : LiveModels
        The live models that were given or made, so that each is loaded once.
    """

    def __init__(
        self,
        name: str,
        base: type[Kind],
        fields_of: Callable[[Callable[..., Any]], Mapping[str, Field]],
        label: str = "",
        hint: str = "",
        optional: bool = False,
        none: str = "—",
    ) -> None:
        self._name, self._base, self._argument_fields = name, base, fields_of
        self._folded: dict[str, Section] = {}
        self._exact: tuple[Any, Part] | None = None
        self.models = LiveModels()
        kinds = kinds_of(base)
        commands = {name: command for name, kind in kinds.items() if (command := kind.install_command())}
        offered = [name for name in kinds if name not in commands]
        disabled = [f"{kinds[name].form_label} (not installed: {command})" for name, command in commands.items()]
        words = {name: kind.form_label for name, kind in kinds.items()}
        super().__init__(
            _TYPE,
            choice_input(label or "Type", hint, offered, optional=optional, none=none, disabled=disabled, words=words),
        )
        self.add_class("snb-choosing")
        if not optional:
            self.fields[_TYPE].value = offered[0]
            self.mark_untouched()

    @property
    def given(self) -> Any:
        """The part; its settings if they make none; or None."""
        plain = self._plain()
        if plain is None:
            return None
        if self._exact is None or self._exact[0] != plain:
            try:
                self._exact = plain, as_part(self._name, plain, self._base)
            except (SyndiscoError, TypeError):
                return plain
        return self._exact[1]

    def guard_models(self, file: Path) -> None:
        """Make the part, which came from a file, ask for permission before it runs code or touches other files."""
        self.models.guard = guarded(self.given, str(file), file.absolute().parent, (), "call allow() of the form")

    def allow(self) -> None:
        """Allow all that a part from a file asks for."""
        self.models.guard = None

    def code(self) -> str:
        """Return Python that makes an equal object."""
        part = self._valid()
        return f"{part.code()}\n" if part else "None\n"

    def _check(self, given: Any) -> tuple[Part | None, Faults]:
        return None if given is None else as_part(self._name, given, self._base), {}

    def _result(self, checked: Part | None) -> Any:
        if checked is None:
            return None
        if self.models.guard:
            self.models.guard.check(checked)
        return self.models.make(checked)

    def _fill(self, value: Any) -> None:
        kept = self.models.keep(value)
        part = None if kept is None or isinstance(kept, Mapping) else as_part(self._name, kept, self._base)
        plain = part.plain() if part else dict(kept or {})
        self.fields[_TYPE].value = plain.pop(_TYPE, None)
        super()._fill(plain)
        if part:
            self._exact = self._plain(), part

    def _fields_of(self, chosen: str) -> Mapping[str, Field]:
        kind = kinds_of(self._base).get(chosen)
        return self._argument_fields(kind.constructor()) if kind else {}

    def _rows(self) -> list[Any]:
        choice, *arguments = self.fields.values()
        if len(arguments) <= _ALWAYS_SHOWN + 1:
            return [choice, *arguments]
        if self.chosen not in self._folded:
            self._folded[self.chosen] = Section("More settings", arguments[_ALWAYS_SHOWN:])
        return [choice, *arguments[:_ALWAYS_SHOWN], self._folded[self.chosen]]

    def _open_section(self, name: str) -> None:
        folded = self._folded.get(self.chosen)
        if folded and name in list(self.fields)[1 + _ALWAYS_SHOWN :]:
            folded.unfold()

    def _plain(self) -> dict[str, Any] | None:
        """Return type and arguments as plain data; without those left empty, unless None means something to them."""
        if not self.chosen:
            return None
        given = {name: _as_json(field.given) for name, field in self.fields.items() if name != _TYPE}
        kind = kinds_of(self._base).get(self.chosen)
        kept = meaning_none(kind) if kind else ()
        arguments = {name: value for name, value in given.items() if value is not None or name in kept}
        return {_TYPE: self.chosen, **arguments}


def _as_json(given: Any) -> Any:
    """Return a part as its plain data, and tuples as lists."""
    if isinstance(given, Part):
        return given.plain()
    return [_as_json(one) for one in given] if isinstance(given, tuple) else given
