"""The progress of runs: what their bar counts, and when their circuit breaker opens and closes."""

import io

import pytest
from tqdm.std import tqdm

from syndisco_nb.running.progress import CircuitBreaker, RunProgress, WorkBar


@pytest.fixture
def bar():
    with tqdm(total=12, file=io.StringIO()) as bar:
        yield bar


@pytest.fixture
def closed():
    return []


@pytest.fixture
def breaker(closed):
    return CircuitBreaker(lambda: closed.append(True))


@pytest.fixture
def progress(bar, breaker):
    return RunProgress("none", WorkBar(bar, "pilot", "discussion", 1, 3, runs=1), breaker, finished=1, total=3)


def test_the_bar_counts_turns_and_the_text_counts_units(bar, progress):
    progress.add_earlier("discussion-00000", 2)
    progress.advance(1)
    progress.finish()
    progress.add_earlier("discussion-00000", 3)  # it was skipped, and has come back
    assert (bar.n, str(progress), bar.desc) == (3, "2 of 3", "pilot: ")


def test_the_bar_of_several_runs_counts_their_units_too(bar, breaker):
    shared = WorkBar(bar, "pilot", "discussion", 2, 6, runs=2)
    for name in ("none", "facilitator"):
        RunProgress(name, shared, breaker, finished=1, total=3).finish()
    assert bar.desc == "pilot: 4 of 6 discussions, 2 conditions: "
    shared.describe("interrupted")
    assert bar.desc == "pilot: 4 of 6 discussions, 2 conditions, interrupted: "


def test_turns_that_a_discussion_did_not_need_leave_the_total(bar, progress):
    progress.shorten(0)
    assert bar.total == 12
    progress.shorten(2)
    assert bar.total == 10


def test_failures_in_a_row_end_with_a_turn_but_all_are_counted(bar, breaker, progress):
    progress.fail(ValueError("no"))
    progress.fail(ValueError("no"))
    assert (progress.failed, breaker.failed, [name for name, _ in breaker.in_a_row]) == (2, 2, ["none"] * 2)
    assert "failed=2" in str(bar)
    progress.advance(1)
    assert (progress.failed, breaker.failed, breaker.in_a_row) == (2, 2, [])


def test_the_breaker_opens_after_ten_failures_and_closes_with_a_turn_a_finish_or_a_skip(breaker, progress, closed):
    for close in (lambda: progress.advance(1), progress.finish, progress.skip):
        for number in range(10):
            assert not breaker.is_open, number
            progress.fail(ValueError("no"))
        progress.add_earlier("discussion-00000", 1)  # turns of an earlier attempt are no recovery
        assert breaker.is_open
        close()
        assert not breaker.is_open
    assert len(closed) == 3


def test_batches_stand_on_the_bar_beside_failures(bar, breaker):
    shared = WorkBar(bar, "pilot", "discussion", 1, 3, runs=1)
    shared.wait_for("waiting for a batch: 3 of 9 done, since 14:02")
    assert bar.postfix == "waiting for a batch: 3 of 9 done, since 14:02"
    shared.fail()
    assert bar.postfix == "failed=1, waiting for a batch: 3 of 9 done, since 14:02"
    shared.wait_for("")
    assert bar.postfix == "failed=1"
