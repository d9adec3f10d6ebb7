import asyncio

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.model.cluster.model_recipe import ModelRecipe
from syndisco_nb.backend.model.cluster.worker_model import WorkerModel
from syndisco_nb.backend.model.cluster.worker_pool import WorkerPool
from syndisco_nb.errors import ModelError
from syndisco_nb.loop import run_sync

ASKED = snb.Request((), seed=1)


class Unloadable(snb.Model):
    """Can be loaded once its weights are there."""

    def __init__(self, weights):
        super().__init__("none")
        self.weights = weights

    async def load(self):
        if not self.weights.exists():
            raise snb.SyndiscoError("No weights here.")

    async def complete(self, request):
        return snb.Completion("Never.")


async def pool(client, model=None, patience_s=60.0, scheduler=None):
    model = model or snb.ScriptedModel("Yes.")
    return WorkerPool("small", ModelRecipe(model), scheduler or client.scheduler.address, client, patience_s)


async def until(condition):
    while not condition():
        await asyncio.sleep(0.001)


def states(pool):
    return [worker.state for worker in pool.workers.values()]


def test_workers_join_and_leave_while_requests_wait_for_them(client, empty_cluster):
    async def live():
        workers = await pool(client)
        waiting = asyncio.create_task(workers.router.complete(ASKED))
        await until(lambda: workers._connected)
        empty_cluster.scale(2)
        assert (await waiting).text == "Yes."
        await until(lambda: states(workers) == ["ready", "ready"])
        assert workers.router.capacity == 256
        empty_cluster.scale(1)
        await until(lambda: sorted(states(workers)) == ["lost", "ready"])
        assert (await workers.router.complete(ASKED)).text == "Yes."
        workers.close()
        await until(lambda: states(workers) == ["lost", "lost"])
        return next(worker.cause for worker in workers.workers.values())

    assert run_sync(live()).endswith(".")


def test_without_workers_it_waits_as_long_as_its_patience_and_names_the_scheduler(client, empty_cluster):
    async def wait():
        workers = await pool(client, patience_s=0.05)
        with pytest.raises(snb.SyndiscoError) as refused:
            await workers.router.complete(ASKED)
        with pytest.raises(snb.SyndiscoError) as not_ready:
            await workers.ready()
        assert str(refused.value) == str(not_ready.value)
        empty_cluster.scale(1)
        await until(lambda: states(workers) == ["ready"])
        assert (await workers.router.complete(ASKED)).text == "Yes."
        workers.close()
        return str(refused.value)

    said = run_sync(wait())
    assert f"The Dask scheduler at {client.scheduler.address} has had no worker for 0.05 s." in said
    assert "cluster.scale" in said


def test_a_model_that_no_worker_can_load_is_an_error_and_is_tried_again_on_the_next_call(
    client, empty_cluster, tmp_path
):
    async def fail():
        empty_cluster.scale(1)
        workers = await pool(client, Unloadable(tmp_path / "weights"))
        with pytest.raises(snb.SyndiscoError, match=r"No weights here.*In the worker"):
            await workers.ready()
        with pytest.raises(snb.SyndiscoError, match="No weights here"):
            await workers.router.complete(ASKED)
        (tmp_path / "weights").touch()
        await workers.ready()
        assert states(workers) == ["ready"]
        workers.close()

    run_sync(fail())


def test_a_worker_whose_connection_broke_gets_a_new_actor_if_it_is_still_there(client, empty_cluster):
    async def live():
        empty_cluster.scale(1)
        workers = await pool(client)
        await workers.ready()
        (lost,) = workers.workers.values()
        lost.lose("Cut.")
        await until(lambda: states(workers) == ["ready"])
        assert workers.workers[lost.address] is not lost
        workers.close()

    run_sync(live())


