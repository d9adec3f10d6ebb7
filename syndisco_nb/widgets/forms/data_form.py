"""The form of pydantic data."""

from typing import Any

from pydantic import BaseModel

from syndisco_nb.builder.fields import validate
from syndisco_nb.widgets.forms.form import Form
from syndisco_nb.widgets.forms.form_field import Faults, Field


class DataForm(Form):
    """The fields of a pydantic model, and an instance of it.

    Parameters
    ----------
    kind : type
    fields : mapping of str to Field
    title, hint : str
    """

    def __init__(self, kind: type[BaseModel], fields: dict[str, Field], title: str = "", hint: str = "") -> None:
        self._kind = kind
        super().__init__(fields, title, hint)

    def _check(self, given: Any) -> tuple[Any, Faults]:
        return validate(self._kind, given)

    def document(self) -> Any:
        """Return the plain data that `save` writes."""
        return self.value.model_dump(mode="json")
