"""Requests on their way to several models that answer alike."""

import asyncio
import logging
import time
from collections import Counter

import pytest
from support.replicas import FakeServer, request

from syndisco_nb.backend.model.replicas import replica as replica_module
from syndisco_nb.backend.model.replicas.router import Router
from syndisco_nb.backend.model.request import Draft, Request, Situation
from syndisco_nb.errors import ModelError, UnavailableError
from syndisco_nb.loop import run_sync
from syndisco_nb.records import ChatMessage, Participant

DOWN = UnavailableError("connection refused.")


@pytest.fixture(autouse=True)
def short_rests(monkeypatch):
    monkeypatch.setattr(replica_module, "_FIRST_REST_S", 0.001)
    monkeypatch.setattr(replica_module, "_LONGEST_REST_S", 0.004)


def router_of(*servers, **settings):
    router = Router("mix", **settings)
    for server in servers:
        router.add(server, f"server {server.name}")
    return router


async def settled(turns=10):
    for _ in range(turns):
        await asyncio.sleep(0)


async def ask(router, *requests):
    return [answer.text for answer in await asyncio.gather(*map(router.complete, requests))]


def test_requests_wait_in_the_router_until_a_replica_has_room():
    first, second = FakeServer("A", room=2, held=True), FakeServer("B", room=1, held=True)

    async def scenario():
        router = router_of(first, second)
        asked = asyncio.gather(*(router.complete(request(seed)) for seed in range(6)))
        await settled()
        sent = first.asked[:], second.asked[:]
        assert router.capacity == 3
        second.room = 2  # read anew with each request
        first.release()
        await settled()
        second.release()
        return sent, [answer.text for answer in await asked]

    sent, answers = run_sync(scenario())
    assert sent == ([0, 2], [1])  # the least load first, and then its share of the room
    assert len(answers) == 6
    assert sorted(first.asked + second.asked) == list(range(6))
    assert first.asked == sorted(first.asked)


def test_a_chat_goes_where_its_beginning_was_read_unless_another_one_is_idle():
    talk = "Ana: I doubt that the buses are late because of the snow.\n\n" * 20
    servers = [FakeServer(name, room=32, held=True) for name in "AB"]

    async def scenario():
        router = router_of(*servers)
        pending = [asyncio.ensure_future(router.complete(request(0, talk + "1")))]
        pending += [asyncio.ensure_future(router.complete(request(9, "Tea?"))) for _ in range(4)]
        await settled()
        first = next(server for server in servers if 0 in server.asked)
        other = servers[1 - servers.index(first)]
        before = len(first.asked), len(other.asked)
        for seed in (1, 2, 3):
            pending.append(asyncio.ensure_future(router.complete(request(seed, talk * 2 + "2"))))
            await settled()
        kept = [seed for seed in first.asked if seed in (1, 2, 3)]
        for server in servers:
            server.release()
        await asyncio.gather(*pending)
        idle = await router.complete(request(4, talk * 2)), await router.complete(request(5, "Tea?"))
        assert [answer.text for answer in idle] == [first.name, "A"]
        first.held, first._open = True, asyncio.Event()
        busy = asyncio.ensure_future(router.complete(request(6, talk * 2)))
        await settled()
        assert (await router.complete(request(7, talk * 2))).text == other.name
        first.release()
        await busy
        return before, kept

    assert run_sync(scenario()) == ((3, 2), [1, 2, 3])


def test_a_replica_that_is_down_rests_and_its_requests_go_elsewhere(caplog):
    down, up = FakeServer("A", fault=DOWN), FakeServer("B")
    router = router_of(down, up)

    async def scenario():
        assert set(await ask(router, *map(request, range(20)))) == {"B"}
        while router.replicas[0].rests < 3:
            await ask(router, *map(request, range(20, 40)))
            await asyncio.sleep(0.001)
        state = router.replicas[0].problem, router.capacity, len(up.asked)
        down.fault = None
        while router.replicas[0].problem:
            await ask(router, *map(request, range(40, 60)))
            await asyncio.sleep(0.001)
        return state, Counter(await ask(router, *map(request, range(60, 80))))

    with (
        pytest.warns(
            UserWarning,
            match=r"mix: no answer from server A: connection refused \(1 of 2 replicas\)\. Its requests go to the ot",
        ),
        caplog.at_level(logging.INFO, "syndisco_nb"),
    ):
        (problem, capacity, answered), answers = run_sync(scenario())
    assert (problem, capacity) == ("connection refused.", None)
    assert answered % 20 == 0  # each request was answered once
    assert answers == {"A": 20}  # idle again with each answer, and the first
    assert "server A: connection refused.; tried again in 0.0 s" in caplog.text
    assert "mix: server A answers again" in caplog.text


