"""`ChoosingForm`, a form whose fields depend on a choice."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from syndisco_nb.widgets.forms.form import Form
from syndisco_nb.widgets.forms.form_field import Field
from syndisco_nb.widgets.forms.inputs import Input


class ChoosingForm(Form):
    """A choice, and the fields that belong to it; these keep their content when another choice is made.

    Parameters
    ----------
    name : str
        The name of the choice among the fields.
    choice : Input
    """

    def __init__(self, name: str, choice: Input) -> None:
        self._choice = name
        self._fields_by_choice: dict[str, Mapping[str, Field]] = {}
        super().__init__({name: choice})

    @property
    def chosen(self) -> str:
        """The choice; "" for none."""
        return str(self.fields[self._choice].given or "")

    @abstractmethod
    def _fields_of(self, chosen: str) -> Mapping[str, Field]:
        """Return the fields of a choice; none if there is no such choice."""

    def _changed(self) -> None:
        chosen = self.chosen
        if chosen not in self._fields_by_choice:
            self._fields_by_choice[chosen] = self._fields_of(chosen)
            for field in self._fields_by_choice[chosen].values():
                field.on_change(self._changed)
        fields: dict[str, Any] = {self._choice: self.fields[self._choice], **self._fields_by_choice[chosen]}
        if list(fields.values()) != list(self.fields.values()):
            self.fields = fields
            self._arrange()
        super()._changed()
