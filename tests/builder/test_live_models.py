"""Live models: kept as they were given, made once, guarded."""

import pytest

from syndisco_nb import ExperimentBuilder, ScriptedModel
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.builder.parts import Part
from syndisco_nb.errors import TrustError


def test_a_given_model_is_the_one_of_its_part():
    models, model = LiveModels(), ScriptedModel("Yes.")
    part = models.keep(model)
    assert isinstance(part, Part)
    assert models.make(part) is model
    assert repr(models) == "<LiveModels: 1>"


def test_other_values_are_not_kept():
    models = LiveModels()
    assert models.keep("gpt") == "gpt"
    assert models.keep(None) is None
    assert repr(models) == "<LiveModels: 0>"


def test_a_part_is_made_once():
    models, part = LiveModels(), Part(type="ScriptedModel", arguments={"script": ["Yes."], "name": "m"})
    assert models.make(part) is models.make(Part(type=part.type, arguments=dict(part.arguments)))


def test_trust_is_asked_for_only_where_a_guard_refuses():
    LiveModels().check_trust(ExperimentBuilder().design)
    text = 'model: {type: OpenAIModel, model_name: m, base_url: "http://h/v1"}'
    guarded = ExperimentBuilder.from_yaml(text)
    with pytest.raises(TrustError, match="send requests to h"):
        guarded.models.check_trust(guarded.design)
    LiveModels().check_trust(guarded.design)
