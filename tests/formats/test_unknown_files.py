"""Files that hold no discussion are named, with what to do."""

import pickle
import zipfile

import pytest

from syndisco_nb.formats.source_file import SourceFile
from syndisco_nb.formats.unknown_files import unknown_format

KINDS = {
    b"": "is empty.",
    b" \n": "is empty.",
    b"\x89PNG\r\n\x1a\n\x00": "is a picture.",
    b"\xff\xd8\xff\xe0\x00\x10JFIF": "is a picture.",
    b"%PDF-1.7\n\xe2\xe3": "is a PDF. Copy its text",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00": "is an old Excel file (.xls) or Word file (.doc). Save it as .xlsx",
    pickle.dumps({"utterances": list(range(900))}): "is a pickle, which could run code: it is never read.",
    b"SQLite format 3\x00\x10": "is an SQLite database. Save its table",
    b"\x1f\x8b\x08\x00": "is compressed with gzip. Unpack it.",
    b"\x28\xb5\x2f\xfd\x00": "is compressed, or an archive. Unpack it.",
    b"x" * 257 + b"ustar": "is compressed, or an archive.",
    b"ID3\x04\x00": "is a recording. Transcribe it.",
    b"PK\x03\x04 cut": "is a damaged zip or Excel file.",
    b"{\\rtf1 Hello}": "is a rich text file",
    b"<!DOCTYPE html><p>Hello": "is a web page.",
    b"<?xml version='1.0'?><a/>": "is XML without discussions.",
    b'<View><Text name="text"/></View>': "is XML without discussions.",
    b"<Ana> Why?": "is plain text, which",
    b"\x00\x01\x02": "is no text, and of no format",
    b"It rained. We stayed at home.": "is plain text, which does not tell comments apart. Give them as a table",
    b'{"a": 1, "b": [2]}': "holds JSON without comments: its keys are a, b.",
    b"{}": "holds JSON without comments: it has no keys.",
    b'{"nbformat": 4}': "is a Jupyter notebook.",
    b'[{"age": 3}]': "holds a JSON list without comments: its keys are age. People are read by load_personas.",
    b"[1, 2]": "holds a JSON list of 2 items without comments.",
    b"[]": "holds a JSON list of 0 items without comments.",
    b'{"a": 1}\n{"b": 2}\n': "holds JSON Lines without comments: its keys are a, b.",
    b'{"a": 1': "cannot be read: it was cut off, at line 1 column 7",
}


@pytest.mark.parametrize("data", KINDS, ids=KINDS.values())
def test_each_kind_of_file_is_named(data, tmp_path):
    (tmp_path / "file").write_bytes(data)
    assert f"file {KINDS[data]}" in unknown_format(SourceFile(tmp_path / "file"))


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("word/document.xml", "is a Word document. Copy its text into a table of comments."),
        ("META-INF/manifest.xml", "is an OpenDocument file. Save its table of comments as .xlsx or CSV."),
        ("a.json", "is a zip file of 1 file. Unpack it, and load the folder."),
    ],
)
def test_zip_files_are_named_by_their_members(member, words, tmp_path):
    with zipfile.ZipFile(tmp_path / "file", "w") as archive:
        archive.writestr(member, "")
    assert words in unknown_format(SourceFile(tmp_path / "file"))


def test_messages_are_short(tmp_path):
    (tmp_path / "file").write_text("{" + ", ".join(f'"{number}{"k" * 1_000}": 0' for number in range(100)) + "}")
    words = unknown_format(SourceFile(tmp_path / "file"))
    assert len(words) < 400
    assert "and 92 more" in words
