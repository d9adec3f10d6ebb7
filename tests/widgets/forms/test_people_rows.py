"""The rows of the table of people."""

from syndisco_nb.widgets.forms.people_rows import filled_places, people_faults, with_copy
from syndisco_nb.widgets.forms.person_row import PersonRow


def rows(*people):
    return [PersonRow.of(person) for person in people]


def test_empty_rows_are_nobody():
    table = rows({"username": "Ana"}, {"username": " ", "age": ""}, {"age": "7"})
    assert filled_places(table) == [0, 2]
    assert people_faults(table) == {"1.username": "Name is empty. Give every person a name."}


def test_a_name_taken_is_told_by_the_row_on_screen_beside_other_faults():
    table = rows({"username": ""}, {"username": "Ana"}, {"username": " Ana", "age": "-7"})
    faults = people_faults(table)
    assert list(faults) == ["1.age", "1.username"]
    assert faults["1.username"] == "Row 2 is already called Ana. Choose another name."


def test_a_copy_has_a_name_of_its_own():
    table = with_copy(with_copy(rows({"username": "Ana", "age": 7}, {"username": "Ben"}), 0), 1)
    assert [row.name for row in table] == ["Ana", "Ana 2", "Ana 3", "Ben"]
    assert table[2].attributes["age"] == 7
