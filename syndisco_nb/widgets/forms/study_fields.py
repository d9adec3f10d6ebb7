"""The fields of a design, which the forms of studies, discussions and annotations share."""

from collections.abc import Callable, Iterable, Mapping

from syndisco_nb.backend.model import bundled_model
from syndisco_nb.backend.model.local.bundled import BundledModel
from syndisco_nb.builder import ExperimentBuilder
from syndisco_nb.builder.design import Design, Moderator, Settings
from syndisco_nb.widgets.forms.field_specs import FieldSpec, field_specs
from syndisco_nb.widgets.forms.form_field import Field
from syndisco_nb.widgets.forms.generator import field_of, fields_of, form_of
from syndisco_nb.widgets.forms.list_forms import OptionalForm
from syndisco_nb.widgets.forms.model_form import ModelForm
from syndisco_nb.widgets.forms.people_form import PeopleForm
from syndisco_nb.widgets.forms.topics_input import topics_input
from syndisco_nb.widgets.forms.vary_form import VaryForm

NEEDED = {
    "participants": "There are no participants yet. Add people by hand, or from a file.",
    "topics": "There is no topic yet. Give at least one, on a line of its own.",
    "model": "There is no model yet. Choose one.",
}
"""The settings without which no discussion can run, each with the message when it is missing."""

_COMPARED = "Every combination of levels is one condition; everything else stays the same."


def design_fields(leave_out: Iterable[str] = ()) -> dict[str, Field]:
    """Return the fields of a design, except those to leave out."""
    special = {"model": _model, "vary": _varied, "participants": lambda _: PeopleForm(nested=True), **_SPECIAL}
    return fields_of(Design, special, leave_out)


def beginning() -> ExperimentBuilder:
    """Return the initial content of a form: defaults, and the bundled model if it is installed."""
    builder = ExperimentBuilder()
    return builder if BundledModel.install_command() else builder.model(bundled_model())


def _model(spec: FieldSpec) -> ModelForm:
    return ModelForm(None, spec.label, spec.description, optional=True, nested=True)


def _moderator(spec: FieldSpec) -> OptionalForm:
    return OptionalForm(form_of(Moderator), "With a moderator", spec.description)


def _varied(spec: FieldSpec) -> VaryForm:
    specs = {setting.name: setting for setting in field_specs(Settings)}
    return VaryForm(specs, lambda setting: _SPECIAL.get(setting.name, field_of)(setting), "Conditions", _COMPARED)


_SPECIAL: Mapping[str, Callable[[FieldSpec], Field]] = {"moderator": _moderator, "topics": topics_input}
