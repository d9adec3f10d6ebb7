import asyncio
import logging
import threading
import time

import pytest

from syndisco_nb import ChatMessage, Completion, Request
from syndisco_nb.backend.model.batching import BatchingModel
from syndisco_nb.loop import run_sync

REPLY_TOKENS = 10


class Echo(BatchingModel):
    """Answers with the request's seed; each batch waits until the gate is open."""

    def __init__(self, batch_tokens=10_000):
        super().__init__("echo", batch_tokens)
        self.batches = []
        self.begun = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()
        self.bad = None
        self.stopped = threading.Event()

    def _load(self):
        pass

    def _max_tokens(self, request):
        return REPLY_TOKENS

    def _generate(self, batch, abandoned):
        self.batches.append([request.seed for request in batch])
        self.begun.release()
        deadline = time.monotonic() + 10
        while not self.gate.wait(0.005) and time.monotonic() < deadline:
            if abandoned():
                self.stopped.set()
                break
        if self.bad in self.batches[-1]:
            raise ConnectionError("out of memory")
        return [Completion(str(request.seed)) for request in batch]


def request(seed, characters=3):
    return Request((ChatMessage("user", "x" * characters),), seed)


async def ask(model, seeds):
    return [completion.text for completion in await asyncio.gather(*(model.complete(request(s)) for s in seeds))]


async def begun(model):
    await asyncio.to_thread(model.begun.acquire, timeout=10)


def test_requests_of_one_tick_form_one_batch():
    model = Echo()
    assert run_sync(ask(model, range(40))) == [str(seed) for seed in range(40)]
    assert model.batches == [list(range(40))]


def test_requests_of_tasks_deep_down_form_one_batch_too():
    model = Echo()

    async def job(seed):
        async def inner():
            return await model.complete(request(seed))

        return await inner()

    async def jobs():
        await asyncio.gather(*(asyncio.create_task(job(seed)) for seed in range(5)))

    run_sync(jobs())
    assert model.batches == [list(range(5))]


def test_what_arrives_meanwhile_forms_the_next_batch():
    model = Echo()
    model.gate.clear()

    async def scene():
        first = asyncio.create_task(ask(model, [0, 1]))
        await begun(model)
        later = []
        for seed in (2, 3, 4):
            later.append(asyncio.create_task(ask(model, [seed])))
            await asyncio.sleep(0.005)
        model.gate.set()
        await asyncio.gather(first, *later)

    run_sync(scene())
    assert model.batches == [[0, 1], [2, 3, 4]]


def test_those_who_were_answered_ask_again_together():
    model = Echo()

    async def job(seed):
        for step in range(4):
            await model.complete(request(10 * step + seed))

    async def jobs():
        await asyncio.gather(*(job(seed) for seed in range(3)))

    run_sync(jobs())
    assert model.batches == [[10 * step + seed for seed in range(3)] for step in range(4)]


def test_batches_are_longest_first_within_the_budget():
    tokens = [20, 90, 40, 10, 70]
    model = Echo(batch_tokens=2 * 100)

    async def asking():
        await asyncio.gather(*(model.complete(request(size, 3 * size)) for size in tokens))

    run_sync(asking())
    # 200 tokens: two of 90+10, four of 40+10; the rest is what is left
    assert model.batches == [[90, 70], [40, 20, 10]]


def test_a_request_above_the_budget_is_answered_alone():
    model = Echo(batch_tokens=1)
    assert run_sync(ask(model, [1, 2])) == ["1", "2"]
    assert sorted(model.batches) == [[1], [2]]


def test_answers_go_to_those_who_asked():
    model = Echo(batch_tokens=150)

    async def asking():
        sizes = [7, 90, 3, 44, 12]
        replies = await asyncio.gather(*(model.complete(request(size, 3 * size)) for size in sizes))
        assert [reply.text for reply in replies] == [str(size) for size in sizes]

    run_sync(asking())
    assert len(model.batches) > 1


def test_an_error_reaches_everyone_in_its_batch_and_nobody_else():
    model = Echo(batch_tokens=22)
    model.bad = 1

    async def asking():
        return await asyncio.gather(*(model.complete(request(seed)) for seed in range(4)), return_exceptions=True)

    replies = run_sync(asking())
    (broken,) = [batch for batch in model.batches if 1 in batch]
    assert len(broken) == 2
    for seed, reply in enumerate(replies):
        assert isinstance(reply, ConnectionError) == (seed in broken)
    assert run_sync(ask(model, [5, 6])) == ["5", "6"]


