"""Whatever handed-over code raises, or does to what it is given: nobody hangs, and nobody stops the others."""

import asyncio
import json

import pytest
from support.recording_model import RecordingModel
from support.together import experiment, statuses, work_on

import syndisco_nb as snb
from syndisco_nb.backend.model.base import Model
from syndisco_nb.errors import ModelError
from syndisco_nb.runs.batch_job import BatchJob
from syndisco_nb.runs.lock import being_written
from syndisco_nb.runs.writing import RunFolder

FATAL = pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])


class Faults:
    """What is to be raised where; nothing at first."""

    def __init__(self):
        self.at, self.error, self.calls = "", None, 0

    def __call__(self, place):
        self.calls += 1
        if place == self.at:
            raise self.error


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def make(faults):
    class Talker(Model):
        async def load(self):
            faults("load")

        async def complete(self, request):
            faults("model")
            return snb.Completion(["Yes.", "No."][request.seed % 2])

    class Turns(snb.RoundRobin):
        def choose(self, names, history, rng):
            faults("turn manager")
            return super().choose(names, history, rng)

        def moderates(self, history):
            faults("moderation")
            return super().moderates(history)

    class Never(snb.StopCondition):
        def holds(self, history):
            faults("stop")
            return False

    def prompt(actor, comments):
        faults("prompt")
        return [snb.ChatMessage("user", f"{actor.name}, {len(comments)}")]

    def make(**given):
        people = [snb.LLMActor(Talker("m"), name, prompt_format=prompt) for name in ("Ana", "Ben")]
        settings = {"num_turns": 3, "num_discussions": 3, "seed": 7, "max_concurrency": 2} | given
        mo = snb.LLMActor(Talker("m"), "Mo")
        return snb.DiscussionExperiment(["Tax"], people, mo, turn_manager=Turns(), stop=[Never()], **settings)

    return make


IN_A_TALK = ["model", "turn manager", "moderation", "stop", "prompt"]
PLACES = pytest.mark.parametrize("place", ["load", *IN_A_TALK])


def content(run):
    return {path.name: path.read_bytes() for path in run.folder.glob("discussion-*.json")}


@FATAL
@PLACES
def test_what_would_end_the_program_ends_the_run_which_goes_on_later(kind, place, make, faults, tmp_path):
    whole = content(make().begin(tmp_path / "whole"))
    experiment = make()
    faults.at, faults.error = place, kind("stop")
    with pytest.warns(UserWarning, match=rf"was stopped by {kind.__name__}, raised by a model or by other code"):
        run = experiment.begin(tmp_path / "run")
    assert (run.status, len(run.failures)) == ("interrupted", 0)
    faults.at = ""
    again = experiment.begin(tmp_path / "run")
    assert (again.status, content(again)) == ("finished", whole)


@FATAL
@pytest.mark.parametrize("place", IN_A_TALK)
def test_of_a_single_discussion_it_is_raised_at_the_caller_and_later_calls_work(kind, place, make, faults):
    discussion = make().discussion(0, 7)
    discussion.step()
    faults.at, faults.error = place, kind("stop")
    with pytest.raises(kind, match="stop"):
        discussion.run()
    faults.at = ""
    assert discussion.run().messages[-1].turn == 3
    assert make().discussion(0, 7).run() == discussion.transcript


@FATAL
def test_a_study_stops_at_it_as_at_an_interrupt(kind, tmp_path, monkeypatch):
    asked = []
    people = [snb.LLMPersona(username=name) for name in ("Ana", "Ben")]
    builder = (
        snb.ExperimentBuilder(seed=7)
        .model(snb.ScriptedModel("Well."))
        .participants(people, per_discussion=2)
        .topics(["Tax?"])
        .vary(turns={"few": 2, "more": 3})
        .discussions(3)
    )
    complete = snb.ScriptedModel.complete

    async def stopping(self, request):
        asked.append(request)
        if len(asked) == 3:
            raise kind("stop")
        return await complete(self, request)

    with monkeypatch.context() as patch:
        patch.setattr(snb.ScriptedModel, "complete", stopping)
        with pytest.warns(UserWarning, match="was stopped by"):
            study = builder.run(tmp_path)
    assert [run.status for run in study.values()] == ["interrupted"] * 2
    assert builder.run(tmp_path).finished


def test_if_one_folder_is_refused_none_has_begun(tmp_path):
    model = RecordingModel()
    work_on(tmp_path, other=experiment(model, num_turns=5))
    model.requests.clear()
    with pytest.raises(snb.errors.RunFolderError, match="other holds a different experiment"):
        work_on(tmp_path, new=experiment(model), other=experiment(model))
    assert (model.requests, (tmp_path / "new" / "run.json").exists()) == ([], False)
    assert statuses(tmp_path, "other") == ["finished"]
    assert not being_written(tmp_path / "new")


def test_a_disk_that_is_full_for_one_run_ends_all_of_them(tmp_path, monkeypatch):
    finish = RunFolder.finish

    def full(self, unit, record):
        if self.path.name == "b" and unit == "discussion-00001":
            raise snb.errors.StorageError("The disk is full.")
        finish(self, unit, record)

    experiments = {name: experiment(RecordingModel(), max_concurrency=1) for name in "ab"}
    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "finish", full)
        with pytest.raises(snb.errors.StorageError, match=r"The disk is full\. 3 of 6 are finished and kept"):
            work_on(tmp_path, **experiments)
    assert statuses(tmp_path, "a", "b") == ["interrupted", "failed"]
    assert {len(run) for run in work_on(tmp_path, **experiments).values()} == {3}


