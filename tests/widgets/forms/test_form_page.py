"""The static page of a form."""

import pytest
from support.forms import typed

import syndisco_nb as snb
from syndisco_nb.builder.design import Design
from syndisco_nb.widgets.forms import form_of


@pytest.fixture
def form():
    return form_of(Design)


def test_a_stored_notebook_shows_what_is_filled_in(form):
    form["moderator.instructions"].value = "Keep it <civil>."
    typed(form["turns"], "abc")
    shown = form._repr_mimebundle_()
    assert shown["text/plain"] == repr(form)
    assert "Keep it &lt;civil&gt;." in shown["text/html"]
    assert "turns is &#x27;abc&#x27;, but must be a whole number" in shown["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in shown


def test_equal_forms_give_equal_bytes():
    def still():
        shown = form_of(Design)._repr_mimebundle_()
        return {kind: text for kind, text in shown.items() if kind.startswith("text/")}

    assert still() == still()


def test_people_are_shown_in_a_table_up_to_a_limit():
    form = snb.PeopleForm([snb.LLMPersona(username=f"P{number}", age=20) for number in range(100)])
    shown = form._repr_mimebundle_()["text/plain"], form._repr_mimebundle_()["text/html"]
    assert shown[0] == "<PeopleForm: 100 people>"
    assert "P0" in shown[1]
    assert "P99" not in shown[1]
    assert "more" in shown[1]
