from dataclasses import replace

import pytest

from examples import talk
from syndisco_nb.display.colours import MODERATOR
from syndisco_nb.display.options import Limits
from syndisco_nb.display.pages.speakers_block import lane, speaker_looks, speakers_block


def speakers(transcript, limits=None):
    return speakers_block(transcript, speaker_looks(transcript), limits or Limits()).people


def test_the_strip_shows_who_spoke_when_and_who_was_silent():
    people = speakers(talk(6))
    assert {one.name: one.lane for one in people} == {
        "Ana": (1, 0, 0, 1, 0, 0),
        "Ben": (0, 1, 0, 0, 0, 0),
        "Cem": (0, 0, 1, 0, 0, None),
        "Mo": (0, 0, 0, 0, 1, 0),
    }
    assert [one.contribution for one in people] == ["2 comments", "1 comment", "1 comment, 1 silent", "1 comment"]


@pytest.mark.parametrize("length", [1, 7, 40, 41, 1000])
def test_a_strip_of_any_length_keeps_to_its_columns(length):
    assert len(lane([True] * length, 40)) == min(length, 40)
    assert set(lane([True] * length, 40)) == {1.0}
    assert set(lane([False] * length, 40)) == {0.0}
    assert sum(map(bool, lane([n == length // 2 for n in range(length)], 40))) == 1
    quiet = [None if n == length // 2 else False for n in range(length)]
    assert lane(quiet, 40).count(None) == 1
    assert None not in lane([True, *quiet, True][:2] * 40, 40)


def test_who_was_only_ever_silent_is_no_moderator():
    transcript = replace(talk(6, names=("Ana", "Ben", "Dia")), users=(), comments=talk(6).comments[:1], moderator=None)
    assert {one.name: one.role for one in speakers(transcript)} == {
        "Ana": "participant",
        "Dia": "participant",
    }


def test_everyone_who_spoke_is_listed_even_if_the_record_forgot_them():
    transcript = replace(talk(6), users=(), moderator=None)
    assert [one.name for one in speakers(transcript)] == [
        "Ana",
        "Ben",
        "Cem",
        "Mo",
    ]


def test_participants_who_never_spoke_are_listed_with_what_they_were_told_as_far_as_there_is_room():
    transcript = talk(6)
    told = replace(transcript.users[0], name="Zoe", attributes=("age: 3", "x" * 5_000, "hobby: chess"))
    zoe = speakers(replace(transcript, users=(*transcript.users, told)))[3]
    assert (zoe.contribution, set(zoe.lane)) == ("0 comments", {0.0})
    assert zoe.about[0] == "Age: 3"
    assert zoe.about[1].endswith("…")
    small = speakers(replace(transcript, users=(told,)), Limits(max_bytes=20_000, max_items=1))[0]
    assert small.about[-1] == "…"
    assert "hobby: chess" not in small.about


def test_a_moderator_has_the_moderators_look_also_before_their_first_comment():
    transcript = talk(3)
    assert speaker_looks(transcript)["Mo"] == MODERATOR
    assert MODERATOR not in {speaker_looks(transcript)[name] for name in ("Ana", "Ben", "Cem")}
