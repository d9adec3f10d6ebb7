"""Validation in one pass: the object, or all faults by dotted path."""

import pytest

import syndisco_nb as snb
from syndisco_nb import ExperimentBuilder, LLMPersona, ScriptedModel
from syndisco_nb.builder.design import Design, Moderator
from syndisco_nb.builder.fields import checked, validate
from syndisco_nb.errors import InvalidInputError, SyndiscoError

PEOPLE = [LLMPersona(username=name) for name in ("Ana", "Ben", "Cem")]
PARTICIPANT = snb.LLMActor(ScriptedModel("1"), "judge")


def test_valid_values_make_the_object_and_have_no_faults():
    design, faults = validate(Design, {"turns": 3, "topics": ["Tax"]})
    assert (design.turns, design.topics, faults) == (3, ("Tax",), {})


def test_all_faults_are_found_in_one_pass(monkeypatch):
    passes = []
    number = Design.__pydantic_validator__

    class Counted:
        def validate_python(self, *args, **kwargs):
            passes.append(args)
            return number.validate_python(*args, **kwargs)

    monkeypatch.setattr(Design, "__pydantic_validator__", Counted())
    made, faults = validate(Design, {"turns": 0, "window": "x", "seed": -1, "discussions": 3})
    assert made is None
    assert list(faults) == ["window", "turns", "seed"]
    assert len(passes) == 1


@pytest.mark.parametrize(
    ("values", "path", "said"),
    [
        ({"turns": 0}, "turns", "turns is 0, but must be a whole number of 1 or more."),
        ({"tunrs": 1}, "tunrs", "There is no setting 'tunrs'. Did you mean 'turns'"),
        ({"moderator": 3}, "moderator", "moderator is 3"),
        ({"moderator": {"instructions": 3}}, "moderator.instructions", "instructions is 3, but must be text"),
        ({"moderator": {"attributes": ["a", 3]}}, "moderator.attributes", "attributes is 3"),
        ({"annotators": [{}, {"name": 3}]}, "annotators.1.name", "name is 3"),
        ({"annotators": [{}, PARTICIPANT]}, "annotators.1.actor_type", "is a participant, so it cannot annotate"),
        ({"annotators": [{"name": "J"}, {"name": "J"}]}, "annotators", "2 annotators are called 'J'"),
        ({"participants": [PEOPLE[0], PARTICIPANT]}, "participants.1", "must hold personas"),
        ({"participants": 3}, "participants", "participants is 3"),
        ({"model": 3}, "model", "model is 3"),
        ({"models": {"Ana": 3}}, "models.Ana", "is 3"),
        ({"stop": "silence"}, "stop", "stop is 'silence'"),
        ({"vary": {"windw": {"a": 1, "b": 2}}}, "vary", "'windw' cannot be varied"),
        ({"vary": {"window": {"a": 1}}}, "vary.window", "a comparison needs two"),
        ({"vary": {"window": {"a": 1, "b": 0}}}, "vary.window.b", "In the level 'b' of window: window is 0"),
        (
            {"vary": {"moderator": {"a": None, "b": {"name": 3}}}},
            "vary.moderator.b.name",
            "In the level 'b' of moderator: name is 3",
        ),
    ],
)
def test_a_fault_has_the_whole_path(values, path, said):
    _, faults = validate(Design, values)
    assert list(faults) == [path]
    assert said in faults[path]
    with pytest.raises(SyndiscoError) as caught:
        checked(Design, values)
    assert (caught.value.field, str(caught.value)) == (path, faults[path])


def test_no_more_faults_are_put_in_words_than_anybody_reads():
    _, faults = validate(Design, {f"setting {number}": 1 for number in range(1000)})
    assert len(faults) == 50


def test_the_first_fault_is_raised_as_the_error_that_it_is():
    with pytest.raises(InvalidInputError) as caught:
        checked(Moderator, {"name": 3, "instructions": 4})
    assert caught.value.field == "instructions"
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("setting", "field"),
    [
        (lambda b: b.participants(per_discussion=4), "per_discussion"),
        (lambda b: b.moderator("Be kind.", name="Ana"), "moderator.name"),
        (lambda b: b.turn_taking(snb.Weighted({"Dan": 2})), "turn_taking"),
        (lambda b: b.model(ScriptedModel("No."), of=["Dan"]), "models"),
    ],
)
def test_settings_that_do_not_fit_together_name_the_setting(setting, field):
    for builder in (
        ExperimentBuilder().participants(PEOPLE),
        ExperimentBuilder().participants(PEOPLE).vary(window={"short": 1, "long": 5}),
    ):
        with pytest.raises(InvalidInputError) as caught:
            setting(builder)
        assert caught.value.field == field
