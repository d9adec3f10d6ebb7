import pytest

import syndisco_nb as snb
from examples import talk
from syndisco_nb.display.options import EVERYTHING, Limits
from syndisco_nb.errors import InvalidInputError


@pytest.fixture(autouse=True)
def _reset():
    yield
    snb.options.reset()


def test_a_limit_changes_what_is_shown():
    snb.options.max_messages = 4
    text = talk(30)._repr_mimebundle_()["text/plain"]
    assert "26 of 30 messages not shown" in text
    snb.options.reset()
    assert "not shown" not in talk(30)._repr_mimebundle_()["text/plain"]


@pytest.mark.parametrize("value", [1, 0, -3, 2.5, "9", None, True])
def test_a_wrong_value_is_refused_and_nothing_changes(value):
    with pytest.raises(InvalidInputError, match=r"max_messages is .*must be a whole number of 2 or more"):
        snb.options.max_messages = value
    assert snb.options.max_messages == 200


def test_a_wrong_name_is_refused_with_the_right_one():
    with pytest.raises(InvalidInputError, match=r"Did you mean 'max_messages'.*max_bytes"):
        snb.options.max_message = 3
    with pytest.raises(AttributeError, match="Did you mean 'max_bytes'"):
        _ = snb.options.max_byte


def test_it_shows_all_it_has():
    assert repr(snb.options) == "Options(max_messages=200, max_bytes=300000, max_text=10000, max_items=50)"
    assert dir(snb.options) == ["max_bytes", "max_items", "max_messages", "max_text", "reset"]


def test_only_a_file_is_whole():
    assert EVERYTHING.whole
    assert not Limits().whole