class Single(snb.Model):
    """Can be loaded once."""

    def __init__(self, lock):
        super().__init__("single")
        self.lock = lock

    async def load(self):
        try:
            self.lock.touch(exist_ok=False)
        except FileExistsError:
            raise snb.SyndiscoError("No room.") from None

    async def complete(self, request):
        return snb.Completion("Yes.")


def test_a_worker_that_cannot_load_is_left_out_with_a_warning(client, empty_cluster, tmp_path):
    async def live():
        workers = await pool(client, Single(tmp_path / "lock"))
        empty_cluster.scale(1)
        await until(lambda: states(workers) == ["ready"])
        empty_cluster.scale(2)
        await until(lambda: states(workers) == ["ready", "failed"])
        assert (await workers.router.complete(ASKED)).text == "Yes."
        workers.close()

    with pytest.warns(UserWarning, match=r"'small' could not be loaded in a worker.*No room\."):
        run_sync(live())


class OddError(Exception):
    def __copy__(self):
        raise TypeError("An argument is missing.")


class Odd(snb.Model):
    """Cannot be loaded, for a reason of a class that cannot be copied."""

    async def load(self):
        raise OddError("Out of memory.")

    async def complete(self, request):
        return snb.Completion("Never.")


def test_an_error_that_cannot_be_copied_is_told_in_words(client, empty_cluster):
    async def fail():
        empty_cluster.scale(1)
        workers = await pool(client, Odd("odd"))
        for asking in (workers.ready, lambda: workers.router.complete(ASKED)):
            with pytest.raises(ModelError, match=r"OddError: Out of memory\..*In the worker"):
                await asking()
        workers.close()

    run_sync(fail())


async def silent(request):
    await asyncio.get_running_loop().create_future()


def test_a_request_that_no_worker_survives_is_refused_after_five_workers(client, empty_cluster):
    async def live():
        empty_cluster.scale(1)
        workers = await pool(client, snb.ScriptedModel(silent))
        asking = asyncio.create_task(workers.router.complete(ASKED))
        for _ in range(5):
            await until(lambda: any(worker._pending for worker in workers.workers.values()))
            (worker,) = workers.workers.values()
            worker.lose("Killed.")
        with pytest.raises(ModelError, match=r"5 workers in a row were lost before .*: Killed\..*memory"):
            await asking
        await workers.ready()  # begun again
        workers.close()

    run_sync(live())


def test_workers_that_are_lost_together_count_once_and_none_after_an_answer():
    async def lose():
        workers = await pool(None, scheduler="tcp://127.0.0.1:9")

        def begun():
            return WorkerModel("w", "tcp://10.0.0.7:4000", workers._noting(workers._lost_in_a_row))

        rows = []
        useful, *together = begun(), begun(), begun()
        useful.answered = 1
        for worker in (*together, begun(), useful):
            worker.lose("Killed.")
            rows.append(workers._lost_in_a_row)
        workers.close()
        return rows

    assert run_sync(lose()) == [1, 1, 1, 0]


def test_an_address_without_a_scheduler_is_an_error_at_once(client, monkeypatch):
    monkeypatch.setattr("syndisco_nb.backend.model.cluster.worker_pool._CONNECT_S", 0.2)

    async def connect():
        workers = await pool(None, scheduler="tcp://127.0.0.1:9")
        with pytest.raises(snb.SyndiscoError, match=r"no Dask scheduler at tcp://127\.0\.0\.1:9: .*\. Check the"):
            await workers.ready()
        workers.close()

    run_sync(connect())


def test_a_closed_client_ends_all_with_a_reason(client, empty_cluster):
    async def live():
        empty_cluster.scale(1)
        workers = await pool(client)
        await workers.ready()
        await asyncio.to_thread(client.close)
        await until(lambda: states(workers) == ["lost"])
        with pytest.raises(snb.SyndiscoError, match=r"The Dask client that 'small' was given is closed\. Make a new"):
            await workers.router.complete(ASKED)
        with pytest.raises(snb.SyndiscoError, match="closed"):
            await workers.ready()

    run_sync(live())
