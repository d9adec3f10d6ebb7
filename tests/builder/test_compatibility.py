"""Settings that do not fit together are refused, without an experiment or an actor being made."""

import pytest
from support.designs import PEOPLE, small_builder

import syndisco_nb as snb
from syndisco_nb import ScriptedModel
from syndisco_nb.backend.actors import LLMActor
from syndisco_nb.builder.compatibility import check_compatible
from syndisco_nb.builder.design import Annotator, Design, Moderator
from syndisco_nb.builder.fields import checked
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.errors import InvalidInputError

TALKER, OTHER = ({"type": "ScriptedModel", "script": [text], "name": "talker"} for text in ("Yes.", "No."))


def refusal(**settings):
    design = checked(Design, {"participants": PEOPLE, **settings})
    with pytest.raises(InvalidInputError) as caught:
        check_compatible(design, LiveModels())
    return str(caught.value), caught.value.field


@pytest.mark.parametrize(
    ("settings", "said", "field"),
    [
        ({"per_discussion": 4}, "per_discussion is 4, but only 3 participants were given", "per_discussion"),
        ({"moderator": Moderator(name=" ")}, "name is empty, but a moderator needs one", "moderator.name"),
        ({"moderator": Moderator(name="Ana")}, "The moderator and a user are both called 'Ana'", "moderator.name"),
        ({"turn_taking": snb.Weighted({"Dan": 1})}, "the participants are: Ana, Ben, Cem", "turn_taking"),
        ({"turn_taking": snb.Hosted(2, host="Dan")}, "speaks of Dan", "turn_taking"),
        (
            {"turn_taking": snb.Hosted(2, host="Ana"), "per_discussion": 1, "topics": [[{"name": "Ben", "text": "x"}]]},
            "Ana, Ben take part in any case, but per_discussion is 1.",
            "topics",
        ),
        ({"participants": [], "moderator": Moderator(name=" ")}, "a moderator needs one", "moderator.name"),
        ({"participants": [], "models": {"Ana": TALKER, "Ben": OTHER}}, "are both called 'talker'", "model"),
        (
            {"annotators": [{"name": "A", "model": TALKER}, {"name": "B", "model": OTHER}, {"name": "C"}]},
            "are both called 'talker'",
            "model",
        ),
        ({"model": TALKER, "models": {"Ana": OTHER}}, "Two different models are both called 'talker'", "model"),
        ({"models": {"Dan": TALKER}}, "A model is given for Dan, but there are only: Ana, Ben, Cem", "models"),
        (
            {"annotators": [Annotator(name="A", model=None), {"name": "B", "model": OTHER}], "model": TALKER},
            "Two different models are both called 'talker'",
            "model",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_setting(settings, said, field):
    message, found = refusal(**settings)
    assert said in message
    assert found == field


def test_the_condition_is_named_where_settings_vary():
    message, field = refusal(vary={"per_discussion": {"few": 2, "many": 9}})
    assert message.startswith("In the condition 'many': per_discussion is 9")
    assert field == "per_discussion"


def test_a_design_need_not_be_complete():
    for settings in ({}, {"participants": PEOPLE}, {"topics": ["Tax"]}, {"annotators": [{"name": "A"}]}):
        check_compatible(checked(Design, settings), LiveModels())


def test_nothing_is_made_for_the_check(monkeypatch):
    design = small_builder().moderator("Be kind.").vary(window={"short": 1, "long": 5}).design

    def refuse(*args, **kwargs):
        raise AssertionError("made")

    monkeypatch.setattr(LLMActor, "__init__", refuse)
    monkeypatch.setattr(snb.DiscussionExperiment, "__init__", refuse)
    monkeypatch.setattr(snb.AnnotationExperiment, "__init__", refuse)
    check_compatible(design, LiveModels())


def test_live_models_of_one_name_are_told_apart_by_their_settings():
    first, same = ScriptedModel(["a"], name="m"), ScriptedModel(["a"], name="m")
    assert small_builder(first).model(same, of=["Ana"]).design.models
