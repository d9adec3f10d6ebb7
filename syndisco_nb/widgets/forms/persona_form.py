"""`PersonaForm`, the form of one person."""

from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.widgets.forms.call_form import CallForm
from syndisco_nb.widgets.forms.generator import fields_of


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
        super().__init__(LLMPersona, fields_of(LLMPersona), "New person")
        if persona is not None:
            self.value = persona

    def code(self) -> str:
        """Return Python that makes an equal person."""
        return f"import syndisco_nb as snb\n\nperson = snb.{self.value!r}\n"
