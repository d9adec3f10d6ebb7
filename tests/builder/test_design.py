"""The design as data: its levels, its conditions, what may not be varied."""

import pytest
from support.designs import PEOPLE, rater

import syndisco_nb as snb
from syndisco_nb.builder.design import Design, Moderator
from syndisco_nb.builder.fields import checked
from syndisco_nb.errors import InvalidInputError

WINDOWS = {"short": 1, "long": 5}


def test_conditions_are_all_combinations_of_levels():
    design = checked(Design, {"turns": 3, "vary": {"window": WINDOWS, "moderator": {"none": None, "firm": "Be firm."}}})
    assert list(design.levels()) == ["short+none", "short+firm", "long+none", "long+firm"]
    conditions = design.conditions()
    assert [(one.window, one.turns) for one in conditions.values()] == [(1, 3), (1, 3), (5, 3), (5, 3)]
    assert conditions["long+firm"].moderator == Moderator(instructions="Be firm.")


def test_a_design_that_varies_nothing_has_one_condition():
    assert checked(Design, {}).levels() == {"all": {}}


def test_people_have_names_and_models():
    part = {"type": "ScriptedModel", "script": ["Yes."], "name": "m"}
    design = checked(Design, {"participants": PEOPLE, "moderator": "Be kind.", "models": {"Ana": part}})
    assert design.names() == ["Ana", "Ben", "Cem", "Moderator"]
    assert design.model_of("Ana").arguments["name"] == "m"
    assert design.model_of("Ben") is None


def test_an_annotator_given_as_an_actor_is_kept_as_data():
    design = checked(Design, {"annotators": rater()})
    assert [(one.name, one.model.arguments["name"]) for one in design.annotators] == [("judge", "judge")]


def test_an_annotator_with_a_prompt_of_its_own_is_refused():
    own = snb.LLMActor(
        snb.ScriptedModel("1"), "J", actor_type=snb.ActorType.ANNOTATOR, prompt_format=lambda actor, comments: []
    )
    with pytest.raises(InvalidInputError, match="has a prompt format of its own") as caught:
        checked(Design, {"annotators": [own]})
    assert caught.value.field == "annotators.0.prompt_format"


@pytest.mark.parametrize("level", ["", "a/b", "a.", " a", "annotations", "Study.json", "x" * 61, "a+b"])
def test_levels_are_names_of_folders(level):
    with pytest.raises(InvalidInputError, match="folders will have that name"):
        checked(Design, {"vary": {"window": {level: 1, "other": 2}}})


def test_a_study_has_a_thousand_conditions_at_most():
    with pytest.raises(InvalidInputError, match="vary makes 1600 conditions"):
        checked(Design, {"vary": {name: {str(n): n + 1 for n in range(40)} for name in ("window", "turns")}})


def test_a_design_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        checked(Design, {}).turns = 3


def test_every_model_is_named_once():
    parts = [{"type": "ScriptedModel", "script": [name], "name": name} for name in "abc"]
    settings = {"model": parts[0], "models": {"Ana": parts[0]}, "annotators": [{"model": parts[2]}, {"name": "other"}]}
    design = checked(Design, {**settings, "vary": {"model": {"one": parts[0], "two": parts[1]}}})
    assert [part.arguments["name"] for part in design.model_parts()] == ["a", "b", "c"]
    assert checked(Design, {}).model_parts() == []
