"""Corpora that ConvoKit wrote, read."""

import json

import pytest

import syndisco_nb as snb
from syndisco_nb.errors import NewerVersionError, RecordError

UTTERANCES = [
    {"id": "u1", "conversation_id": "c1", "speaker": "s1", "text": "Why?", "reply-to": None, "timestamp": 10,
     "meta": {"score": 3, "parse": "<##bin{0}&&@**>", "ai_meta": {}}, "vectors": []},
    {"id": "u2", "conversation_id": "c1", "speaker": "s2", "text": "Be\u2028cause", "reply-to": "u1", "timestamp": 12.5,
     "meta": {}, "vectors": []},
    {"id": "u3", "conversation_id": "c2", "speaker": "s1", "text": " ", "reply-to": "gone", "timestamp": None,
     "meta": {"id": 9}, "vectors": []},
]  # fmt: skip
SPEAKERS = {"s1": {"meta": {"age": 34, "pets": ["cat"]}, "vectors": []}, "s2": {"meta": {"is_ai": True}, "vectors": []}}
CONVERSATIONS = {"c1": {"meta": {"title": "Tax"}, "vectors": []}, "c2": {"meta": {}, "vectors": []}}


def corpus(folder, utterances=UTTERANCES, speakers=SPEAKERS, conversations=CONVERSATIONS, overall=None, names=()):
    """Write a corpus by hand."""
    folder.mkdir(exist_ok=True)
    files = ("speakers.json", "conversations.json", "utterances.jsonl", *names)
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in utterances)
    texts = {"speakers.json": json.dumps(speakers), "users.json": json.dumps(speakers), "utterances.jsonl": lines,
             "utterances.json": json.dumps(utterances), "conversations.json": json.dumps(conversations)}  # fmt: skip
    for name in names or files:
        (folder / name).write_text(texts[name], "utf-8")
    (folder / "corpus.json").write_text(json.dumps(overall or {"name": "mine"}))
    return folder


def test_utterances_are_messages_of_people(tmp_path):
    loaded = snb.load(corpus(tmp_path / "c"))
    assert loaded.names == ["c1", "c2"]
    first, second = loaded
    assert [(one.index, one.turn, one.name, one.text, one.model, one.reply_to) for one in first] == [
        (0, 1, "s1", "Why?", "human", None),
        (1, 2, "s2", "Be\u2028cause", "AI", 0),
    ]
    assert [one.meta for one in first] == [{"id": "u1", "timestamp": 10, "score": 3}, {"id": "u2", "timestamp": 12.5}]
    assert first.meta == {"title": "Tax"}
    assert first.seed is None
    assert [(user.name, user.model, user.attributes) for user in first.users] == [
        ("s1", "human", ("age: 34",)),
        ("s2", "AI", ("is_ai: True",)),
    ]
    assert first.users[0].meta == {"age": 34, "pets": ["cat"]}
    assert second.silences[0].meta == {"meta": {"id": 9}, "id": "u3", "reply_to": "gone", "text": " "}


def test_names_of_our_fields_are_no_fields_of_ours_in_a_corpus_of_others(tmp_path):
    meta = {"topic": "Tax", "users": 2, "moderator": "Ana", "labels": ["a"], "seed": 3, "index": 9, "name": "n"}
    given = [UTTERANCES[0] | {"meta": meta}]
    (talk,) = snb.load(corpus(tmp_path / "c", given, {"s1": {"meta": meta}}, {"c1": {"meta": meta}}))
    assert (talk.meta, talk.users[0].meta, talk.topic, talk.seed) == (meta, meta, "", None)
    assert talk[0].meta == {**meta, "id": "u1", "timestamp": 10}


def test_older_versions_name_things_otherwise(tmp_path):
    old = [
        {"id": 1, "root": 1, "user": "s1", "text": "Why?", "reply-to": None, "timestamp": "t"},
        {"id": 2, "root": 1, "user": "s2", "text": None, "reply_to": 1},
    ]
    folder = corpus(
        tmp_path / "c", old, {"s1": {"age": 3}}, {"1": {"title": "x"}}, None,
        ("users.json", "utterances.json", "conversations.json"),
    )  # fmt: skip
    (talk,) = snb.load(folder)
    assert [(one.name, one.text, one.silent, one.reply_to) for one in talk.messages] == [
        ("s1", "Why?", False, None),
        ("s2", "", True, 0),
    ]
    assert talk.meta == {"title": "x"}
    assert talk.users[0].attributes == ("age: 3",)


