"""A discussion that has run dry."""

import pytest
from support.histories import history_of

from syndisco_nb import AfterSilences
from syndisco_nb.errors import InvalidInputError


@pytest.mark.parametrize(
    ("silences", "history", "holds"),
    [
        (2, ["", ""], True),
        (2, ["a", ""], False),
        (2, [""], False),
        (2, ["", "mo: Go on.", ""], True),
        (2, ["", "", "a"], False),
        (2, ["", "a", ""], False),
        (1, [], False),
    ],
)
def test_it_holds_after_so_many_silences_of_participants_in_a_row(silences, history, holds):
    assert AfterSilences(silences).holds(history_of(*history)) is holds


def test_its_words_count():
    assert (str(AfterSilences(1)), str(AfterSilences(2))) == ("1 silence", "2 silences in a row")


def test_less_than_one_silence_is_refused():
    with pytest.raises(InvalidInputError, match="silences is 0") as caught:
        AfterSilences(0)
    assert caught.value.field == "silences"
