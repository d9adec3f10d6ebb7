"""The queue of a run folder: what is gathered, asked again, given up, and found again."""

import asyncio
import errno
import itertools
import shutil

import pytest
from support.sizes import size

from syndisco_nb.backend.model.batch import batch_queue, batch_steps
from syndisco_nb.errors import ModelError, StorageError
from syndisco_nb.loop import run_sync
from syndisco_nb.runs import batch_job
from syndisco_nb.runs.batch_job import batch_jobs
from syndisco_nb.runs.files import write_atomically

from .test_batch_model import request, together


def ask(model, folder, seeds):
    with model.in_use(folder):
        return [one.text for one in run_sync(together(model, [request(seed) for seed in seeds]))]


def said(seeds):
    return [f"I think {seed}." for seed in seeds]


def test_an_expired_batch_is_asked_again_for_what_is_missing(serve, batched, tmp_path):
    server = serve()
    server.end = lambda batch: "completed" if batch else "expired"
    server.answered = lambda batch, line: batch or line < 2
    assert ask(batched(server), tmp_path, range(5)) == said(range(5))
    assert [job.requests for job in batch_jobs(tmp_path)] == [5, 3]
    assert sorted(server.asked.values()) == [1, 1, 2, 2, 2]


def test_a_request_that_never_gets_an_answer_ends_with_its_cause(serve, batched, tmp_path):
    server = serve()
    server.answered = lambda batch, line: False
    with pytest.raises(ModelError, match=r"batch-00002.json \(batch_2\) completed without an answer"):
        ask(batched(server), tmp_path, [1])
    assert len(server.batches) == 3
    server.answered = lambda batch, line: True  # a retry of the run
    assert ask(batched(server), tmp_path, [1]) == said([1])


@pytest.mark.parametrize(
    ("end", "words"),
    [("failed", "failed, The file is not valid (line 1)"), ("cancelled", "was cancelled")],
)
def test_a_batch_that_failed_or_was_cancelled_is_an_error_and_asked_anew_next_time(
    serve, batched, tmp_path, end, words
):
    server = serve()
    server.end = lambda batch: "completed" if batch else end
    server.answered = lambda batch, line: batch
    with pytest.raises(ModelError) as caught:
        ask(batched(server), tmp_path, [1])
    assert words in str(caught.value)
    assert len(server.batches) == 1
    assert ask(batched(server), tmp_path, [1]) == said([1])


def test_many_requests_are_several_files(serve, batched, tmp_path, monkeypatch):
    monkeypatch.setattr(batch_queue, "MAX_REQUESTS", 4)
    server = serve()
    assert ask(batched(server), tmp_path, range(9)) == said(range(9))
    assert sorted(job.requests for job in batch_jobs(tmp_path)) == [1, 4, 4]
    monkeypatch.setattr(batch_queue, "MAX_BYTES", 500)
    assert ask(batched(server), tmp_path, range(10, 13)) == said(range(10, 13))
    assert len(server.batches) == 5
    assert set(server.asked.values()) == {1}


def test_equal_requests_share_an_answer(serve, batched, tmp_path):
    server = serve()
    assert ask(batched(server), tmp_path, [1, 1, 2]) == said([1, 1, 2])
    assert server.asked.total() == 2


def test_a_broken_job_file_is_set_aside_and_its_requests_are_sent_again(serve, batched, tmp_path):
    server = serve()
    ask(batched(server), tmp_path, [1])
    (tmp_path / "batches" / "batch-00000.json").write_text("{")
    with pytest.warns(UserWarning, match=r"batch-00000.json cannot be read"):
        assert ask(batched(server), tmp_path, [1]) == said([1])
    assert [job.number for job in batch_jobs(tmp_path)] == [1]


@pytest.mark.parametrize("number", size(range(8), [3]))
def test_a_disk_that_fails_at_any_step_loses_and_doubles_nothing(serve, batched, tmp_path, monkeypatch, number):
    def full(path, data, durable=False):
        if next(writes) == number:
            raise OSError(errno.ENOSPC, "No space left on device")
        write_atomically(path, data, durable)

    writes = itertools.count()
    for module in (batch_queue, batch_steps, batch_job):
        monkeypatch.setattr(module, "write_atomically", full)
    server = serve(looks=0)
    with pytest.raises(StorageError, match="No space left"):
        ask(batched(server), tmp_path, [1, 2])
    assert ask(batched(server), tmp_path, [1, 2]) == said([1, 2])
    assert set(server.asked.values()) == {1}


def test_a_disk_that_fails_is_told(serve, batched, tmp_path):
    model = batched(serve())
    (tmp_path / "batches").write_text("no folder")
    with pytest.raises(StorageError, match="batches cannot be written or read"):
        ask(model, tmp_path, [1])


def test_a_request_nobody_waits_for_any_more_is_not_sent(serve, batched, tmp_path):
    server = serve()
    model = batched(server)

    async def skipped():
        gone, kept = (asyncio.ensure_future(model.complete(request(seed))) for seed in (1, 2))
        while not model._queues:
            await asyncio.sleep(0)
        gone.cancel()
        return await kept

    run_sync(model.load())
    with model.in_use(tmp_path):
        assert run_sync(skipped()).text == "I think 2."
    assert server.asked.total() == 1


def test_an_open_job_goes_on_and_an_answer_on_file_is_given(serve, batched, tmp_path):
    server = serve()
    model = batched(server)
    expected = ask(model, tmp_path / "first", range(3))
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    job = next(batch_jobs(tmp_path / "second"))
    for file in job.outputs.values():
        file.unlink()
    job.stage = "created"
    job.save()
    assert ask(batched(server), tmp_path / "second", range(3)) == expected
    assert len(server.batches) == 1
