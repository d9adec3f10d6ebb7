"""The form of what a study compares."""

import pytest
from support.forms import typed

from syndisco_nb.errors import InvalidInputError
from syndisco_nb.widgets.forms.study_fields import design_fields


@pytest.fixture
def form():
    return design_fields()["vary"]


def test_levels_are_filled_in_by_name(form):
    one = form.add()
    typed(one["setting"], "window")
    short, long = one["levels"].fields.values()  # two at first: fewer are no comparison
    for level, (name, value) in zip((short, long), (("short", "1"), ("long", "5")), strict=True):
        typed(level["name"], name)
        typed(level["value"], value)
    assert form.value == form.given == {"window": {"short": 1, "long": 5}}


def test_levels_of_another_setting_are_kept(form):
    one = form.add()
    typed(one["setting"], "window")
    typed(one["levels.0.name"], "short")
    typed(one["setting"], "turns")
    assert one["levels.0.name"].text == ""
    typed(one["setting"], "window")
    assert one["levels.0.name"].text == "short"


def test_what_is_varied_is_shown_and_emptied(form):
    vary = {"moderator": {"none": None, "some": {"instructions": "Be kind.", "name": "Mo", "attributes": ()}}}
    form.value = vary
    assert form.given == vary
    assert not form.touched
    form.value = {}
    assert (form.value, len(form)) == ({}, 0)


def test_what_differs_must_be_chosen_and_once(form):
    form.value = {"window": {"short": 1, "long": 5}}
    other = form.add()
    assert form.errors == {"1.setting": "Choose the setting that differs between the conditions."}
    typed(other["setting"], "window")
    for place, name in enumerate(("some", "many")):
        typed(other[f"levels.{place}.name"], name)
    assert form.errors["1.setting"] == "Comments remembered is varied twice. Put all its levels into one."
    with pytest.raises(InvalidInputError, match="is varied twice"):
        _ = form.value
