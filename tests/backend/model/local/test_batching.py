import asyncio
import logging
import math
import threading
import time
from concurrent.futures import Future

import pytest

from syndisco_nb import ChatMessage, Completion, Request
from syndisco_nb.backend.model.local.batching import BatchingModel, PendingRequest
from syndisco_nb.backend.model.local.scoring import Scorer
from syndisco_nb.backend.model.request import LabelShares
from syndisco_nb.errors import ModelError
from syndisco_nb.loop import run_sync


class Echo(BatchingModel):
    """Answers with the request's seed after as many steps as the message has characters; steps wait for the gate."""

    def __init__(self, batch_tokens=10_000):
        super().__init__("echo", batch_tokens)
        self.active = {}
        self.steps = []
        self.begun = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()
        self.scores = Uniform()
        self.bad = None

    def encode(self, messages):
        return [ord(letter) for letter in messages[0].content]

    def _load(self):
        pass

    def _check_length(self, prompt, reply):
        if prompt > 1000:
            raise ValueError("too long")

    def _add(self, one):
        self._check_length(len(one.request.messages[0].content), 1)
        one.begin()
        self.active[one] = len(one.request.messages[0].content)

    def _step(self):
        if not self.active:
            return []
        self.steps.append([one.request.seed for one in self.active])
        self.begun.release()
        assert self.gate.wait(60)
        if self.bad in self.steps[-1]:
            self.active.clear()
            raise ConnectionError("broken")
        self.active = {one: left - 1 for one, left in self.active.items()}
        left = [one for one, steps in self.active.items() if one.abandoned or not steps]
        for one in left:
            del self.active[one]
        return [(one, None if one.abandoned else Completion(str(one.request.seed))) for one in left]

    def _scorer(self):
        return self.scores

    def _label(self, text):
        return [ord(letter) for letter in text]

    def _label_ends(self):
        return [0]


class Uniform(Scorer):
    """Finds all labels equally likely, in batches of as many questions as fit into the budget."""

    def __init__(self, room=100_000):
        self.room = room
        self.batches = []
        self.overflowing = []  # after prompts of these lengths

    def _score(self, questions):
        self.batches.append([one.prompt for one in questions.values()])
        if sum(one.size for one in questions.values()) > self.room:
            raise MemoryError("no room")
        return {number: self._scores(one) for number, one in questions.items()}

    def _scores(self, question):
        if len(question.prompt) in self.overflowing:
            return LabelShares([math.nan] * len(question.labels.tokens), math.nan)
        return LabelShares([1 / len(question.labels.tokens)] * len(question.labels.tokens), 1)


def request(seed, steps=1, labels=()):
    return Request((ChatMessage("user", "x" * steps),), seed, labels=labels)


async def ask(model, *requests):
    return [completion.text for completion in await asyncio.gather(*(model.complete(one) for one in requests))]


def some(*seeds, steps=1):
    return [request(seed, steps) for seed in seeds]


async def begun(model):
    assert await asyncio.to_thread(model.begun.acquire, timeout=60)


def test_requests_of_one_tick_start_together():
    model = Echo()
    assert run_sync(ask(model, *some(*range(40)))) == [str(seed) for seed in range(40)]
    assert model.steps == [list(range(40))]


def test_requests_of_tasks_deep_down_start_together_too():
    model = Echo()

    async def job(seed):
        async def inner():
            return await model.complete(request(seed))

        return await inner()

    async def jobs():
        await asyncio.gather(*(asyncio.create_task(job(seed)) for seed in range(5)))

    run_sync(jobs())
    assert model.steps == [list(range(5))]


def test_what_arrives_meanwhile_joins_at_the_next_step_and_leaves_when_it_is_answered():
    model = Echo()
    model.gate.clear()

    left = []

    async def one(seed, steps):
        await model.complete(request(seed, steps))
        left.append(seed)

    async def scene():
        long = asyncio.create_task(one(0, 4))
        await begun(model)
        later = [asyncio.create_task(one(seed, seed)) for seed in (1, 2)]
        await asyncio.sleep(0.02)
        model.gate.set()
        await asyncio.gather(long, *later)

    run_sync(scene())
    assert model.steps == [[0], [0, 1, 2], [0, 2], [0]]
    assert left == [1, 2, 0]


