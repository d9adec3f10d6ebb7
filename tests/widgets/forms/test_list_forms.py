"""Optional forms, lists of fields, and named fields."""

import pytest
from support.forms import clicked, walk

import syndisco_nb as snb
from syndisco_nb.builder.design import Design, Moderator
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.widgets.forms import form_of
from syndisco_nb.widgets.forms.inputs import number_input
from syndisco_nb.widgets.forms.list_forms import MapForm, OptionalForm


@pytest.fixture
def form():
    return form_of(Design)


def test_names_twice_are_said(form):
    form["models"].add(snb.ScriptedModel("a"), "Ana")
    form["models"].add(snb.ScriptedModel("b"), "Ana")
    assert form.errors == {"models.1.name": "The name 'Ana' is given twice. Choose another name."}


def test_items_are_taken_away(form):
    for name in ("a", "b", "c"):
        form["annotators"].add({"name": name})
    form["annotators"].remove(1)
    assert [one.name for one in form.value.annotators] == ["a", "c"]
    assert form["annotators"][1]["name"].text == "c"
    with pytest.raises(InvalidInputError, match="place is 2, but there are 2"):
        form["annotators"].remove(2)


def test_buttons_add_and_take_away(form):
    annotators = form["annotators"]
    clicked(annotators, "Add annotator")
    assert len(annotators) == 1
    assert annotators["0"]["model"]["type"].focused  # the focus goes to the first field of the new one
    annotators["0"]["model"]["type"].focused = False
    shown = annotators._rows()[0]
    annotators.add()
    assert annotators._rows()[0] is shown  # the page keeps it as it is
    for _ in range(2):
        walked = [one for one in walk(annotators) if getattr(one, "label", "") == "Remove"]
        walked[-1].press()
        left = annotators["0"]["model"]["type"] if len(annotators) else annotators._add_button
        assert left.focused
    assert len(annotators) == 0


def test_an_optional_form_is_none_until_it_is_filled_in():
    form = OptionalForm(form_of(Moderator), "With a moderator")
    assert (form.value, form.given, form.errors) == (None, None, {})
    form["instructions"].text = "Be kind."  # whoever fills it in wants it
    assert form.value == Moderator(instructions="Be kind.")
    form.present.value = False
    assert form.value is None
    form.present.value = True  # what was filled in is still there
    assert form.value == Moderator(instructions="Be kind.")
    form.value = None
    assert (form.value, form.touched) == (None, False)


def test_named_fields_are_a_mapping():
    form = MapForm(lambda: number_input("Share"))
    form.value = {"a": 1, "b": 0.5}
    assert form.value == form.given == {"a": 1, "b": 0.5}
    form.value = {}
    assert (form.value, len(form)) == ({}, 0)
