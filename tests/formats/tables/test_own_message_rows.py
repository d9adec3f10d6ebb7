"""Columns of our own tables of messages."""

import pytest

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.tables.own_message_rows import own_fields
from syndisco_nb.records import Generation


def test_cells_are_texts_or_numbers():
    row = {"turn": "3", "finish_reason": "length", "prompt_tokens": 4, "completion_tokens": "5", "seconds": "0.25"}
    assert own_fields(row | {"speaks_for": "Ben, Cem"}, "Row 1") == {
        "turn": 3,
        "speaks_for": ("Ben", "Cem"),
        "generation": Generation((), 0, None, "length", 4, 5, 0.25),
    }
    assert own_fields({"turn": 0}, "Row 1") == {"turn": 0, "speaks_for": (), "generation": None}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"turn": "first"}, "Row 1 has the turn 'first', but must have a number"),
        ({"turn": 1, "finish_reason": "bored"}, "but must have one of: stop, length, passed, timeout"),
    ],
)
def test_other_cells_are_named(row, words):
    with pytest.raises(RecordError, match=words):
        own_fields(row, "Row 1")
