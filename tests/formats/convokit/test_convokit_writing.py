"""ConvoKit corpora, written and read again."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.designs import moderated_builder
from support.experiments import judge
from support.hand_made_studies import labels_of, talk, talks
from support.round_trips import held, transcripts
from support.sizes import LONG

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.runs.corpus import Corpus


def rows(folder, name="utterances.jsonl"):
    text = (folder / name).read_text()
    return [json.loads(line) for line in text.splitlines()] if name.endswith("l") else json.loads(text)


@given(st.lists(transcripts(), min_size=1, max_size=3, unique_by=lambda one: one.id))
@settings(max_examples=1000 if LONG else 25, deadline=None)
def test_any_discussions_come_back(tmp_path_factory, given):
    folder = tmp_path_factory.mktemp("corpus") / "c"
    assert [held(one) for one in snb.load(Corpus(given).to_convokit(folder))] == [held(one) for one in given]


def test_discussions_of_a_study_and_their_labels_come_back(tmp_path):
    study = talks({"none": 2, "some": 1}, silences=1)
    labels = [labels_of(0, [1, {"1": 0.5, "5": 0.5}], "none"), labels_of(0, [2, 4], "none", annotator=1)]
    loaded = snb.load(snb.Corpus(study["none"], labels).to_convokit(tmp_path / "c"))
    assert list(map(held, loaded)) == list(map(held, study["none"]))
    assert list(map(held, loaded.annotations)) == list(map(held, labels))
    written = rows(tmp_path / "c")
    assert [one["meta"].get("toxicity") for one in written] == [None, 1.5, 3.5, None] + [None] * 4
    assert written[1]["meta"]["labels"][0] == {"annotator": "judge", "scale": "toxicity", "value": 1, "model": "judge",
                                               "options": ["1", "2", "3", "4", "5"]}  # fmt: skip
    assert [one["annotator"] for one in written[1]["meta"]["labels"]] == ["judge", "judge-2"]


def test_conditions_of_a_study_are_in_the_meta_of_its_conversations(tmp_path):
    study = moderated_builder().discussions(1).run(tmp_path / "study")
    study.annotate([judge()], snb.Likert("toxicity", 1, 5))
    loaded = snb.load(study.to_convokit(tmp_path / "c"))
    assert loaded.names == ["none.discussion-00000", "facilitator.discussion-00000"]
    assert [one.meta for one in loaded] == [
        {"condition": name, "condition_moderator": name} for name in ("none", "facilitator")
    ]
    assert [len(one.labels) for one in loaded.annotations] == [len(one) for one in loaded]


def test_labels_of_participants_and_discussions_are_in_the_meta_of_the_conversation(tmp_path):
    heat, tone = snb.Likert("heat", 1, 3, unit="discussion"), snb.Likert("tone", 1, 3, unit="participant")
    discussion = talk(0)
    labels = snb.Annotation(judge(), discussion, [heat, tone]).run()
    loaded = snb.load(Corpus([discussion], [labels]).to_convokit(tmp_path / "c"))
    assert list(map(held, loaded.annotations)) == [replace(held(labels), seed=labels.seed)]
    meta = rows(tmp_path / "c", "conversations.json")["discussion-00000"]["meta"]
    assert meta["heat"] == labels.labels[-1].value
    assert [one["unit"] for one in meta["labels"]] == ["participant", "participant", "discussion"]


def test_replies_are_the_comments_before_where_none_are_recorded(tmp_path):
    talk(0, turns=3, silences=1).to_convokit(tmp_path / "c")
    names = [f"discussion-00000.{place}" for place in range(4)]
    assert [one["reply-to"] for one in rows(tmp_path / "c")] == [None, *names[:3]]
    assert [one["timestamp"] for one in rows(tmp_path / "c")] == [0, 1, 2, 3]
    assert [one.reply_to for one in snb.load(tmp_path / "c")[0].messages] == [None] * 4


def test_people_of_one_name_who_are_described_alike_are_one_speaker(tmp_path):
    other = talk(1, "some")
    other = replace(other, users=(replace(other.users[0], attributes=("age: 34", "likes tea")), *other.users[1:]))
    loaded = snb.load(Corpus([talk(0), other]).to_convokit(tmp_path / "c"))
    speakers = rows(tmp_path / "c", "speakers.json")
    assert list(speakers) == ["Ana", "Ben", "Ana-2"]
    assert speakers["Ana-2"]["meta"]["age"] == "34"
    assert speakers["Ana"]["meta"] == {"model": "m", "is_ai": True}
    assert {message.name for message in loaded[1]} == {"Ana", "Ben"}
    assert loaded[1].users == other.users


def test_recorded_ids_and_times_are_those_of_the_utterances(tmp_path):
    given = talk(0, turns=1)
    for metas, ids, times in (
        ([{"id": "x", "timestamp": 9}, {"id": "y", "timestamp": 8.5}], ["x", "y"], [9, 8.5]),
        ([{"id": "x"}, {"id": "x"}], ["discussion-00000.0", "discussion-00000.1"], [0, 1]),
        ([{"id": 1, "timestamp": 9}, {"timestamp": "late"}], ["discussion-00000.0", "discussion-00000.1"], [0, 1]),
    ):
        comments = tuple(replace(one, meta=meta) for one, meta in zip(given.comments, metas, strict=True))
        folder = replace(given, comments=comments).to_convokit(tmp_path / "c")
        assert [one["id"] for one in rows(folder)] == ids
        assert [one["timestamp"] for one in rows(folder)] == times
        assert [one.meta for one in snb.load(folder)[0]] == metas


def test_the_index_lists_the_types_of_all_meta(tmp_path):
    folder = replace(talk(0), meta={"title": "Tax", "year": None}).to_convokit(tmp_path / "c")
    index = rows(folder, "index.json")
    assert index["conversations-index"]["title"] == ["<class 'str'>"]
    assert index["conversations-index"]["year"] == []
    assert index["utterances-index"]["turn"] == ["<class 'int'>"]


def test_equal_discussions_give_equal_bytes(tmp_path):
    first, second = (talk(0).to_convokit(tmp_path / name) for name in "ab")
    assert [path.read_bytes() for path in sorted(first.iterdir())] == [
        path.read_bytes() for path in sorted(second.iterdir())
    ]


def test_labels_without_their_discussion_are_refused(tmp_path):
    with pytest.raises(InvalidInputError, match="labels of discussion-00000, but not the discussion"):
        Corpus([talk(1)], [labels_of(0, [1])]).to_convokit(tmp_path / "c")
    with pytest.raises(InvalidInputError, match="no discussion to write"):
        Corpus([]).to_convokit(tmp_path / "c")
