import contextlib
from dataclasses import replace

import pytest

from syndisco_nb.errors import StorageError
from syndisco_nb.records import Message
from syndisco_nb.runs.journal import Journal, OpenJournals, read_lines
from syndisco_nb.runs.serialization import to_line


def messages(number):
    return [Message(index, index, "Ana", f"Comment {index}.", "m") for index in range(number)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "discussion-00000.jsonl"


def test_a_journal_is_read_when_opened_and_goes_on(path):
    with Journal(path, Message) as journal:
        assert journal.done == []
        for message in messages(2):
            journal.append(message)
        assert path.read_bytes() == b"".join(map(to_line, messages(2)))  # before it is closed
    with Journal(path, Message) as journal:
        assert journal.done == messages(2)
        journal.append(messages(3)[2])
    with Journal(path, Message) as journal:
        assert journal.done == messages(3)


def test_a_last_line_that_was_cut_off_is_dropped_without_a_word(path):
    path.write_bytes(b"".join(map(to_line, messages(2)))[:-3])
    with Journal(path, Message) as journal:
        assert journal.done == messages(1)
    assert path.read_bytes() == to_line(messages(1)[0])


@pytest.mark.parametrize("line", [b"{oops\n", to_line(replace(messages(1)[0], index=5))])
def test_a_broken_line_is_copied_aside_with_what_follows(path, line):
    first, last = map(to_line, messages(2))
    path.write_bytes(first + line + last)
    with pytest.warns(UserWarning, match="Copied to"), Journal(path, Message) as journal:
        assert journal.done == messages(1)
    assert path.with_name(f"{path.name}.broken").read_bytes() == first + line + last


def test_a_line_of_another_run_ends_what_counts():
    data = b"".join(map(to_line, messages(3)))
    done, size, reason = read_lines(Message, data, "j", lambda before, line: "no" if len(before) == 2 else "")
    assert (done, size, reason) == (
        messages(2),
        len(b"".join(map(to_line, messages(2)))),
        "j, line 3 is not of this run: no",
    )


def test_a_link_in_the_place_of_a_journal_is_set_aside(path, tmp_path):
    (tmp_path / "other").write_bytes(to_line(messages(1)[0]))
    path.symlink_to(tmp_path / "other")
    with pytest.warns(UserWarning, match="was moved to"), Journal(path, Message) as journal:
        assert journal.done == []


def test_only_a_few_of_many_journals_keep_their_files_open(tmp_path):
    opened = OpenJournals(most=2)
    with contextlib.ExitStack() as stack:
        journals = [stack.enter_context(Journal(tmp_path / f"{n}.jsonl", Message, opened=opened)) for n in range(5)]
        for message in messages(3):
            for journal in journals:
                journal.append(message)
                assert sum(not file.closed for file in opened._files.values()) == 2
    assert not opened._files
    assert {file.read_bytes() for file in tmp_path.iterdir()} == {b"".join(map(to_line, messages(3)))}


def test_a_journal_that_is_gone_is_not_made_anew_halfway(tmp_path):
    opened = OpenJournals(most=1)
    with Journal(tmp_path / "0", Message, opened=opened) as first, Journal(tmp_path / "1", Message, opened=opened):
        first.path.unlink()
        with pytest.raises(StorageError):
            first.append(messages(1)[0])