def test_those_who_were_answered_ask_again_together():
    model = Echo()

    async def job(seed):
        for step in range(4):
            await model.complete(request(10 * step + seed))

    async def jobs():
        await asyncio.gather(*(job(seed) for seed in range(3)))

    run_sync(jobs())
    assert model.steps == [[10 * step + seed for seed in range(3)] for step in range(4)]


def test_an_error_in_a_step_reaches_those_in_it_and_the_model_goes_on():
    model = Echo()
    model.bad = 1

    async def asking():
        return await asyncio.gather(*(model.complete(one) for one in some(0, 1, 2)), return_exceptions=True)

    assert [type(reply) for reply in run_sync(asking())] == [ConnectionError] * 3
    assert run_sync(ask(model, *some(5, 6))) == ["5", "6"]


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_what_would_end_the_program_fails_those_in_the_step_and_the_model_goes_on(kind):
    class Ending(Echo):
        def _step(self):
            if self.bad:
                self.active.clear()
                raise kind
            return super()._step()

    model = Ending()
    model.bad = True
    with pytest.raises(ModelError, match=f"The model 'echo' was ended by {kind.__name__}"):
        run_sync(model.complete(request(1)))
    model.bad = None
    assert run_sync(model.complete(request(2))).text == "2"


def test_a_request_that_is_refused_fails_alone():
    async def asking(labels):
        requests = [request(1, labels=labels), request(2, 2000, labels), request(3, labels=labels)]
        return await asyncio.gather(*(Echo().complete(one) for one in requests), return_exceptions=True)

    for labels in ((), ("a", "b")):
        assert [isinstance(reply, ValueError) for reply in run_sync(asking(labels))] == [False, True, False]


def test_an_error_in_loading_reaches_the_waiting_and_loading_is_tried_again():
    model = Echo()
    failures = [OSError("no weights")]

    def load():
        if failures:
            raise failures.pop()

    model._load = load
    with pytest.raises(OSError, match="no weights"):
        run_sync(ask(model, request(1)))
    assert run_sync(ask(model, request(1))) == ["1"]


def test_a_request_that_nobody_waits_for_leaves_and_the_others_stay():
    model = Echo()
    model.gate.clear()

    async def scene():
        asking = [asyncio.create_task(ask(model, request(seed, steps=50))) for seed in (1, 2)]
        await begun(model)
        asking[0].cancel()
        await asyncio.sleep(0.02)
        model.gate.set()
        await asking[1]

    run_sync(scene())
    assert model.steps[0] == [1, 2]
    assert model.steps[1:] == [[2]] * 49


def test_a_request_cancelled_before_it_starts_is_not_asked():
    model = Echo()
    model.gate.clear()

    async def scene():
        first = asyncio.create_task(ask(model, request(1)))
        await begun(model)
        waiting = asyncio.create_task(ask(model, request(2)))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(0)
        model.gate.set()
        await first
        await ask(model, request(3))

    run_sync(scene())
    assert model.steps == [[1], [3]]


