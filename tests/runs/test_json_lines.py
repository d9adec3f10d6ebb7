import pytest

from syndisco_nb.errors import RecordError
from syndisco_nb.runs.json_lines import read_lines
from syndisco_nb.runs.serialization import parse_object


def test_broken_lines_are_skipped_and_logged(tmp_path, caplog):
    file = tmp_path / "events.jsonl"
    assert read_lines(file, parse_object) == []
    file.write_bytes(b'{"a": 1}\n\n{"a": \n{"a": 2}\n{"a"')
    assert read_lines(file, parse_object) == [{"a": 1}, {"a": 2}]
    assert [record.args[:2] for record in caplog.records] == [(3, "events.jsonl"), (5, "events.jsonl")]


def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(RecordError, match=r"cannot be read: it is a folder\."):
        read_lines(tmp_path, parse_object)
