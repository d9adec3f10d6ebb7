"""Discussions that are not finished, made from what their run recorded."""

import pytest
from support.experiments import discuss, person

import syndisco_nb as snb
from syndisco_nb.jobs.unfinished_discussion import unfinished_transcript

PEOPLE = ("Ana", "Ben", "Cem", "Dan")


class LastFirst(snb.TurnManager):
    def choose(self, names, history, rng):
        return names[-1]


@pytest.fixture
def experiment():
    return discuss([person(name) for name in PEOPLE], moderator=person("Mo"), stop=snb.AfterSilences(2))


def unfinished(experiment, length, **changes):
    messages = experiment.discussion(1, 7).run().messages
    return unfinished_transcript(experiment.spec() | changes, 7, 1, messages[:length])


def test_it_is_the_finished_one_up_to_there(experiment):
    whole = experiment.discussion(1, 7).run()
    for length in range(1, len(whole.messages) + 1):
        made = unfinished(experiment, length)
        assert made.messages == whole.messages[:length]
        for name in ("id", "index", "seed", "topic", "users", "moderator", "settings"):
            assert getattr(made, name) == getattr(whole, name), name


@pytest.mark.parametrize(
    ("length", "ended"),
    [(1, "unfinished, before turn 1 of 4"), (2, "unfinished after turn 1 of 4"), (9, "unfinished after turn 4 of 4")],
)
def test_its_end_says_how_far_it_went(experiment, length, ended):
    assert unfinished(experiment, length).ended == ended


def test_with_a_turn_manager_of_the_users_own_only_those_who_spoke_are_known_to_take_part():
    experiment = discuss([person(name) for name in PEOPLE], turn_manager=LastFirst())
    whole = experiment.discussion(1, 7).run()
    made = unfinished(experiment, 3)
    assert {user.name for user in made.users} == {message.name for message in whole.messages[:3]}
    assert (made.settings, made.topic) == (whole.settings, whole.topic)


@pytest.mark.parametrize("changes", [{"users": None}, {"num_turns": "many"}, {"topics": []}, {"turn_manager": 3}])
def test_settings_that_make_no_discussion_leave_its_messages(experiment, changes):
    made, whole = unfinished(experiment, 3, **changes), experiment.discussion(1, 7).run()
    assert (made.messages, made.topic, made.users, made.seed) == (whole.messages[:3], whole.topic, (), whole.seed)
    assert made.id != unfinished_transcript({}, 7, 2, whole.messages[:3]).id
    assert made.ended.startswith("unfinished after turn 1")
