import errno
import os
import signal
import subprocess
import sys

import pytest

from syndisco_nb.errors import InvalidInputError, StorageError
from syndisco_nb.runs import files
from syndisco_nb.runs.files import (
    UnfitFileError,
    append_line,
    as_path,
    is_there,
    path_from,
    path_to,
    read_bounded,
    read_own,
    save_file,
    set_aside,
    set_aside_with_warning,
    storage_error,
    write_atomically,
)


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    file = tmp_path / "a.json"
    write_atomically(file, b"old")
    for where, broken in ((os, "replace"), (files, "write_all")):
        with monkeypatch.context() as patch:
            patch.setattr(where, broken, fail)
            with pytest.raises(OSError, match="disk full"):
                write_atomically(file, b"new")
        assert (file.read_bytes(), [path.name for path in tmp_path.iterdir()]) == (b"old", ["a.json"])


def test_a_disk_that_takes_a_part_gets_the_rest():
    taken = []

    class Short:
        def write(self, data):
            taken.append(data[:3])
            return len(taken[-1])

    files.write_all(Short(), b"12345678")
    assert taken == [b"123", b"456", b"78"]


def fail(*_, **__):
    raise OSError("disk full")


def test_finished_files_may_be_read_by_whoever_may_read_the_users_files(tmp_path):
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "ours", b"x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_killed_writer_leaves_no_half_file(tmp_path):
    code = (
        "import os, sys, signal; from pathlib import Path; from syndisco_nb.runs.files import write_atomically\n"
        "os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_atomically(Path(sys.argv[1], 'a.json'), b'x' * 10**6)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "a.json").exists()


def test_a_line_after_one_that_was_cut_off_stands_alone(tmp_path):
    file = tmp_path / "lines"
    file.write_bytes(b"a\nhal")
    append_line(file, b"b")
    append_line(file, b"c")
    assert file.read_bytes() == b"a\nhal\nb\nc\n"


def test_broken_files_are_set_aside_under_free_names(tmp_path):
    file = tmp_path / "a.json"
    for content in ("1", "2"):
        file.write_text(content)
        set_aside(file)
    assert (tmp_path / "a.json.broken").read_text() == "1"
    assert (tmp_path / "a.json.broken-2").read_text() == "2"


def test_a_file_that_is_set_aside_is_named_in_a_warning(tmp_path):
    for name, anew, ending in (("a.json", True, ", to be made anew"), ("b.json", False, "")):
        (tmp_path / name).write_text("1")
        with pytest.warns(UserWarning, match=rf"^Moved to {name}\.broken{ending}: it is cut off\.$"):
            set_aside_with_warning(tmp_path / name, "it is cut off.", anew=anew)
        assert (tmp_path / f"{name}.broken").exists()
    with pytest.raises(StorageError, match=r"a\.json cannot be written"):
        set_aside_with_warning(tmp_path / "a.json", "it is cut off.")


def test_a_link_is_read_but_is_not_our_own(tmp_path):
    (tmp_path / "a").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert read_bounded(tmp_path / "link") == b"x"
    with pytest.raises(UnfitFileError):
        read_own(tmp_path / "link")


def test_neither_pipes_nor_huge_files_are_read(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnfitFileError):
        read_bounded(tmp_path / "pipe")
    (tmp_path / "huge").write_text("12345")
    monkeypatch.setattr(files, "SIZE_LIMIT", 4)
    with pytest.raises(UnfitFileError, match="MiB"):
        read_bounded(tmp_path / "huge")


def test_a_path_between_folders_leads_back_through_links(tmp_path):
    for name in ("runs/talks", "runs/labels"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "runs/labels")
    named = path_to(tmp_path / "runs/talks", tmp_path / "link")
    assert named == "../talks"
    assert path_from(named, tmp_path / "link") == tmp_path / "runs/talks"


@pytest.mark.parametrize("value", ["", None, 3])
def test_what_is_no_path_is_refused_with_its_field(value):
    with pytest.raises(InvalidInputError, match="folder is") as caught:
        as_path("folder", value)
    assert caught.value.field == "folder"


def test_a_file_is_saved_with_the_folders_above_it(tmp_path):
    assert save_file(tmp_path / "a" / "b.txt", "é").read_text("utf-8") == "é"
    with pytest.raises(StorageError, match="Give another path"):
        save_file(tmp_path / "a" / "b.txt" / "c.txt", "x")


@pytest.mark.parametrize(("number", "remedy"), [(errno.ENOSPC, "Free some space"), (errno.EROFS, "Make it writable")])
def test_an_error_of_the_disk_names_its_remedy(number, remedy, tmp_path):
    assert remedy in str(storage_error(tmp_path, OSError(number, os.strerror(number))))


def test_what_may_not_be_looked_at_is_not_there(tmp_path, monkeypatch):
    assert is_there(tmp_path)
    assert not is_there(tmp_path / "gone")

    def refusing(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "exists", refusing)
    assert not is_there(tmp_path)
