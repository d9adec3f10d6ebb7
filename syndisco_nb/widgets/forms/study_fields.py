"""The settings of a study, as every form that asks for some of them shows them."""

from collections.abc import Callable, Iterable, Mapping

from syndisco_nb.backend.model import bundled_model
from syndisco_nb.builder import ExperimentBuilder
from syndisco_nb.builder.design import Design, Moderator, Settings
from syndisco_nb.widgets.forms.controls import Input
from syndisco_nb.widgets.forms.engine_choices import missing_engines
from syndisco_nb.widgets.forms.form import Form
from syndisco_nb.widgets.forms.generator import field_of, fields_of, form_of
from syndisco_nb.widgets.forms.list_forms import OptionalForm
from syndisco_nb.widgets.forms.model_form import ModelForm
from syndisco_nb.widgets.forms.people_form import PeopleForm
from syndisco_nb.widgets.forms.specs import Spec, specs_of
from syndisco_nb.widgets.forms.topics_input import topics_input
from syndisco_nb.widgets.forms.vary_form import VaryForm

NEEDED = {
    "participants": "Nobody takes part yet. Add people, by hand or from a file.",
    "topics": "There is no topic yet. Write at least one, on a line of its own.",
    "model": "There is no model yet. Choose one.",
}
"""What a discussion cannot do without, and what to say where it is missing."""

_MODEL = "bundled_model"
_COMPARED = "Between the conditions that are compared: all combinations of the levels. In all else, they are alike."


def design_fields(leave_out: Iterable[str] = ()) -> dict[str, Input | Form]:
    """Return the fields of a design, but for some."""
    special = {"model": _model, "vary": _varied, "participants": lambda one: PeopleForm(), **_OWN}
    return fields_of(Design, special, leave_out)


def beginning() -> ExperimentBuilder:
    """Return what stands in a form at first, where nothing is given: all but people and a topic."""
    builder = ExperimentBuilder()
    return builder if _MODEL in missing_engines() else builder.model(bundled_model())


def _model(asked: Spec) -> ModelForm:
    return ModelForm(None, asked.label, asked.description, optional=True)


def _moderator(asked: Spec) -> OptionalForm:
    return OptionalForm(form_of(Moderator), "With a moderator", asked.description)


def _varied(asked: Spec) -> VaryForm:
    specs = {one.name: one for one in specs_of(Settings)}
    return VaryForm(specs, lambda one: _OWN.get(one.name, field_of)(one), "What differs", _COMPARED)


_OWN: Mapping[str, Callable[[Spec], Input | Form]] = {"moderator": _moderator, "topics": topics_input}
