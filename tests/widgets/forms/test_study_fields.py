"""The fields of a design, as several forms have them."""

import syndisco_nb as snb
from syndisco_nb.backend.model.local import bundled
from syndisco_nb.builder.design import Design
from syndisco_nb.widgets.forms.list_forms import OptionalForm
from syndisco_nb.widgets.forms.model_form import ModelForm
from syndisco_nb.widgets.forms.people_form import PeopleForm
from syndisco_nb.widgets.forms.study_fields import NEEDED, beginning, design_fields
from syndisco_nb.widgets.forms.vary_form import VaryForm


def test_every_setting_has_a_field_unless_it_is_left_out():
    assert list(design_fields()) == list(Design.model_fields)
    assert set(design_fields(["vary", "seed"])) == set(Design.model_fields) - {"vary", "seed"}


def test_some_settings_have_a_form_of_their_own():
    fields = design_fields()
    kinds = {"model": ModelForm, "participants": PeopleForm, "moderator": OptionalForm, "vary": VaryForm}
    assert {name: type(fields[name]) for name in kinds} == kinds
    assert fields["topics"].hint.startswith("Each discussion opens with one of them")


def test_a_form_begins_with_the_bundled_model_where_it_is_installed(monkeypatch):
    assert beginning() == snb.ExperimentBuilder().model(snb.bundled_model())
    monkeypatch.setattr(bundled.BundledModel, "install_command", classmethod(lambda cls: "pip install it"))
    assert beginning() == snb.ExperimentBuilder()


def test_what_no_discussion_can_do_without_is_a_setting():
    assert set(NEEDED) <= set(Design.model_fields)
