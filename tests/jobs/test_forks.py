"""Forks of discussions: the same history, and then something else."""

import pytest
from support.recording_model import RecordingModel

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError, UnknownArgumentError
from syndisco_nb.records import Transcript
from syndisco_nb.runs.serialization import from_json, to_json

REPLIES = ["I agree.", "I doubt it.", "Why?", ""]


def actor(name, replies=REPLIES, model="talker", **known):
    return snb.LLMActor(snb.ScriptedModel(replies, name=model), name, **known)


def host(name="Mo", **known):
    return actor(name, ["Calm down.", "Go on.", ""], "host", **known)


def held(users, **changes):
    discussion = snb.Discussion(users, **{"topic": "Tax", "num_turns": 8, "seed": 11, **changes})
    discussion.run()
    return discussion


def words(transcript):
    return [(message.turn, message.name, message.text) for message in transcript.messages]


def own(transcript):
    return transcript.messages[transcript.parent.messages :]


@pytest.mark.parametrize("manager", [None, snb.RandomOther(), snb.RespondWithProbability(0.5)])
@pytest.mark.parametrize("moderator", [None, host()], ids=["unmoderated", "moderated"])
def test_with_nothing_changed_it_goes_on_exactly_as_its_parent(users, manager, moderator):
    parent = held(users, turn_manager=manager, moderator=moderator)
    whole = parent.transcript
    assert whole.silences
    for at in range(8):
        fork = parent.fork(at)
        assert fork.messages == [message for message in whole.messages if message.turn <= at]
        transcript = fork.run()
        assert transcript.messages == whole.messages
        assert (transcript.parent.id, transcript.parent.at, transcript.parent.changes) == (whole.id, at, ())
        assert transcript.id != whole.id
    assert parent.transcript == whole


def test_another_seed_keeps_the_history_and_changes_what_follows(users):
    whole = held(users).transcript
    differ = 0
    for seed in range(20):
        fork = held(users).fork(3, seed=seed).run()
        assert fork.messages[:4] == whole.messages[:4]
        assert fork.seed == seed
        assert len(fork.messages) == len(whole.messages)
        differ += words(fork) != words(whole)
    assert differ >= 18


def test_one_of_another_seed_still_knows_who_posted_the_opening(users):
    parent = held(users)
    for seed in range(20):
        assert parent.fork(0, seed=seed).messages == parent.messages[:1]


def test_a_new_moderator_takes_up_the_last_comment(users):
    users = [actor(user.name, "Well.") for user in users]
    parent = held(users)
    fork = parent.fork(3, moderator=host()).run()
    assert fork.messages[:4] == parent.transcript.messages[:4]
    assert [(message.turn, message.role) for message in own(fork)[:3]] == [
        (3, "moderator"),
        (4, "participant"),
        (4, "moderator"),
    ]
    assert fork.moderator.name == "Mo"


def test_a_moderator_can_be_kept_or_taken_away(users):
    parent = held([actor(user.name, "Well.") for user in users], moderator=host())
    kept, gone = parent.fork(3), parent.fork(3, moderator=None)
    assert kept.moderator is parent.moderator
    assert gone.moderator is None
    assert [message.role for message in gone.messages[-2:]] == ["participant", "moderator"]
    assert {message.role for message in own(gone.run())} == {"participant"}


def test_someone_else_takes_the_place_of_the_one_replaced(users):
    parent = held([actor(user.name, "Well.") for user in users], opener="Ana")
    fork = parent.fork(3, replace={"Ben": actor("Zoe", "No.")}).run()
    assert [user.name for user in fork.users] == ["Ana", "Zoe", "Cem"]
    assert [message.name for message in fork.messages] == [
        *("Ana", "Ben", "Cem", "Ana"),
        *("Zoe", "Cem", "Ana", "Zoe", "Cem"),
    ]
    assert {message.text for message in own(fork) if message.name == "Zoe"} == {"No."}


