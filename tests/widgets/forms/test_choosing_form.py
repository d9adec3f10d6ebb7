"""A form whose fields depend on a choice."""

from support.forms import typed

from syndisco_nb.widgets.forms.choosing_form import ChoosingForm
from syndisco_nb.widgets.forms.inputs import choice_input, text_input


class Animal(ChoosingForm):
    def __init__(self):
        super().__init__("animal", choice_input("Animal", "", ["cat", "dog"], optional=True))

    def _fields_of(self, chosen):
        return {name: text_input(name) for name in {"cat": ["lives"], "dog": ["tricks", "name"]}.get(chosen, [])}


def test_the_fields_are_those_of_the_choice():
    form = Animal()
    assert (form.chosen, list(form)) == ("", ["animal"])
    typed(form["animal"], "dog")
    assert (form.chosen, list(form)) == ("dog", ["animal", "tricks", "name"])
    assert form["name"] in form._body.children
    typed(form["animal"], "cow")
    assert list(form) == ["animal"]


def test_what_was_typed_is_still_there_when_the_choice_comes_back():
    form = Animal()
    typed(form["animal"], "cat")
    typed(form["lives"], "9")
    typed(form["animal"], "dog")
    typed(form["animal"], "cat")
    assert form.value == {"animal": "cat", "lives": "9"}


def test_a_change_in_a_field_of_the_choice_is_told():
    told = []
    form = Animal()
    typed(form["animal"], "cat")
    form.on_change(lambda: told.append(form.given))
    typed(form["lives"], "9")
    assert told == [{"animal": "cat", "lives": "9"}]
