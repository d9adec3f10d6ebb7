import asyncio
import contextlib
import gc
import pickle
import sys
import weakref
from typing import ClassVar

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.model.cluster import model_actor
from syndisco_nb.backend.model.cluster.model_actor import ModelActor, Versions
from syndisco_nb.backend.model.cluster.model_recipe import ModelRecipe
from syndisco_nb.loop import run_sync


class OwnError(Exception):
    def __reduce__(self):
        raise TypeError("I stay here.")


class Stubborn(snb.Model):
    """Fails as its seed says; seed 0 never ends."""

    under_way: ClassVar = []

    async def complete(self, request):
        if request.seed == 0:
            self.under_way.append(asyncio.current_task())
            await asyncio.get_running_loop().create_future()
        if request.seed == 1:
            raise OwnError("A word.")
        if request.seed == 2:
            raise snb.SyndiscoError("Two words.", field="seed")
        if request.seed == 3:
            raise SystemExit
        return snb.Completion(f"Seed {request.seed}.")


@pytest.fixture
def actor():
    Stubborn.under_way.clear()
    recipe = ModelRecipe(snb.ScriptedModel("Yes."))
    recipe.shared = lambda: Stubborn("stubborn")
    yield [ModelActor(recipe)]  # in a list, so that a test can drop the last reference
    Stubborn.under_way.clear()


async def answers(actor, asked, unwanted=(), wanted=1):
    """Return the answers to requests with these seeds, by number."""
    await actor.put(pickle.dumps(({seed: snb.Request((), seed=seed) for seed in asked}, list(unwanted))))
    found = {}
    while len(found) < wanted:
        found |= pickle.loads(await actor.take())  # noqa: S301
    return {number: pickle.loads(answer) for number, answer in found.items()}  # noqa: S301


async def end():
    """Wait for the end of the request that would not end by itself; return whether it was cancelled."""
    (task,) = Stubborn.under_way
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return task.cancelled()


def test_answers_come_as_soon_as_they_are_there_and_errors_are_answers(actor):
    found = run_sync(answers(actor[0], [0, 1, 2, 3, 4, 5], wanted=5))
    assert found[4].text == "Seed 4."
    assert found[5].text == "Seed 5."
    assert (str(found[1]), type(found[1]).__name__) == ("OwnError: A word.", "ModelError")
    assert (str(found[2]), found[2].field) == ("Two words.", "seed")
    assert "SystemExit" in str(found[3])


def test_a_request_that_is_no_longer_wanted_is_cancelled(actor):
    run_sync(answers(actor[0], [0, 4]))
    run_sync(answers(actor[0], [5], unwanted=[0]))
    assert run_sync(end())


def test_versions_are_those_of_the_process():
    own = Versions(snb.__version__, f"{sys.version_info.major}.{sys.version_info.minor}")
    assert Versions.own() == own
    assert str(own) == f"syndisco_nb {snb.__version__} on Python {own.python}"


def test_a_model_is_freed_with_its_actor_even_in_the_middle_of_a_request(actor, monkeypatch):
    monkeypatch.setattr(model_actor, "_LONGEST_WAIT_S", 0.01)  # a wait for answers would keep it
    model = weakref.ref(actor[0]._answering._model)
    run_sync(answers(actor[0], [0, 4]))
    assert run_sync(actor[0].take()) == pickle.dumps({})
    actor.clear()
    assert run_sync(end())
    Stubborn.under_way.clear()
    gc.collect()
    assert model() is None
