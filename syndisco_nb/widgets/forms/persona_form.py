"""`PersonaForm`, the form of one person."""

from typing import Any

from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.builder.python_code import IMPORT, call
from syndisco_nb.widgets.forms.call_form import CallForm
from syndisco_nb.widgets.forms.file_actions import FileActions
from syndisco_nb.widgets.forms.generator import fields_of
from syndisco_nb.widgets.forms.unfinished_code import comments, without


class PersonaForm(CallForm):
    """The form of one person: its value is an `LLMPersona`.

    Parameters
    ----------
    persona : LLMPersona, optional
        The initial content.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> form = snb.PersonaForm()
    >>> form["username"].value = "Maya"
    >>> form["age"].value = "41"
    >>> form.value
    LLMPersona(username='Maya', age=41)
    """

    def __init__(self, persona: LLMPersona | None = None) -> None:
        self.files = FileActions(self, "Person file", "person.yaml")
        super().__init__(LLMPersona, fields_of(LLMPersona), "New person")
        if persona is not None:
            self.value = persona

    def code(self) -> str:
        """Return Python that makes an equal person; where the form is not finished, as far as it goes."""
        faults = self.errors
        if not faults:
            return f"{IMPORT}\nperson = snb.{self.value!r}\n"
        given = {name: field.given for name, field in self.fields.items() if field.given not in (None, "", (), {})}
        return f"{comments(faults, given)}{IMPORT}\nperson = {call('snb.LLMPersona', **without(given, faults))}\n"

    def document(self) -> Any:
        """Return the plain data that `save` writes: the attributes that are filled in."""
        return self.value.attributes
