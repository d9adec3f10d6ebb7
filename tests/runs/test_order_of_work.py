"""order.jsonl as it is read: each attempt at a unit with its beginning, its end and its outcome."""

import json

import pytest

from syndisco_nb.errors import RecordError
from syndisco_nb.runs.order_of_work import read_order

DAY = "2026-11-26T19:31:"


def write(folder, *events):
    lines = [
        json.dumps({"unit": f"discussion-{unit:05d}", "event": event, "time": DAY + at}) for unit, event, at in events
    ]
    (folder / "order.jsonl").write_text("\n".join(lines) + "\n")
    return folder / "order.jsonl"


def seconds(folder):
    return [
        (span.unit[-1], span.began.second, span.ended and span.ended.second, span.outcome)
        for span in read_order(folder)
    ]


def test_each_attempt_has_its_span_in_the_order_of_beginnings(tmp_path):
    write(
        tmp_path,
        (0, "began", "01.000Z"),
        (1, "began", "02.000Z"),
        (1, "failed", "03.000Z"),
        (0, "finished", "04.500Z"),
        (1, "began", "05.000Z"),  # killed after this
        (1, "began", "08.000Z"),
        (1, "skipped", "09.000Z"),
        (2, "began", "10.000Z"),  # still under way
    )
    assert seconds(tmp_path) == [
        ("0", 1, 4, "finished"),
        ("1", 2, 3, "failed"),
        ("1", 5, None, None),
        ("1", 8, 9, "skipped"),
        ("2", 10, None, None),
    ]
    assert read_order(tmp_path)[0].ended.microsecond == 500_000


def test_broken_lines_and_ends_without_a_beginning_are_stepped_around(tmp_path, caplog):
    file = write(tmp_path, (1, "finished", "00.000Z"), (0, "began", "01.000Z"), (0, "finished", "02.000Z"))
    file.write_bytes(
        b'{"unit": "../x", "event": "began", "time": "' + file.read_bytes()[:30] + b"\n" + file.read_bytes()
    )
    with file.open("ab") as opened:
        opened.write(b'{"unit": "discussion-0')
    assert seconds(tmp_path) == [("0", 1, 2, "finished")]
    assert "line 1 of order.jsonl" in caplog.text
    assert "line 5 of order.jsonl" in caplog.text


def test_a_run_of_an_earlier_version_has_none_and_what_is_no_file_is_an_error(tmp_path):
    assert read_order(tmp_path) == []
    (tmp_path / "order.jsonl").mkdir()
    with pytest.raises(RecordError, match=r"order\.jsonl cannot be read"):
        read_order(tmp_path)
