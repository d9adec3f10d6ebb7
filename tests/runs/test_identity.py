"""The id of a discussion: from its record alone, and different where anything asked is."""

from dataclasses import replace

import pytest

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.records import Transcript
from syndisco_nb.runs.identity import transcript_id
from syndisco_nb.runs.serialization import from_json, to_json

MODEL = snb.ScriptedModel(["Yes.", "No."], name="m")
STUDY = (
    snb.ExperimentBuilder(seed=1)
    .model(MODEL)
    .participants([snb.LLMPersona(username=name) for name in ("Ana", "Ben")])
    .topics(["Tax?"])
    .turns(4)
    .discussions(2)
)
OPENING = [{"name": "Zoe", "text": "Hm?"}, "Tax?", "Toll?"]


def a_talk(model=MODEL, **given):
    users = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
    settings = {"topic": "Tax?", "num_turns": 3, "seed": 7}
    return snb.Discussion(users, **{**settings, **given})


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"topic": ""},
        {"topic": OPENING},
        {"moderator": snb.LLMActor(MODEL, "Mo", attributes=["calm", "Größe “x”"]), "stop": snb.AfterSilences(2)},
        {"turn_manager": snb.Hosted(2, then=snb.Weighted({"Ana": 2, "Ben": 1.0}))},
    ],
)
def test_the_id_follows_from_the_file_alone(given):
    discussion = a_talk(**given)
    early = discussion.transcript.id
    talk = discussion.run()
    again = from_json(Transcript, to_json(talk), "here")
    assert talk.id == transcript_id(talk) == transcript_id(again) == early
    fork = discussion.fork(at=1, num_turns=4).run()
    assert fork.id == transcript_id(from_json(Transcript, to_json(fork), "here")) != talk.id


def test_all_that_was_asked_changes_the_id_and_what_was_answered_does_not():
    plain = a_talk().run()
    assert a_talk().run().id == plain.id
    others = [
        a_talk(snb.ScriptedModel(["Yes.", "Perhaps."], name="m")),
        a_talk(topic="Toll?"),
        a_talk(opener="Ana" if plain.comments[0].name == "Ben" else "Ben"),
        a_talk(moderator=snb.LLMActor(MODEL, "Mo")),
        a_talk(window=2),
        a_talk(num_turns=4),
        a_talk(seed=8),
        a_talk(index=1),
        a_talk(turn_manager=snb.RandomOther()),
        a_talk(stop=snb.AfterSilences(3)),
    ]
    assert len({plain.id, *(one.transcript.id for one in others)}) == len(others) + 1
    assert transcript_id(replace(plain, comments=plain.comments[:2])) == plain.id


def test_conditions_that_vary_only_the_settings_of_a_model_have_different_ids(tmp_path):
    other = snb.ScriptedModel(["Never.", "Always."], name="m")
    done = STUDY.vary(model={"one": MODEL, "other": other}).run(tmp_path)
    one, two = ({talk.id for talk in done[condition]} for condition in ("one", "other"))
    assert len(one) == len(two) == 2
    assert not one & two
    judges = [snb.LLMActor(snb.ScriptedModel(["1", "2"]), name, actor_type=snb.ActorType.ANNOTATOR) for name in "AB"]
    labels = [
        snb.Annotation(judge, done[condition][0], snb.Likert("tone"), seed=1).run()
        for judge, condition in zip(judges, ("one", "other"), strict=True)
    ]
    with pytest.raises(InvalidInputError, match="No comment has labels of two"):
        snb.agreement(labels)
