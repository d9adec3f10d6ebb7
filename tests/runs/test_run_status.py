from typing import get_args

import pytest

from syndisco_nb.runs.batch_job import BatchJob
from syndisco_nb.runs.layout import Status
from syndisco_nb.runs.lock import locked
from syndisco_nb.runs.run_status import ADVICE, WORDS, status_in_words, true_status


def test_every_status_has_words_and_those_that_end_early_have_advice():
    assert set(WORDS) == {*get_args(Status), "waiting", "killed"}
    assert set(ADVICE) == set(WORDS) - {"waiting", "running", "paused", "finished"}
    assert (
        ADVICE["partial"].format(noun="discussion") == "Some discussions failed. Re-run the cell to retry only those."
    )


@pytest.mark.parametrize("status", get_args(Status))
def test_a_run_goes_on_only_while_its_folder_is_locked(status, tmp_path):
    goes_on = status in ("running", "paused")
    with locked(tmp_path):
        assert true_status(tmp_path, status) == status
    assert true_status(tmp_path, status) == ("killed" if goes_on else status)


def test_words_tell_of_batches_while_a_run_waits_for_them(tmp_path):
    (tmp_path / "batches").mkdir()
    BatchJob(tmp_path / "batches", 0, "id", "m", "https://server/v1", 7).save()
    assert status_in_words(tmp_path, "running") == "in progress, sending a batch of 7 requests"
    assert status_in_words(tmp_path, "interrupted") == "stopped, sending a batch of 7 requests"
    assert status_in_words(tmp_path, "finished") == "finished"
