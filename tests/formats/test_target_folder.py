"""Folders that other tools read."""

import pytest

from syndisco_nb.errors import InvalidInputError
from syndisco_nb.formats.target_folder import save_folder


def test_files_of_the_same_names_are_replaced(tmp_path):
    folder = save_folder(tmp_path / "a" / "b", {"x.json": b"1", "y.json": b"2"})
    assert save_folder(str(folder), {"x.json": b"3", "y.json": b"4"}) == folder
    assert [path.read_bytes() for path in sorted(folder.iterdir())] == [b"3", b"4"]


def test_other_files_are_not_mixed_with_the_new_ones(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(InvalidInputError, match=r"thesis.docx, which would be mixed.*Give a new folder"):
        save_folder(tmp_path, {"x.json": b"1"})
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]
    with pytest.raises(InvalidInputError, match="is a file"):
        save_folder(tmp_path / "thesis.docx", {"x.json": b"1"})


def test_folders_below_are_looked_into_before_anything_is_written(tmp_path):
    save_folder(tmp_path, {"talks/a/x.json": b"1", "talks/b/x.json": b"2"})
    with pytest.raises(InvalidInputError, match="holds talks/b, which would be mixed"):
        save_folder(tmp_path, {"talks/a/x.json": b"3"})
    (tmp_path / "talks" / "b" / "notes.txt").write_text("mine")
    with pytest.raises(InvalidInputError, match=r"holds talks/b/notes\.txt, which"):
        save_folder(tmp_path, {"talks/a/x.json": b"3", "talks/b/x.json": b"4"})
    assert (tmp_path / "talks" / "a" / "x.json").read_bytes() == b"1"
