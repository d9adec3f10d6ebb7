"""One of several options."""

import pytest

from syndisco_nb import Choice
from syndisco_nb.errors import InvalidInputError

POLITE = Choice("tone", ["polite", "rude", "very rude"])


def test_the_options_are_labels_and_values():
    assert (POLITE.labels, POLITE.value("rude")) == (("polite", "rude", "very rude"), "rude")


@pytest.mark.parametrize(
    ("answer", "value"),
    [("Polite.", "polite"), ('"rude"', "rude"), ("It is impolite", None), ("very rude", "very rude")],
)
def test_free_answers_are_read_or_called_unreadable(answer, value):
    assert POLITE.parse(answer) == value


def test_the_options_are_in_the_question():
    assert POLITE.instruction() == "Which tone does the comment have? Answer with one of: polite, rude, very rude."


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("ab", "options is the text 'ab', but must be a list"),
        (["a"], "must hold at least two"),
        (["a", "a"], "every option must be different"),
        (["a", " b"], "An option is ' b'"),
        (["a", ""], "An option is ''"),
        (["a", 3], "An option is 3"),
    ],
)
def test_options_that_make_no_choice_are_refused(options, message):
    with pytest.raises(InvalidInputError, match=message) as caught:
        Choice("x", options)
    assert caught.value.field == "options"
