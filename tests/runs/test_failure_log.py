"""failures.jsonl while its run goes on: attempts go on counting, and a line is written at once."""

import pytest

from syndisco_nb.errors import StorageError
from syndisco_nb.records import ChatMessage
from syndisco_nb.runs.failure_log import FailureLog
from syndisco_nb.runs.failures import Failure, read_failures

UNIT = "discussion-00001"


def test_a_failure_is_written_with_its_attempt(tmp_path, caplog):
    prompt = (ChatMessage("user", "Tax?"),)
    FailureLog(tmp_path).append(UNIT, ValueError("no"), 2, turn=3, prompt=prompt)
    assert read_failures(tmp_path) == [Failure(UNIT, "ValueError", "no", 2, 1, 3, prompt)]
    assert f"{UNIT} (attempt 1, after 2): ValueError: no failed in {tmp_path}" in caplog.text


def test_attempts_go_on_counting_in_the_next_run(tmp_path):
    first = FailureLog(tmp_path)
    first.append(UNIT, ValueError("no"), 0)
    first.append(UNIT, ValueError("no"), 0)
    again = FailureLog(tmp_path)
    again.append(UNIT, ValueError("no"), 0)
    again.append("discussion-00002", ValueError("no"), 0)
    assert [failure.attempt for failure in read_failures(tmp_path)] == [1, 2, 3, 1]
    assert b"turn" not in (tmp_path / "failures.jsonl").read_bytes()  # fields without a value are left out


def test_a_folder_in_the_place_of_the_file_is_set_aside(tmp_path):
    (tmp_path / "failures.jsonl").mkdir()
    with pytest.warns(UserWarning, match=r"^Moved to failures\.jsonl\.broken"):
        log = FailureLog(tmp_path)
    (tmp_path / "failures.jsonl").mkdir()
    with pytest.warns(UserWarning, match=r"^Moved to failures\.jsonl\.broken-2.*: it is not an ordinary file\.$"):
        log.append(UNIT, ValueError("no"), 0)
    assert len(read_failures(tmp_path)) == 1


def test_a_failure_that_cannot_be_written_is_an_error_of_the_disk(tmp_path):
    log = FailureLog(tmp_path / "gone")
    with pytest.raises(StorageError, match=r"failures\.jsonl cannot be written"):
        log.append(UNIT, ValueError("no"), 0)
