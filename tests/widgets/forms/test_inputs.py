"""Inputs: the text that is typed, and the value that it holds."""

import pytest
from support.forms import typed

from syndisco_nb.widgets.forms import inputs


@pytest.mark.parametrize(
    ("make", "text", "value"),
    [
        (inputs.text_input, " a ", " a "),
        (inputs.number_input, "3", 3),
        (inputs.number_input, "0.5", 0.5),
        (inputs.number_input, "three", "three"),
        (inputs.check_input, "yes", True),
        (inputs.lines_input, "a\n\n b ", ("a", "b")),
        (inputs.yaml_input, "a: [1, 2]", {"a": [1, 2]}),
        (inputs.yaml_input, "", {}),
        (inputs.yaml_input, "[1", "[1"),
    ],
)
def test_a_text_is_read_as_far_as_it_can_be_and_stays(make, text, value):
    field = make("Label")
    typed(field, text)
    assert (field.value, field.given, field.text) == (value, value, text)
    assert type(field.value) is type(value)


@pytest.mark.parametrize(
    ("make", "value", "text"),
    [
        (inputs.number_input, 1 / 3, repr(1 / 3)),
        (inputs.number_input, "soon", "soon"),
        (inputs.check_input, True, "yes"),
        (inputs.lines_input, ("a\nb", ""), "a\nb\n"),
        (inputs.yaml_input, {"a": 1}, "a: 1"),
        (inputs.yaml_input, {}, ""),
        (inputs.yaml_input, object, str(object)),
        (inputs.text_input, None, ""),
    ],
)
def test_a_value_that_is_set_stays_exact_until_somebody_types(make, value, text):
    field = make("Label")
    field.value = value
    assert (field.value, field.text) == (value, text)
    typed(field, "x")
    assert field.value != value


def test_nothing_typed_is_none_where_that_is_allowed():
    field = inputs.number_input("Label", optional=True)
    assert field.value is None
    typed(field, "3")
    typed(field, " ")
    assert field.value is None
    assert inputs.number_input("Label").value == ""


def test_a_choice_is_of_values_and_shows_words():
    field = inputs.choice_input("Label", "", [1, "two"], optional=True, none="None", disabled=["3"], words={"two": "2"})
    assert field.options == [["", "None", False], ["1", "1", False], ["two", "2", False], ["3", "3", True]]
    typed(field, "1")
    assert field.value == 1
    typed(field, "4")
    assert field.value == "4"  # whoever checks it says why not


def test_a_change_is_told_once_and_no_change_is_not():
    told = []
    field = inputs.text_input("Label")
    field.on_change(lambda: told.append(field.value))
    typed(field, "a")
    typed(field, "a")
    field.value = "a"
    field.value = "b"
    assert told == ["a", "b"]


def test_another_value_of_the_same_text_is_told():
    told = []
    field = inputs.lines_input("Label")
    field.value = ("a", "b")
    field.on_change(lambda: told.append(field.value))
    field.value = ("a\nb",)
    assert told == [("a\nb",)]


def test_a_fault_is_shown_once_somebody_has_typed():
    field = inputs.text_input("Label")
    field.show({"": "It is empty."})
    assert field.message == ""
    field.show({"": "It is empty."}, everything=True)
    assert field.message == "It is empty."
    typed(field, "a")
    field.show({"0": "The first is wrong."})  # of an item in the value
    assert field.message == "The first is wrong."
    field.mark_untouched()
    field.show({"0": "The first is wrong."})
    assert (field.message, field.touched, field.errors) == ("", False, {})
