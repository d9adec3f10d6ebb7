"""Forms that are made from the fields of data, or the arguments of a call."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field
from support.forms import inputs, typed

import syndisco_nb as snb
from syndisco_nb.builder.design import Design
from syndisco_nb.widgets.forms import form_of
from syndisco_nb.widgets.forms.call_form import CallForm
from syndisco_nb.widgets.forms.data_form import DataForm
from syndisco_nb.widgets.forms.generator import fields_of
from syndisco_nb.widgets.forms.inputs import text_input
from syndisco_nb.widgets.forms.list_forms import ListForm, MapForm, OptionalForm
from syndisco_nb.widgets.forms.part_form import PartForm
from syndisco_nb.widgets.forms.people_form import PeopleForm

PEOPLE = [snb.LLMPersona(username="Ana", age=30, hobby="chess"), snb.LLMPersona(username="Ben")]


@pytest.fixture
def form():
    return form_of(Design)


class Inner(BaseModel):
    text: str = ""


class Data(BaseModel):
    number: int = Field(default=3, description="How many")
    flag: bool = False
    kind: Literal["a", "b"] = "a"
    names: tuple[str, ...] = ()
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    shares: dict[str, float] = {}
    odd: dict[str, dict[str, Any]] = {}


def test_every_field_is_asked_for_with_its_label_and_description():
    form = form_of(Data)
    assert list(form) == list(Data.model_fields)
    assert (form["number"].label, form["number"].hint, form["number"].text) == ("Number", "How many", "3")
    assert {one.kind for one in inputs(form)} >= {"line", "check", "choice", "lines"}


def test_each_type_has_its_field(form):
    fields = fields_of(Data)
    assert [fields[name].kind for name in ("number", "flag", "kind", "names")] == ["line", "check", "choice", "lines"]
    assert [type(fields[name]) for name in ("inner", "many", "shares")] == [OptionalForm, ListForm, MapForm]
    assert fields["odd"].kind == "lines"  # as YAML
    assert isinstance(form["model"], PartForm)
    assert isinstance(form["participants"], PeopleForm)
    assert form["instructions"].kind == "prose"
    assert isinstance(form_of(snb.Sampling), CallForm)
    assert isinstance(form, DataForm)


def test_fields_are_left_out_or_made_specially():
    form = form_of(Data, special={"kind": lambda spec: text_input(spec.label.upper())}, leave_out=["odd"])
    assert "odd" not in form
    assert form["kind"].label == "KIND"


def test_whatever_code_can_set_can_be_filled_in(form):
    form["model.type"].value = "ScriptedModel"
    typed(form["model.script"], "I agree.\nWhy?")
    form["participants"].value = PEOPLE
    typed(form["topics"], "Tax\nToll")
    form["moderator"]["instructions"].value = "Keep it civil."
    form["turn_taking"]["type"].value = "Hosted"
    typed(form["turn_taking.rule"], "2")
    form["turn_taking.then"].value = snb.RespondWithProbability(0.25)
    typed(form["turns"], "4")
    form["scales"].add(snb.Likert("toxicity", 1, 5))
    form["annotators"].add({"name": "judge"})["instructions"].value = "Rate."
    code = (
        snb.ExperimentBuilder()
        .model(snb.ScriptedModel(["I agree.", "Why?"]))
        .participants(PEOPLE)
        .topics(["Tax", "Toll"])
        .moderator("Keep it civil.")
        .turn_taking(snb.Hosted(2, then=snb.RespondWithProbability(0.25)))
        .turns(4)
        .annotators([{"name": "judge", "instructions": "Rate."}], snb.Likert("toxicity", 1, 5))
    )
    assert form.value == code.design


def test_a_new_design_fills_the_form_anew(form):
    design = snb.ExperimentBuilder(seed=3).participants(PEOPLE).topics(["Tax"]).moderator("Be kind.").design
    form.value = design
    assert form.value == design
    form.value = Design()
    assert form.value == Design()


def test_no_key_is_asked_for(form):
    form["model.type"].value = "OpenAIModel"
    assert "api_key" not in form["model"].fields
    assert "base_url" in form["model"].fields


@pytest.mark.parametrize("make", [snb.Likert, snb.Choice, snb.Flag, snb.FreeText, snb.Hosted, snb.AfterPhrase])
def test_no_argument_is_touched_at_first(make):
    assert not form_of(make).touched
