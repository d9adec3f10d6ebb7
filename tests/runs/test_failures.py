import pytest

from syndisco_nb.errors import RecordError
from syndisco_nb.runs.failures import FAILURE, Failure, last_failures, parse_failure, read_failures


def a_failure(unit="discussion-00001", attempt=1):
    return Failure(unit, "ValueError", "no", 2, attempt)


def test_a_failure_comes_back_as_it_went():
    assert parse_failure(FAILURE.dump_json(a_failure()), "line 1") == a_failure()


@pytest.mark.parametrize("unit", ["../x", "notes", ""])
def test_a_failure_of_no_unit_is_refused(unit):
    with pytest.raises(RecordError, match="line 1"):
        parse_failure(FAILURE.dump_json(a_failure(unit)), "line 1")


def test_a_line_that_was_cut_off_is_skipped(tmp_path, caplog):
    line = FAILURE.dump_json(a_failure())
    (tmp_path / "failures.jsonl").write_bytes(line[:9] + b"\n" + line + b"\n")
    assert read_failures(tmp_path) == [a_failure()]
    assert "line 1 of failures.jsonl" in caplog.text


def test_a_folder_without_failures_has_none(tmp_path):
    assert read_failures(tmp_path) == []
    (tmp_path / "failures.jsonl").mkdir()
    with pytest.raises(RecordError, match=r"failures\.jsonl cannot be read"):
        read_failures(tmp_path)


def test_only_the_last_failure_of_an_unfinished_unit_counts():
    failures = [a_failure("discussion-00002"), a_failure(), a_failure(attempt=2), a_failure("discussion-00000")]
    last = last_failures(failures, finished={"discussion-00000"})
    assert [(failure.unit, failure.attempt) for failure in last] == [("discussion-00001", 2), ("discussion-00002", 1)]
