"""What a model returns is an answer, or the failure of its turn, with a sentence that says why."""

import asyncio
import json
import math

import numpy as np
import pytest
from support.recording_model import RecordingModel

import syndisco_nb as snb
from syndisco_nb.backend.model.base import Model
from syndisco_nb.errors import InvalidInputError, ModelError, short_repr
from syndisco_nb.jobs.asking import ask, cancelled


class Returning(Model):
    """A model whose `complete` returns this, whatever it is."""

    def __init__(self, answer):
        super().__init__("m")
        self.answer = answer

    async def complete(self, request):
        return self.answer


class Plain(Model):
    def complete(self, request):
        return snb.Completion("Yes.")


def request(labels=()):
    return snb.Request((snb.ChatMessage("user", "Hm?"),), seed=1, labels=labels)


def asked(answer, labels=()):
    return asyncio.run(ask(Returning(answer), request(labels)))


class Unprintable:
    def __repr__(self):
        raise ValueError("no")


def test_a_plain_complete_is_an_error_that_says_how_to_write_it():
    with pytest.raises(ModelError, match=r"The model 'm' has a plain complete\(\).* Write it as: async def complete"):
        asyncio.run(ask(Plain("m"), request()))


def test_a_cancellation_that_nobody_asked_for_is_an_error():
    model = RecordingModel(error=asyncio.CancelledError())
    model.failing = {"all"}
    with pytest.raises(ModelError, match="The model 'm' raised CancelledError, though nobody cancelled it"):
        asyncio.run(ask(model, request()))


def test_a_cancellation_that_somebody_asked_for_goes_on():
    async def held():
        task = asyncio.create_task(ask(model, request()))
        while not model.requests:
            await asyncio.sleep(0)
        assert not cancelled()
        task.cancel()
        await task

    model = RecordingModel(allowed=0)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(held())


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "Yes.",
        Unprintable(),
        "x" * 10**6,
        snb.Completion(None),
        snb.Completion("Yes.", finish_reason=np.array(["stop", "eos"])),
        snb.Completion("Yes.", prompt_tokens=10**5000),
        snb.Completion("Yes.", seconds=math.nan),
        snb.Completion("Yes.", notes="n"),
    ],
    ids=lambda answer: short_repr(answer, 60),
)
def test_in_a_run_it_is_the_failure_of_its_turn_and_the_run_goes_on_when_mended(answer, tmp_path):
    model = Returning(snb.Completion("Yes."))
    people = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
    experiment = snb.DiscussionExperiment(["Tax?"], people, num_turns=2, num_discussions=2, seed=1)
    model.answer = answer
    run = experiment.begin(tmp_path)
    assert (run.status, len(run)) == ("partial", 0)
    assert list(run.failures.error) == ["ModelError"] * 2
    assert list(run.failures.turn) == [1, 1]
    model.answer = snb.Completion("Yes.")
    again = experiment.begin(tmp_path)
    assert (again.status, len(list(again)), bool(again.verify())) == ("finished", 2, True)
    assert not list(tmp_path.rglob("*.broken*"))


def test_settings_that_are_no_plain_data_are_refused_before_anything_is_asked(tmp_path):
    class Odd(snb.RoundRobin):
        def settings(self):
            return {"type": "Odd", "p": self.p}

    people = [snb.LLMActor(snb.ScriptedModel("Yes."), name) for name in ("Ana", "Ben")]
    for value in (math.nan, {1, 2}, object(), "\ud83d"):
        manager = Odd()
        manager.p = value
        with pytest.raises(InvalidInputError, match=r"The settings cannot be written to run\.json"):
            snb.DiscussionExperiment(["Tax?"], people, turn_manager=manager, seed=1).begin(tmp_path)


def test_what_could_not_be_read_again_is_not_written_and_the_journal_stays(tmp_path):
    class Odd(snb.StopCondition):
        def holds(self, history):
            return len(history) > 2

        def __str__(self):
            return words

    words = "\ud83d"
    people = [snb.LLMActor(snb.ScriptedModel("Yes."), name) for name in ("Ana", "Ben")]
    experiment = snb.DiscussionExperiment(["Tax?"], people, stop=[Odd()], num_turns=3, num_discussions=1, seed=1)
    run = experiment.begin(tmp_path)
    assert "could not be read back" in run.failures.message[0]
    assert len((tmp_path / "journal" / "discussion-00000.jsonl").read_bytes().splitlines()) == 3
    words = "enough"
    assert experiment.begin(tmp_path)[0].ended == "enough"
    assert json.loads((tmp_path / "run.json").read_bytes())["status"] == "finished"
