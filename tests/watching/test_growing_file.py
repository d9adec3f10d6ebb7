import pytest

from syndisco_nb.watching.growing_file import Tail


@pytest.fixture
def file(tmp_path):
    return tmp_path / "some.jsonl"


def look(tail):
    return tail.look(tail.path.stat())


def test_only_what_is_new_is_read(file):
    tail = Tail(file)
    file.write_bytes(b"a\nb\n")
    assert look(tail) == [b"a", b"b"]
    assert look(tail) == []
    with file.open("ab") as more:
        more.write(b"c\n")
    assert look(tail) == [b"c"]


def test_a_line_counts_once_it_is_whole(file):
    tail = Tail(file)
    file.write_bytes(b"a\nhal")
    assert look(tail) == [b"a"]
    with file.open("ab") as more:
        more.write(b"f\n")
    assert look(tail) == [b"half"]


def test_a_file_that_was_cut_is_read_anew(file):
    tail = Tail(file)
    file.write_bytes(b"a\nb\n")
    look(tail)
    file.write_bytes(b"c\n")
    assert look(tail) == [b"c"]
    assert tail.began_anew


def test_another_file_of_the_name_is_read_anew(file, tmp_path):
    tail = Tail(file)
    file.write_bytes(b"a\n")
    look(tail)
    other = tmp_path / "other"
    other.write_bytes(b"c\nd\n")
    other.rename(file)
    assert look(tail) == [b"c", b"d"]
    assert tail.began_anew
    assert look(tail) == []
    assert not tail.began_anew


def test_a_file_that_has_gone_has_nothing_new(file):
    tail = Tail(file)
    file.write_bytes(b"a\n")
    found = file.stat()
    file.unlink()
    assert tail.look(found) == []