def test_a_file_of_utterances_is_enough(tmp_path):
    path = corpus(tmp_path / "c") / "utterances.jsonl"
    alone = tmp_path / "comments.txt"
    path.rename(alone)
    loaded = snb.load(alone)
    assert [len(talk) for talk in loaded] == [2, 0]
    assert loaded[0].meta is None


def test_without_conversations_those_who_answer_each_other_are_together(tmp_path):
    lines = [
        {"id": "a", "conversation_id": None, "speaker": "s", "text": "One", "reply-to": None},
        {"id": "x", "conversation_id": None, "speaker": "s", "text": "Else", "reply-to": None},
        {"id": "b", "conversation_id": None, "speaker": "s", "text": "Two", "reply-to": "a"},
        {"id": "c", "conversation_id": None, "speaker": "s", "text": "Three", "reply-to": "b"},
    ]
    assert [[one.text for one in talk] for talk in snb.load(corpus(tmp_path / "c", lines))] == [
        ["One", "Two", "Three"],
        ["Else"],
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([{}, {"id": "u1"}], "several utterances of the id 'u1'"),
        ([{"speaker": None}], "utterance 0 cannot be read: speaker"),
        ([{"meta": 3}], "meta"),
    ],
)
def test_broken_utterances_are_named(tmp_path, changes, said):
    lines = [{**one, **change} for one, change in zip(UTTERANCES, changes, strict=False)]
    with pytest.raises(RecordError, match=said):
        snb.load(corpus(tmp_path / "c", lines))


def test_broken_files_are_named(tmp_path):
    folder = corpus(tmp_path / "c")
    (folder / "utterances.jsonl").write_text('{"id": 3')
    with pytest.raises(RecordError, match=r"c/utterances.jsonl, line 1 cannot be read: invalid JSON"):
        snb.load(folder)
    (folder / "utterances.jsonl").write_text("\n")
    with pytest.raises(RecordError, match="holds no utterances"):
        snb.load(folder)


def test_a_corpus_of_a_newer_version_of_this_package_is_refused(tmp_path):
    folder = corpus(tmp_path / "c", overall={"format": "syndisco_nb/convokit", "version": 99})
    with pytest.raises(RecordError, match="version 99"):
        snb.load(folder)
    assert issubclass(NewerVersionError, RecordError)


def test_our_fields_in_a_corpus_of_this_package_are_checked(tmp_path):
    lines = [{**UTTERANCES[0], "meta": {"turn": "many"}}]
    folder = corpus(tmp_path / "c", lines, overall={"format": "syndisco_nb/convokit", "version": 1})
    with pytest.raises(RecordError, match="utterance u1 cannot be read: turn"):
        snb.load(folder)


def test_pickles_beside_a_corpus_are_not_touched(tmp_path):
    folder = corpus(tmp_path / "c")
    (folder / "parse-bin.p").write_bytes(b"\x80\x04cos\nsystem\n(S'false'\ntR.")
    assert len(snb.load(folder)) == 2


def test_ids_and_times_that_follow_from_the_place_are_no_meta_in_a_corpus_of_this_package(tmp_path):
    lines = [
        {"id": "c1.0", "conversation_id": "c1", "speaker": "s1", "text": "Why?", "timestamp": 0},
        {"id": "u2", "conversation_id": "c1", "speaker": "s1", "text": "So?", "timestamp": 1},
        {"id": "c1.2", "conversation_id": "c1", "speaker": "s1", "text": "Oh.", "timestamp": 9},
    ]
    (talk,) = snb.load(corpus(tmp_path / "c", lines, overall={"format": "syndisco_nb/convokit", "version": 1}))
    assert [one.meta for one in talk] == [None, {"id": "u2"}, {"timestamp": 9}]
    assert (talk.id, talk.name) == ("c1", "c1")
