import dataclasses

import pytest
from support.checked import TEXTS, builder, held_run
from support.foreign import foreign_talk

import syndisco_nb as snb
from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.turn_checks import first_speaker, moderator_due, turn_taking
from syndisco_nb.seeds import discussion_seed

NAMES = ["Ana", "Ben", "Cem", "Dia"]


def talks(manager, number=40, moderator=None, turns=8, texts=TEXTS, topic="Tax?", names=NAMES, **settings):
    users = [snb.LLMActor(snb.ScriptedModel(texts, name="talker"), name) for name in names]
    return ConditionRecords(
        tuple(
            snb.Discussion(
                users,
                moderator=snb.LLMActor(snb.ScriptedModel(moderator, name="talker"), "Mo") if moderator else None,
                topic=topic,
                turn_manager=manager,
                num_turns=turns,
                seed=discussion_seed(5, index),
                index=index,
                **settings,
            ).run()
            for index in range(number)
        )
    )


class LeastHeard(snb.TurnManager):
    def choose(self, names, history, rng):
        return min(names, key=[message.name for message in history].count)


class Sure(snb.RandomOther):
    """Claims to draw at random, and prefers whoever comes first in the list."""

    def choose(self, names, history, rng):
        return super().choose(names, history, rng) if rng.random() < 0.6 else super().choose(names[:2], history, rng)

    def settings(self):
        return {"type": "RandomOther"}


class Stuck(snb.RoundRobin):
    def choose(self, names, history, rng):
        return names[0]

    def settings(self):
        return {"type": "RoundRobin"}


MANAGERS = [
    snb.RoundRobin(),
    snb.RandomOther(),
    snb.RespondWithProbability(0.3),
    snb.Weighted({"Ana": 3}),
    snb.Hosted(2, host="Ana", then=snb.RespondWithProbability(0.5)),
    snb.Hosted(3),
]


@pytest.mark.parametrize("manager", MANAGERS, ids=repr)
@pytest.mark.parametrize("texts", [TEXTS, [*TEXTS[:3], "", ""]], ids=["loud", "with silences"])
def test_what_follows_its_rule_passes_silences_or_not(manager, texts):
    found = turn_taking(talks(manager, texts=texts))
    assert found.status == "pass" or found.p > 0.01
    assert found.enough


def test_the_share_of_replies_is_tested_by_an_exact_binomial_test():
    found = turn_taking(talks(snb.RespondWithProbability(0.3)))
    assert found.n == 40 * 7  # after an opening and a comment, somebody can answer
    assert found.figure == pytest.approx(0.3, abs=0.08)
    assert found.expected.startswith("0.3 (0.2")


def test_a_preference_among_the_others_is_found_and_named():
    found = turn_taking(talks(Sure()))
    assert found.p < 1e-6
    assert "speaks in" in found.explanation


def test_one_turn_against_a_rule_without_chance_is_enough():
    found = turn_taking(talks(Stuck(), 2))
    assert found.status == "fail"
    assert "turn 2 of discussion 0" in found.explanation


def test_a_rule_of_the_users_own_is_simulated_if_its_class_is_at_hand():
    records = talks(LeastHeard(), 10)
    assert turn_taking(records).status == "pass"
    other = tuple(
        dataclasses.replace(one, settings={**one.settings, "turn_manager": {"type": "Unheard"}})
        for one in records.transcripts
    )
    assert turn_taking(ConditionRecords(other)).status == "cannot tell"
    random = talks(snb.RandomOther(), 10).transcripts
    wrong = tuple(
        dataclasses.replace(one, settings={**one.settings, "turn_manager": {"type": "LeastHeard"}}) for one in random
    )
    assert turn_taking(ConditionRecords(wrong)).p < 0.001


def test_two_participants_leave_nothing_to_chance():
    found = turn_taking(talks(snb.RespondWithProbability(0.5), 10, names=NAMES[:2]))
    assert (found.status, found.figure) == ("pass", 0)


def test_the_first_speaker_is_drawn_from_all_but_the_opener():
    found = first_speaker(talks(snb.RandomOther()))
    assert found.p > 0.01
    assert first_speaker(talks(snb.RoundRobin())) is None  # nobody is drawn, as far as these transcripts tell


def test_the_poster_of_an_opening_is_drawn_where_the_topic_names_no_author(tmp_path):
    run = held_run(tmp_path, 30, design=builder().turn_taking(snb.RoundRobin()))
    records = ConditionRecords(tuple(run), run=run)
    assert first_speaker(records).p > 0.01
    first = [dataclasses.replace(one.comments[0], name=one.users[0].name) for one in run]
    biased = [
        dataclasses.replace(one, comments=(opening, *one.comments[1:])) for one, opening in zip(run, first, strict=True)
    ]
    found = first_speaker(ConditionRecords(tuple(biased), run=run))
    assert found.p < 1e-6
    assert found.explanation.startswith("Place 1 in the order of participants posts the opening in 100%")


@pytest.mark.parametrize("manager", [snb.RoundRobin(), snb.Hosted(3), snb.Hosted(2, host="Ana")], ids=repr)
@pytest.mark.parametrize("said", ["Calm down.", ["", "", "Calm."]], ids=["always", "sometimes"])
def test_a_moderator_who_is_asked_when_due_passes(manager, said):
    found = moderator_due(talks(manager, 4, said, stop=snb.AfterPhrase("never said")))
    assert (found.status, found.figure) == ("pass", 0)


def test_the_end_by_a_stop_condition_takes_no_turn_from_the_moderator():
    assert moderator_due(talks(snb.RoundRobin(), 3, "Well.", texts=["Stop it now."], stop=snb.AfterPhrase("stop it")))
    found = moderator_due(talks(snb.RoundRobin(), 3, "Well.", texts=["Stop it."], stop=snb.AfterPhrase("stop it")))
    assert found.status in ("pass", "cannot tell")


def test_a_moderator_who_speaks_out_of_turn_is_found():
    records = talks(snb.RoundRobin(), 2, "Calm.")
    often = {"type": "Hosted", "rule": 3, "host": None, "then": {"type": "RoundRobin"}}
    wrong = tuple(
        dataclasses.replace(one, settings={**one.settings, "turn_manager": often}) for one in records.transcripts
    )
    found = moderator_due(ConditionRecords(wrong))
    assert found.status == "fail"
    assert "asked after turn 1 of discussion 0" in found.explanation


def test_a_moderator_who_never_speaks_is_a_warning_and_after_some_turns_a_failure():
    assert moderator_due(talks(snb.RoundRobin(), 2, [""])).status == "fail"
    assert moderator_due(talks(snb.RoundRobin(), 1, [""], turns=3)).status == "warn"
    assert moderator_due(talks(snb.RoundRobin(), 2)) is None


def test_a_discussion_without_a_rule_is_no_subject_of_these_checks():
    records = ConditionRecords((foreign_talk(),))
    assert {check(records) for check in (turn_taking, first_speaker, moderator_due)} == {None}
