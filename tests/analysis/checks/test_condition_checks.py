import dataclasses
import json
from datetime import datetime, timedelta

import pytest
from support.checked import builder, held_run, held_study, moderated

import syndisco_nb as snb
from syndisco_nb.analysis.checks.condition_checks import conditions, same_hours, settings_kept
from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.builder.study_file import read_study
from syndisco_nb.records import Participant


def groups(study):
    return {name: ConditionRecords(tuple(run), run=run) for name, run in study.items()}


def found(study, varied, **changed):
    given = {**groups(study), **changed}
    return conditions(given, varied, read_study(study.folder)[0])


VARIED = [
    {"moderator": {"none": None, "facilitator": "Keep it civil."}},
    {"window": {"short": 1, "long": 5}, "instructions": {"brief": "Be brief.", "kind": "Be kind."}},
    {"turn_taking": {"round": snb.RoundRobin(), "reply": snb.RespondWithProbability(0.3)}},
    {"per_discussion": {"two": 2, "four": 4}},
    {"topics": {"cars": ["Cars?"], "buses": ["Buses?", "Trains?"]}},
    {"turns": {"few": 3, "more": 5}, "context": {"forum": "A forum.", "pub": "A pub."}},
    {"stop": {"never": (), "silence": snb.AfterSilences(3)}},
    {"model": {"one": snb.ScriptedModel("Well.", "one"), "two": snb.ScriptedModel("Well.", "two")}},
]


@pytest.mark.parametrize("vary", VARIED, ids=lambda vary: "+".join(vary))
def test_conditions_as_designed_pass_whatever_is_varied(tmp_path, vary):
    study = held_study(tmp_path, builder(**vary), 3)
    result = found(study, tuple(vary))
    assert (result.status, result.explanation) == ("pass", "")
    assert conditions(groups(study), tuple(vary), None).status == "pass"


def changed(talk, **what):
    return dataclasses.replace(talk, **what)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda talk: changed(talk, topic="Bread?"), "topics"),
        (lambda talk: changed(talk, users=talk.users[::-1]), "participants"),
        (lambda talk: changed(talk, settings={**talk.settings, "num_turns": 3}), "turns"),
        (lambda talk: changed(talk, settings={**talk.settings, "stop": [{"type": "AfterSilences"}]}), "stop"),
        (lambda talk: changed(talk, users=tuple(changed(u, model="other") for u in talk.users)), "model"),
        (
            lambda talk: changed(talk, users=tuple(changed(u, instructions="Shout.") for u in talk.users)),
            "instructions",
        ),
    ],
)
def test_whatever_differs_beside_what_was_varied_is_named(tmp_path, change, named):
    study = held_study(tmp_path, discussions=2)
    talks = groups(study)
    talks["facilitator"] = ConditionRecords(tuple(map(change, study["facilitator"])))
    result = conditions(talks, ("moderator",), None)
    assert result.status == "fail"
    assert f"{named} (none – facilitator)" in result.explanation


def test_a_condition_with_discussions_of_another_is_named(tmp_path):
    study = held_study(tmp_path, discussions=2)
    given = groups(study)
    result = found(study, ("moderator",), none=given["facilitator"], facilitator=given["none"])
    assert result.figure == 4
    assert result.explanation.startswith("'none' holds 2 discussions with the settings of 'facilitator'; 'facilitator'")
    assert "swapped" in result.explanation
    copied = found(study, ("moderator",), none=given["facilitator"])
    assert "'none' holds 2 discussions" in copied.explanation
    assert "swapped" not in copied.explanation


def test_discussions_of_no_condition_are_named_by_what_is_wrong(tmp_path):
    study = held_study(tmp_path, discussions=2)
    talks = [changed(talk, moderator=Participant("Mo", "user", "m", instructions="Shout.")) for talk in study["none"]]
    result = found(study, ("moderator",), none=ConditionRecords(tuple(talks)))
    assert "'none' holds 2 discussions with another moderator than designed" in result.explanation


def test_one_condition_is_no_comparison(tmp_path):
    study = held_study(tmp_path, discussions=1)
    assert conditions({"none": groups(study)["none"]}, ("moderator",), None) is None
    assert conditions(groups(study), (), None) is None


def test_discussions_have_the_settings_of_their_run(tmp_path):
    run = held_run(tmp_path, 2, design=moderated_one())
    assert settings_kept(ConditionRecords(tuple(run), run=run)).status == "pass"
    assert settings_kept(ConditionRecords(tuple(run))) is None
    other = [
        changed(run.records[0], moderator=None, users=run.records[0].users[:2]),
        changed(run.records[1], settings={**run.records[1].settings, "num_turns": 3}),
    ]
    result = settings_kept(ConditionRecords(tuple(other), run=run))
    assert result.figure == 2
    assert "discussion 0 (moderator, number of participants), discussion 1 (num_turns)" in result.explanation


def moderated_one():
    return builder().moderator("Keep it civil.").stop(snb.AfterSilences(3))


def test_the_study_of_the_examples_is_moderated():
    assert list(moderated().design.levels()) == ["none", "facilitator"]


def test_conditions_that_ran_together_met_the_same_hours_and_one_that_was_added_later_did_not(tmp_path):
    vary = {"moderator": {"none": None, "facilitator": "Keep it civil."}}
    study = builder(**vary).discussions(3).run(tmp_path)
    result = same_hours(groups(study), tuple(vary))
    assert (result.status, result.figure < 1, result.n, result.explanation) == ("pass", True, 6, "")
    order = study["facilitator"].folder / "order.jsonl"
    lines = [json.loads(line) for line in order.read_text().splitlines()]
    later = [
        {**line, "time": (datetime.fromisoformat(line["time"]) + timedelta(hours=5)).isoformat()} for line in lines
    ]
    order.write_text("".join(f"{json.dumps(line)}\n" for line in later))
    result = same_hours(groups(study), tuple(vary))
    assert (result.status, 4.9 < result.figure < 5.1) == ("warn", True)
    assert "Most discussions of 'none' were begun around" in result.explanation
    assert same_hours(groups(study), ()) is None  # of runs that are no study, nothing is asked
    order.unlink()  # as in runs of earlier versions
    assert same_hours(groups(study), tuple(vary)) is None
    order.mkdir()
    assert same_hours(groups(study), tuple(vary)) is None
