"""Records as a user holds them."""

import dataclasses

import pytest
from hypothesis import given, settings
from strategies import (
    ANNOTATION_SETS,
    TRANSCRIPTS,
    a_transcript,
    an_annotation_set,
)

from syndisco_nb.errors import InvalidInputError, UnknownArgumentError
from syndisco_nb.records import (
    Message,
    Sampling,
)


@pytest.mark.parametrize(
    "good",
    [
        {"temperature": 0},
        {"top_p": 1},
        {"top_p": 0.01},
        {"top_k": 0},
        {"repetition_penalty": 0.5},
        {"max_tokens": 1},
    ],
)
def test_sampling_takes_the_whole_allowed_range(good):
    ((name, value),) = good.items()
    assert getattr(Sampling(**good), name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -0.1),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("temperature", "hot"),
        ("top_p", 0),
        ("top_p", 1.01),
        ("top_p", float("nan")),
        ("top_k", -1),
        ("top_k", 1.5),
        ("repetition_penalty", 0),
        ("repetition_penalty", float("inf")),
        ("max_tokens", 0),
        ("max_tokens", True),
        ("max_tokens", "many"),
    ],
)
def test_sampling_refuses_what_cannot_work_naming_it(name, value):
    with pytest.raises(InvalidInputError) as caught:
        Sampling(**{name: value})
    assert str(caught.value).startswith(f"{name} is {value!r}, but must be ")


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


def test_a_transcript_as_dataframe_has_one_row_per_message():
    frame = a_transcript().to_dataframe()
    assert list(frame["index"]) == [0, 1, 2, 3]
    assert list(frame["name"]) == ["Ana", "Ben", "Ana", "Mo"]
    assert list(frame["silent"]) == [False, True, False, False]
    assert list(frame["role"]) == ["opening", "participant", "participant", "moderator"]
    assert set(frame["discussion_id"]) == {"00ab"}
    assert frame["finish_reason"][2] == "length"


def test_annotations_as_dataframe_can_be_joined_to_their_comments():
    labels = an_annotation_set().to_dataframe()
    assert str(labels["mass"].dtype) == "float64"  # NaN where it is not known
    joined = a_transcript().to_dataframe().merge(labels, on=["discussion_id", "index"], suffixes=("", "_label"))
    assert list(joined["text"]) == list(joined["text_label"]) == ["é"]
    assert list(joined["label"]) == ["3 – polite"]
    assert list(joined["annotator"]) == ["annotator 1"]


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


def test_a_misspelt_setting_of_sampling_is_answered_with_the_right_one():
    with pytest.raises(
        UnknownArgumentError, match=r"^Sampling has no argument 'temprature'\. Did you mean 'temperature'"
    ):
        Sampling(temprature=1)
    assert dataclasses.replace(Sampling(0.5), top_k=3) == Sampling(temperature=0.5, top_k=3)
