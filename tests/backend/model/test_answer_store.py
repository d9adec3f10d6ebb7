"""The file of a cached model: answers come back by their keys, and no other file is written to."""

import json
import os

import pytest

from syndisco_nb.backend.model.answer_store import AnswerStore, StoredAnswer
from syndisco_nb.backend.model.request import Completion
from syndisco_nb.errors import InvalidInputError, ModelError, RecordError

KEY, OTHER = "a" * 24, "b" * 24


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new" / "answers.jsonl"


def test_the_last_answer_of_a_key_is_kept_with_its_commit(path):
    store = AnswerStore(path)
    assert store.get(KEY) is None
    assert not path.exists()
    store.add(KEY, Completion("Yes."), "abc")
    store.add(OTHER, Completion("Well."), None)
    store.add(KEY, Completion("No."), None)
    for kept in (store, AnswerStore(path)):
        assert kept.get(KEY) == StoredAnswer(Completion("No."), None)
        assert kept.get(OTHER) == StoredAnswer(Completion("Well."), None)
    assert json.loads(path.read_bytes().splitlines()[0])["commit"] == "abc"


def test_an_answer_that_could_not_be_read_back_is_refused_and_not_written(path):
    with pytest.raises(RecordError, match=r"^The answer cannot be read"):
        AnswerStore(path).add(KEY, Completion("Yes.", seconds=float("inf")), None)
    assert not path.exists()


@pytest.mark.parametrize("broken", [b"[1]", b"{}", b'{"key": 3, "text": "Yes."}', b'{"key": "a", "commit": 3}'])
def test_a_broken_line_is_left_out_with_a_warning(path, broken, caplog):
    AnswerStore(path).add(KEY, Completion("Yes."), None)
    path.write_bytes(path.read_bytes() + broken + b"\n")
    assert AnswerStore(path).get(KEY) == StoredAnswer(Completion("Yes."), None)
    assert "line 2 of" in caplog.text


def test_only_a_store_an_empty_file_or_a_free_path_passes_the_check(path):
    AnswerStore(path).check()
    path.parent.mkdir()
    path.write_bytes(b"\n")
    AnswerStore(path).check()
    AnswerStore(path).add(KEY, Completion("Yes."), None)
    AnswerStore(path).check()
    path.write_bytes(b"Chapter 1\n")
    for wrong in (path, path.parent):
        with pytest.raises(InvalidInputError) as caught:
            AnswerStore(wrong).check()
        assert caught.value.field == "path"


def test_a_path_through_a_file_is_an_error_of_the_model(path):
    path.parent.write_bytes(b"")
    with pytest.raises(ModelError, match=r"answers\.jsonl cannot be read: .*Repair it"):
        AnswerStore(path).check()


def test_a_pipe_is_refused_without_waiting_for_it(path):
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(InvalidInputError, match="is not an ordinary file"):
        AnswerStore(path).check()
