"""Small designs on scripted models."""

import syndisco_nb as snb
from syndisco_nb import ExperimentBuilder, LLMPersona, ScriptedModel

PEOPLE = [LLMPersona(username=name, age=30 + place) for place, name in enumerate(["Ana", "Ben", "Cem"])]


def small_builder(model=None):
    """Return a complete builder: two of three people, two topics, four turns, three discussions."""
    return (
        ExperimentBuilder(seed=7)
        .model(model or ScriptedModel(["I agree.", "Why?"], name="talker"))
        .participants(PEOPLE)
        .topics(["Tax", "Toll"])
        .turns(4)
        .discussions(3)
    )


def moderated_builder(model=None):
    """Return a builder with a moderated condition and one without a moderator."""
    return small_builder(model).vary(moderator={"none": None, "facilitator": "Keep it civil."})


def rater(name="judge", replies=("1", "2", "3")):
    """Return an annotator."""
    return snb.LLMActor(ScriptedModel(replies, name=name), name, actor_type=snb.ActorType.ANNOTATOR)
