"""Discussions that end before all their turns were held."""

import itertools
import json
from pathlib import Path

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.stop_condition import ended
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.runs.serialization import from_json, to_json


def quiet(name, replies=("Well.", "")):
    return snb.LLMActor(snb.ScriptedModel(list(replies)), name)


def talk(**settings):
    users = [quiet(name) for name in ("Ana", "Ben")]
    return snb.Discussion(
        users, **{"topic": "Tax", "num_turns": 40, "seed": 3, "stop": snb.AfterSilences(2)} | settings
    )


def test_a_discussion_ends_when_its_condition_holds_and_says_why():
    transcript = talk().run()
    silent = [message.silent for message in transcript.messages]
    assert silent[-2:] == [True, True]
    assert (True, True) not in list(itertools.pairwise(silent))[:-1]
    assert 2 < len(silent) < 41
    assert (transcript.ended, transcript.settings["stop"]) == (
        "2 silences in a row",
        [{"type": "AfterSilences", "silences": 2}],
    )
    assert "2 silences in a row" in transcript.to_markdown()
    assert from_json(type(transcript), to_json(transcript), "it") == transcript


def test_without_a_condition_nothing_is_new():
    transcript = talk(stop=()).run()
    assert (transcript.ended, len(transcript.messages)) == (None, 41)
    assert b"ended" not in to_json(transcript)
    assert b'"stop": ' not in to_json(transcript).split(b'"logs"')[0]


def test_cut_off_anywhere_it_ends_where_it_would_have():
    whole = talk().run()
    for cut in range(len(whole.messages) + 1):
        assert talk(history=whole.messages[:cut]).run() == whole


def test_the_moderator_has_the_last_word():
    moderator = quiet("Mo", ["Go on.", "Thank you all."])
    transcript = talk(moderator=moderator, stop=[snb.AfterSilences(30), snb.AfterPhrase("thank you")]).run()
    assert (transcript.messages[-1].name, transcript.ended) == ("Mo", "“thank you” was said")
    assert len(transcript.messages) < 41


def test_a_rule_of_ones_own_needs_only_holds():
    class AfterComments(snb.StopCondition):
        def holds(self, history):
            return len(history) == 5

    transcript = talk(stop=AfterComments()).run()
    assert (len(transcript.messages), transcript.ended) == (5, "AfterComments()")


def test_a_fork_ends_by_itself_and_may_go_on_without_the_condition():
    parent = talk()
    parent.run()
    with pytest.raises(InvalidInputError, match=r"by then 2 silences in a row, so no turn would follow"):
        parent.fork(at=parent.turn)
    fork = parent.fork(at=parent.turn, stop=())
    assert fork.parent.changes == ("stop AfterSilences(silences=2) → none",)
    assert fork.run().ended is None
    assert parent.fork(at=1).run().messages == parent.transcript.messages


def experiment(**settings):
    users = [quiet(name) for name in ("Ana", "Ben", "Cem")]
    given = {"topics": ["Tax"], "users": users, "num_turns": 30, "num_discussions": 4, "seed": 1}
    return snb.DiscussionExperiment(**{**given, "stop": snb.AfterSilences(2), **settings})


def test_a_run_of_discussions_that_end_early_is_finished_and_sound(tmp_path, capsys):
    run = experiment().begin(tmp_path)
    assert (run.status, len(run)) == ("finished", 4)
    held = [max(message.turn for message in transcript.messages) for transcript in run]
    assert max(held) < 30
    shown = capsys.readouterr().err
    assert f"{sum(held)}/{sum(held)}" in shown.split("\r")[-1]
    assert (run.verify().problems, all(run.replay(place) for place in range(4))) == ((), True)
    assert experiment().begin(tmp_path).status == "finished"
    with pytest.raises(snb.SyndiscoError, match="stop"):
        experiment(stop=()).begin(tmp_path)


def rewritten(run, change):
    file = Path(run, "discussion-00000.json")
    document = json.loads(file.read_text())
    change(document)
    file.write_text(json.dumps(document))
    return run.verify().problems


def test_an_end_without_its_reason_is_no_sound_end(tmp_path):
    run = experiment().begin(tmp_path)
    assert any("its end is None" in one for one in rewritten(run, lambda document: document.pop("ended")))


def test_a_discussion_that_was_cut_short_is_found(tmp_path):
    run = experiment().begin(tmp_path)

    def cut(document):
        document["silences"].pop()

    assert any("its end is '2 silences in a row', but must be None" in one for one in rewritten(run, cut))


def test_a_discussion_that_went_on_after_its_end_is_found(tmp_path):
    run = experiment(stop=snb.AfterSilences(30), num_turns=12).begin(tmp_path)

    def otherwise(document):
        document["settings"]["stop"] = [{"type": "AfterSilences", "silences": 1}]

    head = json.loads(Path(run, "run.json").read_text())
    head["spec"]["stop"] = [{"type": "AfterSilences", "silences": 1}]
    Path(run, "run.json").write_text(json.dumps(head))
    assert any("comes after the discussion has ended" in one for one in rewritten(run, otherwise))


@pytest.mark.parametrize("stop", [[{"type": "AfterSilences", "silences": 0}], [{"type": "AfterPhrase"}], [3]])
def test_conditions_that_cannot_be_read_are_a_problem_and_no_crash(tmp_path, stop):
    run = experiment().begin(tmp_path)
    head = json.loads(Path(run, "run.json").read_text())
    head["spec"]["stop"] = stop
    Path(run, "run.json").write_text(json.dumps(head))
    assert any("cannot be read" in one for one in run.verify().problems)


def test_the_estimate_counts_all_turns():
    assert experiment().estimate().calls == 120


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda: talk(stop="silence"), "stop is 'silence', but must be conditions"),
        (lambda: talk(stop=[3]), "stop has 3, which is no condition"),
    ],
)
def test_mistakes_are_said_in_words(given, said):
    with pytest.raises(InvalidInputError, match=said):
        given()


def test_the_first_condition_that_holds_is_the_reason():
    class AtLength(snb.StopCondition):
        def __init__(self, length, words):
            self.length, self.words = length, words

        def holds(self, history):
            return len(history) >= self.length

        def __str__(self):
            return self.words

    assert ended([AtLength(1, "a"), AtLength(0, "b"), AtLength(0, "c")], []) == "b"
    assert ended([AtLength(1, "a")], []) is None
    assert ended([], []) is None
