import asyncio
from itertools import islice

import pytest
from support.recording_model import RecordingModel

from syndisco_nb import (
    Discussion,
    LLMActor,
    RandomOther,
    RespondWithProbability,
    ScriptedModel,
    TurnManager,
)
from syndisco_nb.errors import InvalidInputError, UnknownArgumentError
from syndisco_nb.runs.serialization import from_json, to_json

SILENCES = ["", "  \n\t ", '""', "''", ' ""\n', "Ana:", 'Ana: ""']


class Recorder:
    """Actors whose requests are recorded in one list."""

    def __init__(self):
        self.requests = []

    @property
    def asked(self):
        return [request.situation.actor.name for request in self.requests]

    @property
    def prompts(self):
        return [request.messages[-1].content for request in self.requests]

    def actor(self, name, script="Well."):
        model = RecordingModel(script, name=f"model of {name}")
        model.requests = self.requests
        return LLMActor(model, name)


@pytest.fixture
def recorder():
    return Recorder()


def moderator(script="Calm down."):
    return LLMActor(model=ScriptedModel(script, name="host"), name="Mo")


def roles(transcript):
    return [message.role for message in transcript.messages]


def names(transcript):
    return [message.name for message in transcript.messages if message.role != "moderator"]


def test_the_opening_comes_first_and_verbatim(users):
    topic = "  Grüße,\n\n“tax” &gt; toll?  "
    opening = Discussion(users, topic=topic, seed=1, num_turns=2).run().comments[0]
    assert (opening.text, opening.model, opening.role) == (topic, "hardcoded", "opening")
    assert (opening.index, opening.turn, opening.generation) == (0, 0, None)
    assert opening.name in {"Ana", "Ben", "Cem"}


def test_the_opener_can_be_chosen(users):
    for opener in ("Ana", "Ben", "Cem"):
        assert Discussion(users, topic="Tax", opener=opener, num_turns=1).step().name == opener


def test_without_a_topic_there_is_no_opening(users):
    transcript = Discussion(users, num_turns=3, seed=1).run()
    assert roles(transcript) == ["participant"] * 3


def test_users_are_prompted_num_turns_times(recorder):
    users = [recorder.actor("Ana"), recorder.actor("Ben", "")]
    transcript = Discussion(users, topic="Tax", num_turns=7, seed=1).run()
    assert len(recorder.asked) == 7
    assert [message.turn for message in transcript.messages] == list(range(8))


def test_the_moderator_is_prompted_after_every_kept_comment(recorder):
    users = [recorder.actor(name, ["Yes.", ""]) for name in ("Ana", "Ben")]
    transcript = Discussion(users, recorder.actor("Mo"), topic="Tax", num_turns=12, seed=3).run()
    messages = transcript.messages
    assert any(message.silent for message in messages)
    for before, after in zip(messages, (*messages[1:], None), strict=True):
        due = before.role == "participant" and not before.silent
        assert (after is not None and after.role == "moderator") == due
    assert recorder.asked.count("Mo") == sum(m.role == "participant" and not m.silent for m in messages)


def test_a_moderator_shares_the_turn_that_it_follows(users):
    transcript = Discussion([users[0]], moderator(), topic="Tax", num_turns=9, seed=1).run()
    turns = {message.turn for message in transcript.messages if message.role == "participant" and not message.silent}
    assert {message.turn for message in transcript.messages if message.role == "moderator"} == turns


def test_the_moderator_is_not_prompted_after_the_opening_nor_silences(recorder):
    discussion = Discussion([recorder.actor("Ana", "")], recorder.actor("Mo"), topic="Tax", num_turns=4)
    assert roles(discussion.run()) == ["opening", *["participant"] * 4]
    assert "Mo" not in recorder.asked


