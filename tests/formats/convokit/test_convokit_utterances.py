"""Utterances and their order."""

import pytest

from syndisco_nb.formats.convokit.convokit_utterances import ConvokitUtterance, in_order


def utterances(text):
    """Return utterances of a text such as "a>b@3": a answers b, at time 3."""
    made = []
    for one in text.split():
        rest, _, time = one.partition("@")
        name, _, above = rest.partition(">")
        made.append(ConvokitUtterance(id=name, speaker="s", reply_to=above or None, timestamp=float(time or 0)))
    return made


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("a@3 b>a@1 c>a@2", "a b c"),  # the file's own order
        ("b>a@1 a@0 c>b@2", "a b c"),  # by time
        ("c>b@0 b>a@0 a@0", "a b c"),  # by replies alone
        ("b>a@1 c>gone@0 a@2", "c a b"),
        ("a>b@1 b>a@2 c@3", "b a c"),  # a circle
        ("a>a@1 b@2", "a b"),
    ],
)
def test_each_comes_after_the_one_that_it_answers(given, wanted):
    assert [one.id for one in in_order(utterances(given))] == wanted.split()


def test_times_of_several_kinds_order_nothing():
    first, second = utterances("b>a@1 a@0")
    first.timestamp = "noon"
    assert [one.id for one in in_order([first, second])] == ["a", "b"]


def test_older_names_of_the_fields_are_read():
    one = ConvokitUtterance.model_validate({"id": 1, "user": 2, "root": 3, "reply-to": 4})
    assert (one.id, one.speaker, one.conversation_id, one.reply_to) == ("1", "2", "3", "4")
