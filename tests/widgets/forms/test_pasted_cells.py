"""Cells copied out of a spreadsheet."""

import pytest

from syndisco_nb.errors import InvalidInputError
from syndisco_nb.widgets.forms.pasted_cells import cells_of, columns_of, with_headings


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a\tb\nc\td\n", [["a", "b"], ["c", "d"]]),
        ("a\tb\r\n\t\r\nc\td", [["a", "b"], ["", ""], ["c", "d"]]),
        ('"One, ""two"".\nThree."\tb', [['One, "two".\nThree.', "b"]]),
        ('"One, two",3\n4,5', [["One, two", "3"], ["4", "5"]]),
        ("a;b\nc;d", [["a", "b"], ["c", "d"]]),
        ("Ana\nBen", [["Ana"], ["Ben"]]),
        ("Paris, France\nRome", [["Paris, France"], ["Rome"]]),
        ("", [[""]]),
    ],
    ids=["tabs", "an empty row", "quotes", "csv", "semicolons", "a column", "texts with commas", "nothing"],
)
def test_cells_are_told_apart(text, cells):
    assert cells_of(text) == cells


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (["AGE", "Occupation", " name ", "Pet"], ["age", "current_employment", "username", "Pet"]),
        (["Years in town"], ["years_in_town"]),
        (["education_level"], ["education_level"]),
        (["Maya", "41"], None),
        ([""], None),
    ],
)
def test_headings_are_known_by_name_and_label_in_any_case(row, named):
    assert columns_of(row, ["username", "years_in_town"]) == named


def test_rows_without_headings_are_in_the_order_of_the_columns():
    columns = ["username", "age", "hobby"]
    assert with_headings("Ana\t30\n\n", columns) == "username,age,hobby\r\nAna,30\r\n"
    assert with_headings("Hobby,NAME\nchess,Ana", columns) == "hobby,username\r\nchess,Ana\r\n"
    with pytest.raises(InvalidInputError, match=r"rows have 2 cells, but the table has 1 column\. Name the columns"):
        with_headings("Ana\t30", columns[:1])