def test_a_silent_moderator_takes_no_place_in_later_prompts(recorder):
    users = [recorder.actor("Ana"), recorder.actor("Ben")]
    transcript = Discussion(users, moderator("''"), topic="Tax", num_turns=4).run()
    assert [message.name for message in transcript.silences] == ["Mo"] * 4
    assert not any("Mo" in prompt for prompt in recorder.prompts)
    assert all("Tax" in prompt for prompt in recorder.prompts[:3])


@pytest.mark.parametrize("manager", [None, RandomOther(), RespondWithProbability(0.5)])
def test_the_moderator_stands_outside_the_turn_order(manager, recorder):
    users = [recorder.actor(name) for name in ("Ana", "Ben", "Cem")]
    plain = Discussion(users, topic="Tax", turn_manager=manager, seed=5).run()
    moderated = Discussion(users, moderator(), topic="Tax", turn_manager=manager, seed=5).run()
    assert names(moderated) == names(plain)


def test_the_moderator_never_speaks_twice_in_one_turn(recorder):
    class Eager(TurnManager):
        def choose(self, names, history, rng):
            return names[0]

        def moderates(self, history):
            return True

    given = {"moderator": recorder.actor("Mo"), "topic": "Tax", "turn_manager": Eager(), "num_turns": 2}
    steps = list(islice(Discussion([recorder.actor("Ana", "")], **given), 9))
    assert [message.role for message in steps] == ["opening", "moderator", *["participant", "moderator"] * 2]


def test_every_reply_is_drawn_with_a_seed_of_its_own(users):
    transcript = Discussion(users, moderator(), topic="Tax", num_turns=20, seed=1).run()
    seeds = [message.generation.seed for message in transcript.messages[1:]]
    assert len(set(seeds)) == len(seeds)


@pytest.mark.parametrize("reply", SILENCES)
def test_a_reply_without_words_is_a_silence(reply):
    ana = LLMActor(model=ScriptedModel([reply]), name="Ana")
    transcript = Discussion([ana], topic="Tax", num_turns=2).run()
    assert len(transcript.comments) == 1
    assert [(message.silent, message.text) for message in transcript.silences] == [(True, "")] * 2
    assert transcript.silences[0].generation.raw == (reply or None)


@pytest.mark.parametrize("reply", SILENCES)
def test_silences_show_in_no_later_prompt(reply, recorder):
    Discussion([recorder.actor("Ana", reply), recorder.actor("Ben")], topic="Tax", opener="Ben", num_turns=4).run()
    assert recorder.asked == ["Ana", "Ben", "Ana", "Ben"]
    assert "Ana:" not in recorder.prompts[-1]
    assert "Ana (you)" not in recorder.prompts[-2]


@pytest.mark.parametrize("reply", ["Ana: Yes, no.", "Ana (you): Yes, no.", "\nAna:\nYes, no.\n", "  Yes, no. "])
def test_the_speakers_own_name_is_taken_off(reply):
    ana = LLMActor(model=ScriptedModel(reply), name="Ana")
    comment = Discussion([ana], topic="Tax", num_turns=1).run().comments[-1]
    assert comment.text == "Yes, no."
    assert comment.generation.raw == reply


@pytest.mark.parametrize("reply", ["Ben: Yes.", "Anabel: Yes.", "Ana, yes.", 'She said ""', "a\n\nb"])
def test_other_replies_are_kept_as_they_are(reply):
    ana = LLMActor(model=ScriptedModel(reply), name="Ana")
    comment = Discussion([ana], topic="Tax", num_turns=1).run().comments[-1]
    assert (comment.text, comment.generation.raw) == (reply, None)


@pytest.mark.parametrize("window", [1, 3, 5])
def test_actors_see_the_last_comments_of_the_window(window, recorder):
    users = [recorder.actor(name, lambda _: f"#{len(recorder.asked)}.") for name in ("Ana", "Ben")]
    Discussion(users, topic="#0.", window=window, num_turns=8).run()
    seen = [f"#{number}." for number in range(8) if f"#{number}." in recorder.prompts[-1]]
    assert seen == [f"#{number}." for number in range(8 - window, 8)]


