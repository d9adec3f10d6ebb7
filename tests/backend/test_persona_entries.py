"""The entries of persona files."""

import pytest

from syndisco_nb.backend.persona_entries import persona_entries
from syndisco_nb.errors import PersonaError


@pytest.mark.parametrize(
    "document",
    [
        [{"name": "Ana"}],
        {"name": "Ana"},
        {"people": [{"name": "Ana"}], "version": 2},
        {"agent_list": [{"traits": {}, "name": "Ana"}], "edsl_class_name": "AgentList", "codebook": {"a": "b"}},
        {"persona": {"name": "Ana"}},
        {"type": "TinyPerson", "persona": {"name": "Ana", "_meta": {"x": 1}}},
        {"name": "Ana", "_metadata": {"id": 1}, "schema_version": 3},
    ],
)
def test_a_person_is_found_wherever_tools_put_them(document):
    assert persona_entries(document) == [{"name": "Ana"}]


def test_inner_values_have_both_names_and_objects_in_lists_are_texts():
    (entry,) = persona_entries(
        {"job": {"title": "nurse", "pay": {"monthly": 3}}, "friends": [{"name": "Bo"}, "x"], "e": {}}
    )
    assert entry == {"job title": "nurse", "job pay monthly": 3, "friends": ["name: Bo", "x"], "e": {}}


def test_objects_within_an_object_are_no_people():
    with pytest.raises(ValueError, match="an object of objects, name, age"):
        persona_entries({"name": {"0": "Ana"}, "age": {"0": 3}})


def test_a_trait_beside_other_values_is_one_of_them():
    assert persona_entries({"name": "Ana", "age": 3, "traits": {"calm": 1}}) == [
        {"name": "Ana", "age": 3, "traits calm": 1}
    ]


@pytest.mark.parametrize("entry", ["Ana", 3, None, ["Ana"]])
def test_an_entry_that_is_no_object_is_refused_by_number(entry):
    with pytest.raises(PersonaError, match=r"^entry 2: it is .*, but must be an object") as caught:
        persona_entries([{"name": "Ana"}, entry])
    assert caught.value.field == "1"


@pytest.mark.parametrize(
    "entry",
    [
        {"timestamp": "", "logs": [["Ana", "Why?"]]},
        {"id": 1, "messages": [{"role": "user", "content": "Why?"}]},
        {"id": 1, "conversations": [{"from": "human", "value": "Why?"}]},
    ],
)
def test_a_discussion_is_no_person(entry):
    with pytest.raises(PersonaError, match=r"^entry 1: it is a discussion, not a person.*read by load\(path\)"):
        persona_entries([entry])
    assert persona_entries({"name": "Ana", "messages": ["Be kind."]}) == [{"name": "Ana", "messages": ["Be kind."]}]
