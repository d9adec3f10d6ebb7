"""The generator and what it makes, driven without a browser."""

import re
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

import syndisco_nb as snb
from syndisco_nb.builder.design import Annotator, Design, Moderator
from syndisco_nb.builder.fields import Number
from syndisco_nb.errors import InvalidInputError, PersonaError, RecordError, StorageError
from syndisco_nb.widgets.forms import form_of
from syndisco_nb.widgets.forms.controls import FormControl

PEOPLE = [snb.LLMPersona(username="Ana", age=30, hobby="chess"), snb.LLMPersona(username="Ben")]


@pytest.fixture
def form():
    return form_of(Design)


def typed(field, text):
    """Type it, as the page does."""
    field.set_state({"text": text})


def controls(form):
    for field in form.fields.values():
        if isinstance(field, FormControl):
            yield field
        else:
            yield from controls(field)


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = Field(default="", description="What is said")


class Data(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: Number = Field(default=3, description="How many")
    share: float | None = Field(default=None, description="Which part")
    flag: bool = Field(default=False, description="Whether")
    kind: Literal["a", "b"] = Field(default="a", description="Which")
    names: tuple[str, ...] = Field(default=(), description="Who")
    inner: Inner | None = Field(default=None, description="What is in it")
    many: tuple[Inner, ...] = Field(default=(), description="Several")
    named: dict[str, Annotated[int, Field(ge=0)]] = Field(default={}, description="By name")
    odd: dict[str, dict[str, Any]] = Field(default={}, description="Anything")
    points: tuple[tuple[int, int], ...] = Field(default=(), description="No form knows this")


class TestAnyPydanticData:
    def test_every_field_is_asked_for_with_its_label_and_description(self):
        form = form_of(Data)
        assert list(form) == list(Data.model_fields)
        assert (form["number"].label, form["number"].hint, form["number"].text) == ("Number", "How many", "3")
        assert {one.kind for one in controls(form)} >= {"line", "check", "choice", "lines"}

    def test_the_defaults_are_what_an_empty_form_makes(self):
        assert form_of(Data).value == Data()

    def test_what_is_typed_is_read_by_the_datas_own_rules(self):
        form = form_of(Data)
        for name, text in {"number": "7", "share": "0.5", "flag": "yes", "kind": "b", "names": "Ana\n\n Ben "}.items():
            typed(form[name], text)
        typed(form["points"], "[[1, 2], [3, 4]]")
        form["inner.text"].value = "x"
        form["many"].add()["text"].value = "y"
        form["named"].add(4, "n")
        value = form.value
        assert value == Data(
            number=7, share=0.5, flag=True, kind="b", names=("Ana", "Ben"), inner={"text": "x"}, many=[{"text": "y"}],
            named={"n": 4}, points=((1, 2), (3, 4)),
        )  # fmt: skip

    def test_all_that_is_wrong_is_said_at_once_where_it_is(self):
        form = form_of(Data)
        typed(form["number"], "many")
        typed(form["share"], "half")
        typed(form["points"], "[1, 2")
        form["named"].add(-1, "n")
        assert set(form.errors) == {"number", "share", "points", "named.n"}
        assert form.errors["number"] == "number is 'many', but must be a whole number of 1 or more."
        assert form["number"].message == form.errors["number"]
        with pytest.raises(InvalidInputError, match=r"\(1\) number: number is 'many'.*\(2\) share: "):
            _ = form.value

    def test_one_error_is_raised_in_its_own_words(self):
        form = form_of(Data)
        typed(form["number"], "0")
        with pytest.raises(InvalidInputError, match=r"^number is 0, but must be a whole number of 1 or more\.$"):
            _ = form.value

    def test_what_is_left_out_is_none(self):
        form = form_of(Data)
        form["inner.text"].value = "x"
        form["inner"].present.value = False
        assert form.value.inner is None
        form["inner"].present.value = True
        assert form.value.inner.text == "x"

    def test_what_was_set_by_code_stands_exactly(self):
        form = form_of(Data)
        form.value = {"names": ("a\nb", ""), "points": ((1, 2),), "share": 1 / 3}
        assert (form.value.names, form.value.points, form.value.share) == (("a\nb", ""), ((1, 2),), 1 / 3)

    def test_an_unknown_name_is_named(self):
        form = form_of(Data)
        with pytest.raises(KeyError, match=r"no field 'numbr'\. Did you mean 'number'"):
            form["numbr"]
        with pytest.raises(InvalidInputError, match="Did you mean 'number'"):
            form.value = {"numbr": 3}


class TestTheDesign:
    def test_whatever_code_can_set_can_be_filled_in(self, form):
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

    def test_a_new_design_fills_the_form_anew(self, form):
        design = snb.ExperimentBuilder(seed=3).participants(PEOPLE).topics(["Tax"]).moderator("Be kind.").design
        form.value = design
        assert form.value == design
        form.value = Design()
        assert form.value == Design()

    def test_an_error_of_a_part_stands_beside_its_argument(self, form):
        scale = form["scales"].add(snb.Likert("toxicity"))
        typed(scale["low"], "7")
        assert form.errors == {"scales.0.low": "low is 7 and high is 5, but low must be below high."}
        assert scale["low"].message == form.errors["scales.0.low"]
        typed(scale["high"], "9")
        assert not form.errors
        assert not scale["low"].message

    def test_nobody_is_told_off_before_typing(self, form):
        scale = form["scales"].add()
        assert form.errors == {"scales.0.name": "name is empty. Say what the scale measures."}
        assert not scale["name"].message
        form.show(form.errors, everything=True)
        assert scale["name"].message == form.errors["scales.0.name"]

    def test_what_was_typed_for_a_type_is_kept(self, form):
        form["model.type"].value = "OpenAIModel"
        typed(form["model.model_name"], "gpt")
        typed(form["model.timeout_s"], "soon")
        form["model.type"].value = "ScriptedModel"
        form["model.type"].value = "OpenAIModel"
        assert (form["model.model_name"].text, form["model.timeout_s"].text) == ("gpt", "soon")
        assert form.errors == {"model.timeout_s": "timeout_s is 'soon', but must be a number above 0."}

    def test_no_key_is_asked_for(self, form):
        form["model.type"].value = "OpenAIModel"
        assert "api_key" not in form["model"].fields
        assert "base_url" in form["model"].fields

    def test_names_twice_are_said(self, form):
        form["models"].add(snb.ScriptedModel("a"), "Ana")
        form["models"].add(snb.ScriptedModel("b"), "Ana")
        assert form.errors == {"models.1.name": "name is 'Ana', which stands here twice. Give each a name of its own."}

    def test_items_are_taken_away(self, form):
        for name in ("a", "b", "c"):
            form["annotators"].add({"name": name})
        form["annotators"].remove(1)
        assert [one.name for one in form.value.annotators] == ["a", "c"]
        assert form["annotators"][1]["name"].text == "c"
        with pytest.raises(InvalidInputError, match="place is 2, but there are 2"):
            form["annotators"].remove(2)

    def test_buttons_add_and_take_away(self, form):
        from syndisco_nb.widgets.forms.controls import Button

        def pressed(label):
            (button,) = [one for one in walk(form["annotators"]) if isinstance(one, Button) and one.label == label]
            button._handle_custom_msg({"kind": "press"}, [])

        pressed("Add annotator")
        assert len(form["annotators"]) == 1
        pressed("Remove")
        assert len(form["annotators"]) == 0


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


class TestAPersona:
    def test_fields_and_ones_own_attributes_make_a_persona(self):
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

    def test_a_persona_is_shown_whole(self):
        form = form_of(snb.LLMPersona)
        form.value = PEOPLE[0]
        assert (form["username"].text, form["age"].text, form["attributes"].text) == ("Ana", "30", "hobby: chess")
        form.value = PEOPLE[1]
        assert (form["age"].text, form["attributes"].text) == ("", "")
        assert form.value == PEOPLE[1]

    def test_the_personas_own_words_say_what_is_wrong(self):
        form = form_of(snb.LLMPersona)
        typed(form["username"], "Ada")
        typed(form["age"], "-7")
        with pytest.raises(PersonaError) as raised:
            snb.LLMPersona(username="Ada", age="-7")
        assert form.errors == {"age": str(raised.value)}
        typed(form["age"], "")
        typed(form["attributes"], "hobby")
        assert "must be names and values" in form.errors["attributes"]
        assert form["attributes"].text == "hobby"


TYPED = [
    "",
    " ",
    "0",
    "-1",
    "1e400",
    "nan",
    "abc",
    "[1",
    "a: b",
    "- x",
    "[1, 2]",
    "{a: 1}",
    "null",
    "\ud800",
    "a\nb",
    "~",
]


class TestWhateverIsTyped:
    @pytest.mark.parametrize(
        "make", [snb.PersonaForm, snb.ModelForm, snb.DiscussionForm, snb.AnnotationForm, snb.ExperimentForm]
    )
    def test_it_stays_and_is_either_right_or_said_to_be_wrong_in_words(self, make):
        form = make()
        if "model" in form:
            form = form["model"]
        for kind in ("", *([value for value, _, off in form["type"].options if not off] if "type" in form else [])):
            if kind:
                form["type"].text = kind
            for field in [one for one in controls(form) if one.kind in ("line", "prose", "lines")]:
                before = field.text
                for text in TYPED:
                    typed(field, text)
                    assert field.text == text
                    assert all(form.errors.values())
                    assert form._repr_mimebundle_()["text/html"]
                typed(field, before)

    @pytest.mark.parametrize("make", [snb.DiscussionForm, snb.AnnotationForm, snb.ExperimentForm])
    def test_the_same_goes_for_whole_forms(self, make):
        form = make()
        for name in ("annotators", "scales", "stop", "vary"):
            if name in form:
                form[name].add()
        for field in [one for one in form.fields.values() if isinstance(one, FormControl) and one.kind != "choice"]:
            before = field.text
            for text in TYPED:
                typed(field, text)
                assert field.text == text
                assert all(form.errors.values())
                assert repr(form)
                assert form._repr_mimebundle_()["text/html"]
            typed(field, before)

    def test_what_goes_wrong_with_a_click_is_said_below_the_button(self, form):
        from syndisco_nb.widgets.forms.controls import Button

        def pressed():
            raise RuntimeError("<b>The cable is out.</b>")

        button = Button("Go", pressed)
        button._handle_custom_msg({"kind": "press"}, [])
        assert button.message == "RuntimeError: <b>The cable is out.</b>"
        with pytest.raises(RuntimeError):
            button.press()


class TestChanges:
    def test_every_change_is_told_once(self, form):
        told = []
        form.on_change(lambda: told.append(form.given["turns"]))
        typed(form["turns"], "5")
        typed(form["turns"], "5")
        form["moderator.instructions"].value = "Be kind."
        assert told[0] == 5
        assert len(told) <= 3
        told.clear()
        form.value = Design(turns=9, window=9)
        assert told == [9]

    def test_a_form_within_tells_the_form_around(self, form):
        told = []
        form.on_change(lambda: told.append(1))
        form["scales"].add(snb.Likert("toxicity"))["low"].value = 0
        assert len(told) == 2


class TestFiles:
    @pytest.mark.parametrize("name", ["moderator.yaml", "moderator.json"])
    def test_what_is_saved_is_loaded(self, tmp_path, name):
        form, other = form_of(Moderator), form_of(Moderator)
        form.value = Moderator(instructions="Be\n“kind”.", name="Mo", attributes=("old",))
        other.load(form.save(tmp_path / name))
        assert other.value == form.value

    def test_what_is_wrong_is_not_saved(self, tmp_path):
        form = form_of(Annotator)
        form["model.type"].value = "OpenAIModel"
        with pytest.raises(InvalidInputError, match="model_name is empty"):
            form.save(tmp_path / "a.yaml")
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("text", ["[1, 2]", "a: [", "nonsense: 3"])
    def test_other_files_are_refused_and_what_was_typed_stays(self, tmp_path, text):
        form = form_of(Moderator)
        form["instructions"].value = "Be kind."
        (tmp_path / "a.yaml").write_text(text)
        with pytest.raises((RecordError, InvalidInputError)):
            form.load(tmp_path / "a.yaml")
        assert form["instructions"].text == "Be kind."

    def test_missing_files_and_folders_are_said(self, tmp_path):
        with pytest.raises(RecordError, match=r"cannot be read: No such file"):
            form_of(Moderator).load(tmp_path / "no.yaml")
        assert form_of(Moderator).save(tmp_path / "new" / "a.yaml").exists()
        with pytest.raises(StorageError, match=r"cannot be written: .* Give another path"):
            form_of(Moderator).save(tmp_path / "new" / "a.yaml" / "b.yaml")


class TestStill:
    def test_a_stored_notebook_shows_what_is_filled_in(self, form):
        form["moderator.instructions"].value = "Keep it <civil>."
        typed(form["turns"], "abc")
        shown = form._repr_mimebundle_()
        assert shown["text/plain"] == repr(form)
        assert "Keep it &lt;civil&gt;." in shown["text/html"]
        assert "turns is &#x27;abc&#x27;, but must be a whole number" in shown["text/html"]
        assert "application/vnd.jupyter.widget-view+json" in shown

    def test_equal_forms_give_equal_bytes(self):
        def still():
            shown = form_of(Design)._repr_mimebundle_()
            return {kind: text for kind, text in shown.items() if kind.startswith("text/")}

        assert still() == still()

    def test_reprs_are_one_line_without_address(self, form):
        form["scales"].add(snb.Likert("a"))
        for one in [form, *walk(form)]:
            if type(one).__module__.startswith("syndisco_nb"):
                assert not re.search(r"\n|0x[0-9a-f]+", repr(one)), repr(one)
