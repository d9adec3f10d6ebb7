import io
import shutil
import threading
from pathlib import Path

import pytest

from syndisco_nb.cli import following
from syndisco_nb.cli.following import FollowedRun, follow, progress_in_lines, progress_line


@pytest.fixture(autouse=True)
def here(studies, monkeypatch):
    monkeypatch.setattr("syndisco_nb.watching.folder_watcher._SETTLED_S", 0)
    return studies


def test_a_line_says_how_far_a_run_is():
    line = progress_line(Path("interrupted"), FollowedRun(Path("interrupted")).look())
    assert line[5:].startswith(" interrupted: 0 of 4 discussions, ")
    assert line.endswith(", stopped")


def test_after_the_discussions_of_a_study_its_labels_are_followed():
    run = FollowedRun(Path("finished"))
    assert run.look().noun == "discussion"
    shutil.copytree("labelled/annotations", "finished/annotations")
    snapshot = run.look()
    assert (snapshot.noun, snapshot.over, snapshot.finished) == ("annotation", True, 4)


def test_comments_and_failures_are_told_once():
    Path("interrupted/none/failures.jsonl").write_text(
        '{"unit":"discussion-00001","error":"ModelError","message":"No answer.","done":1,"attempt":1}\n', "utf-8"
    )
    run = FollowedRun(Path("interrupted"))
    first = run.look()
    comments = list(run.comments(first))
    assert 1 <= len(comments) <= 3
    assert all("I agree." in line or "Why?" in line for line in comments)
    assert list(run.failures(first)) == ["none/discussion-00001 failed: ModelError: No answer."]
    second = run.look()
    assert (list(run.comments(second)), list(run.failures(second))) == ([], [])


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_on_a_terminal_there_is_a_bar(monkeypatch, capsys):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert follow(Path("interrupted")).over
    assert "interrupted:" in terminal.getvalue()
    assert "stopped" in terminal.getvalue()
    assert capsys.readouterr().out.startswith(("none/discussion-0000", "host/discussion-0000"))


def test_a_log_file_gets_a_line_at_a_time(capsys, monkeypatch):
    looked = threading.Event()
    look = FollowedRun.look

    def look_and_tell(run):
        snapshot = look(run)
        looked.set()
        return snapshot

    monkeypatch.setattr(FollowedRun, "look", look_and_tell)
    with progress_in_lines(Path("interrupted"), line_s=0.001):
        assert looked.wait(30)
    assert "interrupted: 0 of 4 discussions" in capsys.readouterr().err
    looked.clear()
    with progress_in_lines(Path("interrupted")):
        pass
    assert (looked.is_set(), capsys.readouterr().err, following._LINE_S) == (False, "", 60)
