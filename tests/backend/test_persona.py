"""Personas."""

import copy
import pickle

import pandas as pd
import pytest

from syndisco_nb.backend.persona import LLMPersona, People
from syndisco_nb.errors import InvalidInputError, PersonaError

GUIDE = {
    "username": "Emma35",
    "age": 38,
    "sex": "female",
    "education_level": "Bachelor's",
    "sexual_orientation": "Heterosexual",
    "demographic_group": "Latino",
    "current_employment": "Registered Nurse",
    "special_instructions": "Be brief",
    "personality_characteristics": ["compassionate", "patient"],
}


def test_every_field_of_the_guide_is_kept():
    persona = LLMPersona(**GUIDE)
    assert persona.attributes == GUIDE | {"personality_characteristics": ("compassionate", "patient")}
    for name, value in persona.attributes.items():
        assert getattr(persona, name) == value


def test_attributes_are_told_as_field_and_value():
    assert set(LLMPersona(**GUIDE).to_attribute_list()) == {
        "username: Emma35",
        "age: 38",
        "sex: female",
        "education_level: Bachelor's",
        "sexual_orientation: Heterosexual",
        "demographic_group: Latino",
        "current_employment: Registered Nurse",
        "special_instructions: Be brief",
        "personality_characteristics: compassionate, patient",
    }


def test_the_order_of_attributes_does_not_depend_on_how_they_were_given():
    backwards = dict(reversed(GUIDE.items()))
    assert LLMPersona(**backwards).to_attribute_list() == LLMPersona(**GUIDE).to_attribute_list()
    assert LLMPersona(**GUIDE).to_attribute_list()[0] == "username: Emma35"


def test_what_is_unknown_is_not_told():
    persona = LLMPersona(username="Ana", age=-1, sex="", personality_characteristics=[], hobby=None)
    assert persona.to_attribute_list() == ["username: Ana"]
    assert persona.age is None
    assert persona.sex is None


@pytest.mark.parametrize("extra", [0, 0.0, False])
def test_an_attribute_that_is_zero_or_false_is_told(extra):
    assert LLMPersona("Ana", children=extra).to_attribute_list() == ["username: Ana", f"children: {extra}"]


def test_a_username_that_is_missing_or_misspelt_is_said():
    with pytest.raises(PersonaError, match=r"A persona needs a username\. Did you mean username in place of user_name"):
        LLMPersona(user_name="Ana", age=3)
    with pytest.raises(PersonaError, match=r"A persona needs a username\. Give one"):
        LLMPersona(age=3)


@pytest.mark.parametrize("username", ["", "  "])
def test_an_annotator_needs_no_name_but_whoever_takes_part_does(username):
    persona = LLMPersona(username=username, age=38)
    assert (persona.username, persona.to_attribute_list()) == ("", ["age: 38"])
    assert eval(repr(persona), {"LLMPersona": LLMPersona}) == LLMPersona(**persona.attributes) == persona  # noqa: S307
    assert "no name" in persona._repr_mimebundle_()["text/plain"]
    with pytest.raises(
        PersonaError, match="Entry 2 has no username, but whoever takes part in a discussion needs one"
    ) as caught:
        People([LLMPersona("Ana"), persona])
    assert caught.value.field == "1.username"


def test_names_and_texts_lose_outer_spaces_only():
    persona = LLMPersona(" Ana Maria ", sex=" f ", special_instructions=" One.\nTwo. ")
    assert (persona.username, persona.sex, persona.special_instructions) == ("Ana Maria", "f", "One.\nTwo.")


def test_further_attributes_are_kept_in_order_and_readable():
    persona = LLMPersona("Ana", hobby="chess", children=2, languages=["de", "el"])
    assert persona.to_attribute_list()[1:] == ["hobby: chess", "children: 2", "languages: de, el"]
    assert persona.hobby == "chess"


def test_an_unknown_attribute_is_an_error_with_a_suggestion():
    with pytest.raises(AttributeError, match=r"no attribute 'hoby'\. Did you mean 'hobby'\?"):
        _ = LLMPersona("Ana", hobby="chess").hoby
    assert not hasattr(LLMPersona("Ana"), "hobby")
    assert not hasattr(LLMPersona("Ana"), "_repr_html_")


def test_a_persona_cannot_be_changed():
    persona = LLMPersona("Ana", age=3)
    persona.attributes["age"] = 99
    with pytest.raises(AttributeError):
        persona.username = "Ben"
    with pytest.raises(AttributeError):
        persona.age = 4
    assert persona == LLMPersona("Ana", age=3)


