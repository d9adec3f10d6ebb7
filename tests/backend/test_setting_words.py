import pytest

import syndisco_nb as snb
from syndisco_nb.backend.kinds import kinds_of
from syndisco_nb.backend.setting_words import setting_words

WORDS = {
    snb.RoundRobin(): "one after the other",
    snb.RandomOther(): "anyone but the last speaker",
    snb.RespondWithProbability(0.6): "previous speaker replies 60%",
    snb.Weighted({"Ana": 3, "Ben": 0.5}): "by weight: Ana 3, Ben 0.5; others 1",
    snb.Hosted(2, then=snb.RespondWithProbability(1)): "moderator after every 2 comments, otherwise previous speaker "
    "replies 100%",
    snb.Hosted(1, host="Ana"): "Ana as host after every comment, otherwise one after the other",
    snb.AfterSilences(3): "3 silences in a row",
    snb.AfterPhrase("we agree"): "“we agree” was said",
}


@pytest.mark.parametrize(("kind", "words"), WORDS.items(), ids=lambda one: str(one)[:20])
def test_all_that_is_built_in_has_words(kind, words):
    assert setting_words(kind.settings()) == str(kind) == words


def test_none_is_forgotten():
    kinds = {*kinds_of(snb.TurnManager).values(), *kinds_of(snb.StopCondition).values()}
    assert {type(kind) for kind in WORDS} == kinds


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"type": "LeastHeard", "n": 3}, "LeastHeard(n=3)"),
        ({"type": "RespondWithProbability", "p": 7}, "RespondWithProbability(p=7)"),
        ({"type": "Hosted", "rule": "mine (ab12)", "host": None}, "Hosted(rule=mine (ab12))"),
        ({}, ""),
    ],
)
def test_what_cannot_be_made_again_is_a_call(settings, words):
    assert setting_words(settings) == words


def test_a_rule_of_the_users_own_has_no_number():
    assert str(snb.Hosted(lambda history: True)) == "moderator by a rule, otherwise one after the other"
