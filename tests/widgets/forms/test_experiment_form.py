"""A whole study as a form: the same builder as by code, what is missing said beside its field, and run from there."""

import asyncio
import errno
import json
import time
from pathlib import Path

import pandas as pd
import pytest
from builder.test_experiment_builder import builders, content, from_code
from hypothesis import given, settings
from support.forms import PEOPLE, a_study, walk
from support.sizes import size

import syndisco_nb as snb
from syndisco_nb.errors import RecordError
from syndisco_nb.runs import files
from syndisco_nb.widgets.forms.controls import Button


@pytest.fixture
def form(tmp_path):
    return snb.ExperimentForm(a_study(), tmp_path / "study")


def shown(form):
    """Return the HTML of all that the form shows below its buttons."""
    return "".join(getattr(one, "value", "") for one in form.stage.shown)


def said(form):
    return form.stage.said


def pressed(form, label):
    (button,) = [one for one in walk(form) if isinstance(one, Button) and one.label == label]
    button.press()


class TestTheSameAsCode:
    @settings(max_examples=size(25, 10), deadline=None)
    @given(builders())
    def test_from_builder_to_form_to_builder_is_the_identity(self, study):
        form = snb.ExperimentForm(study)
        assert form.builder == study
        assert form.code().endswith(study.to_code())  # after comments on all that is missing

    def test_what_is_filled_in_is_what_code_would_have_made(self):
        form = snb.ExperimentForm()
        form["model"].value = snb.ScriptedModel(["I agree."])
        form["participants"].take("username,age\nAna,30\nBen,")
        form["topics"].text = "Tax\nToll"
        form["turns"].text = "3"
        vary = form["vary"].add()
        vary["setting"].text = "moderator"
        (none, facilitator) = vary["levels"].fields.values()
        none["name"].text = "none"
        facilitator["name"].text = "facilitator"
        facilitator["value"]["instructions"].text = "Keep it civil."
        form["seed"].text = "7"
        form["scales"].add(snb.Likert("toxicity", 1, 5))
        form["annotators"].add({"name": "judge"})
        code = (
            snb.ExperimentBuilder(seed=7)
            .model(snb.ScriptedModel(["I agree."]))
            .participants(PEOPLE)
            .topics(["Tax", "Toll"])
            .turns(3)
            .vary(moderator={"none": None, "facilitator": "Keep it civil."})
            .annotators([{"name": "judge"}], snb.Likert("toxicity", 1, 5))
        )
        assert form.value == code
        assert from_code(form.code()) == code

    def test_what_became_of_quotas_is_kept_with_the_people_drawn(self):
        rows = pd.DataFrame({"sex": ["female", "male"] * 4})
        drawn = snb.sample_people(rows, 4, quotas={"sex": {"female": 0.5, "male": 0.5}}, seed=1)
        study = a_study().participants(drawn)
        form = snb.ExperimentForm(study)
        assert form.value == study
        assert form.code() == study.to_code()
        form["participants"].remove(0)
        assert form.value == study.participants(list(drawn)[1:])

    def test_a_live_model_stays_the_same(self):
        model = snb.ScriptedModel(["I agree."])
        builder = snb.ExperimentForm(a_study(model)).value
        assert builder.build()["none"].users[0].model is model

    @pytest.mark.parametrize("name", ["study.yaml", "study.json"])
    def test_saved_by_the_form_it_is_loaded_by_code_and_the_other_way_round(self, form, tmp_path, name):
        assert snb.ExperimentBuilder.load(form.save(tmp_path / name)) == a_study()
        other = snb.ExperimentForm()
        other.load(a_study(turns=9).save(tmp_path / f"other-{name}"))
        assert other.value == a_study(turns=9)

    def test_an_opening_of_several_comments_is_typed_as_json(self, form):
        form["topics"].text = 'Tax\n["One.", {"name": "Ana", "text": "Two."}]\n[not json'
        expected = a_study().topics(["Tax", ["One.", {"name": "Ana", "text": "Two."}], "[not json"])
        assert form.value == expected
        form.value = expected
        assert form["topics"].text.splitlines()[1] == '["One.", {"name": "Ana", "text": "Two."}]'


