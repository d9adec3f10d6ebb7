"""The form of one person."""

import pytest
from support.forms import typed

import syndisco_nb as snb
from syndisco_nb.errors import PersonaError

PEOPLE = [snb.LLMPersona(username="Ana", age=30, hobby="chess"), snb.LLMPersona(username="Ben")]


def test_a_persona_is_shown_whole():
    form = snb.PersonaForm()
    form.value = PEOPLE[0]
    assert (form["username"].text, form["age"].text, form["attributes"].text) == ("Ana", "30", "hobby: chess")
    form.value = PEOPLE[1]
    assert (form["age"].text, form["attributes"].text) == ("", "")
    assert form.value == PEOPLE[1]


def test_the_personas_own_words_say_what_is_wrong():
    form = snb.PersonaForm()
    typed(form["username"], "Ada")
    typed(form["age"], "-7")
    with pytest.raises(PersonaError) as raised:
        snb.LLMPersona(username="Ada", age="-7")
    assert form.errors == {"age": str(raised.value)}


def test_the_code_makes_an_equal_person():
    form = snb.PersonaForm(PEOPLE[0])
    namespace = {}
    exec(form.code(), namespace)  # noqa: S102
    assert namespace["person"] == form.value == PEOPLE[0]
