"""Code, Save and Load of any form."""

import pytest
from support.forms import walk

import syndisco_nb as snb
from syndisco_nb.widgets.forms.controls import Button


@pytest.fixture
def form(tmp_path):
    form = snb.PersonaForm(snb.LLMPersona(username="Ana", age=30))
    form.files.file.text = str(tmp_path / "ana.yaml")
    return form


def pressed(form, label):
    (button,) = [one for one in walk(form) if isinstance(one, Button) and one.label == label]
    button.press()
    return button


@pytest.mark.parametrize(
    "make", [snb.PersonaForm, snb.ModelForm, snb.PeopleForm, snb.DiscussionForm, snb.AnnotationForm]
)
def test_every_form_has_code_save_and_load_once(make):
    labels = [one.label for one in walk(make()) if isinstance(one, Button)]
    assert [labels.count(name) for name in ("Code", "Save", "Load")] == [1, 1, 1]


def test_a_file_is_written_and_asked_for_before_it_is_overwritten(form, tmp_path):
    save = pressed(form, "Save")
    assert "Saved as" in form.files.said
    form["age"].text = "31"
    pressed(form, "Save")
    assert "ana.yaml exists." in form.files.said
    assert form.files._cancel.focused
    pressed(form, "Cancel")
    assert save.focused
    assert "30" in (tmp_path / "ana.yaml").read_text()
    pressed(form, "Save")
    pressed(form, "Overwrite")
    assert "Saved as" in form.files.said
    assert "31" in (tmp_path / "ana.yaml").read_text()
    form["age"].text = "99"
    pressed(form, "Load")
    assert form["age"].text == "31"
    assert form.save(tmp_path / "ana.yaml")  # code does not ask


def test_faults_are_shown_instead_of_a_question(form, tmp_path):
    pressed(form, "Save")
    form["age"].text = "old"
    form.mark_untouched()
    pressed(form, "Save")
    assert "age is" in form.files.said
    assert form["age"].focused
    assert form["age"].message
    assert "30" in (tmp_path / "ana.yaml").read_text()


def test_the_code_follows_the_form_and_never_takes_the_place_of_a_message(form):
    pressed(form, "Code")
    form["age"].text = "31"
    assert form.files.shown_code == form.code()
    assert "age=31" in form.code()
    pressed(form, "Save")
    assert "Saved as" in form.files.said
    assert form.files.shown_code
    pressed(form, "Hide code")
    assert not form.files.shown_code


@pytest.mark.parametrize(
    ("make", "value"),
    [
        (snb.ModelForm, snb.ScriptedModel(["Hi."], name="one")),
        (snb.PeopleForm, [snb.LLMPersona(username="Ana", age=30)]),
    ],
)
def test_a_model_and_people_are_saved_and_loaded(make, value, tmp_path):
    form, other = make(), make()
    form.value = value
    other.files.file.text = form.files.file.text = str(tmp_path / "saved.yaml")
    pressed(form, "Save")
    pressed(other, "Load")
    assert other.given == form.given, other.files.said
