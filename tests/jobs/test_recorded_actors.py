"""Actors, turn managers and stop conditions that repeat a record."""

import asyncio

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.kinds import kinds_of
from syndisco_nb.backend.model import Model
from syndisco_nb.backend.model.request import Request
from syndisco_nb.backend.stop_condition import StopCondition
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.jobs import recorded_actors
from syndisco_nb.jobs.recorded_actors import (
    EndOfRecordError,
    Playback,
    RecordedActor,
    RecordedEnd,
    RecordedPerson,
    RecordedTurns,
    recorded_answer,
    recorded_stop,
)

SPEC = {"window_counts": "participants", "models": [{"type": "HumanModel", "name": "Dana"}]}


@pytest.fixture
def transcript(users):
    return snb.Discussion(users, topic="Tax", num_turns=4, seed=1, stop=snb.AfterSilences(1)).run()


@pytest.fixture
def playback(transcript):
    playback = Playback(SPEC, transcript.messages)
    playback.position = 1
    return playback


def test_a_tape_knows_its_place_its_people_and_its_version(transcript, playback):
    assert (playback.current, playback.generation) == (transcript.messages[1], transcript.messages[1].generation)
    assert (playback.is_version_1, playback.people) == (False, {"Dana"})
    assert Playback({}).is_version_1
    playback.position = len(transcript.messages)
    assert (playback.current, playback.generation) == (None, None)


def test_an_actor_answers_as_on_record_and_is_described_as_there(transcript, playback):
    actor = RecordedActor(transcript.users[0], playback)
    assert actor.describe() == transcript.users[0]
    answer = asyncio.run(actor.model.complete(Request((), 0)))
    assert answer == recorded_answer(transcript.messages[1])
    assert answer.text in (transcript.messages[1].generation.raw, transcript.messages[1].text)


def test_people_and_all_of_version_1_are_not_cleaned(transcript):
    who = transcript.users[0]
    person = type(who)(who.name, who.type, "Dana", who.attributes, who.context, who.instructions, who.prompt_format)
    assert isinstance(RecordedActor(person, Playback(SPEC)).model, RecordedPerson)
    assert not isinstance(RecordedActor(who, Playback(SPEC)).model, RecordedPerson)
    assert isinstance(RecordedActor(who, Playback({})).model, RecordedPerson)


@pytest.mark.parametrize("place", [0, 99], ids=["opening", "end"])
def test_nothing_is_answered_that_no_model_was_asked(transcript, playback, place):
    playback.position = place
    with pytest.raises(EndOfRecordError):
        playback.answer()
    with pytest.raises(EndOfRecordError):
        playback.prompt()


def test_turns_of_an_unknown_rule_are_those_on_record(transcript, playback):
    turns = RecordedTurns({"type": "Own"}, playback)
    assert turns.choose(["Ana"], [], None) == transcript.messages[1].name
    assert (turns.moderates([]), turns.settings()) == (False, {"type": "Own"})
    playback.position = 99
    with pytest.raises(EndOfRecordError):
        turns.choose(["Ana"], [], None)


def test_known_stop_conditions_are_made_again_and_others_hold_at_the_end(transcript, playback):
    own = {"type": "Own"}
    known, unknown = recorded_stop([snb.AfterSilences(1).settings(), own], transcript, playback)
    assert (type(known), known.settings()) == (snb.AfterSilences, snb.AfterSilences(1).settings())
    assert isinstance(unknown, RecordedEnd)
    assert (unknown.holds([]), unknown.settings(), str(unknown)) == (False, own, transcript.ended)
    playback.position = len(transcript.messages)
    assert unknown.holds([])
    (unfinished,) = recorded_stop([own], None, playback)
    assert (unfinished.holds([]), str(unfinished)) == (False, "")


def test_none_of_them_is_a_choice_for_designs():
    choices = {kind for base in (Model, TurnManager, StopCondition) for kind in kinds_of(base)}
    assert not choices & set(vars(recorded_actors)) - {"HumanModel"}
