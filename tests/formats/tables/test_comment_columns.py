"""The columns of a table of comments."""

import pytest

from syndisco_nb.errors import RecordError
from syndisco_nb.formats.tables.comment_columns import comment_columns, has_headings


@pytest.mark.parametrize(
    ("known", "given", "found"),
    [
        ("thread author body", {}, ("thread", "author", "body")),
        ("Conversation-ID User Comment.Text", {}, ("Conversation-ID", "User", "Comment.Text")),
        ("discussion discussion_id name text message", {}, ("discussion", "name", "text")),
        ("a speaker user text", {"discussion": "a", "name": "user"}, ("a", "user", "text")),
        ("user text id post_id", {"discussion": ""}, (None, "user", "text")),
    ],
)
def test_usual_headings_are_found_and_named_ones_taken(known, given, found):
    columns = comment_columns(known.split(), given, "a.csv")
    assert tuple(map(columns.get, ("discussion", "name", "text"))) == found
    assert len(columns) == len([one for one in found if one])


def test_headings_are_known_without_a_choice_between_them():
    assert has_headings(["Author", "user", "Body"], ("name", "text"))
    assert not has_headings(["Author", "x"], ("name", "text"))


def test_columns_that_need_not_be_there_are_found():
    known = ["thread", "author", "text", "index", "comment_id", "reply_to", "role", "topic", "model", "turn"]
    assert comment_columns(known, {}, "a.csv") == {
        "discussion": "thread",
        "name": "author",
        **{name: name for name in known[2:-1]},
    }


@pytest.mark.parametrize(
    ("known", "given", "words"),
    [
        (
            "a user text",
            {},
            (
                "a.csv has no column of discussions. Its columns are a, user, text. Name the column that "
                "tells discussions apart, as in discussion='a', or give discussion=\"\" if all of it is one discussion."
            ),
        ),
        (
            "thread user author text",
            {},
            "several columns that may be meant by name: user, author. Name the column that names the speakers",
        ),
        (
            "thread user x",
            {},
            "a.csv has no column of comments. Its columns are thread, user, x. Name the column that holds ",
        ),
        (
            "thread text",
            {},
            "a.csv has no column of speakers. Its columns are thread, text. Name the column that names the ",
        ),
        ("thread text", {}, "as in name='…', or give name=\"\" if nobody is named."),
        (
            "thread user x",
            {"text": ""},
            'text is "", but comments need a column of texts. Its columns are thread, user, x.',
        ),
        ("thread user x", {"text": "Z"}, "a.csv has no column 'Z', which text names. Its columns are thread, user, x."),
        ("thread user words", {"text": "word"}, "Did you mean 'words'?"),
        ("", {}, "It has no columns."),
    ],
)
def test_all_that_is_unclear_is_an_error_that_shows_the_argument(known, given, words):
    with pytest.raises(RecordError) as caught:
        comment_columns(known.split(), given, "a.csv")
    assert words in str(caught.value)


def test_a_usual_heading_that_was_named_for_something_else_is_pointed_at():
    with pytest.raises(RecordError, match=r"no column of speakers.*text='author' is given\.$"):
        comment_columns(["thread", "author", "body"], {"text": "author"}, "a.csv")
