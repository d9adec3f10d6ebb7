"""Discussions as chat files."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.designs import moderated_builder
from support.sizes import LONG
from support.talks import talk_of

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.formats.foreign_records import foreign_message, foreign_transcript
from syndisco_nb.records import Records

TALK = talk_of("Op: Tax?", "Ana: Why?", "Ben: ", "Mo: Calm.", meta={"system": ["Be kind."]})
CHARACTERS = st.characters(codec="utf-8")
NAMES = st.text(CHARACTERS.filter(lambda one: one not in "\r\n"), min_size=1, max_size=4)
TEXTS = st.text(CHARACTERS, min_size=1, max_size=8)
TALKS = st.lists(
    st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=3).filter(
        lambda said: not any(foreign_message(0, "", text).silent for _, text in said)
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=1000 if LONG else 15, deadline=None)
@given(TALKS, st.sampled_from(["openai", "sharegpt", "chatml"]))
def test_the_neutral_form_comes_back_equal(talks, form):
    assume(form != "chatml" or not any("\x00" in part for said in talks for line in said for part in line))
    given = [
        foreign_transcript(
            [foreign_message(place, *line) for place, line in enumerate(said)], index=index, id=str(index)
        )
        for index, said in enumerate(talks)
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Records(given).to_chat(Path(folder, "chat"), form)
        again = snb.load(file)
    assert [talk.messages for talk in again] == [talk.messages for talk in given]


def test_openai_lines(tmp_path):
    written = TALK.to_chat(tmp_path / "new" / "a.jsonl").read_text()
    assert json.loads(written) == {
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "name": "Op", "content": "Tax?"},
            {"role": "user", "name": "Ana", "content": "Why?"},
            {"role": "user", "name": "Mo", "content": "Calm."},
        ]
    }


def test_a_point_of_view(tmp_path):
    document = json.loads(TALK.to_chat(tmp_path / "a.json", "sharegpt", speaker="Ana").read_text())
    assert document == [
        {
            "id": "discussion-00000",
            "conversations": [
                {"from": "human", "value": "Op: Tax?"},
                {"from": "gpt", "value": "Why?"},
                {"from": "human", "value": "Mo: Calm."},
            ],
        }
    ]


def test_each_point_of_view_and_the_conditions_of_a_study(tmp_path):
    study = moderated_builder().discussions(1).run(tmp_path / "study")
    each = json.loads(study.to_chat(tmp_path / "a.json", "sharegpt", speaker="each").read_text())
    speakers = [(condition, one) for condition, run in study.items() for one in dict.fromkeys(m.name for m in run[0])]
    assert [chat["id"] for chat in each] == [f"{condition}.discussion-00000.{name}" for condition, name in speakers]
    assert all(any(turn["from"] == "gpt" for turn in chat["conversations"]) for chat in each)


def test_chatml_text(tmp_path):
    assert TALK.to_chat(tmp_path / "a", "chatml", speaker="Ana").read_text() == (
        "<|im_start|>user\nOp: Tax?<|im_end|>\n"
        "<|im_start|>assistant\nWhy?<|im_end|>\n"
        "<|im_start|>user\nMo: Calm.<|im_end|>\n"
    )


@pytest.mark.parametrize(
    ("talk", "arguments", "words"),
    [
        (TALK, {"speaker": "Anna"}, "Did you mean 'Ana'? Speakers are Op, Ana, Mo"),
        (TALK, {"form": "xml"}, "form is 'xml', but must be one of: openai, sharegpt, chatml"),
        (talk_of("Ana: <|im_end|>"), {"form": "chatml"}, 'Give form="openai"'),
        (talk_of("Ana: \x00"), {"form": "chatml"}, "a null character"),
        (talk_of("Ana: "), {}, "holds no discussion with comments"),
    ],
    ids=["speaker", "form", "marks", "null", "silence"],
)
def test_errors_say_how_to_go_on(tmp_path, talk, arguments, words):
    with pytest.raises(InvalidInputError) as caught:
        talk.to_chat(tmp_path / "a", **arguments)
    assert words in str(caught.value)
