"""A loaded design in a form: what it would touch is shown, and refused until it is allowed."""

import pytest
from support.forms import PEOPLE, a_study, clicked, walk

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, TrustError
from syndisco_nb.widgets.forms.study_fields import design_fields

HOSTILE = """
model: {type: CachedModel, path: /etc/answers.jsonl, model: {type: ScriptedModel, script: [Yes.]}}
participants: [{username: Ana}, {username: Ben}]
topics: [<b>Tax</b>]
turns: 2
discussions: 1
annotators: [{name: judge, model: {type: OpenAIModel, model_name: gpt, base_url: "http://<b>evil.example:99/v1"}}]
scales: [{type: Flag, name: sarcasm}]
"""


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "design" / "study.yaml"
    file.parent.mkdir()
    file.write_text(HOSTILE.replace("<b>evil", "evil").replace("/etc", str(tmp_path)))
    return file


def asked(form):
    return "".join(getattr(one, "value", "") for one in form.permission.children)


class TestExperimentForm:
    def test_a_design_of_ones_own_asks_for_nothing(self, tmp_path):
        form = snb.ExperimentForm(a_study(), tmp_path / "study")
        form.file.value = str(tmp_path / "own.yaml")
        clicked(form, "Save")
        clicked(form, "Load")
        assert not form.permission.children

    def test_what_a_loaded_design_would_touch_is_shown_and_refused_until_it_is_allowed(self, file, tmp_path):
        form = snb.ExperimentForm(folder=tmp_path / "study")
        form.file.value = str(file)
        clicked(form, "Load")
        assert "study.yaml" in asked(form)
        assert f"Use files outside its folder: {tmp_path}/answers.jsonl (in model)" in asked(form)
        assert "Send requests to evil.example:99 (in annotators.0.model)" in asked(form)
        for button in ("Run", "Annotate"):
            clicked(form, button)
            assert "press Allow" in form.stage.said or "study" in form.stage.said
        assert not (tmp_path / "study").exists()
        with pytest.raises(TrustError, match="press Allow"):
            form.value.run(tmp_path / "study")
        assert not (tmp_path / "answers.jsonl").exists()

        form["annotators"].value = []  # the permission asks only for what still stands in the form
        assert "evil.example" not in asked(form)
        clicked(form, "Allow")
        assert not form.permission.children
        form.run()
        assert form.stage.wait().finished
        assert (tmp_path / "answers.jsonl").exists()

    def test_a_part_that_is_edited_in_the_form_keeps_asking(self, file):
        form = snb.ExperimentForm()
        form.load(file)
        form["turns"].value = 3
        form["model.model"]["script"].value = ["No."]
        assert "answers.jsonl" in asked(form)

    def test_trying_the_model_out_asks_too(self, file, tmp_path):
        form = snb.ExperimentForm()
        form.load(file)
        form["model"].try_it()
        assert "answers.jsonl" in form["model"].stage.said
        assert not (tmp_path / "answers.jsonl").exists()

    def test_the_estimate_reaches_the_costs_of_the_run(self, tmp_path):
        form = snb.ExperimentForm(a_study(), tmp_path / "study")
        form.estimate()
        form.stage.wait()
        form.run()
        study = form.stage.wait()
        assert (study["none"].costs().ratio["calls"], study["none"].costs().estimate["calls"]) == (1.0, 6)

    def test_form_and_builder_have_the_same_defaults(self):
        usual = snb.ExperimentBuilder().design
        form = snb.ExperimentForm()
        shown = {name: form[name].given for name in design_fields() if name not in ("model", "moderator")}
        assert {name: getattr(usual, name) for name in ("context", "instructions", "turns", "window")} == {
            name: shown[name] for name in ("context", "instructions", "turns", "window")
        }
        assert usual.context
        assert usual.instructions


class TestOtherForms:
    def test_a_discussion_cannot_be_made_of_it(self, file):
        form = snb.DiscussionForm()
        form.load(file)
        with pytest.raises(InvalidInputError, match="press Allow"):
            _ = form.value
        form.allow()
        assert form.value.num_turns == 2

    def test_nor_an_annotation(self, file, users, tmp_path):
        form = snb.AnnotationForm(snb.DiscussionExperiment(["Tax"], users, seed=1).begin(tmp_path / "talks").folder)
        form.load(file)
        assert "evil.example" in asked(form)
        with pytest.raises(InvalidInputError, match="press Allow"):
            _ = form.value
        form.allow()
        assert len(form.value.annotators) == 1

    def test_nor_a_model(self, tmp_path):
        file = tmp_path / "model.yaml"
        file.write_text("{type: TransformersModel, model_path: a/b, model_kwargs: {trust_remote_code: true}}")
        form = snb.ModelForm()
        form.load(file)
        with pytest.raises(TrustError, match=r"trust_remote_code=True of 'a/b'.*call allow\(\)"):
            _ = form.value
        form.allow()
        assert form.value.model_kwargs == {"trust_remote_code": True}

    def test_what_is_shown_is_text(self, tmp_path):
        file = tmp_path / "study.yaml"
        file.write_text("model: {type: OpenVINOModel, model_path: '<b>'}".replace("<b>", str(tmp_path / "<b>.gguf")))
        (tmp_path / "<b>.gguf").write_bytes(b"")
        form = snb.ExperimentForm()
        form.load(file)
        assert not form.permission.children  # a file beside the design
        moved = tmp_path / "elsewhere"
        moved.mkdir()
        form.load(file.rename(moved / "study.yaml"))
        assert "&lt;b&gt;.gguf" in asked(form)
        assert "<b>" not in asked(form)


def test_people_are_no_matter(tmp_path):
    form = snb.PeopleForm()
    form.value = PEOPLE
    form.load(form.save(tmp_path / "people.json"))
    assert [one.username for one in form.value] == ["Ana", "Ben"]
    assert list(walk(form))
