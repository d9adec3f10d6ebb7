"""order.jsonl while its run goes on: a line is there at once, and goes on after one that was cut off."""

import json
import re

import pytest

from syndisco_nb.errors import StorageError
from syndisco_nb.runs import files
from syndisco_nb.runs.order_log import OrderLog
from syndisco_nb.runs.order_of_work import read_order


def test_a_line_is_written_at_once_with_the_time_to_the_millisecond(tmp_path):
    log = OrderLog(tmp_path)
    assert not (tmp_path / "order.jsonl").exists()  # where there is nothing to do, nothing is noted
    log.append("discussion-00007", "began")
    (line,) = (tmp_path / "order.jsonl").read_text().splitlines()
    found = json.loads(line)
    assert (found["unit"], found["event"]) == ("discussion-00007", "began")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", found["time"])
    log.close()


def test_after_a_line_that_was_cut_off_it_goes_on(tmp_path):
    (tmp_path / "order.jsonl").write_text('{"unit": "discussion-0')
    log = OrderLog(tmp_path)
    log.append("discussion-00000", "began")
    log.append("discussion-00000", "finished")
    log.close()
    (span,) = read_order(tmp_path)
    assert (span.unit, span.outcome) == ("discussion-00000", "finished")


def test_what_is_no_file_is_set_aside_and_a_full_disk_is_said(tmp_path, monkeypatch):
    (tmp_path / "order.jsonl").mkdir()
    log = OrderLog(tmp_path)
    with pytest.warns(UserWarning, match=r"order\.jsonl\.broken"):
        log.append("discussion-00000", "began")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_all", full)
    with pytest.raises(StorageError, match=r"order\.jsonl cannot be written"):
        log.append("discussion-00000", "finished")
    log.close()
