import dataclasses

import pytest
from support.checked import PEOPLE, TOPICS, builder, held_run

import syndisco_nb as snb
from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.draw_checks import participants, topics


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return held_run(tmp_path_factory.mktemp("run"), 60)


def records(run, transcripts=None):
    return ConditionRecords(tuple(run if transcripts is None else transcripts), run=run)


def test_fair_draws_pass(run):
    for check in (participants, topics):
        assert check(records(run)).p > 0.01
    assert topics(records(run)).enough


def test_one_topic_too_often_is_named(run):
    talks = [dataclasses.replace(talk, topic=TOPICS[0] if talk.index % 3 else talk.topic) for talk in run]
    found = topics(records(run, talks))
    assert found.p < 1e-4
    assert found.explanation.startswith("'Topic 0?' is the topic in")


def test_topics_of_which_most_were_never_drawn_are_compared_with_simulated_draws(run):
    spec = {**run.spec, "topics": [f"Topic {number}?" for number in range(40)]}
    first_three = type(run)(run.folder, run.records, spec)
    assert topics(records(first_three)).p < 0.01


def test_without_a_draw_there_is_no_check(tmp_path, run):
    design = builder().topics(TOPICS[:1]).participants(PEOPLE, per_discussion=6)
    all_of_them = held_run(tmp_path, 3, design=design)
    assert participants(records(all_of_them)) is None
    assert topics(records(all_of_them)) is None
    assert participants(ConditionRecords(tuple(run))) is None


def test_a_host_who_is_always_needed_is_no_bias(tmp_path):
    design = builder().turn_taking(snb.Hosted(2, host="P0"))
    hosted = held_run(tmp_path, 60, design=design)
    assert all("P0" in [user.name for user in talk.users] for talk in hosted)
    assert participants(records(hosted)).p > 0.01


def test_whom_a_rule_of_the_users_own_needs_is_not_known(run):
    own = type(run)(run.folder, run.records, {**run.spec, "turn_manager": {"type": "Unheard"}})
    assert participants(records(own)).status == "cannot tell"
