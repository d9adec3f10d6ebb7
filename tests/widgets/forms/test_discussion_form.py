"""A single discussion as a form, driven without a browser."""

import asyncio
import time

import pytest

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError

PEOPLE = [snb.LLMPersona(username="Ana", age=30), snb.LLMPersona(username="Ben"), snb.LLMPersona(username="Cem")]


@pytest.fixture
def form():
    form = snb.DiscussionForm()
    form["participants"].value = PEOPLE
    form["model"].value = snb.ScriptedModel(["I agree.", "Why?", "Because."])
    form["topic"].text = "Tax?"
    form["turns"].text = "4"
    form["seed"].text = "3"
    return form


def by_code(form):
    namespace = {}
    exec(form.code(), namespace)  # noqa: S102
    return namespace["discussion"]


def shown(form):
    return "".join(getattr(one, "value", "") or repr(getattr(one, "cards", "")) for one in form.stage.shown)


def test_it_is_the_discussion_that_code_would_have_made(form):
    form["moderator"]["instructions"].text = "Keep it civil."
    form["turn_taking"].value = snb.RespondWithProbability(0.5)
    form["stop"].add(snb.AfterSilences(3))
    form["models"].add(snb.ScriptedModel(["Never."], name="other"), "Ben")
    made, written = form.value, by_code(form)
    assert [one.describe() for one in made.users] == [one.describe() for one in written.users]
    assert made.moderator.describe() == written.moderator.describe()
    assert made.run().comments == written.run().comments
    assert {one.name for one in made.messages} >= {"Ana", "Ben", "Cem", "Moderator"}


def test_what_is_missing_is_said_beside_its_field():
    form = snb.DiscussionForm()
    form.run()
    assert form["topic"].message == "There is no topic yet. Write the opening of the discussion."
    assert set(form.errors) == {"participants", "topic"}
    assert not form.stage.busy
    with pytest.raises(InvalidInputError, match="There are no participants yet"):
        _ = form.value


def test_it_ends_with_the_transcript(form):
    form.run()
    transcript = form.stage.wait(60)
    assert form.transcript == transcript
    assert len(transcript.comments) == 5
    assert "Because." in shown(form)


def test_it_grows_is_stopped_and_goes_on(form, monkeypatch):
    answer = snb.ScriptedModel.complete

    async def slowly(self, request):
        await asyncio.sleep(0.15)
        return await answer(self, request)

    monkeypatch.setattr(snb.ScriptedModel, "complete", slowly)
    form.run()
    deadline = time.monotonic() + 60
    while "I agree." not in shown(form) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert form.stage.busy
    form.stage.stop_button.press()
    form.stage.wait(60)
    said = form.transcript.comments
    assert 2 <= len(said) < 5
    form.run()
    form.stage.wait(60)
    assert form.transcript.comments[: len(said)] == said
    assert len(form.transcript.comments) == 5


def test_a_failing_model_is_said_in_the_form(form):
    form["model"].value = snb.OpenAIModel("gpt", base_url="http://127.0.0.1:9/v1", patience_s=0.2)
    form.run()
    with pytest.raises(snb.SyndiscoError):
        form.stage.wait(60)
    assert "no connection" in form.stage.said


@pytest.mark.parametrize("name", ["talk.yaml", "talk.json"])
def test_what_is_saved_is_loaded(form, tmp_path, name):
    other = snb.DiscussionForm()
    other.load(form.save(tmp_path / name))
    assert other.code() == form.code()


def test_it_is_made_from_a_study():
    study = snb.ExperimentBuilder(seed=3).participants(PEOPLE).topics(["Tax?", "Toll?"]).turns(4)
    form = snb.DiscussionForm(study.model(snb.ScriptedModel(["Well."])))
    assert repr(form) == "<DiscussionForm: <Discussion by Ana, Ben, Cem: turn 0 of 4>>"
