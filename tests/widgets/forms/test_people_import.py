"""People from a file or a spreadsheet, and as variants."""

import json

import pytest

import syndisco_nb as snb

MAYA = snb.LLMPersona(username="Maya", age=41, languages=["el", "en"])
BEN = snb.LLMPersona(username="Ben")


@pytest.fixture
def form():
    return snb.PeopleForm([MAYA, BEN])


@pytest.mark.parametrize(
    "text",
    [
        "username,age\nAna,30\nCem,\n",
        "username\tage\nAna\t30\nCem\t\n",
        '[{"username": "Ana", "age": 30}, {"username": "Cem"}]',
        '{"username": "Ana", "age": 30}\n{"username": "Cem"}',
    ],
    ids=["csv", "spreadsheet", "json", "json lines"],
)
def test_what_is_pasted_is_added(form, text):
    form.file.paste.text = text
    form.file.add()
    assert [(one.username, one.age) for one in form.value[2:]] == [("Ana", 30), ("Cem", None)]
    assert form.file.paste.text == ""


def test_what_is_wrong_with_it_is_said_beside_it_and_it_stays(form):
    form.file.paste.text = "username,age\nAna,-7"
    form.file.add()
    assert "The text, entry 1: field age is '-7'" in form.file.paste.message
    assert form.file.paste.text == "username,age\nAna,-7"
    assert len(form) == 2


def test_a_file_takes_the_place_of_empty_rows():
    form = snb.PeopleForm()
    form.add()
    form.file.upload("people.json", json.dumps([{"username": "Ana"}]).encode())
    assert [one.username for one in form.value] == ["Ana"]


def test_a_bad_file_is_said_in_the_form(form):
    form.file.upload("people.json", b"[{")
    assert form.file.paste.message.startswith("people.json cannot be read:")
    form.file.upload("people.csv", b"\xff\xfe")
    assert form.file.paste.message == "people.csv is not UTF-8 text. Save it as UTF-8."


def test_variants_are_all_combinations(form):
    form.variants.person.text = "Maya"
    (one, its), (other, others) = form.variants.attributes
    one.text, its.text, other.text, others.text = "age", "20\n70", "sex", "female\nmale"
    form.variants.add()
    assert [one.username for one in form.value[2:]] == [
        "Maya age 20, sex female",
        "Maya age 20, sex male",
        "Maya age 70, sex female",
        "Maya age 70, sex male",
    ]
    assert form.value[2].age == 20
    assert form.value[2].languages == ("el", "en")


def test_variants_of_nothing_are_explained(form):
    form.variants.add()
    assert "Name an attribute" in form.variants.person.message
    form.variants.attributes[0][0].text, form.variants.attributes[0][1].text = "age", "-5"
    form.variants.add()
    assert "field age is '-5'" in form.variants.person.message
    assert len(form) == 2


def test_a_column_is_added(form):
    form.add_column("hobby")
    assert [name for name, *_ in form.grid.columns][-1] == "hobby"
    form.edit(1, "hobby", "chess")
    assert form.value[1].hobby == "chess"
