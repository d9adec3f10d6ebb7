"""The content of a file in the forms that formats need."""

import zipfile

import pytest

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.source_file import SourceFile


def file(tmp_path, data, name="a"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return SourceFile(path)


def test_json_is_read_as_a_document_and_broken_json_says_why(tmp_path):
    assert file(tmp_path, '\ufeff {"a": [1]}').document == {"a": [1]}
    broken = file(tmp_path, '{"a": [1', "b")
    assert broken.document is None
    assert broken.json_fault == "it was cut off, at line 1 column 8"
    assert "invalid JSON" in file(tmp_path, '{"a": x}', "d").json_fault
    assert file(tmp_path, "a,b", "c").json_fault == ""


def test_json_lines_are_objects_on_lines(tmp_path):
    assert file(tmp_path, '{"a": 1}\n\n{"b": 2}\n').lines == [{"a": 1}, {"b": 2}]
    assert file(tmp_path, '{"a": 1}\n{"b"', "b").lines == []
    assert file(tmp_path, "[1]\n[2]", "c").lines == []


def test_members_of_a_zip_file_are_read_and_damage_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("inner.txt", "text")
    whole = SourceFile(tmp_path / "a.zip")
    assert whole.members == ("inner.txt",)
    assert whole.member("inner.txt") == b"text"
    with pytest.raises(RecordError, match=r"other\.txt in it is damaged"):
        whole.member("other.txt")
    assert file(tmp_path, whole.data[:20], "half").members == ()


def test_a_picture_is_no_text(tmp_path):
    assert file(tmp_path, b"\x89PNG\r\n\x00\x00").text == ""


def test_a_file_that_is_gone_is_named(tmp_path):
    with pytest.raises(RecordError, match=r"gone\.json cannot be read: No such file"):
        SourceFile(tmp_path / "gone.json").data  # noqa: B018


def test_the_entries_of_a_folder_are_names_and_none_where_nobody_may_look(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    assert SourceFile(tmp_path).entries == {"a"}
    assert file(tmp_path, "x", "b").entries == frozenset()

    def refusing(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "iterdir", refusing)
    assert SourceFile(tmp_path).entries == frozenset()


def test_a_member_whose_stream_is_damaged_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", "text " * 100)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[40] ^= 0xFF
    with pytest.raises(RecordError, match=r"inner\.txt in it is damaged"):
        file(tmp_path, bytes(data)).member("inner.txt")