@pytest.mark.parametrize("window", [1, 3])
def test_a_moderated_participant_sees_as_many_comments_of_participants_as_another(window, recorder):
    def numbers(prompt):
        return [word for word in prompt.split() if word.startswith("#")]

    def prompts(moderator, **given):
        recorder.requests.clear()
        users = [recorder.actor(name, lambda request: f"#{request.seed}") for name in ("Ana", "Ben")]
        discussion = Discussion(users, moderator, topic="#0", window=window, num_turns=6, seed=1, **given)
        discussion.step()
        discussion.inject("One moment.", "Zoe")
        discussion.run()
        return [prompt for prompt in recorder.prompts if "as Mo" not in prompt]

    plain, moderated = prompts(None), prompts(moderator())
    assert [*map(numbers, plain)] == [*map(numbers, moderated)]
    assert len(numbers(moderated[-1])) == window
    assert "Mo: Calm down." in moderated[-1]
    counted = prompts(moderator(), window_counts="all")
    assert all(prompt.count("Calm down.") + len(numbers(prompt)) <= window for prompt in counted)
    assert len(numbers(counted[-1])) == window // 2


def test_the_prompt_of_a_comment_is_the_one_sent(recorder):
    transcript = Discussion([recorder.actor("Ana")], topic="Tax", num_turns=3).run()
    assert [message.generation.prompt[-1].content for message in transcript.comments[1:]] == recorder.prompts


def test_a_discussion_can_be_watched_turn_by_turn(users):
    whole = Discussion(users, moderator(), topic="Tax", seed=2).run()
    assert tuple(Discussion(users, moderator(), topic="Tax", seed=2)) == whole.messages


def test_steps_iteration_and_run_go_on_from_each_other(users):
    whole = Discussion(users, moderator(), topic="Tax", seed=2).run()
    discussion = Discussion(users, moderator(), topic="Tax", seed=2)
    first = [discussion.step(), discussion.step()]
    for message in discussion:
        first.append(message)
        if len(first) == 5:
            break
    assert tuple(first) == whole.messages[:5]
    assert discussion.run() == whole
    assert discussion.step() is None
    assert discussion.run() == whole


@pytest.mark.parametrize("manager", [None, RandomOther(), RespondWithProbability(0.5)])
def test_resumed_anywhere_it_ends_as_if_never_cut(users, manager):
    given = {"moderator": moderator(["Now.", ""]), "topic": "Tax", "turn_manager": manager, "num_turns": 8, "seed": 11}
    whole = Discussion(users, **given).run()
    assert whole.silences
    assert "moderator" in roles(whole)
    for cut in range(len(whole.messages) + 1):
        assert Discussion(users, **given, history=whole.messages[:cut]).run() == whole


def test_after_an_error_the_same_turn_can_be_tried_again(users):
    failing = []

    def reply(request):
        if failing:
            raise ConnectionError(failing.pop())
        return f"Word {request.seed % 1000}."

    ana = LLMActor(model=ScriptedModel(reply), name="Ana")
    whole = Discussion([ana], topic="Tax", num_turns=4, seed=1).run()
    discussion = Discussion([ana], topic="Tax", num_turns=4, seed=1)
    discussion.step()
    discussion.step()
    failing.append("gone")
    with pytest.raises(ConnectionError, match="gone"):
        discussion.run()
    assert discussion.transcript.messages == whole.messages[:2]
    assert discussion.run() == whole


def test_the_same_seed_gives_the_same_transcript(users):
    transcripts = [Discussion(users, topic="Tax", seed=seed).run() for seed in (4, 4, 5)]
    assert transcripts[0] == transcripts[1]
    assert transcripts[0].id != transcripts[2].id
    assert [m.text for m in transcripts[0].messages] != [m.text for m in transcripts[2].messages]


def test_a_drawn_seed_is_kept_and_gives_the_transcript_again(users):
    transcript = Discussion(users, topic="Tax").run()
    assert Discussion(users, topic="Tax", seed=transcript.seed).run() == transcript