def test_the_one_who_posted_the_opening_can_leave(users):
    parent = held([actor(user.name, "Well.") for user in users], opener="Ana")
    fork = parent.fork(0, replace={"Ana": actor("Zoe", "No.")}).run()
    assert fork.messages[0] == parent.messages[0]
    assert "Ana" not in {message.name for message in own(fork)}


def test_an_actor_of_the_same_name_takes_what_was_said_for_its_own(users):
    model = RecordingModel("No.")
    parent = held([actor(user.name, "Well.") for user in users], opener="Ana")
    parent.fork(3, replace={"Ana": snb.LLMActor(model, "Ana")}).run()
    assert "Ana (you)" in model.prompts[0]


def test_all_users_can_be_others(users):
    fork = held(users).fork(2, users=[actor("Zoe"), actor("Yan")]).run()
    assert [user.name for user in fork.users] == ["Zoe", "Yan"]
    assert {message.name for message in own(fork)} == {"Zoe", "Yan"}


def test_another_opening_has_the_same_poster_and_shares_no_history(users):
    parent = held(users, opener="Ben")
    fork = parent.fork(0, topic="Toll")
    assert words(fork.transcript) == [(0, "Ben", "Toll")]
    assert (fork.run().topic, fork.parent.messages) == ("Toll", 0)
    assert parent.fork(0, topic="").messages == []


def test_turns_window_and_turn_manager_can_be_others(users):
    fork = held(users).fork(3, num_turns=12, window=1, turn_manager=snb.RandomOther(), window_counts="all").run()
    assert fork.messages[-1].turn == 12
    assert fork.settings == {
        "num_turns": 12,
        "window": 1,
        "window_counts": "all",
        "turn_manager": {"type": "RandomOther"},
    }
    assert fork.parent.changes[-1] == "window counts participants → all"
    assert held(users, window_counts="all").fork(3).window_counts == "all"


def test_a_discussion_under_way_or_not_begun_can_be_forked(users):
    parent = snb.Discussion(users, topic="Tax", num_turns=8, seed=11)
    whole = held(users).transcript.messages
    assert parent.fork(0, seed=3).messages == list(whole[:1])
    parent.step()
    parent.step()
    assert parent.fork(1).run().messages == whole
    assert len(parent.messages) == 2


def test_a_fork_can_be_forked(users):
    first = held(users).fork(2, seed=3)
    first.run()
    second = first.fork(5, seed=4).run()
    assert second.parent.id == first.transcript.id
    assert second.messages[: second.parent.messages] == tuple(m for m in first.messages if m.turn <= 5)


def test_resumed_anywhere_it_ends_as_if_never_cut(users):
    changed = {"replace": {"Ben": actor("Zoe")}, "moderator": host(), "seed": 5}
    fork = held(users).fork(3, **changed)
    whole = fork.run()
    for cut in range(fork.parent.messages, len(whole.messages) + 1):
        again = held(users).fork(3, **changed)
        while len(again.messages) < cut:
            again.step()
        resumed = snb.Discussion(
            again.users,
            again.moderator,
            again.topic,
            num_turns=8,
            seed=5,
            history=again.messages,
            parent=again.parent,
        )
        assert resumed.run() == again.run() == whole


def test_a_discussion_of_a_run_is_forked_through_its_experiment(users, tmp_path):
    experiment = snb.DiscussionExperiment(["Tax", "Toll"], users, num_turns=6, num_discussions=3)
    run = experiment.begin(tmp_path)
    for transcript in run:
        parent = experiment.discussion(transcript.index, run.seed, history=transcript.messages)
        fork = parent.fork(4).run()
        assert fork.messages == transcript.messages
        assert fork.parent.id == transcript.id


