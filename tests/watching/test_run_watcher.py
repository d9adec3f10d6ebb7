import contextlib

import pytest

import syndisco_nb as snb
from syndisco_nb.errors import RecordError
from syndisco_nb.runs.batch_job import BatchJob
from syndisco_nb.runs.writing import RunFolder
from syndisco_nb.watching.run_watcher import RunWatcher


@pytest.fixture
def run(users, tmp_path):
    return snb.DiscussionExperiment(["Tax"], users, num_turns=4, num_discussions=2, seed=1).begin(tmp_path / "run")


def test_until_a_run_begins_its_plan_counts(tmp_path):
    state = RunWatcher(tmp_path / "later", "none", total=3, turns=4).look()
    assert (state.condition, state.status, state.total, state.turns_total, state.share) == (
        "none",
        "waiting",
        3,
        12.0,
        0.0,
    )


def test_a_finished_run_is_done(run):
    state = RunWatcher(run.folder).look()
    assert (state.status, state.finished, state.total, state.turns_done, state.share) == ("finished", 2, 2, 8.0, 1.0)
    assert (state.turns, state.noun, state.unfinished, state.in_this_process) == (4, "discussion", (), False)


def test_the_batches_of_a_run_under_way_are_told(tmp_path):
    folder = RunFolder(tmp_path, "discussions", {"num_turns": 4, "seed": 1}, 3)
    (tmp_path / "batches").mkdir()
    BatchJob(tmp_path / "batches", 0, "id", "m", "https://server/v1", 7).save()
    with contextlib.closing(folder):
        folder.write_status("running")
        assert RunWatcher(tmp_path).look().batches == "sending a batch of 7 requests"
    folder.write_status("finished")
    assert RunWatcher(tmp_path).look().batches == ""


def test_a_finished_unit_is_read_from_its_file(run):
    watcher = RunWatcher(run.folder)
    watcher.look()
    unit = watcher.unit("discussion-00001")
    assert [line.text for line in unit.lines] == [message.text for message in run[1].messages]
    assert unit.cast == ("Ana", "Ben", "Cem")
    with pytest.raises(RecordError, match="There is no"):
        watcher.unit("../discussion-00001")


def test_a_broken_head_is_told_and_the_last_one_goes_on(run):
    watcher = RunWatcher(run.folder)
    watcher.look()
    (run.folder / "run.json").write_text("{")
    state = watcher.look()
    assert (state.status, state.total) == ("finished", 2)
    assert "run.json" in state.problem
