import pytest

from syndisco_nb.errors import RunFolderError
from syndisco_nb.runs.lock import being_written, locked, moved_aside


def test_one_run_at_a_time_holds_a_folder(tmp_path):
    assert not being_written(tmp_path)
    lock = locked(tmp_path / "run")
    assert being_written(tmp_path / "run")
    with pytest.raises(RunFolderError, match="being written by another run"):
        locked(tmp_path / "run")
    lock.release()
    assert not being_written(tmp_path / "run")
    locked(tmp_path / "run").release()


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "run").write_text("x")
    with pytest.raises(RunFolderError, match="is a file"):
        locked(tmp_path / "run")


def test_a_file_in_the_place_of_the_journals_is_set_aside(tmp_path):
    (tmp_path / "journal").write_text("x")
    with pytest.warns(UserWarning, match="is not a folder"):
        locked(tmp_path).release()
    assert (tmp_path / "journal.broken").read_text() == "x"


def test_a_folder_that_is_moved_aside_leaves_a_locked_new_one(tmp_path):
    folder = tmp_path / "run"
    for number in (1, 2):
        lock = locked(folder)
        (folder / "x").write_text(str(number))
        with pytest.warns(UserWarning, match="moved aside"):
            moved_aside(folder, lock).release()
        assert (tmp_path / f"run.old-{number}" / "x").read_text() == str(number)
        assert not (folder / "x").exists()