def test_an_error_in_loading_reaches_the_waiting_and_loading_is_tried_again():
    model = Echo()
    failures = [OSError("no weights")]

    def load():
        if failures:
            raise failures.pop()

    model._load = load
    with pytest.raises(OSError, match="no weights"):
        run_sync(ask(model, [1]))
    assert run_sync(ask(model, [1])) == ["1"]


def test_too_few_answers_are_an_error_and_nobody_waits_forever():
    model = Echo()
    model._generate = lambda batch, abandoned: []

    async def asking():
        return await asyncio.wait_for(ask(model, [1]), 1)

    with pytest.raises(ValueError, match=r"zip|answer"):
        run_sync(asking())


def test_a_batch_stops_once_nobody_waits_for_it():
    model = Echo()
    model.gate.clear()

    async def scene():
        asking = [asyncio.create_task(ask(model, [seed])) for seed in (1, 2)]
        await begun(model)
        asking[0].cancel()
        await asyncio.sleep(0.05)
        assert not model.stopped.is_set()
        asking[1].cancel()
        await asyncio.to_thread(model.stopped.wait, 5)

    run_sync(scene())
    assert model.stopped.is_set()
    model.gate.set()
    assert run_sync(ask(model, [3])) == ["3"]


def test_a_request_cancelled_while_it_waits_is_not_asked():
    model = Echo()
    model.gate.clear()

    async def scene():
        first = asyncio.create_task(ask(model, [1]))
        await begun(model)
        waiting = asyncio.create_task(ask(model, [2]))
        await asyncio.sleep(0)
        waiting.cancel()
        model.gate.set()
        await first
        await ask(model, [3])

    run_sync(scene())
    assert model.batches == [[1], [3]]


def test_requests_from_any_loop_and_thread_are_answered():
    model = Echo()
    answers = {}

    def work(number):
        answers[number] = asyncio.run(ask(model, [number, number + 100]))

    threads = [threading.Thread(target=work, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert answers == {number: [str(number), str(number + 100)] for number in range(5)}


def test_cancelling_from_another_loop_stops_the_batch():
    model = Echo()
    model.gate.clear()

    async def scene():
        asking = asyncio.create_task(ask(model, [1]))
        await begun(model)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.to_thread(model.stopped.wait, 5)

    asyncio.run(scene())
    assert model.stopped.is_set()


def test_a_single_request_waits_for_no_timer():
    model = Echo()
    run_sync(ask(model, [0]))
    times = []
    for seed in range(5):
        started = time.perf_counter()
        run_sync(ask(model, [seed]))
        times.append(time.perf_counter() - started)
    assert min(times) < 0.05


class Small(Echo):
    """Has memory for three rows."""

    def _generate(self, batch, abandoned):
        self.batches.append([request.seed for request in batch])
        if len(batch) > 3:
            raise MemoryError("no room")
        return [Completion(str(request.seed)) for request in batch]


def test_a_batch_that_does_not_fit_into_memory_is_halved_and_said(caplog):
    model = Small()
    with caplog.at_level(logging.WARNING, "syndisco_nb"):
        assert run_sync(ask(model, range(10))) == [str(seed) for seed in range(10)]
    assert [len(batch) for batch in model.batches] == [10, 5, 2, 3, 5, 2, 3]
    assert "'echo' ran out of memory on a batch of 10; trying halves." in caplog.messages[0]
    model.batches.clear()
    run_sync(ask(model, range(10)))
    assert max(len(batch) for batch in model.batches) <= 3  # learnt


def test_a_request_that_does_not_fit_alone_fails_with_a_remedy_and_alone():
    class Tiny(Echo):
        def _generate(self, batch, abandoned):
            if any(len(request.messages[0].content) > 100 for request in batch):
                raise MemoryError("no room")
            return super()._generate(batch, abandoned)

    async def asking(model):
        return await asyncio.gather(
            *(model.complete(request(seed, 300 if seed == 2 else 3)) for seed in range(5)), return_exceptions=True
        )

    answers = run_sync(asking(Tiny()))
    assert [getattr(answer, "text", None) for answer in answers] == ["0", "1", None, "3", "4"]
    assert "on a single request (no room). Lower the window" in str(answers[2])
