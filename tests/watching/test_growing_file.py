import pytest

from syndisco_nb.watching.growing_file import GrowingFile


@pytest.fixture
def file(tmp_path):
    return tmp_path / "some.jsonl"


def new_lines(growing):
    return growing.new_lines(growing.path.stat())


def test_only_what_is_new_is_read(file):
    growing = GrowingFile(file)
    file.write_bytes(b"a\nb\n")
    assert new_lines(growing) == [b"a", b"b"]
    assert new_lines(growing) == []
    with file.open("ab") as more:
        more.write(b"c\n")
    assert new_lines(growing) == [b"c"]


def test_a_line_counts_once_it_is_whole(file):
    growing = GrowingFile(file)
    file.write_bytes(b"a\nhal")
    assert new_lines(growing) == [b"a"]
    with file.open("ab") as more:
        more.write(b"f\n")
    assert new_lines(growing) == [b"half"]


def test_a_file_that_was_cut_is_read_anew(file):
    growing = GrowingFile(file)
    file.write_bytes(b"a\nb\n")
    new_lines(growing)
    file.write_bytes(b"c\n")
    assert new_lines(growing) == [b"c"]
    assert growing.began_anew


def test_another_file_of_the_name_is_read_anew(file, tmp_path):
    growing = GrowingFile(file)
    file.write_bytes(b"a\n")
    new_lines(growing)
    other = tmp_path / "other"
    other.write_bytes(b"c\nd\n")
    other.rename(file)
    assert new_lines(growing) == [b"c", b"d"]
    assert growing.began_anew
    assert new_lines(growing) == []
    assert not growing.began_anew


def test_a_file_that_has_gone_has_nothing_new(file):
    growing = GrowingFile(file)
    file.write_bytes(b"a\n")
    status = file.stat()
    file.unlink()
    assert growing.new_lines(status) == []
