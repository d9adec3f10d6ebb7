"""The table of people after a paste."""

import pytest

from syndisco_nb.errors import InvalidInputError
from syndisco_nb.widgets.forms.pasted_rows import pasted_rows
from syndisco_nb.widgets.forms.person_row import PersonRow

COLUMNS = ["username", "age", "sex"]


@pytest.fixture
def people():
    return [PersonRow.of({"username": name}) for name in ("Ana", "", "Ben")]


def attributes(rows):
    return [row.attributes for row in rows]


def test_cells_are_written_over_and_rows_added(people):
    rows = pasted_rows(people, COLUMNS, (2, "username"), "Cem\t30\nDana\t\n")
    assert attributes(rows)[2:] == [{"username": "Cem", "age": "30"}, {"username": "Dana", "age": ""}]
    assert rows[:2] == people[:2]
    assert attributes(people)[2] == {"username": "Ben"}


def test_a_table_with_headings_adds_people_in_place_of_empty_rows(people):
    rows = pasted_rows(people, COLUMNS, (0, "sex"), "Age,Name\n30,Cem\n")
    assert attributes(rows) == [{"username": "Ana"}, {"username": "Ben"}, {"username": "Cem", "age": "30"}]


def test_cells_that_have_no_column_are_refused(people):
    with pytest.raises(InvalidInputError, match="have 2 cells, but there is 1 column for them"):
        pasted_rows(people, COLUMNS, (0, "sex"), "f\tchess")
    with pytest.raises(InvalidInputError, match="have 3 cells, but there are 2 columns for them"):
        pasted_rows(people, COLUMNS, (0, "sex"), "Name\tAge\nAna\t30\tchess")
    with pytest.raises(InvalidInputError, match="attribute is 'hobby', but the columns are: username, age, sex"):
        pasted_rows(people, COLUMNS, (0, "hobby"), "a\tb")
