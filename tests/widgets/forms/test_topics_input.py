"""The input of topics."""

from support.forms import typed

from syndisco_nb.widgets.forms.field_specs import FieldSpec
from syndisco_nb.widgets.forms.topics_input import topics_input

OPENING = ["One.", {"name": "Ana", "text": "Two."}]
LINE = '["One.", {"name": "Ana", "text": "Two."}]'


def test_a_line_is_a_topic_and_json_one_of_several_comments():
    field = topics_input(FieldSpec("topics", (tuple,), description="What about"))
    typed(field, f"Tax\n\n{LINE}\n[not json")
    assert field.value == ("Tax", OPENING, "[not json")
    assert (field.label, field.hint.partition(".")[0]) == ("Topics", "What about")


def test_json_that_is_pasted_is_a_list_of_topics_and_never_a_topic_for_every_line():
    field = topics_input(FieldSpec("topics", (tuple,)))
    typed(field, '[\n "Tax",\n {"topic": "Buses"}\n]')
    assert field.value == ("Tax", "Buses")
    typed(field, f"{LINE}\n{LINE}")
    assert field.value == (OPENING, OPENING)


def test_topics_are_written_as_they_are_typed():
    field = topics_input(FieldSpec("topics", (tuple,)))
    field.value = ("Tax", "Zoll für Bücher")
    assert field.text == "Tax\nZoll für Bücher"
    field.value = "a file.txt"
    assert field.text == "a file.txt"
