"""A discussion in which a phrase was said."""

import pytest
from support.histories import history_of

from syndisco_nb import AfterPhrase
from syndisco_nb.errors import InvalidInputError


@pytest.mark.parametrize(
    ("condition", "history", "holds"),
    [
        (AfterPhrase("we agree"), ["So We\n AGREE, then."], True),
        (AfterPhrase("we agree"), ["We agree.", "No."], False),
        (AfterPhrase("we agree"), ["op: Do we agree?"], False),
        (AfterPhrase("we agree", by="moderator"), ["We agree."], False),
        (AfterPhrase("we agree", by="moderator"), ["mo: We agree."], True),
        (AfterPhrase("we agree", by="participant"), ["mo: We agree."], False),
        (AfterPhrase("we agree"), ["mo: We agree."], True),
        (AfterPhrase("we agree"), [], False),
    ],
)
def test_it_holds_when_the_last_comment_has_the_phrase_and_the_right_author(condition, history, holds):
    assert condition.holds(history_of(*history)) is holds


def test_its_words_tell_the_author():
    assert str(AfterPhrase("we\n agree")) == "“we agree” was said"
    assert str(AfterPhrase("we agree", by="participant")) == "“we agree” was said by a participant"


@pytest.mark.parametrize(
    ("arguments", "message", "field"),
    [
        ({"phrase": " "}, "phrase is empty", "phrase"),
        ({"phrase": 3}, "phrase is 3, but must be text", "phrase"),
        ({"phrase": "x", "by": "Mo"}, "by is 'Mo', but must be one of: anyone, moderator, participant", "by"),
    ],
)
def test_mistakes_are_refused_with_their_field(arguments, message, field):
    with pytest.raises(InvalidInputError, match=message) as caught:
        AfterPhrase(**arguments)
    assert caught.value.field == field
