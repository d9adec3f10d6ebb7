"""The interface of models: sampling settings, replies still to come, and the base class."""

import asyncio
from pathlib import Path

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.model.base import DEFAULT_SAMPLING, ResolvedSampling, settle
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import InvalidInputError, ModelError
from syndisco_nb.records import ChatMessage, Sampling

REQUEST = Request((ChatMessage("user", "Tea?"),), seed=3)


def test_gaps_of_sampling_are_filled_with_values_that_change_nothing():
    empty = Sampling(**dict.fromkeys(("temperature", "top_p", "top_k", "repetition_penalty", "max_tokens")))
    assert ResolvedSampling.of(empty, 7) == (1.0, 1.0, 0, 1.0, 7)
    assert ResolvedSampling.of(Sampling(0.5, 0.9, 40, 1.2, 9), 7) == (0.5, 0.9, 40, 1.2, 9)
    assert ResolvedSampling.of(Sampling(temperature=0), 7).temperature == 0
    assert ResolvedSampling.of(DEFAULT_SAMPLING, 7)[:3] == (1.0, 0.95, 50)


def test_a_reply_is_settled_once_and_not_after_it_was_cancelled():
    async def settled():
        loop = asyncio.get_running_loop()
        answered, failed, cancelled = (loop.create_future() for _ in range(3))
        settle(answered, Completion("Yes."))
        settle(answered, ModelError("late"))
        settle(failed, ModelError("gone"))
        cancelled.cancel()
        settle(cancelled, Completion("Yes."))
        return answered.result(), failed.exception(), cancelled.cancelled()

    answer, error, cancelled = asyncio.run(settled())
    assert (answer, str(error), cancelled) == (Completion("Yes."), "gone", True)


def test_a_model_needs_only_complete():
    class Echo(snb.Model):
        async def complete(self, request):
            return Completion(request.messages[-1].content)

    model = Echo("echo")
    assert asyncio.run(model.load()) is asyncio.run(model.try_load()) is None
    assert (model.settings(), model.identity()) == ({"type": "Echo", "name": "echo"},) * 2
    assert repr(model) == "Echo(name='echo')"
    assert (model.capacity, model.min_concurrency) == (None, 1)
    with model.in_use(Path()):
        assert asyncio.run(model.complete(REQUEST)) == asyncio.run(model.try_complete(REQUEST)) == Completion("Tea?")


@pytest.mark.parametrize("name", [None, 3, b"m", "\ud83d"])
def test_a_name_that_is_no_text_is_refused_where_it_is_given(name):
    with pytest.raises(InvalidInputError, match="name is"):
        snb.ScriptedModel("Yes.", name=name)
    model = snb.ScriptedModel("Yes.")
    model.name = name
    with pytest.raises(InvalidInputError, match=r"model\.name is"):
        snb.LLMActor(model, "Ana")
