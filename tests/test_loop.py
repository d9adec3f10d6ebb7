"""The private loop: blocking calls from anywhere, and interrupts that hand back what is done."""

import asyncio
import concurrent.futures
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from syndisco_nb.errors import SyndiscoError
from syndisco_nb.loop import Call, private_loop, run_async, run_sync


async def where():
    await asyncio.sleep(0)
    return threading.current_thread().name, asyncio.get_running_loop()


async def stubborn(started=None):
    """Wait for long, and return what there is when told to stop."""
    if started:
        started.set()
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        return "what is done"


async def fails():
    await asyncio.sleep(0)
    raise LookupError("no such thing")


def test_a_script_gets_the_result():
    assert run_sync(asyncio.sleep(0, "done")) == "done"


def test_everything_runs_on_one_daemon_thread():
    assert run_sync(where()) == run_sync(where()) == ("syndisco_nb", private_loop())
    assert [thread.daemon for thread in threading.enumerate() if thread.name == "syndisco_nb"] == [True]


def test_a_cell_inside_a_running_loop_may_block():
    async def cell():
        return run_sync(where()), asyncio.get_running_loop()

    (thread, loop), cells_loop = asyncio.run(cell())
    assert thread == "syndisco_nb"
    assert loop is not cells_loop


def test_a_cell_inside_a_running_loop_may_await():
    async def cell():
        return await run_async(where()), asyncio.get_running_loop()

    (thread, loop), cells_loop = asyncio.run(cell())
    assert thread == "syndisco_nb"
    assert loop is not cells_loop


async def until(event):
    while not event.is_set():
        await asyncio.sleep(0.001)
    return "done"


def test_awaiting_leaves_the_cells_loop_free():
    async def cell():
        enough = threading.Event()
        slow = asyncio.ensure_future(run_async(until(enough)))
        for _ in range(5):
            await asyncio.sleep(0.01)
            assert not slow.done()
        enough.set()
        return await slow

    assert asyncio.run(cell()) == "done"


def test_the_cells_loop_wakes_up_at_least_every_tenth_of_a_second():
    async def cell():
        loop, delays, enough = asyncio.get_running_loop(), [], threading.Event()
        call_later = loop.call_later

        def counted(delay, *args, **kwargs):
            delays.append(delay)
            if len(delays) == 3:
                enough.set()
            return call_later(delay, *args, **kwargs)

        loop.call_later = counted
        await run_async(until(enough))
        return delays

    assert max(asyncio.run(cell())) <= 0.1


