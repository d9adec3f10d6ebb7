"""Names, labels and missing values of the columns of a table."""

import pytest

from syndisco_nb.backend.recoding import Recoding
from syndisco_nb.errors import InvalidInputError

KNOWN = ["AGE", "SEX", "zip"]


def recoded(cells, columns=(), labels=None, missing=(), own=None, text=True):
    return Recoding(KNOWN, columns or {}, labels or {}, missing, own or {}).row(KNOWN, cells, text=text)


def test_columns_are_renamed_and_the_others_keep_their_names():
    assert recoded([34, 1, "02138"], {"age": "AGE"}) == {"age": "34", "SEX": "1", "zip": "02138"}


def test_a_list_takes_these_columns_alone():
    assert recoded([34, 1, "02138"], ["zip", "AGE"]) == {"AGE": "34", "zip": "02138"}


def test_a_column_may_get_two_names():
    assert recoded([34, 1, "x"], {"age": "AGE", "years": "AGE"})["years"] == "34"


def test_labels_replace_codes_however_these_are_written():
    for code in (1, 1.0, "1", "1.0"):
        assert recoded([None, code, None], labels={"SEX": {1: "male"}}) == {"SEX": "male"}
        assert recoded([None, 1, None], labels={"SEX": {code: "male"}}) == {"SEX": "male"}
    assert recoded(["02138", None, "02138"], labels={"zip": {2138: "x"}})["zip"] == "02138"


def test_labels_that_are_given_come_before_those_of_the_file():
    own = {"SEX": {1.0: "MALE", 2.0: "FEMALE"}}
    assert recoded([None, 1.0, None], labels={"SEX": {1: "man"}}, own=own) == {"SEX": "man"}
    assert recoded([None, 2.0, None], labels={"SEX": {1: "man"}}, own=own) == {"SEX": "FEMALE"}


@pytest.mark.parametrize("missing", [[-9], ["-9"], [-9.0], {"AGE": [-9]}, ["refused"]])
def test_missing_values_are_left_out_before_and_after_labels(missing):
    for cell in (-9, -9.0, "-9", "-9.0"):
        assert recoded([cell, 1, None], labels={"AGE": {-9: "refused"}}, missing=missing) == {"SEX": "1"}


def test_missing_values_of_one_column_are_answers_in_another():
    assert recoded([98, 98, 98], missing={"AGE": [98]}) == {"SEX": "98", "zip": "98"}
    assert recoded([98, 98, 98], missing=[98]) == {}


def test_a_label_of_nothing_means_no_answer():
    assert recoded([1, 9, None], labels={"SEX": {9: None}}) == {"AGE": "1"}


def test_numbers_stay_numbers_on_request():
    assert recoded([34.0, True, 0.5], text=False) == {"AGE": 34, "SEX": True, "zip": 0.5}


@pytest.mark.parametrize(
    ("settings", "said", "field"),
    [
        (
            {"columns": {"age": "AG"}},
            r"columns names a column 'AG', which .* not have\. Did you mean 'AGE'\?",
            "columns",
        ),
        ({"columns": {"age": "income"}}, "It has: AGE, SEX, zip", "columns"),
        ({"columns": ["age"]}, "columns names a column 'age'.* Did you mean 'AGE'", "columns"),
        ({"columns": {"AGE": "age"}}, r"must map our names .*: columns=\{'age': 'AGE'\}\.", "columns"),
        ({"columns": {"zip": "AGE"}}, "columns makes 'AGE' the column 'zip', but the table has a column", "columns"),
        ({"columns": "age"}, "columns is 'age', but must map", "columns"),
        ({"columns": {"age": 3}}, "columns names a column 3", "columns"),
        ({"labels": {"sex": {1: "male"}}}, "labels names a column 'sex'.* Did you mean 'SEX'", "labels"),
        ({"columns": {"gender": "SEX"}, "labels": {"gender": {1: "male"}}}, "Did you mean 'SEX'", "labels"),
        ({"labels": {"SEX": "male"}}, "must give the labels of each column", "labels"),
        ({"labels": [1]}, "must give the labels of each column", "labels"),
        ({"missing": "-9"}, "missing is '-9', but must be a list of values", "missing"),
        ({"missing": -9}, "missing is -9, but must be a list of values", "missing"),
        ({"missing": {"AGE": "98"}}, "must be a list of values", "missing"),
        ({"missing": {"age": [98]}}, "missing names a column 'age'", "missing"),
    ],
)
def test_a_mistake_is_an_error_that_shows_the_right_way(settings, said, field):
    with pytest.raises(InvalidInputError, match=said) as caught:
        recoded([1, 2, 3], **settings)
    assert caught.value.field == field
