"""Openings of one text, or of several comments: who posts them, and that they survive cuts, forks and files."""

import json
from pathlib import Path

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.topics import (
    check_topic,
    check_topics,
    opening_messages,
    plain_topic,
    topic_title,
)
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.runs.serialization import from_json, to_json

THREAD = ["Close the centre to cars.", {"name": "Herald", "text": "It is decided."}, {"text": "Why?"}, "Really?"]


def talk(users, topic=THREAD, **settings):
    return snb.Discussion(users, **{"topic": topic, "num_turns": 4, "seed": 11, **settings})


def opened(transcript):
    return [(one.index, one.turn, one.name, one.text) for one in transcript.messages if one.role == "opening"]


def test_comments_that_name_nobody_are_by_one_participant_after_the_other(users):
    transcript = talk(users, opener="Ben").run()
    assert opened(transcript) == [
        (0, 0, "Ben", "Close the centre to cars."),
        (1, 0, "Herald", "It is decided."),
        (2, 0, "Cem", "Why?"),
        (3, 0, "Ana", "Really?"),
    ]
    assert (transcript.topic, transcript.messages[4].name, transcript.messages[4].turn) == (THREAD[0], "Ben", 1)
    assert {one.model for one in transcript.messages[:4]} == {"hardcoded"}


def test_speakers_see_the_comments_of_the_opening(users):
    prompt = talk(users, window=4).run().messages[4].generation.prompt
    assert all(text in prompt[-1].content for text in ("Herald", "It is decided.", "Really?"))


def test_a_list_of_one_text_is_that_text(users):
    assert talk(users, ["Tax"]).run() == talk(users, "Tax").run()
    assert check_topic([{"name": "Ana", "text": "Tax"}]) != "Tax"


@pytest.mark.parametrize("cut", range(8))
def test_cut_off_anywhere_it_goes_on_as_if_never_cut(users, cut):
    whole = talk(users).run()
    assert talk(users, history=whole.messages[:cut]).run() == whole


def test_a_transcript_with_several_openings_survives_its_file(users):
    whole = talk(users).run()
    assert from_json(type(whole), to_json(whole), "it") == whole


def test_a_fork_shares_the_whole_opening(users):
    whole = talk(users)
    whole.step()
    fork = whole.fork(at=0, seed=3)
    assert fork.parent.messages == 4
    assert opened(fork.run()) == opened(talk(users).run())


def test_a_fork_may_open_with_other_comments(users):
    parent = talk(users, opener="Ben")
    fork = parent.fork(at=0, topic=["Toll?", {"name": "Mo", "text": "No."}, "Yes."])
    assert fork.parent.changes == ("topic 'Close the centre to cars.' and 3 more → 'Toll?' and 2 more",)
    assert [name for _, _, name, _ in opened(fork.run())] == ["Ben", "Mo", "Cem"]
    other = parent.fork(at=0, topic=[*THREAD[:3], "Indeed."])
    assert len(other.parent.changes) == 1


def test_those_whom_a_topic_names_take_part(users, tmp_path):
    topic = [{"name": "Cem", "text": "Close it."}, "No."]
    experiment = snb.DiscussionExperiment([topic], users, num_discussions=30, num_active_users=2, num_turns=1, seed=1)
    run = experiment.begin(tmp_path)
    names = [[user.name for user in transcript.users] for transcript in run]
    assert all("Cem" in present for present in names)
    assert {name for present in names for name in present} == {"Ana", "Ben", "Cem"}
    assert {transcript.comments[0].name for transcript in run} == {"Cem"}
    with pytest.raises(InvalidInputError, match=r"'Close it\.', Ana, Cem take part in any case, but .* is 1"):
        snb.DiscussionExperiment([[*topic, {"name": "Ana", "text": "x"}]], users, num_active_users=1)


def test_a_run_keeps_its_openings_and_is_verified_by_them(users, tmp_path):
    experiment = snb.DiscussionExperiment([THREAD, "Tax"], users, num_discussions=6, num_turns=2, seed=1)
    run = experiment.begin(tmp_path)
    assert run.spec["topics"] == [[*THREAD[:2], "Why?", "Really?"], "Tax"]
    assert {len(opened(transcript)) for transcript in run} == {1, 4}
    assert not run.verify().problems
    assert all(run.replay(place) for place in range(6))
    index = next(transcript.index for transcript in run if len(opened(transcript)) == 4)
    file = Path(run, f"discussion-{index:05d}.json")
    document = json.loads(file.read_text())
    document["logs"][2]["name"] = "Herald"
    file.write_text(json.dumps(document))
    assert [one for one in run.verify().problems if "is not the opening that follows from the seed" in one]
    del document["logs"][2]
    file.write_text(json.dumps(document))
    assert any("its opening is missing" in one for one in run.verify().problems)


def test_plain_topics_make_the_same_topics():
    topics = check_topics([THREAD, "Tax"])
    assert check_topics(json.loads(json.dumps([plain_topic(topic) for topic in topics]))) == topics
    assert [topic_title(topic) for topic in topics] == [THREAD[0], "Tax"]


def test_an_opener_who_has_left_still_posts_first():
    found = opening_messages(check_topic(["a", "b", "c", "d"]), "Gone", ["Ana", "Ben"])
    assert [message.name for message in found] == ["Gone", "Ana", "Ben", "Gone"]


@pytest.mark.parametrize(
    ("topic", "said", "field"),
    [
        ([], "A topic has no comments", ""),
        (["a", 3], "A comment of a topic is 3, but must be text, or a mapping", ".1"),
        (["a", {"text": "b", "by": "Ana"}], "but must be text, or a mapping", ".1"),
        (["a", {"name": "Ana"}], "but must be text, or a mapping", ".1"),
        (["a", {"text": "b", "name": 3}], "name is 3, but must be text", ".1.name"),
        (["a", " "], "A comment of a topic is empty", ".1.text"),
        (["a", "\ud800"], "half a character", ".1.text"),
        ("\ud800", "half a character", ""),
        ({"text": "a"}, "a list of comments", ""),
    ],
)
def test_an_unusable_topic_is_an_error_that_names_its_place(users, topic, said, field):
    with pytest.raises(InvalidInputError, match=said) as caught:
        snb.Discussion(users, topic=topic)
    assert caught.value.field == f"topic{field}"
    with pytest.raises(InvalidInputError, match=said) as caught:
        snb.DiscussionExperiment(topics=["Tea?", topic], users=users)
    assert caught.value.field == f"topics.1{field}"
    with pytest.raises(InvalidInputError, match=said):
        snb.DiscussionExperiment([topic], users)


def test_discussions_without_an_opening(users, tmp_path):
    run = snb.DiscussionExperiment(None, users, num_turns=3, num_discussions=2, seed=1).begin(tmp_path)
    assert [one.role for one in run[0].messages] == ["participant"] * 3
    assert run.verify()
    assert "Nobody has said anything yet." in run[0].messages[0].generation.prompt[-1].content
    with pytest.raises(InvalidInputError, match=r"without an opening, give topics=None to a DiscussionExperiment"):
        snb.DiscussionExperiment([""], users)
