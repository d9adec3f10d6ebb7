"""One row of the table of people."""

import syndisco_nb as snb
from syndisco_nb.widgets.forms.person_row import PersonRow


def test_a_row_without_faults_is_a_person():
    person = snb.LLMPersona(username=" Ana ", age=30, languages=["el", "en"])
    row = PersonRow.of(person)
    assert (row.given, row.faults, row.name) == (person, {}, "Ana")
    assert (row.cell("languages"), row.cell("age"), row.cell("sex"), row.cell("hobby")) == ("el; en", "30", "", "")


def test_a_fault_stands_at_its_attribute_and_the_row_keeps_what_was_typed():
    row = PersonRow.of({"username": "Ana", "age": "-7"})
    assert list(row.faults) == ["age"]
    assert row.given == {"username": "Ana", "age": "-7"}
    assert list(PersonRow.of({"age": "7"}).faults) == ["username"]


def test_a_row_is_blank_until_anything_is_filled_in():
    empty = PersonRow.of({"username": ""})
    assert empty.blank
    assert empty.filled({"age": " ", "personality_characteristics": ";"}).blank
    filled = empty.filled({"username": "Ana", "age": "7"})
    assert (filled.blank, filled.given, filled.typed) == (False, snb.LLMPersona("Ana", age=7), {"username", "age"})


def test_lists_are_typed_with_semicolons():
    row = PersonRow.of({"username": "Ana", "languages": ("el",)})
    assert row.edited("languages", "el; en ;").attributes["languages"] == ("el", "en")
    assert row.edited("personality_characteristics", "shy").attributes["personality_characteristics"] == ("shy",)
    assert row.edited("hobby", "a; b").attributes["hobby"] == "a; b"


def test_an_edit_makes_another_row_that_knows_what_was_typed():
    row = PersonRow.of({"username": "Ana"})
    edited = row.edited("age", "7").edited("sex", "female")
    assert (row.typed, edited.typed) == (set(), {"age", "sex"})
    assert "age" not in row.attributes
