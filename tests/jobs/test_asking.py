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

LABELS = ("yes", "no")


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


NO_COMPLETION = [None, "Yes.", {"text": "Yes."}, b"Yes.", 3, ["Yes."], Unprintable(), "x" * 10**6]
ODD = [
    ({"text": None}, "text is None, but must be text"),
    ({"text": b"Yes."}, "text is b'Yes.', but must be text"),
    ({"reasoning": 3}, "reasoning is 3, but must be text"),
    ({"finish_reason": "eos"}, "finish_reason is 'eos', but must be one of: stop, length, passed, timeout"),
    ({"finish_reason": None}, "finish_reason is None"),
    ({"finish_reason": ["stop"]}, "finish_reason is ['stop'], but must be one of"),
    ({"finish_reason": np.array(["stop", "eos"])}, "finish_reason is array(["),
    ({"prompt_tokens": "many"}, "prompt_tokens is 'many', but must be a whole number of 0 or more"),
    ({"prompt_tokens": None}, "prompt_tokens is None"),
    ({"prompt_tokens": 2**63}, "prompt_tokens is 9223372036854775808, but must be a whole number of 0"),
    ({"completion_tokens": 10**5000}, "completion_tokens is <a int that cannot be shown>, but must be a whole number"),
    ({"reasoning_tokens": 10**5000}, "reasoning_tokens is <a int that cannot be shown>"),
    ({"batch_size": 10**30}, "batch_size is 1000000000000000000000000000000"),
    ({"completion_tokens": -1}, "completion_tokens is -1"),
    ({"completion_tokens": 2.5}, "completion_tokens is 2.5"),
    ({"reasoning_tokens": True}, "reasoning_tokens is True"),
    ({"batch_size": 0}, "batch_size is 0, but must be a whole number of 1 or more"),
    ({"seconds": math.nan}, "seconds is nan, but must be a number of 0 or more"),
    ({"seconds": math.inf}, "seconds is inf"),
    ({"seconds": -1.0}, "seconds is -1.0"),
    ({"seconds": 10**400}, "seconds is 1000"),
    ({"seconds": 10**5000}, "seconds is <a int that cannot be shown>"),
    ({"seconds": "long"}, "seconds is 'long'"),
    ({"sampling": {"temperature": 1}}, "sampling is {'temperature': 1}, but must be a Sampling or None"),
    ({"notes": "n"}, "notes is 'n', but must be a tuple of texts"),
    ({"mass": math.nan}, "mass is nan, but must be a number from 0 to 1, or None"),
    ({"mass": 7}, "mass is 7"),
    ({"probabilities": [0.5, 0.5]}, "probabilities is [0.5, 0.5], but must map labels to numbers"),
    ({"probabilities": {"yes": 1.0}}, "with probabilities of 'yes', but the labels are: yes, no"),
    ({"probabilities": {"yes": math.nan, "no": 0.5}}, "but each must be a number from 0 to 1"),
    ({"probabilities": {"yes": "1", "no": 0.5}}, "but each must be a number from 0 to 1"),
    ({"probabilities": {"yes": 2.0, "no": -1.0}}, "but each must be a number from 0 to 1"),
    ({"probabilities": {"yes": 60, "no": 40}}, "probabilities add up to 100, but must add up to 1"),
]


@pytest.mark.parametrize("answer", NO_COMPLETION, ids=lambda answer: type(answer).__name__)
def test_what_is_no_completion_is_an_error_that_names_the_model(answer):
    with pytest.raises(
        ModelError, match=r"^The model 'm' returned .*, but complete\(\) must return a Completion"
    ) as caught:
        asked(answer)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(("given", "said"), ODD, ids=[said[:40] for _, said in ODD])
def test_a_field_that_no_record_can_keep_is_named(given, said):
    with pytest.raises(ModelError) as caught:
        asked(snb.Completion(**{"text": "yes", **given}), LABELS)
    assert str(caught.value).startswith("The model 'm' returned a Completion ")
    assert said in str(caught.value)


def test_half_a_character_in_a_note_is_made_visible_as_in_a_text():
    found = asked(snb.Completion("a\ud800b", notes=("no \ud800 seed", "é")))
    assert (found.text, found.notes) == ("a\ufffdb", ("no \ufffd seed", "é"))


def test_probabilities_that_nobody_asked_for_are_refused():
    with pytest.raises(ModelError, match="no labels were asked for"):
        asked(snb.Completion("yes", probabilities={"yes": 1.0}))


def test_a_plain_complete_is_an_error_that_says_how_to_write_it():
    with pytest.raises(ModelError, match=r"The model 'm' has a plain complete\(\).* Write it as: async def complete"):
        asyncio.run(ask(Plain("m"), request()))


def test_numpys_numbers_become_plain_ones():
    given = snb.Completion("yes", "stop", None, np.int64(3), np.int32(2), np.float32(0.5), mass=np.float64(0.5))
    found = asked(given)
    assert (type(found.prompt_tokens), type(found.completion_tokens), type(found.seconds)) == (int, int, float)
    assert found == given


@pytest.mark.parametrize("name", [None, 3, b"m", "\ud83d"])
def test_a_name_that_is_no_text_is_refused_where_it_is_given(name):
    with pytest.raises(InvalidInputError, match="name is"):
        snb.ScriptedModel("Yes.", name=name)
    model = snb.ScriptedModel("Yes.")
    model.name = name
    with pytest.raises(InvalidInputError, match="The name of its model is"):
        snb.LLMActor(model, "Ana")


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
    [*NO_COMPLETION, *(snb.Completion(**{"text": "yes", **given}) for given, _ in ODD if "probabilities" not in given)],
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
        with pytest.raises(InvalidInputError, match=r"What was asked cannot be written to run\.json"):
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
    assert "could not be read again, so it was not written" in run.failures.message[0]
    assert len((tmp_path / "journal" / "discussion-00000.jsonl").read_bytes().splitlines()) == 3
    words = "enough"
    assert experiment.begin(tmp_path)[0].ended == "enough"
    assert json.loads((tmp_path / "run.json").read_bytes())["status"] == "finished"
