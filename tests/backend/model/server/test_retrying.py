"""Retries end with an answer or in plain words, and the limit of requests at once follows the server."""

import asyncio
import time
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pytest

from syndisco_nb.backend.model.server.faults import Fault
from syndisco_nb.backend.model.server.retrying import Retrying, Throttle
from syndisco_nb.errors import ModelError, UnavailableError
from syndisco_nb.loop import run_sync

BUSY = Fault("503 Busy", "Wait.", congested=True)
BAD = Fault("no JSON", "Look.")


def retrying(most=4, max_retries=3, patience_s=1.0, max_wait_s=0.01):
    return Retrying("'m'", Throttle(most), max_retries, patience_s, max_wait_s)


def replies(*given):
    """Return an attempt that gives one after the other, and the last one for ever."""
    rest = list(given)

    async def attempt():
        await asyncio.sleep(0)
        return rest.pop(0) if len(rest) > 1 else rest[0]

    return attempt


def test_it_asks_until_there_is_an_answer():
    assert run_sync(retrying(max_retries=0).ask(replies(BUSY, BAD, BUSY, "Yes."))) == "Yes."


def test_what_asking_again_cannot_mend_comes_back_at_once():
    refused = Fault("401", "Check the key.", retried=False)
    assert run_sync(retrying().ask(replies(refused, "Yes."))) is refused


def test_a_silent_server_is_given_up_and_those_who_come_later_ask_it_but_once():
    one = retrying(patience_s=0.2)
    with pytest.raises(ModelError, match=r"'m' did not answer, asked \d+ times in \d+ s: no JSON\. .*Look\."):
        run_sync(one.ask(replies(BAD)))
    with pytest.raises(ModelError, match="asked once"):
        run_sync(one.ask(replies(BAD)))
    one.forgive()
    assert run_sync(one.ask(replies(BAD, "Yes."))) == "Yes."


def test_without_patience_a_fault_is_an_error_at_once_with_the_wait_that_the_server_asks_for():
    one = retrying(most=8)
    with pytest.raises(UnavailableError, match=r"^'m' did not answer: 503 Busy\. Wait\.$") as caught:
        run_sync(one.ask(replies(replace(BUSY, wait_s=7.0)), patience_s=0.0))
    assert (caught.value.wait_s, one._throttle.limit) == (7.0, 4)
    refused = Fault("401", "Check the key.", retried=False)
    assert run_sync(one.ask(replies(refused), patience_s=0.0)) is refused
    assert run_sync(one.ask(replies(BAD), 0.0, lambda fault: True)) is BAD


def test_an_answer_to_anyone_ends_the_silence(monkeypatch):
    clock = SimpleNamespace(monotonic=lambda: clock.now, now=100.0)
    monkeypatch.setattr("syndisco_nb.backend.model.server.retrying.time", clock)
    one = retrying(patience_s=0.2)

    async def slow(attempt):
        clock.now += 0.15
        return await attempt()

    async def asking():
        for _ in range(8):
            assert await one.ask(partial(slow, replies(BAD, "Yes."))) == "Yes."

    run_sync(asking())


def test_a_request_that_fails_while_others_succeed_is_given_up_after_its_retries():
    one = retrying(max_retries=3, patience_s=60)

    async def others():
        while True:
            await one.ask(replies("Yes."))
            await asyncio.sleep(0.001)

    async def asking():
        beside = asyncio.create_task(others())
        try:
            await one.ask(replies(BAD))
        finally:
            beside.cancel()

    with pytest.raises(ModelError, match="it answered other requests meanwhile"):
        run_sync(asyncio.wait_for(asking(), 60))


def test_it_waits_as_long_as_the_server_asks():
    started = time.monotonic()
    assert run_sync(retrying().ask(replies(Fault("429", "", wait_s=0.3), "Yes."))) == "Yes."
    assert time.monotonic() - started >= 0.3


def test_a_wait_beyond_all_patience_is_an_error_at_once():
    with pytest.raises(ModelError, match="it asks to wait 3600 s, longer than the 1 s of patience"):
        run_sync(retrying().ask(replies(Fault("429", "", wait_s=3600), "Yes.")))


def test_waits_double_and_are_drawn_from_nothing_to_their_limit():
    drawn = []

    class Recorded:
        def uniform(self, low, high):
            drawn.append((low, high))
            return 0.0

    one = retrying(max_wait_s=3.0, patience_s=60)
    one._jitter = Recorded()
    run_sync(one.ask(replies(BAD, BAD, BAD, BAD, BAD, "Yes.")))
    assert drawn == [(0, 0.5), (0, 1.0), (0, 2.0), (0, 3.0), (0, 3.0)]


# How many at once


def most_at_once(throttle, requests, congested=()):
    """Return how many were under way together while so many requests passed."""
    under_way = most = 0

    async def one(number):
        nonlocal under_way, most
        async with throttle.slot() as halved:
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.001)
            under_way -= 1
            if number in congested:
                throttle.allow_less(halved)
            else:
                throttle.allow_more()

    async def all_of_them():
        await asyncio.gather(*map(one, range(requests)))

    run_sync(all_of_them())
    return most


def test_never_more_than_allowed_are_under_way():
    assert most_at_once(Throttle(5), 40) == 5
    assert most_at_once(Throttle(5), 3) == 3


def test_congestion_halves_the_limit_once_for_all_that_were_under_way():
    throttle = Throttle(8)
    most_at_once(throttle, 8, congested=range(8))
    assert throttle.limit == 4
    most_at_once(throttle, 4, congested=range(4))
    assert throttle.limit == 2
    for _ in range(5):
        most_at_once(throttle, 1, congested=[0])
    assert throttle.limit == 1


def test_a_round_of_good_answers_allows_about_one_more_up_to_the_most():
    throttle = Throttle(8)
    throttle.limit = 4.0
    most_at_once(throttle, 4)
    assert 4.8 < throttle.limit < 5
    most_at_once(throttle, 100)
    assert throttle.limit == 8


def test_one_that_waits_in_vain_gives_up_its_place():
    throttle = Throttle(1)

    async def hold(end):
        async with throttle.slot():
            await end.wait()

    async def asking():
        end = asyncio.Event()
        first = asyncio.create_task(hold(end))
        waiting = [asyncio.create_task(hold(asyncio.Event())) for _ in range(3)]
        await asyncio.sleep(0.01)
        waiting[0].cancel()
        end.set()
        await first
        waiting[1].cancel()  # it has just been given the place
        await asyncio.sleep(0.01)
        waiting[2].cancel()
        await asyncio.wait_for(hold(end), 60)

    run_sync(asking())
    assert throttle._under_way == 0
