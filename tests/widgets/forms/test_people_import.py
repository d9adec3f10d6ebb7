"""People from a file or a spreadsheet, and as variants."""

import json

import pytest
from support.table_bytes import excel_bytes

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
        "AGE,Name\n30,Ana\n,Cem\n",
        "Ana\t30\nCem\t\n",
        "Ana;30\nCem;",
    ],
    ids=["csv", "spreadsheet", "json", "json lines", "headings on screen", "no headings", "no headings, csv"],
)
def test_what_is_pasted_is_added(form, text):
    form.file.paste.text = text
    form.file.add()
    assert [(one.username, one.age) for one in form.value[2:]] == [("Ana", 30), ("Cem", None)]
    assert form.file.paste.text == ""


def test_what_is_wrong_with_it_is_said_beside_it_and_it_stays(form):
    form.file.paste.text = "username,age\nAna,-7"
    form.file.add()
    assert "Row 1: Age is '-7'" in form.file.paste.message
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
    form.file.upload("people.csv", b"username\n\x81\n")
    assert form.file.paste.message == "people.csv cannot be read: it is not UTF-8 text. Save it as UTF-8."
    form.file.upload("people.xls", b"\xd0\xcf\x11\xe0")
    assert "an .xls file of old Excel" in form.file.paste.message


@pytest.mark.parametrize(
    "content",
    [
        excel_bytes(["name", "zip"], ["Jürgen", "02138"], ["Jürgen", "None"]),
        "name;zip\nJürgen;02138\nJürgen;None\n".encode("utf-16"),
    ],
    ids=["excel", "utf-16"],
)
def test_a_file_is_read_as_code_reads_it_and_equal_names_are_numbered(content):
    form = snb.PeopleForm()
    form.file.upload("people", content)
    assert [one.to_attribute_list() for one in form.value] == [
        ["username: Jürgen", "zip: 02138"],
        ["username: Jürgen 2", "zip: None"],
    ]


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
    assert "Give an attribute" in form.variants.person.message
    form.variants.attributes[0][0].text, form.variants.attributes[0][1].text = "age", "-5"
    form.variants.add()
    assert "Age is '-5'" in form.variants.person.message
    assert len(form) == 2


def test_a_column_is_added(form):
    form.add_column("hobby")
    assert [name for name, *_ in form.grid.columns][-1] == "hobby"
    form.edit(1, "hobby", "chess")
    assert form.value[1].hobby == "chess"


def test_codes_of_a_survey_are_no_answers():
    form = snb.PeopleForm()
    form.file.missing.text = "-9, refused"
    form.file.upload("survey.csv", b"Name,AGE,Sex\nAna,-9,refused\nBen,41,male\n")
    assert [person.attributes for person in form.value] == [
        {"username": "Ana"},
        {"username": "Ben", "age": 41, "sex": "male"},
    ]
    form.file.paste.text = "Name,AGE\nCem,-9"
    form.file.add()
    assert form.value[2].attributes == {"username": "Cem"}


def test_headings_of_ones_own_columns_are_known(form):
    form.file.paste.text = "languages,Name\nde,Ana"
    form.file.add()
    assert form.value[2].attributes == {"username": "Ana", "languages": "de"}


def test_more_cells_than_columns_need_headings(form):
    form.file.paste.text = "\t".join(str(number) for number in range(9))
    form.file.add()
    assert form.file.paste.message.startswith("The rows have 9 cells, but the table has 7 columns. Name the columns")
