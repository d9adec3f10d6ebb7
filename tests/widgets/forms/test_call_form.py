"""The form of a call: its arguments, and others in one field."""

from support.forms import typed

import syndisco_nb as snb
from syndisco_nb.widgets.forms import form_of


def test_fields_and_ones_own_attributes_make_a_persona():
    form = form_of(snb.LLMPersona)
    typed(form["username"], "Maya")
    typed(form["age"], "41")
    typed(form["personality_characteristics"], "curious\nimpatient")
    typed(form["attributes"], "hobby: chess\nlanguages: [el, en]")
    assert form.value == snb.LLMPersona(
        username="Maya",
        age=41,
        personality_characteristics=["curious", "impatient"],
        hobby="chess",
        languages=["el", "en"],
    )


def test_what_is_wrong_with_an_argument_is_said_beside_it():
    form = form_of(snb.Likert)
    typed(form["name"], "toxicity")
    typed(form["low"], "9")
    assert list(form.errors) == ["low"]
    typed(form["high"], "11")
    assert form.value == snb.Likert("toxicity", 9, 11)


def test_other_arguments_that_are_no_mapping_are_refused_beside_their_field():
    form = form_of(snb.LLMPersona)
    typed(form["attributes"], "hobby")
    assert "must be names and values" in form.errors["attributes"]
    assert form["attributes"].message == form.errors["attributes"].replace("attributes is", "Attributes is", 1)
    assert form["attributes"].text == "hobby"
