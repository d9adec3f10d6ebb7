import math

import numpy as np
import pytest
from support.talks import talk_of

from syndisco_nb.analysis.measures.measure_registry import MEASURES, Measure, find_measure, mean, only_counted
from syndisco_nb.errors import InvalidInputError

TALK = talk_of("Op: Cars?", "Ana: Why not?", "Ben: ", "Mo: Be kind, please.", "Ben: No.", index=7)


def refusal(call, *args):
    with pytest.raises(InvalidInputError) as caught:
        call(*args)
    assert caught.value.field == "measure"
    return str(caught.value)


def test_every_measure_has_a_unit_and_a_description_and_is_found_by_its_name():
    assert len(MEASURES) == 21
    for name, one in MEASURES.items():
        assert find_measure(name) is one
        assert one.name == name
        assert one.unit
        assert one.description


@pytest.mark.parametrize("name", [name for name, one in MEASURES.items() if one.kind is not str])
def test_every_measure_has_a_number_also_of_an_empty_discussion(name):
    for talk in (TALK, talk_of(), talk_of("Ana: …"), talk_of("Ana: ", users=["Ana"])):
        assert isinstance(find_measure(name)(talk), float)
        if MEASURES[name].per_comment:
            assert len(MEASURES[name].of_comments(talk)) == len(only_counted(talk).comments)


def test_only_what_counts_is_measured():
    assert find_measure("comments")(TALK) == 2
    assert find_measure("comments")(TALK, "all") == 4
    assert find_measure("length")(TALK) == 1.5
    counted = only_counted(TALK)
    assert [message.text for message in counted.messages] == ["Why not?", "", "No."]
    assert only_counted(counted) == counted
    assert not only_counted(TALK, {"moderator"}).silences
    with pytest.raises(InvalidInputError, match="a role is one of"):
        find_measure("length")(TALK, "moderators")


def test_a_value_is_the_mean_of_those_of_the_comments():
    assert MEASURES["length"].of_comments(TALK) == [2, 1]
    assert "length" in refusal(MEASURES["gini"].of_comments, TALK)


def questions(talk):
    """Count question marks.

    In all that counts.
    """
    return sum(comment.text.count("?") for comment in talk.comments)


def test_a_function_of_ones_own_is_a_measure():
    measure = find_measure(questions)
    assert (measure.name, measure.unit, measure.description) == ("questions", "", "Count question marks.")
    assert measure(TALK) == 1
    assert find_measure(measure) is measure
    assert find_measure(type("Loud", (), {"__call__": lambda self, talk: 3})()).name == "Loud"


@pytest.mark.parametrize("value", [2, 2.0, np.int64(2), np.float32(2), np.array(2)])
def test_numbers_of_any_kind_are_taken(value):
    assert find_measure(lambda talk: value)(TALK) == 2


def test_none_is_not_defined():
    assert math.isnan(find_measure(lambda talk: None)(TALK))
    assert find_measure(lambda talk: np.bool_(1))(TALK) == 1


@pytest.mark.parametrize("value", ["2", {"a": 1}, [1, 2], np.array([1, 2])])
def test_what_is_no_number_is_refused_with_the_discussion(value):
    assert "discussion-00007, but must be one number" in refusal(find_measure(lambda talk: value), TALK)


def test_an_error_in_a_function_names_function_and_discussion():
    def broken(talk):
        return talk.comments[99]

    said = refusal(find_measure(broken), TALK)
    assert "broken failed for discussion-00007: IndexError: tuple index out of range" in said


def test_an_unknown_name_is_refused_with_a_near_one():
    assert "Did you mean 'diversity'?" in refusal(find_measure, "divresity")
    assert "gini" in refusal(find_measure, 7)
    assert "language" in refusal(find_measure("language"), talk_of("Ana: This is surely enough of an English text."))


def test_mean_ignores_what_is_not_defined():
    assert mean([1, math.nan, 2]) == 1.5
    assert math.isnan(mean([math.nan]))
    assert Measure("x", "", "", lambda talk: 1)(TALK) == 1
