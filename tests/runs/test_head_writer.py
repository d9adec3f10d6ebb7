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


def test_a_run_among_others_counts_its_share_of_the_time(folder, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(head_writer.time, "monotonic", lambda: clock[0])
    writer = HeadWriter(folder, a_head(status="running"))
    for share, wait in ((0.25, 2), (0.0, 8), (1.0, 50), (1.0, 3)):  # each holds from here on
        clock[0] += wait
        writer.count_share(share)
    writer.write_status("finished")
    assert read_head(folder).seconds == 2 + 0.25 * 8 + 3


def test_digests_are_written_if_they_have_changed(folder):
    writer = HeadWriter(folder, a_head(status="running"))
    writer.write_status("failed", SKIPPED, "No key.")
    (folder / "run.json").unlink()
    writer.write_new_digests()
    assert not (folder / "run.json").exists()
    writer.digests["discussion-00000"] = "abc"
    writer.write_new_digests()
    head = read_head(folder)
    assert (head.digests, head.skipped) == ({"discussion-00000": "abc"}, SKIPPED)
    assert (head.status, head.reason) == ("failed", "No key.")


def test_a_folder_that_is_gone_is_an_error_of_the_disk(folder):
    writer = HeadWriter(folder / "gone", a_head(status="running"))
    with pytest.raises(StorageError, match=r"run\.json cannot be written"):
        writer.write_status("finished")