def test_requests_that_failed_together_are_one_failure_and_are_asked_before_all_others(monkeypatch):
    monkeypatch.setattr(replica_module, "_FIRST_REST_S", 60.0)
    monkeypatch.setattr(replica_module, "_LONGEST_REST_S", 60.0)

    class Dying(FakeServer):
        async def complete(self, request):
            await super().complete(request)
            raise DOWN

    first, second = Dying("A", room=3, held=True), FakeServer("B", room=1, held=True)

    async def scenario():
        router = router_of(first, second)
        asked = asyncio.gather(*(router.complete(request(seed)) for seed in range(6)))
        await settled()
        failing = first.asked[:]
        first.release()
        await settled(3)
        rests = router.replicas[0].rests
        router.remove(first)
        second.release()
        await asked
        return failing, rests

    failing, rests = run_sync(scenario())
    assert (failing, rests) == ([0, 2, 3], 1)
    assert second.asked[0] == 1
    assert sorted(second.asked[1:4]) == failing
    assert second.asked[4:] == [4, 5]


def test_a_refusal_is_the_requests_own_and_leaves_the_replica_at_work():
    refusing = FakeServer("A", fault=ModelError("content filter"))
    router = router_of(refusing)
    with pytest.raises(ModelError, match="content filter"):
        run_sync(router.complete(request()))
    assert (router.replicas[0].problem, router.replicas[0].in_flight) == ("", 0)


@pytest.mark.filterwarnings("ignore:mix. no answer from")
def test_a_refusal_after_a_rest_ends_it():
    server = FakeServer("A", fault=DOWN)
    router = router_of(server)

    async def scenario():
        asked = asyncio.ensure_future(router.complete(request()))
        await settled()
        assert router.replicas[0].problem
        server.fault = ModelError("content filter")
        await asyncio.wait([asked])
        return asked.exception(), router.replicas[0].problem

    error, problem = run_sync(scenario())
    assert (str(error), problem) == ("content filter", "")


@pytest.mark.filterwarnings("ignore:mix. no answer from")
@pytest.mark.parametrize("poison", [UnavailableError("HTTP 500"), ConnectionError("gone")])
def test_a_request_that_no_replica_can_answer_does_not_keep_others_from_theirs(poison):
    class Crashing(FakeServer):
        async def complete(self, request):
            if request.seed == 13:
                self.asked.append(13)
                raise poison
            return await super().complete(request)

    servers = [Crashing("A", room=1), Crashing("B", room=1)]

    async def scenario():
        router = router_of(*servers, max_retries=4)
        poisoned = asyncio.ensure_future(router.complete(request(13)))
        while not poisoned.done():
            await ask(router, request(1), request(2))
        return poisoned.exception()

    assert run_sync(scenario()) is poison
    asked = sum(server.asked.count(13) for server in servers)
    assert asked == 5 if isinstance(poison, ConnectionError) else 5 <= asked < 40  # an outage of all counts for none


def test_without_any_answer_all_are_given_up_together_with_the_cause_of_each():
    down = FakeServer("A", fault=DOWN), FakeServer("B", fault=UnavailableError("HTTP 503"))
    router = router_of(*down, patience_s=0.05, max_retries=0)

    async def scenario():
        return await asyncio.gather(*(router.complete(request(seed)) for seed in range(5)), return_exceptions=True)

    with pytest.warns(UserWarning, match=r"\(2 of 2 replicas\)\. Requests wait for 0\.05 s at most until one answers"):
        errors = run_sync(scenario())
    assert [str(error) for error in errors] == [
        (
            "No replica of 'mix' has answered for 0.05 s. server A: connection refused; server B: "
            "HTTP 503. The same call goes on from here once one answers."
        )
    ] * 5
    for server in down:
        server.fault = None
    assert run_sync(router.complete(request())).text in "AB"  # waits anew