def test_requests_from_any_loop_and_thread_are_answered():
    model = Echo()
    answers = {}

    def work(number):
        answers[number] = asyncio.run(ask(model, *some(number, number + 100)))

    threads = [threading.Thread(target=work, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == {number: [str(number), str(number + 100)] for number in range(5)}


def test_cancelling_from_another_loop_ends_the_work():
    model = Echo()
    model.gate.clear()

    async def scene():
        asking = asyncio.create_task(ask(model, request(1, steps=900)))
        await begun(model)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        model.gate.set()

    asyncio.run(scene())
    assert run_sync(ask(model, request(3))) == ["3"]
    assert len(model.steps) < 10


@pytest.mark.seconds
def test_a_single_request_waits_for_no_timer():
    model = Echo()
    run_sync(ask(model, request(0)))
    times = []
    for seed in range(5):
        started = time.perf_counter()
        run_sync(ask(model, request(seed)))
        times.append(time.perf_counter() - started)
    assert min(times) < 0.05


# Labels


def labelled(*sizes):
    return [request(number, size, ("a", "b")) for number, size in enumerate(sizes)]


def test_labels_are_scored_in_batches_within_the_budget_while_others_are_answered():
    model = Echo(batch_tokens=200)

    async def asking():
        return await asyncio.gather(*(model.complete(one) for one in [*labelled(90, 80, 70), request(9, 2)]))

    *scored, said = run_sync(asking())
    assert [one.probabilities for one in scored] == [{"a": 0.5, "b": 0.5}] * 3
    assert sorted(one.batch_size for one in scored) == [1, 2, 2]
    assert said.text == "9"


def test_labels_that_do_not_fit_into_memory_are_scored_in_halves_and_that_is_said(caplog):
    model = Echo()
    model.scores.room = 100
    with caplog.at_level(logging.WARNING, "syndisco_nb"):
        assert run_sync(ask(model, *labelled(*[30] * 10))) == ["a"] * 10
    assert "'echo' ran out of memory on a batch of 10; trying halves. Batches have up to 5000 tokens" in caplog.text
    # A batch that fits is not asked again.
    assert [len(batch) for batch in model.scores.batches] == [10, 5, 2, 3, 5, 2, 3]


def test_labels_of_a_request_that_does_not_fit_alone_fail_alone_with_a_remedy():
    model = Echo()
    model.scores.room = 100

    async def asking():
        return await asyncio.gather(*(model.complete(one) for one in labelled(30, 30, 300, 30)), return_exceptions=True)

    answers = run_sync(asking())
    assert [getattr(answer, "text", None) for answer in answers] == ["a", "a", None, "a"]
    assert "on a single request (no room). Lower the window" in str(answers[2])


def test_an_error_in_scoring_fails_labels_alone():
    model = Echo()
    model.scores._score = lambda questions: 1 / 0

    async def asking():
        asked = [*labelled(3, 3), request(7)]
        return await asyncio.gather(*(model.complete(one) for one in asked), return_exceptions=True)

    *failed, said = run_sync(asking())
    assert [type(one) for one in failed] == [ZeroDivisionError] * 2
    assert said.text == "7"


def test_labels_whose_numbers_overflow_are_an_error_of_their_request_alone():
    model = Echo()
    model.scores.overflowing = [2]

    async def asking():
        asked = (request(1, steps, labels=("a", "b")) for steps in (1, 2, 3))
        return await asyncio.gather(*map(model.complete, asked), return_exceptions=True)

    first, bad, last = run_sync(asking())
    assert (first.mass, last.mass) == (1, 1)
    assert isinstance(bad, ModelError)
    assert str(bad).startswith("'echo' computed no probabilities: its numbers overflowed. Take weights of a higher")


def test_labels_that_the_model_cannot_tell_apart_are_refused():
    model = Echo()
    model._label = lambda text: [0] if text in "xy" else [ord(text)]
    with pytest.raises(ModelError, match="the labels 'x' and 'y' are the same tokens"):
        run_sync(model.complete(request(1, labels=("a", "x", "y"))))
    model._label = lambda text: []
    with pytest.raises(ModelError, match="the labels '' and 'a' are the same tokens"):
        run_sync(model.complete(request(1, labels=("a", "b"))))


def test_a_pending_request_notes_its_largest_batch_and_the_first_time_that_it_joined():
    pending = PendingRequest(request(1), Future())
    assert (pending.largest_batch, pending.seconds, pending.abandoned) == (1, 0.0, False)
    for size in (2, 5, 3):
        pending.note_batch(size)
    pending.begin()
    begun = pending._begun
    pending.begin()
    assert (pending.largest_batch, pending._begun) == (5, begun)
    pending.reply.cancel()
    assert pending.abandoned