def test_models_are_loaded_once_for_all_runs_and_learn_all_their_folders(tmp_path):
    class Told(RecordingModel):
        folders = ()

        def in_use(self, folder):
            self.folders += (folder.name,)
            return super().in_use(folder)

    model = Told()
    work_on(tmp_path, a=experiment(model), b=experiment(model))
    assert (model.loads, model.folders) == (1, ("a", "b"))


@FATAL
def test_an_observer_of_labels_may_raise_it(kind, make):
    talk = make().discussion(0, 7).run()
    judge = snb.LLMActor(snb.ScriptedModel("1"), "", actor_type=snb.ActorType.ANNOTATOR)

    def observer(label):
        raise kind("stop")

    with pytest.raises(kind, match="stop"):
        snb.Annotation(judge, talk, seed=1).run(observer)
    assert len(snb.Annotation(judge, talk, seed=1).run().labels) == len(talk.comments)


@PLACES
def test_a_cancellation_that_nobody_asked_for_is_one_failure(place, make, faults, tmp_path):
    experiment = make()
    whole = content(make().begin(tmp_path / "whole"))
    faults.at, faults.error = place, asyncio.CancelledError()
    if place == "load":
        with pytest.raises(ModelError, match="The model 'm' raised CancelledError while loading"):
            experiment.begin(tmp_path / "run")
    else:
        run = experiment.begin(tmp_path / "run")
        assert (run.status, len(run.failures)) == ("partial", 3)
    faults.at = ""
    assert content(experiment.begin(tmp_path / "run")) == whole


def test_a_cancellation_out_of_one_discussion_stops_no_other(tmp_path):
    def script(request):
        if "Cem" in request.messages[0].content:
            raise asyncio.CancelledError
        return "Yes."

    people = [snb.LLMActor(snb.ScriptedModel(script, name="m"), name) for name in ("Ana", "Ben", "Cem")]
    experiment = snb.DiscussionExperiment(["Tax"], people, num_turns=2, num_discussions=20, seed=1)
    run = experiment.begin(tmp_path)
    named = {index for index in range(20) if "Cem" in [user.name for user in experiment.discussion(index, 1).users]}
    assert 0 < len(named) < 20
    assert (run.status, len(run), len(run.failures)) == ("partial", 20 - len(named), len(named))
    assert {int(unit[-5:]) for unit in run.failures.unit} == named
    assert set(run.failures.error) == {"ModelError"}


class MuteError(Exception):
    def __str__(self):
        raise ValueError("no words")

    __repr__ = __str__


class ClosedError(Exception):
    def __setattr__(self, name, value):
        raise TypeError("nothing can be added")


@pytest.mark.parametrize("place", IN_A_TALK)
@pytest.mark.parametrize(
    "error",
    [MuteError(), ClosedError("gone"), Exception("x" * 10**7), Exception("\ud83d")],
    ids=["mute", "closed", "huge", "half"],
)
def test_an_error_with_strange_words_is_a_failure_as_any_other(error, place, make, faults, tmp_path):
    faults.at, faults.error = place, error
    run = make().begin(tmp_path)
    assert (run.status, len(run.failures)) == ("partial", 3)
    assert (tmp_path / "failures.jsonl").stat().st_size < 10**5
    assert all(json.loads(line)["message"] for line in (tmp_path / "failures.jsonl").read_text().splitlines())
    repr(run)


def test_a_run_that_stops_at_such_errors_can_say_why(make, faults, tmp_path):
    faults.at, faults.error = "model", MuteError()
    with pytest.raises(
        snb.errors.RunFailedError, match=r"MuteError: \(it cannot say what it is: that raises ValueError\)"
    ):
        make(num_discussions=30).begin(tmp_path)


def test_what_is_handed_to_other_code_are_copies(tmp_path):
    class Greedy(snb.RoundRobin):
        def choose(self, names, history, rng):
            found = super().choose(list(names), list(history), rng)
            names.clear(), history.clear()
            return found

        def moderates(self, history):
            found = super().moderates(list(history))
            history.clear()
            return found

        def settings(self):
            return {"type": "RoundRobin"}

    class Never(snb.StopCondition):
        def holds(self, history):
            history.clear()
            return False

    def prompt(actor, comments):
        text = str(comments)
        comments.clear()
        return [snb.ChatMessage("user", text)]

    def kind(actor, comments):
        return [snb.ChatMessage("user", str(comments))]

    def talk(manager, stop, form):
        model = snb.ScriptedModel(["Yes.", "", "No."])
        people = [snb.LLMActor(model, name, prompt_format=form) for name in ("Ana", "Ben")]
        return snb.Discussion(
            people,
            snb.LLMActor(model, "Mo", prompt_format=form),
            "Tax?",
            num_turns=5,
            seed=1,
            turn_manager=manager,
            stop=stop,
        ).run()

    greedy, plain = talk(Greedy(), [Never()], prompt), talk(snb.RoundRobin(), [], kind)
    assert greedy.messages == plain.messages
    judge = snb.LLMActor(snb.ScriptedModel("1"), "", actor_type=snb.ActorType.ANNOTATOR, prompt_format=prompt)
    assert len(snb.Annotation(judge, plain, seed=1).run().labels) == len(plain.comments)


def test_the_bar_tells_of_batches_while_a_run_waits_for_them(tmp_path, capsys):
    class Batched(RecordingModel):
        in_batches = True

    (tmp_path / "a" / "batches").mkdir(parents=True)
    BatchJob(tmp_path / "a" / "batches", 0, "id", "m", "https://server/v1", 7).save()
    work_on(tmp_path, a=experiment(Batched()), b=experiment(RecordingModel(name="other")))
    shown = capsys.readouterr().err
    assert "sending a batch of 7 requests" in shown
    assert "batch" not in shown.splitlines()[-1].rpartition("\r")[2]
