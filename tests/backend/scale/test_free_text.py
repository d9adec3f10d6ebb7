"""Any text."""

import pytest

from syndisco_nb import FreeText
from syndisco_nb.errors import InvalidInputError


def test_any_text_is_a_label_but_an_empty_one():
    scale = FreeText("topic")
    assert scale.labels == ()
    assert (scale.parse(" cars\n"), scale.parse(" ")) == ("cars", None)


def test_a_persons_text_loses_its_margins_and_must_not_be_empty():
    assert FreeText("topic").accept(" cars ") == "cars"
    for empty in ("", " \n", 3):
        with pytest.raises(InvalidInputError, match="must be text that is not empty"):
            FreeText("topic").accept(empty)


def test_the_question_stands_alone():
    assert FreeText("topic").instruction() == "Describe the topic of the comment."
    assert FreeText("topic", "Which topic?").instruction() == "Which topic?"
