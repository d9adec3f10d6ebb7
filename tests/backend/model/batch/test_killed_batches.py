"""A process that is killed while its batches are under way, and the one that goes on: nothing is asked twice."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support import batch_run
from support.batch_server import in_words
from support.fake_server import no
from support.sizes import size

import syndisco_nb as snb
from syndisco_nb.runs.batch_job import batch_jobs

STOPS = [(kind, moment) for kind in ("upload", "create", "look", "fetch") for moment in ("before", "after")]


@pytest.fixture
def source(tmp_path):
    """20 discussions with 10 comments each, the opening included; 2 without `make test-long`."""
    return batch_run.talks(snb.ScriptedModel("Why?"), tmp_path / "source", discussions=size(20, 2), turns=9)


def kill_at(server, stop, *arguments):
    """Run in another process, and kill it at a call of the server."""
    server.stop_at = stop
    command = [sys.executable, batch_run.__file__, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert server.reached.wait(120)
    finally:
        process.send_signal(signal.SIGKILL)
        output, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL, output
    server.reached.clear()
    server.go.set()


def check(server, source, tmp_path, allowed=1):
    """Go on in this process; the answers are those of `in_words`."""
    run = batch_run.labels(batch_run.in_batches(server.url), source, tmp_path / "labels")
    assert run.status == "finished"
    labels = [label for one in run for label in one.labels]
    assert [label.value for label in labels] == [label.generation.seed % 2**31 % 5 + 1 for label in labels]
    assert len(labels) == len(server.asked) == 10 * len(source)
    assert max(server.asked.values()) == allowed
    assert {job.stage for job in batch_jobs(tmp_path / "labels")} == {"fetched"}
    files = [file.read_text(errors="replace") for file in Path(tmp_path).rglob("*") if file.is_file()]
    assert not any(batch_run.KEY in text for text in files)


def test_labels_go_on_after_a_kill_between_the_creation_of_a_batch_and_its_confirmation(serve, source, tmp_path):
    server = serve()
    kill_at(server, ("create", "after"), "labels", server.url, source.folder, tmp_path / "labels")
    assert [job.stage for job in batch_jobs(tmp_path / "labels")] == ["creating"]
    check(server, source, tmp_path)
    assert len(server.batches) == 1


@pytest.mark.long
@pytest.mark.parametrize("stop", STOPS, ids="-".join)
def test_labels_go_on_after_a_kill_at_any_stage(serve, source, tmp_path, stop):
    server = serve()
    kill_at(server, stop, "labels", server.url, source.folder, tmp_path / "labels")
    check(server, source, tmp_path)
    assert len(server.batches) == 1


@pytest.mark.long
@pytest.mark.parametrize("stop", STOPS, ids="-".join)
def test_labels_go_on_after_a_kill_with_faults_of_every_kind(serve, source, tmp_path, stop):
    """The first batch expires with half of its answers, every tenth request fails once, every fourth call fails."""
    failed = set()

    def answer(body):
        if len(server.batches) > 1 and body["seed"] % 10 == 3 and body["seed"] not in failed:
            failed.add(body["seed"])
            return no(500, "Lost a worker.")
        return in_words(body)

    server = serve(answer)
    server.end = lambda batch: "completed" if batch else "expired"
    server.answered = lambda batch, line: batch or line % 2
    server.refusal = lambda kind, number: (
        no(503, "Busy.") if kind not in ("chat", "models") and number % 4 == 1 else None
    )
    kill_at(server, stop, "labels", server.url, source.folder, tmp_path / "labels")
    check(server, source, tmp_path, allowed=3)
    assert [job.requests for job in batch_jobs(tmp_path / "labels")][:2] == [200, 100]
    once = sum(count == 1 for count in server.asked.values())
    assert once == 100  # those that the first batch answered


@pytest.mark.long
def test_turns_go_on_after_a_kill_in_the_second_turn(serve, tmp_path):
    server = serve()
    server.refusal = lambda kind, number: (
        setattr(server, "stop_at", ("look", "before")) if (kind, number) == ("create", 2) else None
    )
    kill_at(server, None, "turns", server.url, "-", tmp_path / "turns")
    run = batch_run.talks(batch_run.in_batches(server.url), tmp_path / "turns")
    direct = batch_run.talks(batch_run.in_batches(server.url).model, tmp_path / "direct")
    assert [[m.text for m in talk.messages] for talk in run] == [[m.text for m in talk.messages] for talk in direct]
    assert set(server.asked.values()) == {1}
    assert (len(server.asked), len(server.batches)) == (9, 3)
