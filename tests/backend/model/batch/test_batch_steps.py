"""The stages of a job: outages, lost answers, waits."""

import asyncio

import pytest
from support.fake_server import no

from syndisco_nb import OpenAIModel
from syndisco_nb.backend.model.batch.batch_endpoint import BatchEndpoint, BatchState
from syndisco_nb.backend.model.batch.batch_lines import replies_in, request_line
from syndisco_nb.backend.model.batch.batch_steps import take_steps
from syndisco_nb.backend.model.server.faults import Fault
from syndisco_nb.errors import ModelError
from syndisco_nb.loop import run_sync
from syndisco_nb.runs.batch_job import BatchJob, batch_jobs

from .conftest import KEY


@pytest.fixture
def job(tmp_path):
    folder = tmp_path / "batches"
    folder.mkdir()
    made = BatchJob(folder, 0, "id-of-the-job", "m", "here", 1)
    made.input.write_bytes(request_line("k", {"model": "m", "messages": [], "seed": 3}))
    made.save()
    return made


def carry_out(job, server):
    """Take all steps; return the pauses."""
    pauses = []

    async def pause(seconds):
        pauses.append(seconds)
        await asyncio.sleep(0)

    run_sync(take_steps(job, BatchEndpoint(OpenAIModel("m", server.url, api_key=KEY).connection), pause))
    return pauses


def test_a_job_goes_from_stage_to_stage_and_each_is_on_disk(job, serve):
    server = serve(looks=3)
    seen = []
    server.refusal = lambda kind, number: seen.append((kind, next(batch_jobs(job.folder.parent)).stage))
    pauses = carry_out(job, server)
    assert list(dict.fromkeys(seen)) == [
        ("upload", "written"),
        ("create", "creating"),
        ("look", "created"),
        ("fetch", "finished"),
    ]
    assert pauses == [10.0, 15.0, 22.5]
    assert [job] == list(batch_jobs(job.folder.parent))
    assert (job.stage, job.status, job.done) == ("fetched", "completed", 1)
    ((_, _, reply),) = replies_in(next(iter(job.outputs.values())))
    assert reply.text == "I think 3."


def test_an_outage_of_days_is_waited_out_and_the_server_is_asked_as_seldom_as_it_wants(job, serve):
    class Down:
        async def look(self, batch):
            if len(pauses) == 300:
                return BatchState(batch, "expired", 0, 0, "", "", "", job.id)
            return Fault("503", "", wait_s=900.0 if len(pauses) == 24 else 0.0)

    pauses = []

    async def pause(seconds):
        pauses.append(seconds)

    job.stage, job.batch = "created", "batch_0"
    run_sync(take_steps(job, Down(), pause))
    assert (pauses[:2], pauses[24], max(pauses[:24]), pauses[-1]) == ([10.0, 15.0], 900.0, 300.0, 300.0)
    assert sum(pauses) > 86_400
    assert (job.stage, job.status) == ("fetched", "expired")


def test_a_batch_whose_creation_was_not_confirmed_is_looked_for_before_another_is_created(job, serve):
    server = serve(looks=0)
    carried_out = []

    def lost(kind, number):
        if kind == "create" and number == 1:  # carried out, but the answer is lost
            content = b'{"input_file_id": "file-0", "endpoint": "/v1/chat/completions", "completion_window": "24h", '
            carried_out.append(
                server._create("", None, None, content + b'"metadata": {"syndisco_nb_job": "id-of-the-job"}}')
            )
            return 502, {"error": {"message": "Bad gateway."}}
        return None

    server.refusal = lost
    carry_out(job, server)
    assert (len(carried_out), len(server.batches), server.calls["create"], server.calls["list"]) == (1, 1, 1, 1)


def test_a_creation_that_did_not_arrive_is_repeated(job, serve):
    server = serve(looks=0)
    server.refusal = lambda kind, number: no(500, "Oops.") if (kind, number) == ("create", 1) else None
    carry_out(job, server)
    assert (len(server.batches), server.calls["create"]) == (1, 2)


def test_a_queue_that_is_full_is_waited_for(job, serve):
    server = serve(looks=0)
    server.problem = "Enqueued token limit reached for m in organization o. Limit: 90,000 enqueued tokens."
    server.end = lambda batch: "completed" if batch == 2 else "failed"
    pauses = carry_out(job, server)
    assert (len(server.batches), job.batch, job.status) == (3, "batch_2", "completed")
    assert pauses == [300.0, 300.0]


def test_a_batch_too_large_for_the_queue_is_an_error_in_the_end(job, serve):
    server = serve(looks=0)
    server.problem, server.end = "Enqueued token limit reached", lambda batch: "failed"
    job.since = "2026-01-01T00:00:00+00:00"
    carry_out(job, server)
    assert (len(server.batches), job.status) == (1, "failed")


@pytest.mark.parametrize("kind", ["upload", "create", "look", "fetch"])
def test_a_refusal_is_an_error_and_the_job_goes_on_from_there_later(job, serve, kind):
    server = serve(looks=0)
    server.refusal = lambda asked, number: no(401, f"Wrong key {KEY}.") if asked == kind else None
    with pytest.raises(
        ModelError, match=r"batch-00000.json is .* refused the next step: 401 .*Wrong key \*\*\*"
    ) as caught:
        carry_out(job, server)
    assert KEY not in str(caught.value)
    server.refusal = lambda *_: None
    carry_out(next(batch_jobs(job.folder.parent)), server)
    assert len(server.batches) == 1
    assert next(batch_jobs(job.folder.parent)).stage == "fetched"


def test_a_batch_that_the_server_does_not_know_any_more_says_what_to_do(job, serve):
    job.stage, job.batch = "created", "batch_9"
    with pytest.raises(
        ModelError, match=r"the key of the account that sent it.* delete batch-00000.json: all is sent again"
    ):
        carry_out(job, serve())
