"""Prompts in SynDisco's logs."""

import json

from syndisco_nb.formats.syndisco.syndisco_prompts import (
    SynDiscoPrompt,
    object_prompt,
    plain_prompt,
    prompt_json,
    read_prompt,
)
from syndisco_nb.records import Participant

PERSONA = {"username": "Ana", "age": 38, "sex": "", "traits": ["calm", "kind"], "pets": {"cat": "é"}, "income": None}


def test_an_object_and_the_same_as_json_say_who_somebody_is():
    prompt = {"context": "Talk.", "instructions": "Be short.", "type": "2", "persona": PERSONA}
    for raw in (prompt, json.dumps(prompt)):
        made = read_prompt(raw).participant("Ana", "m", raw)
        assert made.attributes == ("username: Ana", "age: 38", "traits: calm, kind", 'pets: {"cat": "é"}')
        assert (made.context, made.instructions, made.type, made.meta) == (
            *("Talk.", "Be short.", "annotator"),
            {"prompt": raw},
        )


def test_an_unknown_age_is_no_attribute():
    assert read_prompt({"persona": {"age": -1}}).participant("A", "m", None).attributes == ()


def test_any_other_text_is_plain():
    for text in ("Your name is Ana.", "{curly", '{"a": 1}'):
        assert read_prompt(text).context == text
        assert read_prompt(text).participant("A", "m", text).type == "user"
    assert read_prompt(None).participant("A", "m", None).meta is None
    assert read_prompt({"context": 3, "type": ["x"], "persona": 1}).persona == {}


def test_our_own_actor_is_written_as_each_version_has_it():
    ana = Participant("Ana", "user", "m", ("username: Ana", "age: 38", "calm"), "Talk.", "Be short.")
    assert plain_prompt(ana) == (
        "Talk. Your name is Ana. Your traits: username: Ana, age: 38, sex: , sexual_orientation: , "
        "demographic_group: , current_employment: , education_level: , special_instructions: , "
        "personality_characteristics: [], attributes: ['calm'] Your instructions: Be short."
    )
    written = json.loads(object_prompt(ana, numbered=True))
    assert list(written) == ["context", "instructions", "type", "persona"]
    assert written["type"] == "1"
    known = {key: value for key, value in written["persona"].items() if value not in ("", [])}
    assert known == {"username": "Ana", "age": 38, "attributes": ["calm"]}
    raw = object_prompt(ana, numbered=True)
    assert read_prompt(raw).participant("Ana", "m", raw).attributes == ("username: Ana", "age: 38", "attributes: calm")
    assert json.loads(object_prompt(ana, numbered=False))["type"] == "user"


def test_a_prompt_is_written_as_it_was_read_where_its_version_allows():
    raw = prompt_json(
        SynDiscoPrompt("Talk.", "", "annotator", {"personality_characteristics": ["calm"]}), numbered=True
    )
    judge = read_prompt(raw).participant("", "m", raw)
    assert object_prompt(judge, numbered=True) == raw
    assert json.loads(object_prompt(judge, numbered=False)) == json.loads(raw) | {"type": "annotator"}
    assert plain_prompt(judge).startswith("Talk. Your name is .")
    plain = read_prompt("Rate.").participant("", "m", "Rate.", "annotator")
    assert plain_prompt(plain) == "Rate."
    assert json.loads(object_prompt(plain, numbered=False))["context"] == "Rate."
