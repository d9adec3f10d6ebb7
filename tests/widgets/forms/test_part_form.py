"""The form of a part: its type, and the arguments of that type."""

import pytest
from support.forms import typed

import syndisco_nb as snb
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.parts import Part
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.widgets.forms import form_of


@pytest.fixture
def form():
    return form_of(Design)


def test_an_error_of_a_part_stands_beside_its_argument(form):
    scale = form["scales"].add(snb.Likert("toxicity"))
    typed(scale["low"], "7")
    assert form.errors == {"scales.0.low": "low is 7 and high is 5, but low must be below high."}
    assert scale["low"].message == "Low is 7 and high is 5, but low must be below high."
    typed(scale["high"], "9")
    assert not form.errors
    assert not scale["low"].message


def test_nobody_is_told_off_before_typing(form):
    scale = form["scales"].add()
    assert form.errors == {"scales.0.name": "name is empty. Say what the scale measures."}
    assert not scale["name"].message
    form.show(form.errors, everything=True)
    assert scale["name"].message == "Name is empty. Say what the scale measures."


def test_what_was_typed_for_a_type_is_kept(form):
    form["model.type"].value = "OpenAIModel"
    typed(form["model.model_name"], "gpt")
    typed(form["model.timeout_s"], "soon")
    form["model.type"].value = "ScriptedModel"
    form["model.type"].value = "OpenAIModel"
    assert (form["model.model_name"].text, form["model.timeout_s"].text) == ("gpt", "soon")
    assert form.errors == {"model.timeout_s": "timeout_s is 'soon', but must be a number above 0."}


def test_a_live_object_stays_itself_until_its_arguments_change(form):
    model = snb.ScriptedModel(["Yes."])
    form["model"].value = model
    assert form["model"].value is model
    form["model.name"].text = "another"
    assert form["model"].value is not model
    assert form["model"].value is form["model"].value  # loaded once


def test_a_part_that_was_given_stays_exact(form):
    part = Part(type="ScriptedModel", arguments={"script": "Yes."})
    form["model"].value = part
    assert form["model"].given is part
    form["model.name"].text = "another"
    assert form["model"].given.arguments == {"script": ["Yes."], "name": "another"}


def test_unknown_arguments_are_named(form):
    with pytest.raises(InvalidInputError, match=r"no field 'lo'\. Did you mean 'low'"):
        form["scales"].add({"type": "Likert", "lo": 1})


def test_none_takes_the_place_of_a_part(form):
    form["turn_taking"].value = snb.RandomOther()
    assert form["turn_taking"].code() == "snb.RandomOther()\n"
    form["turn_taking"].value = None
    assert (form["turn_taking"].value, form["turn_taking"].code()) == (None, "None\n")


def test_the_fault_of_a_part_within_stands_beside_its_argument(form):
    form["turn_taking"].value = snb.Hosted(2)
    form["turn_taking.then.type"].value = "RespondWithProbability"
    form["turn_taking.then.p"].text = "7"
    assert list(form.errors) == ["turn_taking.then.p"]
    with pytest.raises(InvalidInputError) as raised:
        _ = form["turn_taking"].value
    assert raised.value.field == "then.p"
