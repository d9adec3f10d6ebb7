import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from strategies import ANNOTATION_SETS, TRANSCRIPTS, a_transcript, an_annotation_set

from syndisco_nb.errors import RecordError
from syndisco_nb.runs import reading
from syndisco_nb.runs.head import RunHead, head_file
from syndisco_nb.runs.layout import Skipped
from syndisco_nb.runs.reading import (
    HeadReader,
    UnitCounts,
    file_counts,
    journal_counts,
    journal_files,
    line_counts,
    lines_of,
    record_files,
    unit_files,
)
from syndisco_nb.runs.serialization import to_json, to_line

MODERATED = replace(an_annotation_set().labels[0], role="moderator")
HEAD = RunHead("discussions", 7, {}, {}, "2026-01-01", 3, "running")


def write(folder, head):
    """Write run.json as a run does: another file takes the name."""
    (folder / "new").write_bytes(head_file(head))
    os.replace(folder / "new", folder / "run.json")


def test_a_head_is_read_again_only_when_it_has_changed(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(
        reading, "read_head", lambda folder, original=reading.read_head: read.append(1) or original(folder)
    )
    write(tmp_path, HEAD)
    reader = HeadReader(tmp_path)
    assert [reader.read().status, reader.read().status, len(read)] == ["running", "running", 1]
    version = reader.version
    write(tmp_path, replace(HEAD, status="finished"))
    assert [reader.read().status, reader.read().status, len(read)] == ["finished", "finished", 2]
    assert reader.version != version


def test_a_head_that_has_gone_is_an_error_though_it_was_read_before(tmp_path):
    write(tmp_path, HEAD)
    reader = HeadReader(tmp_path)
    reader.read()
    (tmp_path / "run.json").unlink()
    with pytest.raises(RecordError, match="is not a run folder"):
        reader.read()


def test_files_are_listed_by_number_and_strangers_are_named(tmp_path):
    names = [
        "discussion-100000.json",
        "discussion-99999.json",
        "notes.json",
        "run.json",
        "failures.jsonl",
        "x.txt",
        ".a",
    ]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "discussion-00001.jsonl").touch()
    files, skipped = record_files(tmp_path)
    assert [file.name for file in files] == ["discussion-99999.json", "discussion-100000.json", "notes.json"]
    assert skipped == [Skipped("x.txt", "it is not a .json file")]
    assert [file.stem for file in unit_files(tmp_path)] == ["discussion-99999", "discussion-100000"]
    assert [file.name for file in journal_files(tmp_path)] == ["discussion-00001.jsonl"]


def test_a_folder_that_is_not_there_cannot_be_listed():
    with pytest.raises(RecordError, match="cannot be listed"):
        unit_files(Path("nowhere"))


def test_the_lines_of_a_record_are_those_of_its_journal():
    assert [line.index for line in lines_of(a_transcript())] == [0, 1, 2, 3]
    assert lines_of(an_annotation_set()) == an_annotation_set().labels


@settings(max_examples=60, deadline=None)
@given(TRANSCRIPTS, ANNOTATION_SETS)
def test_a_file_counts_the_same_as_its_lines(transcript, annotations):
    for record in (transcript, annotations):
        lines = [line_counts(line) for line in lines_of(record)]
        expected = UnitCounts(sum(line.turns for line in lines), sum(line.tokens for line in lines))
        assert file_counts(to_json(record)) == expected


def test_a_journal_counts_the_same_as_its_lines():
    for record in (a_transcript(), an_annotation_set(), replace(an_annotation_set(), labels=(MODERATED,))):
        lines = [line_counts(line) for line in lines_of(record)]
        expected = UnitCounts(sum(line.turns for line in lines), sum(line.tokens for line in lines))
        journal = b"".join(map(to_line, lines_of(record)))
        assert journal_counts(journal) == expected
        assert journal_counts(journal + b"{\n" + journal) == expected
        assert file_counts(to_json(record)) == expected


def test_neither_openings_nor_moderators_take_a_turn():
    assert file_counts(to_json(a_transcript())).turns == 2


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"logs": 3}'])
def test_a_broken_file_cannot_be_counted(data):
    with pytest.raises(RecordError):
        file_counts(data)
