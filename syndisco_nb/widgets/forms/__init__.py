"""Forms: everything that code can set up can be filled in instead, and every form writes the code for it."""

from syndisco_nb.widgets.forms import form_page  # noqa: F401  (registers the page of a form)
from syndisco_nb.widgets.forms.form import Form
from syndisco_nb.widgets.forms.generator import form_of

__all__ = ["Form", "form_of"]
