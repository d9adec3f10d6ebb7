import dataclasses

import pytest
from hypothesis import given, settings
from strategies import (
    ANNOTATION_SETS,
    TRANSCRIPTS,
    a_transcript,
    an_annotation_set,
)

from syndisco_nb.errors import InvalidInputError, UnknownItemError
from syndisco_nb.records import (
    Message,
    remark,
)


def test_records_are_immutable():
    transcript = a_transcript()
    with pytest.raises(dataclasses.FrozenInstanceError):
        transcript.seed = 8
    with pytest.raises(dataclasses.FrozenInstanceError):
        transcript.comments[0].text = "x"


def test_messages_are_comments_and_silences_in_order():
    transcript = a_transcript()
    assert [message.index for message in transcript.messages] == [0, 1, 2, 3]
    assert [message.silent for message in transcript.messages] == [False, True, False, False]


def test_a_transcript_is_a_sequence_of_its_comments():
    transcript = a_transcript()
    comments = list(transcript.comments)
    assert len(transcript) == 3
    assert list(transcript) == comments
    assert list(reversed(transcript)) == comments[::-1]
    assert transcript[0] == transcript[-3] == comments[0]
    assert transcript[1:] == tuple(comments[1:])
    assert comments[2] in transcript
    assert transcript.silences[0] not in transcript
    assert not dataclasses.replace(transcript, comments=())


@pytest.mark.parametrize(
    ("place", "error", "said"),
    [
        (3, IndexError, r"There is no transcript\[3\]: discussion 3 has 3 comments. Places are 0 to 2"),
        (-4, UnknownItemError, "Places are 0 to 2, or from the end by negative numbers"),
        ("Ana", InvalidInputError, "A transcript is a sequence of comments, but was asked for 'Ana'"),
    ],
)
def test_a_place_without_a_comment_is_refused_with_those_that_there_are(place, error, said):
    with pytest.raises(error, match=said):
        a_transcript()[place]


def test_a_transcript_in_which_nobody_spoke_has_no_places():
    with pytest.raises(UnknownItemError, match="has 0 comments"):
        dataclasses.replace(a_transcript(), comments=())[0]


def test_a_transcript_as_dataframe_has_one_row_per_message():
    frame = a_transcript().to_dataframe()
    assert list(frame["index"]) == [0, 1, 2, 3]
    assert list(frame["name"]) == ["Ana", "Ben", "Ana", "Mo"]
    assert list(frame["silent"]) == [False, True, False, False]
    assert list(frame["role"]) == ["opening", "participant", "participant", "moderator"]
    assert set(frame["discussion_id"]) == {"00ab"}
    assert frame["finish_reason"][2] == "length"


@settings(max_examples=50, deadline=None)
@given(TRANSCRIPTS, ANNOTATION_SETS)
def test_showing_and_tabulating_never_raises(transcript, annotation_set):
    for record in (transcript, annotation_set, *transcript.messages, *annotation_set.labels):
        assert repr(record).startswith(f"<{type(record).__name__} ")
        assert isinstance(str(record), str)
    assert len(transcript.to_dataframe()) == len(transcript.messages)
    assert len(annotation_set.to_dataframe()) == len(annotation_set.labels)


def test_the_repr_of_a_long_comment_is_one_short_line():
    message = Message(0, 1, "Ana", "many words\n" * 1000, "m")
    assert len(repr(message)) < 120
    assert "\n" not in repr(message)
    assert "…" in repr(message)


def test_str_shows_the_talk_with_line_breaks_and_silences():
    talk = str(a_transcript())
    assert "Ana: Cars?\nOr “bikes”?" in talk
    assert "Ben says nothing." in talk
    assert "3 – polite" in str(an_annotation_set())


@pytest.mark.parametrize(("text", "name"), [("", "Dana"), (" \n", "Dana"), ("Hi.", " "), (3, "Dana"), ("Hi.", None)])
def test_a_remark_needs_a_text_and_a_name(text, name):
    with pytest.raises(InvalidInputError):
        remark(text, name)


def test_a_remark_is_kept_without_space_around_it():
    assert remark(" Hi\nall. ", "Dana  P") == ("Hi\nall.", "Dana P")