class TestErrors:
    def test_an_error_stands_beside_its_field_and_at_the_head_of_its_section(self, form):
        form["turns"].text = "many"
        assert form["turns"].message == "Number of turns is 'many', but must be a whole number of 1 or more."
        assert form.sections["Turns"].head.message == "1 error"
        assert form["turns"].text == "many"
        form["turns"].text = "5"
        assert not form["turns"].message
        assert not form.sections["Turns"].head.message

    def test_what_does_not_fit_together_is_said_where_it_can_be_mended(self, form):
        form["per_discussion"].text = "3"
        assert "only 2 participants were given" in form["per_discussion"].message

    def test_what_is_missing_is_said_only_when_it_is_to_run(self):
        form = snb.ExperimentForm()
        assert not form.errors
        pressed(form, "Run")
        assert form["topics"].message == "There is no topic yet. Give at least one, on a line of its own."
        assert form.sections["Topic"].head.message == "1 error"
        assert form.stage.faults.label == "2 errors"
        assert form["participants"].add_button.focused
        form["turns"].text = "4"
        assert form["topics"].message  # until it is mended
        form["topics"].text = "Tax"
        assert form.stage.faults.label == "1 error"
        assert not form.stage.busy

    def test_each_section_says_in_a_line_what_it_holds(self, form):
        heads = {name: section.head.note for name, section in form.sections.items()}
        assert heads["People"] == "2: Ana, Ben · 2 per discussion"
        assert heads["Topic"] == "2: Tax"
        assert heads["Moderator"] == "none"
        assert heads["Conditions"] == "2 discussions · seed 7 · moderator: none, facilitator"
        assert form.sections["People"].head.text == "yes"
        assert form.sections["Model"].head.text == ""


class TestRunning:
    def test_it_runs_shows_itself_and_ends_as_the_study(self, form, tmp_path):
        pressed(form, "Run")
        study = form.stage.wait(60)
        assert (form.study, study) == (study, study)
        assert [run.status for run in study.values()] == ["finished", "finished"]
        assert "Study" in shown(form)
        by_code = from_code(form.code()).run(tmp_path / "by-code")
        assert content(by_code.folder).keys() == content(study.folder).keys()
        assert by_code["none"][0].comments[1].text == study["none"][0].comments[1].text

    def test_stopped_it_goes_on_where_it_was(self, form, monkeypatch):
        answer = snb.ScriptedModel.complete

        async def slowly(self, request):
            await asyncio.sleep(0.1)
            return await answer(self, request)

        monkeypatch.setattr(snb.ScriptedModel, "complete", slowly)
        pressed(form, "Run")
        assert form.stage.busy
        while not list(form.folder.text and Path(form.folder.text).rglob("journal/*.jsonl")):
            time.sleep(0.01)
        form.stage.stop_button.press()
        form.stage.wait(60)
        assert "Stopped" in said(form)
        assert sum(len(run) for run in form.study.values()) < 4
        monkeypatch.undo()
        pressed(form, "Run")
        form.stage.wait(60)
        assert [len(run) for run in form.study.values()] == [2, 2]
        assert not said(form)

    def test_a_failing_server_is_said_in_the_form(self, tmp_path):
        model = snb.OpenAIModel("gpt", base_url="http://127.0.0.1:9/v1", patience_s=0.2, max_retries=0)
        form = snb.ExperimentForm(a_study(model), tmp_path / "study")
        pressed(form, "Run")
        with pytest.raises(snb.SyndiscoError):
            form.stage.wait(60)
        assert "127.0.0.1:9" in said(form)
        assert "snb-fault" in said(form)
        assert not form.stage.busy

    def test_a_full_disk_is_said_in_the_form(self, form, monkeypatch):
        def full(file, data):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(files, "write_all", full)
        pressed(form, "Run")
        with pytest.raises(snb.SyndiscoError):
            form.stage.wait(60)
        assert "No space left on device" in said(form)

    def test_a_folder_that_cannot_be_used_is_said_beside_it(self, form, tmp_path):
        pressed(form, "Run")
        done = form.stage.wait(60)
        form["turns"].text = "4"
        pressed(form, "Run")
        assert "another design (turns" in form.folder.message
        assert form.folder.focused
        assert not form.stage.busy
        form["turns"].text = str(done.design.turns)
        pressed(form, "Run")
        form.stage.wait(60)
        assert form.folder.message == ""
        form.folder.text = str(done["none"].folder)
        assert "holds a run of its own" in form.folder.message
        (tmp_path / "file").write_text("")
        form.folder.text = str(tmp_path / "file")
        assert "is a file, not a folder" in form.folder.message
        form.folder.text = str(tmp_path / "new")
        assert form.folder.message == ""

    def test_annotators_label_what_was_said(self, form):
        form["scales"].add(snb.Likert("toxicity", 1, 5))
        form["annotators"].add({"name": "judge", "model": snb.ScriptedModel(["1", "2"], name="judge")})
        pressed(form, "Annotate")
        assert "study.json cannot be read" in said(form)
        pressed(form, "Run")
        form.stage.wait(60)
        pressed(form, "Annotate")
        labels = form.stage.wait(60)
        assert [len(run) for run in labels.values()] == [2, 2]
        assert "facilitator − none" in shown(form)
        assert "<img " in shown(form)

    def test_without_annotators_it_says_so(self, form):
        pressed(form, "Annotate")
        assert "There is no annotator yet" in form["annotators"]._foot.value
        assert form.sections["Annotation"].head.text == "yes"
        assert form["annotators"]._add_button.focused


