"""Long work from a button: it never blocks, is told of ten times a second at most, and always ends."""

import asyncio
import threading
import time

import pytest

from syndisco_nb.errors import ModelError, SyndiscoError
from syndisco_nb.widgets.background_work import BackgroundWork


@pytest.fixture
def shown():
    return []


@pytest.fixture
def work(shown):
    return BackgroundWork(shown.append, lambda: shown.append("over"))


def test_it_returns_at_once_and_then_has_a_result(work, shown):
    go_on = threading.Event()

    async def job():
        await asyncio.to_thread(go_on.wait)
        return 7

    assert work.start(job)
    assert work.state == "running"
    go_on.set()
    assert work.wait(60) == 7
    assert (work.state, shown) == ("done", ["over"])


def test_only_one_thing_at_a_time(work):
    started = threading.Event()

    async def job():
        started.set()
        await asyncio.sleep(60)

    assert work.start(job)
    assert not work.start(job)
    assert started.wait(60)
    work.stop()
    assert work.wait(60) is None
    assert work.state == "stopped"
    assert work.start(job)
    work.stop()
    work.wait(60)


def test_what_there_is_when_stopped_is_kept(work):
    started = threading.Event()

    async def job():
        started.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return "half of it"

    work.start(job)
    assert started.wait(60)
    work.stop()
    assert work.wait(60) == "half of it"
    assert work.state == "stopped"


def test_news_are_coalesced_and_the_last_is_always_shown(work, shown):
    async def job():
        for number in range(20_000):
            work.tell(number)
            if number % 100 == 0:
                await asyncio.sleep(0.001)
        work.tell("last")

    started = time.perf_counter()
    work.start(job)
    work.wait(60)
    assert len(shown) <= 10 * (time.perf_counter() - started) + 3
    assert shown[-2:] == ["last", "over"]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ModelError("The model cannot be loaded."), "The model cannot be loaded."),
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
        (ValueError("<boom>"), "ValueError: <boom>"),
    ],
)
def test_errors_become_messages(work, shown, error, message):
    async def job():
        raise error

    work.start(job)
    with pytest.raises(SyndiscoError) as raised:
        work.wait(60)
    assert str(raised.value) == message == work.message
    assert (work.state, shown) == ("failed", ["over"])


def test_an_error_while_showing_is_a_message_too():
    def show(_):
        raise RuntimeError("no page")

    work = BackgroundWork(show, lambda: None)

    async def job():
        work.tell(1)
        await asyncio.sleep(60)

    work.start(job)
    with pytest.raises(SyndiscoError, match="no page"):
        work.wait(60)
    work.stop()


def test_waiting_can_time_out(work):
    async def job():
        await asyncio.sleep(60)

    work.start(job)
    with pytest.raises(TimeoutError):
        work.wait(0.05)
    work.stop()
    work.wait(60)


def test_an_interrupt_of_the_waiting_stops_it(work, monkeypatch):
    async def job():
        await asyncio.sleep(60)

    work.start(job)
    waited = work._over.wait
    calls = []

    def interrupted(timeout=None):
        calls.append(timeout)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return waited(timeout)

    monkeypatch.setattr(work._over, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        work.wait()
    assert work.state == "stopped"
