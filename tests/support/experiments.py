"""Small experiments on scripted models."""

from pathlib import Path

import syndisco_nb as snb
from syndisco_nb import DiscussionExperiment, LLMActor, ScriptedModel


def person(name, script="Yes.", model="talker", **settings):
    return LLMActor(model=ScriptedModel(script, name=model), name=name, **settings)


def judge(script=("1", "2", "3"), model="judge", name=""):
    return LLMActor(model=ScriptedModel(script, name=model), name=name, actor_type=snb.ActorType.ANNOTATOR)


def discuss(users, **settings):
    given = {"topics": ["Tax", "Toll", "Bread"], "users": users, "num_turns": 4, "num_discussions": 3, "seed": 7}
    return DiscussionExperiment(**{**given, **settings})


def content(folder):
    return {path.name: path.read_bytes() for path in Path(folder).glob("discussion-*.json")}
