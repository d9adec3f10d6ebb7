"""The progress of a run: what the bar counts, and when the circuit breaker closes again."""

import asyncio
import io

import pytest
from tqdm.std import tqdm

from syndisco_nb.running.progress import RunProgress


@pytest.fixture
def bar():
    with tqdm(total=12, file=io.StringIO()) as bar:
        yield bar


def test_the_bar_counts_turns_and_the_text_counts_units(bar):
    progress = RunProgress(bar, finished=1, total=3)
    progress.add_earlier("discussion-00000", 2)
    progress.advance(1)
    progress.finish()
    progress.add_earlier("discussion-00000", 3)  # it was skipped, and has come back
    assert (bar.n, str(progress)) == (3, "2 of 3")


def test_turns_that_a_discussion_did_not_need_leave_the_total(bar):
    progress = RunProgress(bar, finished=0, total=3)
    progress.shorten(0)
    assert bar.total == 12
    progress.shorten(2)
    assert bar.total == 10


def test_failures_in_a_row_end_with_a_turn_but_all_are_counted(bar):
    progress = RunProgress(bar, finished=0, total=3)
    progress.fail()
    progress.fail()
    assert (progress.failed, progress.failures_in_a_row) == (2, 2)
    assert "failed=2" in str(bar)
    progress.advance(1)
    assert (progress.failed, progress.failures_in_a_row) == (2, 0)


def test_turns_of_an_earlier_attempt_are_no_recovery(bar):
    async def waits(after):
        progress = RunProgress(bar, finished=0, total=3)
        progress.advance(1)
        progress.fail()
        after(progress)
        waiting = asyncio.create_task(progress.recovery())
        for _ in range(3):
            await asyncio.sleep(0)
        done = waiting.done()
        waiting.cancel()
        return not done

    assert asyncio.run(waits(lambda progress: progress.add_earlier("discussion-00000", 1)))
    assert not asyncio.run(waits(lambda progress: progress.advance(1)))
    assert not asyncio.run(waits(lambda progress: progress.finish()))
