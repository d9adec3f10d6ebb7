"""Any form: whatever is typed, changes, files, and fields by name."""

import re

import pytest
from support.forms import inputs, typed, walk
from support.sizes import LONG

import syndisco_nb as snb
from syndisco_nb.builder.design import Annotator, Design, Moderator
from syndisco_nb.errors import InvalidInputError, RecordError, StorageError
from syndisco_nb.widgets.forms import form_of
from syndisco_nb.widgets.forms.controls import FormControl
from syndisco_nb.widgets.forms.form import Form
from syndisco_nb.widgets.forms.inputs import text_input

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


def typed_into(fields):
    """Yield each field, and what to type into it: all of `TYPED`, or a part that the next field has another of."""
    for number, field in enumerate(fields):
        yield field, TYPED if LONG else TYPED[number % 4 :: 4]


@pytest.fixture
def form():
    return form_of(Design)


@pytest.mark.parametrize(
    "make",
    [
        snb.PersonaForm,
        snb.ModelForm,
        pytest.param(snb.DiscussionForm, marks=pytest.mark.long),  # its model is in the form of an experiment, too
        pytest.param(snb.AnnotationForm, marks=pytest.mark.long),
        snb.ExperimentForm,
    ],
)
def test_it_stays_and_is_either_right_or_said_to_be_wrong_in_words(make):
    form = make()
    if "model" in form:
        form = form["model"]
    for kind in ("", *([value for value, _, off in form["type"].options if not off] if "type" in form else [])):
        if kind:
            form["type"].text = kind
        for field, texts in typed_into([one for one in inputs(form) if one.kind in ("line", "prose", "lines")]):
            before = field.text
            for text in texts:
                typed(field, text)
                assert field.text == text
                assert all(form.errors.values())
                assert form._repr_mimebundle_()["text/html"]
            typed(field, before)


@pytest.mark.parametrize("make", [snb.DiscussionForm, snb.AnnotationForm, snb.ExperimentForm])
def test_the_same_goes_for_whole_forms(make):
    form = make()
    for name in ("annotators", "scales", "stop", "vary"):
        if name in form:
            form[name].add()
    controls = [one for one in form.fields.values() if isinstance(one, FormControl) and one.kind != "choice"]
    for field, texts in typed_into(controls):
        before = field.text
        for text in texts:
            typed(field, text)
            assert field.text == text
            assert all(form.errors.values())
            assert repr(form)
            assert form._repr_mimebundle_()["text/html"]
        typed(field, before)


def test_every_change_is_told_once(form):
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


def test_a_form_within_tells_the_form_around(form):
    told = []
    form.on_change(lambda: told.append(1))
    form["scales"].add(snb.Likert("toxicity"))["low"].value = 0
    assert len(told) == 2


@pytest.mark.parametrize("name", ["moderator.yaml", "moderator.json"])
def test_what_is_saved_is_loaded(tmp_path, name):
    form, other = form_of(Moderator), form_of(Moderator)
    form.value = Moderator(instructions="Be\n“kind”.", name="Mo", attributes=("old",))
    other.load(form.save(tmp_path / name))
    assert other.value == form.value


def test_what_is_wrong_is_not_saved(tmp_path):
    form = form_of(Annotator)
    form["model.type"].value = "OpenAIModel"
    with pytest.raises(InvalidInputError, match="model_name is empty"):
        form.save(tmp_path / "a.yaml")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["[1, 2]", "a: [", "nonsense: 3"])
def test_other_files_are_refused_and_what_was_typed_stays(tmp_path, text):
    form = form_of(Moderator)
    form["instructions"].value = "Be kind."
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises((RecordError, InvalidInputError)):
        form.load(tmp_path / "a.yaml")
    assert form["instructions"].text == "Be kind."


def test_missing_files_and_folders_are_said(tmp_path):
    with pytest.raises(RecordError, match=r"cannot be read: No such file"):
        form_of(Moderator).load(tmp_path / "no.yaml")
    assert form_of(Moderator).save(tmp_path / "new" / "a.yaml").exists()
    with pytest.raises(StorageError, match=r"cannot be written: .* Give another path"):
        form_of(Moderator).save(tmp_path / "new" / "a.yaml" / "b.yaml")


def test_reprs_are_one_line_without_address(form):
    form["scales"].add(snb.Likert("a"))
    for one in [form, *walk(form)]:
        if type(one).__module__.startswith("syndisco_nb"):
            assert not re.search(r"\n|0x[0-9a-f]+", repr(one)), repr(one)


def test_fields_are_found_by_dotted_name_and_an_unknown_one_is_named(form):
    assert form["moderator.instructions"] is form["moderator"]["instructions"]
    assert "turns" in form
    with pytest.raises(KeyError, match=r"no field 'turn'\. Did you mean 'turns'"):
        form["turn"]
    with pytest.raises(InvalidInputError, match="Did you mean 'turns'"):
        form.value = {"window": 7, "turn": 3}
    assert form["window"].value == 3  # nothing of it was filled in


class Checked(Form):
    faults = None

    def _check(self, given):
        return given, self.faults or {}


def test_a_fault_stands_beside_its_field_or_below_the_form():
    form = Checked({"a": text_input("A"), "inner": Checked({"b": text_input("B")})})
    form.faults = {"a": "Not this.", "inner.b": "Nor this.", "": "Nothing fits."}
    assert form.errors == {"a": "Not this.", "inner.b": "Nor this."}  # a field knows better than the form as a whole
    form.show(form.errors, everything=True)
    assert (form["a"].message, form["inner.b"].message, form._foot.value) == ("Not this.", "Nor this.", "")
    form.faults = {"": "Nothing fits."}
    form.show(form.errors, everything=True)
    assert "Nothing fits." in form._foot.value
    with pytest.raises(InvalidInputError, match="Nothing fits") as raised:
        _ = form.value
    assert raised.value.field == ""


def test_a_fault_that_a_field_found_itself_hides_what_the_form_says_of_that_field():
    form = Checked({"a": text_input("A"), "inner": Checked({"b": text_input("B")})})
    form["inner"].faults = {"b": "Empty."}
    form.faults = {"inner": "Cannot be used.", "a": "Odd."}
    assert form.errors == {"inner.b": "Empty.", "a": "Odd."}
