import asyncio
import concurrent.futures
import contextlib
import pickle
import re

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.model.cluster.model_actor import ModelActor, Versions
from syndisco_nb.backend.model.cluster.model_recipe import ModelRecipe
from syndisco_nb.backend.model.cluster.worker_model import ForeignError, WorkerModel
from syndisco_nb.errors import UnavailableError
from syndisco_nb.loop import run_sync

ADDRESS = "tcp://10.0.0.7:4000"


class FakeClient:
    """Makes the actor in this process, counts the messages to it, and loses the connection on demand."""

    def __init__(self, load_error=None, versions=Versions.own):
        self.load_error = load_error
        self.versions = versions
        self.messages = []
        self.released = False
        self.broken = asyncio.Event()
        self.way = asyncio.Event()
        self.way.set()

    as_current = contextlib.nullcontext

    async def run(self, function, workers):
        assert (function, workers) == (Versions.own, [ADDRESS])
        return {ADDRESS: self.versions()}

    def submit(self, kind, *arguments, workers, **placement):
        assert (kind, workers) == (ModelActor, [ADDRESS])
        self.made = kind, arguments
        return self

    def __await__(self):
        return self.load().__await__()

    async def load(self):
        if self.load_error:
            raise self.load_error
        kind, arguments = self.made
        self.actor = await asyncio.to_thread(kind, *arguments)
        return self

    def release(self):
        self.released = True

    async def put(self, message):
        self.messages.append(pickle.loads(message))  # noqa: S301
        await self.way.wait()
        await self.actor.put(message)

    async def take(self):
        taking = asyncio.ensure_future(self.actor.take())
        breaking = asyncio.ensure_future(self.broken.wait())
        await asyncio.wait({taking, breaking}, return_when="FIRST_COMPLETED")
        if self.broken.is_set():
            raise OSError("Unable to contact Actor's worker")
        return await taking


async def slow(request):
    await asyncio.get_running_loop().create_future()


def script(request):
    if request.seed == 1:
        raise ValueError("One is too few.")
    if request.seed == 2:
        raise snb.SyndiscoError("Two are too many.")
    return f"Seed {request.seed}."


async def started(model, error=None, versions=Versions.own):
    states = []
    worker = WorkerModel("worker", ADDRESS, lambda one: states.append((one.state, one.capacity)))
    assert worker.capacity == 0
    client = FakeClient(error, versions)
    worker.start(client, ModelRecipe(model))
    while not states:
        await asyncio.sleep(0)
    return worker, client, states


def asked(worker, seeds):
    return [asyncio.create_task(worker.try_complete(snb.Request((), seed=seed))) for seed in seeds]


def test_requests_of_one_tick_are_one_message_and_each_gets_its_own_answer():
    async def ask():
        worker, client, states = await started(snb.ScriptedModel(script))
        replies = await asyncio.gather(*asked(worker, range(50)), return_exceptions=True)
        worker.lose("Enough.")
        return replies, worker, client, states

    replies, worker, client, states = run_sync(ask())
    assert [reply.text for reply in replies[3:]] == [f"Seed {seed}." for seed in range(3, 50)]
    assert len(client.messages) == 1
    assert states == [("ready", 128), ("lost", 0)]
    assert worker.answered == 50
    assert client.released
    assert isinstance(replies[1], ForeignError)  # past the router, which would ask another worker
    assert str(replies[1].error) == f"One is too few. (In the worker {ADDRESS}.)"
    assert isinstance(replies[1].error, ValueError)
    assert str(replies[2]) == f"Two are too many. (In the worker {ADDRESS}.)"


def test_a_lost_worker_gives_back_its_requests_at_once_and_takes_no_more():
    async def lose():
        worker, client, states = await started(snb.ScriptedModel(slow))
        waiting = asked(worker, range(3))
        while not client.messages:
            await asyncio.sleep(0)
        client.broken.set()
        replies = await asyncio.gather(*waiting, *asked(worker, [4]), return_exceptions=True)
        late = {0: pickle.dumps(snb.Completion("Too late."))}
        worker._settle(late)
        return [*replies, *await asyncio.gather(*asked(worker, [5]), return_exceptions=True)], worker, states

    replies, worker, states = run_sync(lose())
    assert {type(reply) for reply in replies} == {UnavailableError}
    assert f"The worker {ADDRESS} is lost: Unable to contact" in str(replies[0])
    assert worker.answered == 0
    assert states[-1] == ("lost", 0)


def test_an_abandoned_request_is_withdrawn_from_the_worker_or_not_sent_at_all():
    async def withdraw():
        worker, client, _ = await started(snb.ScriptedModel(slow))
        client.way.clear()
        first, second = asked(worker, range(2))
        while not client.messages:
            await asyncio.sleep(0)
        (third,) = asked(worker, [2])
        await asyncio.sleep(0)
        for task in (first, third):
            task.cancel()
        await asyncio.sleep(0)
        client.way.set()
        while len(client.messages) < 2:
            await asyncio.sleep(0)
        worker.lose("Enough.")
        await asyncio.gather(second, return_exceptions=True)
        return client.messages

    _, (requests, unwanted) = run_sync(withdraw())
    assert (requests, unwanted) == ({}, [0])


def test_a_model_that_cannot_be_loaded_is_a_failure_that_names_the_worker():
    async def fail(error):
        return await started(snb.ScriptedModel("Yes."), error)

    worker, client, states = run_sync(fail(snb.SyndiscoError("No weights.")))
    assert states == [("failed", 0)]
    assert str(worker.error) == worker.cause == f"No weights. (In the worker {ADDRESS}.)"
    assert client.released
    worker.lose("The scheduler has lost it.")
    assert states == [("failed", 0), ("lost", 0)]
    for error in (RuntimeError("Worker holding Actor was lost"), concurrent.futures.CancelledError()):
        assert run_sync(fail(error))[2] == [("lost", 0)]


def missing():
    raise Exception("No module named 'syndisco_nb'")


@pytest.mark.parametrize(
    ("versions", "reason"),
    [
        (
            lambda: Versions("0.0.9", "3.11"),
            r"The worker has syndisco_nb 0\.0\.9 on Python 3\.11, but this process syndi",
        ),
        (
            missing,
            r"The worker has another version than syndisco_nb .*, or none \(No module named 'syndisco_nb'\)",
        ),
    ],
)
def test_a_worker_with_other_versions_is_refused_before_it_gets_an_actor(versions, reason):
    worker, client, states = run_sync(started(snb.ScriptedModel("Yes."), versions=versions))
    assert states == [("failed", 0)]
    assert re.match(reason, worker.cause)
    assert ADDRESS in worker.cause
    assert not hasattr(client, "made")