def test_several_threads_may_block_at_once():
    results, under_way, together = [], [], threading.Event()

    async def wait_for_the_others():
        under_way.append(1)
        if len(under_way) == 8:
            together.set()
        return await until(together)

    threads = [threading.Thread(target=lambda: results.append(run_sync(wait_for_the_others()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["done"] * 8


def test_an_exception_passes_through_both_faces():
    with pytest.raises(LookupError, match="no such thing"):
        run_sync(fails())
    with pytest.raises(LookupError, match="no such thing"):
        asyncio.run(run_async(fails()))


def test_the_loop_survives_an_exception():
    with pytest.raises(LookupError):
        run_sync(fails())
    assert run_sync(asyncio.sleep(0, "alive")) == "alive"


def test_a_blocking_call_from_inside_the_loop_is_an_error_not_a_deadlock():
    async def inside():
        return run_sync(asyncio.sleep(0))

    with pytest.raises(SyndiscoError, match=r"arun\(\)"):
        run_sync(asyncio.wait_for(inside(), 60))


def test_awaiting_from_inside_the_loop_works():
    async def inside():
        return await run_async(where())

    assert run_sync(asyncio.wait_for(inside(), 60))[0] == "syndisco_nb"


def test_cancelling_a_call_still_takes_what_the_coroutine_returns():
    started = threading.Event()
    call = Call(stubborn(started))
    assert started.wait(60)
    call.cancel()
    assert call.future.result(60) == "what is done"


def test_cancelling_the_awaiting_task_hands_back_what_the_coroutine_returns():
    async def cell():
        started = threading.Event()
        task = asyncio.create_task(run_async(stubborn(started)))
        while not started.is_set():
            await asyncio.sleep(0.01)
        task.cancel()
        return await task

    assert asyncio.run(cell()) == "what is done"


def test_cancelling_work_that_has_nothing_to_hand_back_cancels_the_task():
    started, stopped = threading.Event(), threading.Event()

    async def work():
        try:
            started.set()
            await asyncio.sleep(60)
        finally:
            stopped.set()

    async def cell():
        task = asyncio.create_task(run_async(work()))
        await until(started)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return task.cancelled()

    assert asyncio.run(cell())
    assert stopped.is_set()


def test_a_call_cancelled_before_it_started_ends_at_once():
    release = threading.Event()
    private_loop().call_soon_threadsafe(release.wait, 60)
    coroutine = stubborn()
    call = Call(coroutine)
    call.cancel()
    release.set()
    ended = concurrent.futures.wait([call.future], timeout=30).done
    coroutine.close()
    assert ended


def interrupted(script):
    """Run a script, send SIGINT once it says that it is ready, and return what it printed, and how long it took."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with process:
        assert process.stdout.readline() == "ready\n"
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=120)
        return rest.split(), time.monotonic() - start


def test_ctrl_c_hands_back_what_the_coroutine_returns():
    printed, seconds = interrupted("""
        import asyncio
        from syndisco_nb.loop import run_sync

        async def work():
            print("ready", flush=True)
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                return "partial"

        print(run_sync(work()), run_sync(asyncio.sleep(0, "alive")))
    """)
    assert printed == ["partial", "alive"]
    assert seconds < 60


def test_ctrl_c_goes_on_as_keyboard_interrupt_when_there_is_nothing_to_hand_back():
    printed, seconds = interrupted("""
        import asyncio
        from syndisco_nb.loop import run_sync

        async def work():
            print("ready", flush=True)
            try:
                await asyncio.sleep(60)
            finally:
                print("cleaned", flush=True)

        try:
            run_sync(work())
        except KeyboardInterrupt as error:
            print(type(error).__name__)
    """)
    assert printed == ["cleaned", "KeyboardInterrupt"]
    assert seconds < 60


# What code that is handed over may raise

FATAL = pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])


@FATAL
@pytest.mark.filterwarnings("error")
def test_the_loop_goes_on_whatever_is_raised_on_it(kind):
    async def raising():
        raise kind("stop")

    async def in_a_task_of_its_own():
        await asyncio.gather(raising())

    other = Call(stubborn())
    loop, thread = private_loop(), where()
    for work in (raising, in_a_task_of_its_own):
        with pytest.raises(kind, match="stop"):
            run_sync(work())
    private_loop().call_soon_threadsafe(raise_, kind)
    assert run_sync(thread) == ("syndisco_nb", loop)
    other.cancel()
    assert other.future.result(60) == "what is done"


def raise_(kind):
    raise kind("in a callback")


@FATAL
def test_from_another_loop_it_is_raised_where_it_was_awaited(kind):
    async def raising():
        raise kind("stop")

    async def cell():
        try:
            await run_async(raising())
        except kind as error:
            return str(error)

    assert asyncio.run(cell()) == "stop"
    assert run_sync(asyncio.sleep(0, "alive")) == "alive"


def test_a_loop_that_was_stopped_goes_on():
    loop = private_loop()
    loop.call_soon_threadsafe(loop.stop)
    assert run_sync(asyncio.sleep(0.01, "alive")) == "alive"
    assert private_loop() is loop


def test_a_loop_whose_thread_is_gone_is_noticed_and_whoever_waited_is_told():
    loop = private_loop()
    waiting = Call(stubborn())
    thread = next(one for one in threading.enumerate() if one.name == "syndisco_nb")
    ending = Call(asyncio.sleep(0))
    ending.future.result(60)
    loop.call_soon_threadsafe(lambda: (loop.stop(), setattr(loop, "is_closed", lambda: True)))
    thread.join(60)
    assert not thread.is_alive()
    with pytest.raises(SyndiscoError, match=r"event loop was closed before this ended\. Call it again"):
        waiting.future.result(60)
    del loop.is_closed
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    assert run_sync(asyncio.sleep(0, "alive")) == "alive"
    assert private_loop() is not loop


def test_what_does_not_stop_when_interrupted_says_so():
    printed, _ = interrupted("""
        import threading, warnings
        from syndisco_nb import loop

        loop._GRACE_S = 0.2
        release = threading.Event()

        async def load():
            print("ready", flush=True)
            release.wait()

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                loop.run_sync(load())
            except KeyboardInterrupt:
                print("interrupted", len(caught), "has not stopped yet" in str(caught[0].message))
        release.set()
    """)
    assert printed == ["interrupted", "1", "True"]


def test_an_interrupt_in_the_moment_of_beginning_cancels_what_has_begun(monkeypatch):
    begin = Call.begin

    def interrupted(call):
        begin(call)
        raise KeyboardInterrupt

    monkeypatch.setattr(Call, "begin", interrupted)

    async def stubborn():
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "kept"

    assert run_sync(stubborn()) == "kept"