def test_seeds_are_drawn_anew_each_time(users):
    assert len({Discussion(users).seed for _ in range(20)}) == 20


def test_it_runs_inside_a_running_event_loop(users):
    whole = Discussion(users, topic="Tax", seed=2).run()

    async def cell():
        stepped = Discussion(users, topic="Tax", seed=2)
        await stepped.astep()
        return Discussion(users, topic="Tax", seed=2).run(), await stepped.arun()

    assert asyncio.run(cell()) == (whole, whole)


def test_discussions_can_be_awaited_together(users):
    whole = [Discussion(users, topic="Tax", seed=seed).run() for seed in range(5)]

    async def cell():
        return await asyncio.gather(*(Discussion(users, topic="Tax", seed=seed).arun() for seed in range(5)))

    assert asyncio.run(cell()) == whole


@pytest.mark.parametrize("manager", [RespondWithProbability(0.5), RandomOther(seed=1)])
def test_discussions_that_share_a_turn_manager_do_not_disturb_each_other(users, manager):
    def make():
        return [Discussion(users, topic="Tax", turn_manager=manager, seed=seed, num_turns=6) for seed in (1, 2)]

    apart = [discussion.run() for discussion in make()]
    one, other = make()
    while [one.step(), other.step()] != [None, None]:
        pass
    assert [one.transcript, other.transcript] == apart


def test_a_transcript_says_how_it_came_to_be(users):
    transcript = Discussion(users, moderator(), "Tax", num_turns=3, window=2, seed=8, index=4).run()
    assert (transcript.index, transcript.seed, transcript.topic) == (4, 8, "Tax")
    assert transcript.settings == {
        "num_turns": 3,
        "window": 2,
        "window_counts": "participants",
        "turn_manager": {"type": "RoundRobin"},
    }
    assert [user.name for user in transcript.users] == ["Ana", "Ben", "Cem"]
    assert transcript.moderator.name == "Mo"


def test_a_transcript_survives_its_file(users):
    transcript = Discussion(users, moderator(), "Größe\n“x”", num_turns=6, seed=8).run()
    assert from_json(type(transcript), to_json(transcript), "here") == transcript


def test_a_speaker_who_does_not_take_part_is_refused_by_name(users):
    class Stranger(TurnManager):
        def choose(self, names, history, rng):
            return "Dan"

    with pytest.raises(InvalidInputError, match=r"'Dan', who does not take part.*Ana, Ben, Cem"):
        Discussion(users, topic="Tax", turn_manager=Stranger()).run()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"users": []}, "users is empty. Give at least one"),
        ({"users": "Ana"}, "users is 'Ana', but must be a list of LLMActor"),
        ({"users": ["Ana"]}, "users holds the text 'Ana', but must hold LLMActors"),
        ({"opener": "Dan"}, "opener is 'Dan', but the users are: Ana, Ben, Cem"),
        ({"num_turns": 0}, "num_turns is 0, but must be a whole number of 1 or more"),
        ({"window": 0}, "window is 0, but must be a whole number of 1 or more"),
        ({"window_counts": "users"}, "window_counts is 'users', but must be 'participants' (comments of moderators"),
        ({"turn_manager": "random"}, "turn_manager is 'random', but must be a turn manager, such as RoundRobin()"),
    ],
)
def test_bad_input_is_refused_with_the_remedy(users, given, message):
    with pytest.raises(InvalidInputError) as caught:
        Discussion(**{"users": users, **given})
    assert message in str(caught.value)


def test_a_misspelt_keyword_is_named(users):
    with pytest.raises(UnknownArgumentError, match=r"no argument 'windows'. Did you mean 'window'\?"):
        Discussion(users, windows=3)


def test_users_may_come_from_any_iterable(users):
    transcript = Discussion((user for user in users), topic="Tax", num_turns=2, seed=1).run()
    assert transcript == Discussion(users, topic="Tax", num_turns=2, seed=1).run()
