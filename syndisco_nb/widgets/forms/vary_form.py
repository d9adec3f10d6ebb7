"""The form of a comparison: the settings that are varied, and the levels of each."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from syndisco_nb.field_labels import field_label
from syndisco_nb.widgets.forms.choosing_form import ChoosingForm
from syndisco_nb.widgets.forms.field_specs import FieldSpec
from syndisco_nb.widgets.forms.form_field import Faults, Field
from syndisco_nb.widgets.forms.inputs import choice_input
from syndisco_nb.widgets.forms.list_forms import ListForm, MapForm

_SETTING, _LEVELS = "setting", "levels"
_AT_FIRST = 2  # empty levels: fewer are no comparison


class LevelsForm(ChoosingForm):
    """One setting, and its levels by name.

    Parameters
    ----------
    specs : mapping of str to FieldSpec
        The settings that can be varied.
    field_of : callable
        Returns the field of a spec.
    """

    def __init__(self, specs: Mapping[str, FieldSpec], field_of: Callable[[FieldSpec], Field]) -> None:
        self._specs, self._field_of = specs, field_of
        words = {name: one.label for name, one in specs.items()}
        choice = choice_input("Setting", "", list(specs), optional=True, none="Choose …", words=words)
        super().__init__(_SETTING, choice)

    @property
    def given(self) -> Any:
        """The name of the setting, and its levels, unchecked."""
        return self.chosen or None, self.fields[_LEVELS].given if _LEVELS in self.fields else {}

    def _check(self, given: Any) -> tuple[Any, Faults]:
        return given, {} if self.chosen else {_SETTING: "Choose the setting that differs between the conditions."}

    def _fill(self, value: tuple[str, Mapping[str, Any]]) -> None:
        self.fields[_SETTING].value, levels = value
        if _LEVELS in self.fields:
            self.fields[_LEVELS].value = levels

    def _fields_of(self, chosen: str) -> Mapping[str, Field]:
        if chosen not in self._specs:
            return {}
        spec = self._specs[chosen]
        levels = MapForm(functools.partial(self._field_of, spec), "Levels", spec.description, "level")
        for _ in range(_AT_FIRST):
            levels.add()
        return {_LEVELS: levels}


class VaryForm(ListForm):
    """Any number of settings that are varied.

    Parameters
    ----------
    specs : mapping of str to FieldSpec
        The settings that can be varied.
    field_of : callable
        Returns the field of a spec.
    title, hint : str
    """

    def __init__(
        self, specs: Mapping[str, FieldSpec], field_of: Callable[[FieldSpec], Field], title: str = "", hint: str = ""
    ) -> None:
        super().__init__(lambda: LevelsForm(specs, field_of), title, hint, "setting")
        self._add_button.label = "Vary a setting"

    @property
    def given(self) -> Any:
        """The levels by setting, unchecked."""
        return dict(super().given)

    def _check(self, given: Any) -> tuple[Any, Faults]:
        names = [setting for setting, _ in super().given]
        return given, {
            f"{place}.{_SETTING}": f"{field_label(name or '')} is varied twice. Put all its levels into one."
            for place, name in enumerate(names)
            if name in names[:place]
        }

    def _result(self, checked: Any) -> Any:
        return checked

    def _fill(self, value: Mapping[str, Mapping[str, Any]] | None) -> None:
        super()._fill((value or {}).items())
