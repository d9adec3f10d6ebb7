"""run.json while its run goes on: the time counts while it works, and nothing is written without need."""

import pytest

from syndisco_nb.errors import StorageError
from syndisco_nb.runs import head_writer
from syndisco_nb.runs.cost import Cost
from syndisco_nb.runs.head import RunHead, read_head
from syndisco_nb.runs.head_writer import HeadWriter
from syndisco_nb.runs.layout import Skipped

SKIPPED = (Skipped("discussion-00001", "set aside"),)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "journal").mkdir()
    return tmp_path


def a_head(**fields):
    return RunHead("discussions", 7, {"num_turns": 2}, {}, started="2026-01-01T00:00:00", total=3, **fields)


def test_the_time_counts_from_earlier_runs_on_but_not_while_paused(folder, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(head_writer.time, "monotonic", lambda: clock[0])
    writer = HeadWriter(folder, a_head(status="interrupted", seconds=5.0))
    for status, wait, seconds in (("running", 2, 7), ("paused", 3, 10), ("running", 50, 10), ("finished", 4, 14)):
        clock[0] += wait
        writer.write_status(status)
        assert (read_head(folder).status, read_head(folder).seconds) == (status, seconds)


def test_a_status_is_written_with_seed_estimate_and_skipped_files(folder):
    cost = Cost(1, 2, 3, 4.0, 5)
    writer = HeadWriter(folder, a_head(status="running"))
    writer.keep_estimate(cost)
    writer.write_status("partial", SKIPPED)
    head = read_head(folder)
    assert (writer.seed, writer.kind, head.seed, head.kind) == (7, "discussions") * 2
    assert (head.status, head.skipped, head.estimate) == ("partial", SKIPPED, cost)


def test_the_status_that_was_found_comes_back(folder):
    writer = HeadWriter(folder, a_head(status="partial", skipped=SKIPPED))
    writer.write_status("running")
    writer.restore_status()
    assert (read_head(folder).status, read_head(folder).skipped) == ("partial", SKIPPED)


def test_digests_are_written_if_they_have_changed(folder):
    writer = HeadWriter(folder, a_head(status="running"))
    writer.write_status("partial", SKIPPED)
    (folder / "run.json").unlink()
    writer.write_new_digests()
    assert not (folder / "run.json").exists()
    writer.digests["discussion-00000"] = "abc"
    writer.write_new_digests()
    head = read_head(folder)
    assert (head.digests, head.status, head.skipped) == ({"discussion-00000": "abc"}, "partial", SKIPPED)


def test_a_folder_that_is_gone_is_an_error_of_the_disk(folder):
    writer = HeadWriter(folder / "gone", a_head(status="running"))
    with pytest.raises(StorageError, match=r"run\.json cannot be written"):
        writer.write_status("finished")
