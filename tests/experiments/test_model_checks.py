"""Models that a transcript could not tell apart, and people in an estimate, are refused."""

import pytest
from support.experiments import discuss, person

from syndisco_nb.errors import InvalidInputError
from syndisco_nb.experiments.model_checks import actor_spec


def refused(given, users):
    with pytest.raises(InvalidInputError) as caught:
        discuss(**{"users": users, **given})
    return str(caught.value)


def test_two_different_models_of_one_name_are_refused():
    message = refused({}, [person("Ana", ["a"]), person("Ben", ["a", "b"])])
    assert "Two different models are both called 'talker'" in message
    assert "Give them different names." in message


def test_two_scripts_of_one_name_and_length_are_different_models():
    assert "Two different models" in refused({}, [person("Ana", ["a"]), person("Ben", ["b"])])


def test_a_spec_is_that_of_runs_from_before_participants_had_meta():
    spec = actor_spec(person("Ana", ["a"]))
    assert set(spec) == {
        *("name", "type", "model", "attributes", "context", "instructions", "prompt_format", "model_digest"),
    }
    assert spec["name"] == "Ana"
