"""What the forms of a design share: sections, their faults, the builder and files."""

import pytest
from support.forms import a_study, typed

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError


@pytest.fixture
def form(tmp_path):
    return snb.ExperimentForm(a_study(), tmp_path / "study")


def test_every_field_stands_in_a_section_and_the_first_is_open(form):
    members = [name for names in form._members.values() for name in names]
    assert sorted(members) == sorted(form)
    assert [section.head.text for section in form.sections.values()] == ["yes", *[""] * (len(form.sections) - 1)]


def test_a_fault_is_counted_at_the_head_of_its_section_once_somebody_has_typed(form):
    form["annotators"].add({"model": {"type": "OpenAIModel"}})
    assert not form.sections["Annotation"].head.message
    typed(form["turns"], "many")
    assert form.sections["Turns"].head.message == "1 error"


def test_the_first_fault_on_screen_is_gone_to_and_all_are_listed_until_mended(form):
    form["annotators"].add({"model": {"type": "OpenAIModel"}})
    typed(form["turns"], "many")
    links = form.stage.faults
    assert not links.label
    assert not form.ready()
    assert form.sections["Turns"].head.text == "yes"
    assert form["turns"].focused
    assert (links.label, links.hint) == ("2 errors", "Fix the errors above, then run again.")
    assert [label for _, label, _ in links.options] == ["Number of turns", "Annotators 1: Model name"]
    typed(form["turns"], "3")
    assert links.label == "1 error"
    assert form.sections["Annotation"].head.message == "1 error"  # though nobody has typed there
    links._handle_custom_msg({"kind": "follow", "path": links.options[0][0]}, [])
    assert form.sections["Annotation"].head.text == "yes"
    assert form["annotators"][0]["model.model_name"].focused
    form["annotators"].value = []
    assert (links.label, links.options) == ("", [])
    typed(form["window"], "none")
    assert not links.label  # until a button is pressed again


def test_its_repr_tells_the_value_or_how_much_is_to_be_mended(form):
    assert repr(form) == f"<ExperimentForm: {a_study()!r}>"
    typed(form["turns"], "many")
    assert repr(form) == "<ExperimentForm: 1 error>"


@pytest.mark.parametrize("make", [snb.ExperimentForm, snb.DiscussionForm, snb.AnnotationForm])
def test_it_is_saved_as_a_design_and_loaded_as_one(make, tmp_path):
    form = make(builder=a_study())
    other = make()
    other.load(form.save(tmp_path / "design.yaml"))
    assert other.given == form.given
    assert snb.ExperimentBuilder.load(tmp_path / "design.yaml").design.seed == 7


def test_what_is_wrong_is_not_saved(form, tmp_path):
    typed(form["turns"], "many")
    with pytest.raises(InvalidInputError, match="turns is 'many'"):
        form.save(tmp_path / "design.yaml")
    assert not (tmp_path / "design.yaml").exists()


def test_a_keystroke_validates_the_design_once(form, monkeypatch):
    from syndisco_nb.widgets.forms import design_form

    calls = []
    validate = design_form.validate
    monkeypatch.setattr(design_form, "validate", lambda *given: calls.append(given) or validate(*given))
    typed(form["turns"], "9")
    assert len(calls) == 1
    calls.clear()
    typed(form["moderator.instructions"], "Be kind.")
    assert len(calls) == 2  # the first keystroke ticks the moderator, too
    calls.clear()
    typed(form["moderator.instructions"], "Be very kind.")
    assert len(calls) == 1
