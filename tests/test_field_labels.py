"""The labels of fields, one for each."""

import inspect

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.kinds import Kind, design_parameters
from syndisco_nb.backend.persona_fields import FIELDS
from syndisco_nb.builder.design import Annotator, Design, Moderator
from syndisco_nb.field_labels import _LABELS, attribute_lines, field_label, field_place, with_label
from syndisco_nb.widgets.forms.field_specs import field_specs


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("username", "Name"),
        ("current_employment", "Occupation"),
        ("base_url", "Server URL"),
        ("demographic_group", "Demographic group"),
        ("hobby", "Hobby"),
        ("years in town", "Years in town"),
        ("AGE", "AGE"),
        ("", ""),
    ],
)
def test_a_field_has_a_label_in_words(name, label):
    assert field_label(name) == field_label(name, inner=True) == label
    assert field_label(label) == label


def test_no_field_shares_its_label_with_another_of_its_form():
    kinds = [one for one in vars(snb).values() if isinstance(one, type) and issubclass(one, Kind)]
    for kind in (Design, Moderator, Annotator, snb.LLMPersona, *kinds):
        labels = [spec.label for spec in field_specs(kind)]
        assert len(labels) == len(set(labels)), kind


def test_every_label_is_that_of_a_field():
    kinds = [getattr(snb, name) for name in snb.__all__]
    parameters = {
        parameter.name
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, Kind) and kind is not Kind
        for parameter in design_parameters(kind)
    }
    settings = {*Design.model_fields, *vars(snb.Sampling)["__dataclass_fields__"]}
    labelling = inspect.signature(snb.AnnotationForm).parameters
    assert set(_LABELS) <= {*FIELDS, *parameters, *settings, *labelling}


def test_an_error_names_the_label_of_its_field():
    assert with_label("Row 2: age is '-7', but must be years.", "age") == "Row 2: Age is '-7', but must be years."
    assert with_label("The language is odd, and age is -7.", "age") == "The language is odd, and Age is -7."
    assert with_label("Nobody is here.", "") == "Nobody is here."
    assert with_label("per_discussion is 3. Lower per_discussion.", "per_discussion") == (
        "Participants per discussion is 3. Lower Participants per discussion."
    )


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("turns", "Number of turns"),
        ("moderator.name", "Moderator: Name"),
        ("annotators.0.model.model_name", "Annotators 1: Model name"),
        ("run", "Discussions folder"),
        ("stop.0", "End early 1"),
        ("models", "Other models"),
        ("model.models.1", "Model: Models 2"),
        ("annotators.0.model.models.2.base_url", "Annotators 1: Models 3: Server URL"),
        ("", "Form"),
    ],
)
def test_the_place_of_a_fault_is_told_in_labels(path, place):
    assert field_place(path) == place


def test_attributes_have_the_labels_of_the_forms():
    assert attribute_lines(("username: Ana", "current_employment: nurse", "Note: tea")) == (
        "Occupation: nurse",
        "Note: tea",
    )
    assert attribute_lines(("Likes tea: a lot", "Likes tea")) == ("Likes tea: a lot", "Likes tea")