def test_equal_personas_have_equal_hashes():
    one, other = LLMPersona("Ana", a="1", b="2"), LLMPersona("Ana", b="2", a="1")
    assert LLMPersona("Ana") != LLMPersona("Ben")
    assert one == other
    assert hash(one) == hash(other)


def test_personas_and_people_survive_copy_and_pickle():
    people = People([LLMPersona(**GUIDE), LLMPersona("Ben")])
    for twin in (copy.copy(people), copy.deepcopy(people), pickle.loads(pickle.dumps(people))):  # noqa: S301
        assert twin == people
        assert isinstance(twin, People)


def test_the_repr_of_a_persona_makes_it_again():
    persona = LLMPersona(**GUIDE, hobby="chess")
    assert eval(repr(persona), {"LLMPersona": LLMPersona}) == persona  # noqa: S307


def test_people_are_sliced_into_people():
    people = People(LLMPersona(name) for name in "ABCDE")
    assert isinstance(people[1:3], People)
    assert [persona.username for persona in people[1:3]] == ["B", "C"]
    assert people[-1] == LLMPersona("E")
    assert len(people[:0]) == 0


def test_people_show_as_a_table_with_a_column_per_known_field():
    frame = People([LLMPersona("Ana", age=3), LLMPersona("Ben", hobby="chess")]).to_dataframe()
    assert list(frame.columns) == ["username", "age", "hobby"]
    assert list(frame["username"]) == ["Ana", "Ben"]
    assert frame["hobby"].isna().tolist() == [True, False]


def test_people_come_from_a_dataframe_and_go_back_into_one():
    people = People([LLMPersona("Ana", age=3, score=0.5), LLMPersona("Ben", hobby="chess")])
    assert People.from_dataframe(people.to_dataframe()) == people
    frame = pd.DataFrame({"ID": ["A", "A"], "SEX": [1, 9]}, index=["x", "y"])
    found = People.from_dataframe(
        frame, rename=True, columns={"username": "ID", "sex": "SEX"}, labels={"SEX": {1: "male"}}, missing=[9]
    )
    assert found == (LLMPersona("A", sex="male"), LLMPersona("A 2"))


@pytest.mark.parametrize("frame", ["people.csv", [{"username": "Ana"}], None])
def test_what_is_no_dataframe_is_refused_with_the_right_function(frame):
    with pytest.raises(InvalidInputError, match=r"but must be a DataFrame\. Read files with load_personas\(path\)"):
        People.from_dataframe(frame)


def test_people_say_how_many_they_are():
    assert repr(People([LLMPersona("Ana")])) == "<People: 1 personas (Ana)>"
    assert repr(People(LLMPersona(name) for name in "ABCDE")) == "<People: 5 personas (A, B, C, D, …)>"


def test_people_of_one_name_are_refused():
    with pytest.raises(PersonaError, match="'Ana' is used by entry 1 and again by entry 3") as caught:
        People([LLMPersona("Ana"), LLMPersona("Ben"), LLMPersona("Ana", age=3)])
    assert caught.value.field == "2.username"


def test_people_that_are_no_personas_are_refused():
    with pytest.raises(PersonaError, match=r"Entry 1 is .*, but must be an LLMPersona") as caught:
        People([{"username": "Ana"}])
    assert caught.value.field == "0"


def test_variants_are_all_combinations_named_by_them():
    maya = LLMPersona(username="Maya", age=41, hobby="chess")
    made = maya.variants(age=[20, 70], personality_characteristics=[["blunt"], ["warm", "shy"]])
    assert [one.username for one in made] == [
        "Maya age 20, personality characteristics blunt",
        "Maya age 20, personality characteristics warm, shy",
        "Maya age 70, personality characteristics blunt",
        "Maya age 70, personality characteristics warm, shy",
    ]
    assert made[3] == LLMPersona(made[3].username, age=70, personality_characteristics=["warm", "shy"], hobby="chess")
    assert maya.variants(username=["Ana", "Ben"]) == (
        LLMPersona("Ana", age=41, hobby="chess"),
        LLMPersona("Ben", age=41, hobby="chess"),
    )


def test_variants_of_nothing_and_of_zero_have_names():
    made = LLMPersona(username="Maya").variants(children=[0, 1], age=[None])
    assert [one.username for one in made] == ["Maya children 0, age unknown", "Maya children 1, age unknown"]


def test_variants_that_are_none_are_refused():
    with pytest.raises(PersonaError, match="age is -5"):
        LLMPersona(username="Maya").variants(age=[-5])
    with pytest.raises(PersonaError, match="is used by entry 1 and again by entry 2"):
        LLMPersona(username="Maya").variants(age=[5, 5])