class TestLookingAtIt:
    def test_the_real_prompts_are_shown(self, form):
        pressed(form, "Preview")
        previews = form.stage.wait(60)
        assert [one.condition for one in previews] == ["none", "facilitator"]
        assert "Your name is" in shown(form)

    def test_the_estimate_is_shown(self, form):
        pressed(form, "Estimate")
        assert form.stage.wait(60).calls >= 12
        assert "calls" in shown(form)

    def test_the_code_is_there_to_copy(self, form):
        pressed(form, "Code")
        assert form.files.shown_code == a_study().to_code()
        form["turns"].text = "9"
        assert form.files.shown_code == a_study(turns=9).to_code()  # it follows
        pressed(form, "Hide code")
        assert not form.files.shown_code

    def test_the_code_of_an_unfinished_form_says_what_is_missing(self):
        form = snb.ExperimentForm()
        form["turns"].text, form["seed"].text = "many", "7"
        form["participants"].value = [*PEOPLE, snb.LLMPersona(username="Cem")]
        form["participants"].edit(2, "age", "x\n")
        first, second, third, *_ = form.code().splitlines()
        assert first.startswith("# Left out: Participants 3: Age (")
        assert second.startswith("# Left out: Number of turns (turns is 'many'")
        assert third.startswith("# Missing: Topics (There is no topic yet.")
        assert from_code(form.code()).design.participants == tuple(PEOPLE)
        assert from_code(form.code()).design.seed == 7

    def test_a_file_that_is_none_is_said_and_what_was_typed_stays(self, form, tmp_path):
        form.file.text = str(tmp_path / "bad.yaml")
        (tmp_path / "bad.yaml").write_text("[1, 2")
        form["turns"].text = "8"
        pressed(form, "Load")
        assert "bad.yaml cannot be read" in form.files.said
        assert form["turns"].text == "8"
        with pytest.raises(RecordError):
            form.load(tmp_path / "bad.yaml")

    def test_saving_says_where(self, form, tmp_path):
        form.file.text = str(tmp_path / "study.json")
        pressed(form, "Save")
        assert "Saved as" in form.files.said
        assert json.loads((tmp_path / "study.json").read_text())["turns"] == 3

    def test_nothing_that_is_typed_becomes_html(self, form, tmp_path):
        form.file.text = str(tmp_path / "<img src=x onerror=alert(1)>" / "a.yaml")
        pressed(form, "Save")
        assert "Saved as" in form.files.said
        assert "<img" not in form.files.said
