"""The static page of a form, for where there is no kernel."""

from dataclasses import replace

import pydantic_core

from syndisco_nb.display.options import Limits
from syndisco_nb.display.page import Facts, Note, Page, Table
from syndisco_nb.display.registry import make_page
from syndisco_nb.errors import SyndiscoError
from syndisco_nb.field_labels import field_label, field_place
from syndisco_nb.widgets.forms.design_form import DesignForm
from syndisco_nb.widgets.forms.form import Form
from syndisco_nb.widgets.forms.people_form import PeopleForm
from syndisco_nb.widgets.forms.summaries import summary
from syndisco_nb.widgets.forms.unfinished_code import comment
from syndisco_nb.wording import cut_text, more, value_text

_ELSEWHERE = "The form itself is shown by JupyterLab, Jupyter Notebook and VS Code with a kernel. In Python:"
_LONGEST_CODE = 3_000
_IN_WORDS = (
    "annotators",
    "model",
    "models",
    "participants",
    "scales",
    "stop",
    "turn_taking",
    "vary",
)  # the code has all


@make_page.register
def form_page(form: Form, limits: Limits) -> Page:
    """Return the page of a form."""
    pairs = [(field_label(name), _text(form, name, limits)) for name in form.fields]
    filled = tuple((name, text) for name, text in pairs if text)
    faults = (Note(f"{field_place(path)}: {text}", warning=True) for path, text in form.errors.items())
    code = (Note(_ELSEWHERE), Note(_code(form), code=True)) if form.files else ()
    return Page("Form", form.title or "as filled in", (), (Facts("", filled), *faults, *code))


@make_page.register
def people_form_page(form: PeopleForm, limits: Limits) -> Page:
    """Return the page of a form of people."""
    page = form_page(form, limits)
    rows = tuple(tuple(row) for row in form.grid.rows[: limits.max_items])
    table = Table("", tuple(label for _, label, _ in form.grid.columns), rows, more(len(form) - len(rows)))
    return replace(page, title=form.title or form.number_text, blocks=(table, *page.blocks[1:]))


def _code(form: Form) -> str:
    try:
        code = form.code()
    except SyndiscoError as error:
        return comment(str(error))
    if len(code) <= _LONGEST_CODE:
        return code
    return code[:_LONGEST_CODE].rpartition("\n")[0] + "\n# ... Print all of it: print(form.code())\n"


def _text(form: Form, name: str, limits: Limits) -> str:
    try:
        given = form[name].given
    except SyndiscoError as error:
        return str(error)
    if isinstance(form, DesignForm) and name in _IN_WORDS:
        return summary(name, given)
    try:
        plain = pydantic_core.to_jsonable_python(given, fallback=str)
    except ValueError:  # half a character, which no file could hold
        plain = str(given)
    return "" if plain in (None, "", [], {}) else cut_text(value_text(plain), limits.max_text, "the form")
