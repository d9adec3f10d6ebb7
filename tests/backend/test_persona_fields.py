"""The values that the fields of a persona may have."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syndisco_nb.backend.persona import LLMPersona
from syndisco_nb.backend.persona_fields import checked_field, field_text
from syndisco_nb.errors import PersonaError


@pytest.mark.parametrize(
    ("given_age", "kept"),
    [
        ("25-34", "25-34"),
        ("Under 18", "Under 18"),
        ("65+", "65+"),
        ("25 – 34", "25 – 34"),
        ("18 to 24 years", "18 to 24 years"),
        ("65 and over", "65 and over"),
        ("mid-30s", "mid-30s"),
        ("< 18", "< 18"),
        (np.int64(41), 41),
        (np.float32(41), 41),
        (np.str_("41"), 41),
        ("-1", None),
        (-1, None),
        (" -1 ", None),
        ("", None),
        (None, None),
        (41, 41),
        ("41", 41),
        (41.0, 41),
        (0, 0),
        (150, 150),
    ],
)
def test_ages_as_files_have_them(given_age, kept):
    assert LLMPersona("Ana", age=given_age).age == kept


@pytest.mark.parametrize(
    "age",
    [-2, 151, 25.5, True, float("nan"), float("inf"), [25], "-7", "999", "abc", "Jan 18", "18-Jan", "200-300", "34-25"],
)
def test_an_impossible_age_is_refused(age):
    with pytest.raises(PersonaError) as caught:
        LLMPersona("Ana", age=age)
    assert f"age is {age!r}" in str(caught.value)
    assert caught.value.field == "age"


@settings(deadline=None)
@given(st.text(max_size=6) | st.text("-+0123456789² ", max_size=4))
@example("--5")
@example("²")
def test_any_text_as_age_makes_a_persona_or_a_clear_error(age):
    try:
        outcome = LLMPersona("Ana", age=age).to_attribute_list()[-1]
    except PersonaError as error:
        outcome = str(error)
    assert outcome.startswith(("username: Ana", "age: ", "age is "))


def test_numbers_of_numpy_are_kept_as_pythons():
    persona = LLMPersona("Ana", children=np.int64(2), weight=np.float64(61.5), member=np.bool_(1))
    assert persona.to_attribute_list()[1:] == ["children: 2", "weight: 61.5", "member: True"]
    assert [type(value) for value in persona.attributes.values()] == [str, int, float, bool]


@pytest.mark.parametrize("username", [None, 7, ["Ana"], "Ana\nBen"])
def test_a_name_is_a_line_of_text(username):
    with pytest.raises(PersonaError, match="username is ") as caught:
        LLMPersona(username=username)
    assert caught.value.field == "username"


@pytest.mark.parametrize(
    "field",
    [
        "sex",
        "sexual_orientation",
        "demographic_group",
        "current_employment",
        "education_level",
        "special_instructions",
    ],
)
@pytest.mark.parametrize("value", [3, ["x"], {"a": 1}, True])
def test_a_text_field_must_be_text(field, value):
    with pytest.raises(PersonaError) as caught:
        LLMPersona("Ana", **{field: value})
    assert f"{field} is {value!r}" in str(caught.value)
    assert caught.value.field == field


@pytest.mark.parametrize("traits", [3, True, [1, 2], {"kind": 1}, ["kind", None]])
def test_traits_must_be_a_list_of_texts(traits):
    with pytest.raises(PersonaError, match=r"personality_characteristics is .* list of texts"):
        LLMPersona("Ana", personality_characteristics=traits)


@pytest.mark.parametrize("traits", [["a", "b"], ("a", "b"), {"b", "a"}])
def test_traits_may_be_any_collection(traits):
    assert LLMPersona("Ana", personality_characteristics=traits).personality_characteristics == ("a", "b")


def test_a_single_trait_may_be_bare_text():
    assert LLMPersona("Ana", personality_characteristics="kind").personality_characteristics == ("kind",)


@pytest.mark.parametrize("value", [{"a": 1}, [1, 2], object()])
def test_a_further_attribute_of_an_odd_kind_is_named(value):
    with pytest.raises(PersonaError, match="hobby is "):
        LLMPersona("Ana", hobby=value)


@pytest.mark.parametrize("value", ["\ud83d", ["kind", "\ud83d"]])
def test_half_a_character_is_refused(value):
    with pytest.raises(PersonaError, match=r"hobby is .*, which is not valid text") as caught:
        checked_field("hobby", value)
    assert caught.value.field == "hobby"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_must_be_finite(value):
    with pytest.raises(PersonaError, match=r"weight is (nan|inf), but must be text, a number or a list of texts"):
        checked_field("weight", value)


def test_values_are_told_as_text():
    assert [field_text(value) for value in (("a", "b"), 3, False, "x")] == ["a, b", "3", "False", "x"]