def test_what_changed_is_in_words(users):
    parent = held(users, topic="Should the centre of the city be closed to cars, or only to some of them?")
    assert parent.fork(
        2,
        replace={"Ben": actor("Zoe"), "Cem": actor("Cem", instructions="Be rude.")},
        moderator=host(),
        turn_manager=snb.RespondWithProbability(0.6),
        num_turns=9,
        window=5,
        seed=3,
    ).parent.changes == (
        "Ben → Zoe",
        "another Cem (instructions)",
        "moderator none → Mo",
        "turn manager RoundRobin() → RespondWithProbability(p=0.6)",
        "turns 8 → 9",
        "window 3 → 5",
        "seed 11 → 3",
    )
    assert parent.fork(0, topic="Toll?").parent.changes == (
        "topic 'Should the centre of the city be closed to cars, or only to…' → 'Toll?'",
    )
    assert parent.fork(2, users=users[:2]).parent.changes == ("participants Ana, Ben, Cem → Ana, Ben",)
    moderated = held(users, moderator=host())
    assert moderated.fork(2, moderator=host(instructions="Be firm.")).parent.changes == ("another Mo (instructions)",)


def test_other_settings_of_a_model_of_the_same_name_are_a_change(users):
    parent = held([actor("Ana", ["a", "b"]), actor("Ben")])

    class Tuned(snb.ScriptedModel):
        def settings(self):
            return {**super().settings(), "temperature": 0}

    tuned = snb.LLMActor(Tuned(["a", "b"], name="talker"), "Ana")
    assert parent.fork(2, replace={"Ana": tuned}).parent.changes == ("another Ana (settings of the model)",)


def test_the_parent_takes_part_in_the_id(users):
    parent = held(users)
    ids = {parent.fork(at, **given).transcript.id for at in range(4) for given in ({}, {"seed": 3}, {"window": 1})}
    assert len(ids) == 12


def test_it_survives_its_file_and_one_without_a_parent_says_nothing_of_it(users):
    parent = held(users)
    fork = parent.fork(3, moderator=host()).run()
    assert from_json(Transcript, to_json(fork), "here") == fork
    assert b'"parent"' in to_json(fork)
    assert b'"parent"' not in to_json(parent.transcript)
    assert from_json(Transcript, to_json(parent.transcript), "here").parent is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"at": 9}, "at is 9, but the discussion is at turn 8. Give a turn from 0 (the opening) to 8, or let it go on"),
        ({"at": -1}, "at is -1, but must be a whole number of 0 or more"),
        ({"at": "end"}, "at is 'end', but must be a whole number"),
        ({"at": 8}, "at is 8 and num_turns is 8, so no turn would follow. Fork earlier, or give a larger num_turns."),
        ({"at": 5, "num_turns": 4}, "at is 5 and num_turns is 4"),
        ({"at": 2, "topic": "Toll"}, "topic is 'Toll', but at is 2, and what follows answers the opening. Give at=0"),
        ({"at": 0, "topic": 3}, "topic is 3, but must be text"),
        ({"at": 2, "replace": {"Bne": None}}, "replace names 'Bne', who does not take part. Did you mean 'Ben'? The"),
        ({"at": 2, "replace": ["Ben"]}, "replace is ['Ben'], but must map names to actors"),
        ({"at": 2, "replace": {"Ben": "Zoe"}}, "users holds the text 'Zoe', but must hold LLMActors"),
        ({"at": 2, "replace": {"Ben": actor("Ana")}}, "2 users are called 'Ana'"),
        ({"at": 2, "users": [actor("Ana")], "replace": {}}, "users and replace are both given. Give one of them"),
        ({"at": 2, "moderator": 3}, "moderator is 3, but must be an LLMActor, or text that says what to do"),
        ({"at": 2, "moderator": actor("Ana")}, "The moderator and a user are both called 'Ana'"),
        ({"at": 2, "window": 0}, "window is 0, but must be a whole number of 1 or more"),
    ],
)
def test_bad_input_is_refused_with_the_remedy(users, given, message):
    with pytest.raises(InvalidInputError) as caught:
        held(users).fork(**given)
    assert message in str(caught.value)


def test_a_misspelt_keyword_is_named(users):
    with pytest.raises(UnknownArgumentError, match=r"no argument 'moderater'. Did you mean 'moderator'\?"):
        held(users).fork(2, moderater=None)