def test_without_a_replica_requests_wait_for_one():
    router = router_of(patience_s=0.01)
    with pytest.raises(ModelError, match=r"answered for 0\.01 s\. There is none\."):
        run_sync(router.complete(request()))

    router = router_of()
    server = FakeServer("A")

    async def scenario():
        asked = asyncio.ensure_future(router.complete(request()))
        await settled()
        await asyncio.to_thread(router.add, server)  # from any thread
        return (await asked).text

    assert run_sync(scenario()) == "A"

    async def left_alone():
        leaving = FakeServer("A", room=1, held=True)
        router = router_of(leaving, patience_s=0.01)
        first, second = (asyncio.ensure_future(router.complete(request(seed))) for seed in range(2))
        await settled()
        await asyncio.to_thread(router.remove, leaving)
        await asyncio.wait([second])
        leaving.release()
        return router.replicas, str(second.exception()), (await first).text

    replicas, problem, answer = run_sync(left_alone())
    assert (replicas, answer) == ((), "A")  # it still answers the request that it had
    assert "There is none" in problem


def test_a_pause_that_a_server_asks_for_is_kept_and_others_go_on():
    busy, other = FakeServer("A", fault=UnavailableError("busy", wait_s=60.0)), FakeServer("B")
    router = router_of(busy, other)

    async def scenario():
        for seed in range(30):
            await router.complete(request(seed))
        return [replica.problem for replica in router.replicas]

    assert run_sync(scenario()) == ["busy", ""]
    assert (len(busy.asked), len(other.asked)) == (1, 30)


def test_a_cancelled_request_frees_its_slot_at_once():
    server = FakeServer("A", room=1, held=True)
    router = router_of(server)

    async def scenario():
        sent, waiting, last = (asyncio.ensure_future(router.complete(request(seed))) for seed in range(3))
        await settled()
        waiting.cancel()
        sent.cancel()
        await settled()
        server.release()
        return (await last).text

    assert run_sync(scenario()) == "A"
    assert server.asked == [0, 2]
    assert router.replicas[0].in_flight == 0


def test_a_draft_begins_anew_with_the_next_replica():
    class Writing(FakeServer):
        async def complete(self, request):
            seen.append(request.situation.draft.read())
            request.situation.draft.read = lambda: "I th"
            return await super().complete(request)

    seen = []
    router = router_of(Writing("A", fault=DOWN), Writing("B"))
    situation = Situation(Participant("Ana", "user", "m"), 0, 0, (), draft=Draft())
    assert run_sync(router.complete(Request((ChatMessage("user", "Tea?"),), 0, situation=situation))).text == "B"
    assert seen == ["", ""]


def test_a_replica_that_was_removed_gives_back_its_requests_and_is_not_spoken_of(caplog):
    gone = FakeServer("A", room=3, held=True)
    router = router_of(gone)

    async def scenario():
        asked = asyncio.gather(*(router.complete(request(seed)) for seed in range(3)))
        await settled()
        router.remove(gone)
        router.add(FakeServer("B"))
        gone.fault = DOWN
        gone.release()
        return [answer.text for answer in await asked]

    with caplog.at_level(logging.INFO, "syndisco_nb"):
        assert run_sync(scenario()) == ["B", "B", "B"]
    assert "tried again" not in caplog.text


@pytest.mark.seconds
def test_the_way_through_the_router_takes_microseconds():
    async def timed():
        router = router_of(FakeServer("A", room=32), FakeServer("B", room=32))
        started = time.perf_counter()
        await asyncio.gather(*(router.complete(request(seed, "Tea? " * 400)) for seed in range(10_000)))
        return (time.perf_counter() - started) / 10_000

    assert run_sync(timed()) < 50e-6
