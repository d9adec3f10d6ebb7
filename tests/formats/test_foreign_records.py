"""Records made of the data of other tools."""

import pytest

from syndisco_nb.formats.foreign_records import digest_of, foreign_message, foreign_participant, foreign_transcript


@pytest.mark.parametrize("text", ["", " \n", '""', "''", ' "" '])
def test_a_text_without_a_word_is_a_silence_whose_text_is_kept(text):
    made = foreign_message(0, "Ana", text, meta={"votes": 2})
    assert (made.silent, made.text) == (True, "")
    assert made.meta == {"votes": 2} | ({"text": text} if text else {})


def test_any_other_text_stays_as_it_is():
    made = foreign_message(0, "Ana", ' "é" &gt; ', model="m")
    assert (made.silent, made.text, made.model, made.meta) == (False, ' "é" &gt; ', "m", None)


def test_half_characters_are_replaced():
    assert foreign_message(0, "A\ud800", "x\ud800").text == "x\ufffd"


def test_single_values_of_a_speaker_are_attributes():
    made = foreign_participant("Ana", meta={"age": 34, "none": None, "list": [1]})
    assert (made.attributes, made.model, made.type) == (("age: 34",), "human", "user")


def test_turns_are_counted_and_the_moderator_is_found():
    talk = foreign_transcript(
        [
            foreign_message(0, "Ana", "Tax?", role="opening"),
            foreign_message(1, "Ben", "No."),
            foreign_message(2, "Mo", "Calm.", role="moderator"),
            foreign_message(3, "Ana", ""),
        ],
        [foreign_participant("Ana", meta={"age": 3})],
    )
    assert [message.turn for message in talk.messages] == [0, 1, 1, 2]
    assert [user.name for user in talk.users] == ["Ana", "Ben"]
    assert talk.users[0].attributes == ("age: 3",)
    assert talk.moderator.name == "Mo"
    assert (talk.topic, len(talk.comments), len(talk.silences), talk.seed) == ("Tax?", 3, 1, None)


def test_turns_that_are_known_stay_and_two_moderators_are_users():
    talk = foreign_transcript(
        [foreign_message(0, "Mo", "a", turn=4, role="moderator"), foreign_message(1, "Mi", "b", role="moderator")]
    )
    assert [message.turn for message in talk] == [4, 0]
    assert (talk.moderator, [user.name for user in talk.users]) == (None, ["Mo", "Mi"])


def test_the_id_depends_on_names_and_texts_alone():
    one, two = (foreign_transcript([foreign_message(0, "Ana", "a", meta=meta)]) for meta in (None, {"x": 1}))
    assert one.id == two.id == digest_of([["Ana", "a"]])
    assert one.id != foreign_transcript([foreign_message(0, "Ana", "b")]).id
