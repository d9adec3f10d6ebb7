"""The form of what a study compares: settings, and the levels of each."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from syndisco_nb.widgets.forms.controls import Input, choice_input
from syndisco_nb.widgets.forms.form import Faults, Form
from syndisco_nb.widgets.forms.list_forms import ListForm, MapForm
from syndisco_nb.widgets.forms.specs import Spec

_SETTING, _LEVELS = "setting", "levels"


class LevelsForm(Form):
    """One setting, and its levels by name. What was filled in for one setting is kept.

    Parameters
    ----------
    specs : mapping of str to Spec
        The settings that can be varied.
    field_of : callable
        Returns the field of a spec.
    """

    def __init__(self, specs: Mapping[str, Spec], field_of: Callable[[Spec], Input | Form]) -> None:
        self._specs, self._field_of = specs, field_of
        self._by_setting: dict[str, MapForm] = {}
        words = {name: one.label for name, one in specs.items()}
        choice = choice_input("What differs", "", list(specs), optional=True, none="Choose …", words=words)
        super().__init__({_SETTING: choice}, lambda given: given)

    @property
    def given(self) -> Any:
        """The setting's name, and its levels."""
        levels = self.fields[_LEVELS].given if _LEVELS in self.fields else {}
        return self.fields[_SETTING].given, levels

    @property
    def value(self) -> Any:
        """The setting's name, and its levels."""
        _ = super().value
        return self.given

    @value.setter
    def value(self, value: tuple[str, Mapping[str, Any]]) -> None:
        setting, levels = value
        with self._one_change():
            self.fields[_SETTING].value = setting
            self._choose(empty=0)
            self.fields[_LEVELS].value = levels
            self.forget()

    def _own_errors(self) -> Faults:
        return {} if self.fields[_SETTING].given else {_SETTING: "Choose what differs between the conditions."}

    def _changed(self) -> None:
        self._choose(empty=2)
        super()._changed()

    def _choose(self, empty: int) -> None:
        """Show the levels of the chosen setting; of a new one, as many empty ones."""
        setting = self.fields[_SETTING].given
        if setting in self._specs and setting not in self._by_setting:
            one = self._specs[setting]
            levels = MapForm(functools.partial(self._field_of, one), "Its levels", one.description, "level")
            for _ in range(empty):
                levels.add()
            levels.on_change(self._changed)
            self._by_setting[setting] = levels
        wanted = {_SETTING: self.fields[_SETTING]}
        if setting in self._by_setting:
            wanted[_LEVELS] = self._by_setting[setting]
        if list(wanted.values()) != list(self.fields.values()):
            self.fields = wanted
            self._arrange()


class VaryForm(ListForm):
    """What is varied: any number of settings.

    Parameters
    ----------
    specs : mapping of str to Spec
        The settings that can be varied.
    field_of : callable
        Returns the field of a spec.
    title, hint : str
    """

    def __init__(
        self, specs: Mapping[str, Spec], field_of: Callable[[Spec], Input | Form], title: str = "", hint: str = ""
    ) -> None:
        super().__init__(lambda: LevelsForm(specs, field_of), title, hint, "something that differs")

    @property
    def given(self) -> Any:
        """The levels, by setting."""
        return dict(field.given for field in self.fields.values())

    @property
    def value(self) -> Any:
        """The levels, by setting."""
        _ = super().value
        return self.given

    @value.setter
    def value(self, value: Any) -> None:
        with self._one_change():
            self.fill(value)

    def fill(self, value: Mapping[str, Mapping[str, Any]] | None) -> None:
        """Show these, and no others."""
        super().fill(list((value or {}).items()))

    def _own_errors(self) -> Faults:
        names = [field.given[0] for field in self.fields.values()]
        return {
            f"{place}.{_SETTING}": f"{name} stands here twice. Put all its levels into one."
            for place, name in enumerate(names)
            if name in names[:place]
        }
