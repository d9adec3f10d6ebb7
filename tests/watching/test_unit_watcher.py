import os

import pytest
from strategies import a_transcript

from syndisco_nb.records import Message
from syndisco_nb.runs.serialization import to_line
from syndisco_nb.watching.unit_watcher import UnitWatcher


@pytest.fixture
def path(tmp_path):
    return tmp_path / "discussion-00003.jsonl"


def look(watcher, path):
    (entry,) = os.scandir(path.parent)
    watcher.look(entry)


def test_a_journal_is_read_as_it_grows(path):
    messages = a_transcript().messages
    watcher = UnitWatcher(path, Message, ("Ana", "Ben"))
    path.write_bytes(b"".join(map(to_line, messages[:2])))
    look(watcher, path)
    assert [line.name for line in watcher.lines] == ["Ana", "Ben"]
    with path.open("ab") as file:
        file.writelines(map(to_line, messages[2:]))
    look(watcher, path)
    state = watcher.state("none", "discussion-00003", "in progress", 2)
    assert (state.topic, state.turn, state.cast) == ("Cars?\nOr “bikes”?", 2, ("Ana", "Ben"))
    assert state.speakers == ("Ana", "Ben")  # the moderator is none of them
    assert [line.name for line in state.lines] == ["Ana", "Mo"]


def test_a_broken_line_is_told_and_the_next_ones_are_read(path):
    path.write_bytes(b"{oops\n" + to_line(a_transcript().messages[0]))
    watcher = UnitWatcher(path, Message)
    look(watcher, path)
    assert len(watcher.lines) == 1
    assert "discussion-00003.jsonl cannot be read" in watcher.problem


def test_a_journal_that_was_cut_is_read_anew(path):
    messages = a_transcript().messages
    path.write_bytes(b"".join(map(to_line, messages)))
    watcher = UnitWatcher(path, Message)
    look(watcher, path)
    path.write_bytes(to_line(messages[0]))
    look(watcher, path)
    assert (len(watcher.lines), watcher.turns) == (1, 0)
