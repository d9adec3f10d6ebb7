"""Numbers from a lowest to a highest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndisco_nb import Likert
from syndisco_nb.errors import InvalidInputError


def test_labels_are_numbers_as_text_and_values_are_numbers():
    assert (Likert("x", 1, 3).labels, Likert("x", 1, 3).value("2")) == (("1", "2", "3"), 2)


@pytest.mark.parametrize(
    ("highest", "answer", "value"),
    [
        (5, "2 ", 2),
        (5, "Toxicity=3", 3),
        (5, "4.", 4),
        (5, "4.0", 4),
        (5, "4/5", 4),
        (5, "4 out of 5", 4),
        (5, "4 of 5", 4),
        (5, "4/10", None),
        (10, "10", 10),
        (5, "I cannot rate this.", None),
        (5, "2 or 3", None),
        (5, "2.5", None),
        (5, "7", None),
        (5, "15", None),
    ],
)
def test_free_answers_are_read_or_called_unreadable(highest, answer, value):
    assert Likert("toxicity", 1, highest).parse(answer) == value


@given(st.text())
def test_reading_never_raises_and_gives_an_allowed_value(text):
    assert Likert("x", 1, 5).parse(text) in (None, 1, 2, 3, 4, 5)


def test_the_ends_are_in_the_question():
    assert "from 1 (least) to 7 (most)" in Likert("toxicity", 1, 7).instruction()
    assert Likert("toxicity", 1, 7, "How toxic?").instruction() == "How toxic? Answer with the number alone."


@pytest.mark.parametrize(
    ("ends", "message", "field"),
    [
        ((5, 1), "low is 5 and high is 1, but low must be below high", "low"),
        ((3, 3), "low must be below high", "low"),
        ((1.5, 3), "low is 1.5, but must be a whole number", "low"),
        ((1, 1001), "high is 1001, but may be 1,000 at most", "high"),
    ],
)
def test_ends_that_make_no_scale_are_refused(ends, message, field):
    with pytest.raises(InvalidInputError, match=message) as caught:
        Likert("x", *ends)
    assert caught.value.field == field
