"""The static page of a form."""

import pytest
from support.forms import typed

import syndisco_nb as snb
from syndisco_nb.builder.design import Design
from syndisco_nb.display import bundle
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
    assert "100 people" in shown[1]
    assert "PeopleForm" not in shown[1]
    assert "P0" in shown[1]
    assert "P99" not in shown[1]
    assert "more" in shown[1]


def test_a_design_is_told_in_words_and_ends_in_its_code():
    form = snb.ExperimentForm(snb.ExperimentBuilder(seed=7).model(snb.ScriptedModel(["Hm."])).topics(["Tax?"]))
    form["participants"].value = [snb.LLMPersona(username="Ana"), snb.LLMPersona(username="Ben")]
    html = bundle(form)["text/html"]
    assert "2: Ana, Ben" in html
    for identifier in ("per_discussion", "type ScriptedModel", "ExperimentForm"):
        assert identifier not in html.partition("<pre")[0]
    assert ".topics([&#x27;Tax?&#x27;])" in html
    assert "```python\nimport syndisco_nb as snb\n" in bundle(form)["text/markdown"]
    assert "  import syndisco_nb as snb\n" in bundle(form)["text/plain"]
    form["participants"].value = [snb.LLMPersona(username=f"P{number}" * 9) for number in range(200)]
    assert "# ... Print all of it: print(form.code())" in bundle(form)["text/html"]
