"""Chat files of three kinds."""

import json

import pytest

import syndisco_nb as snb
from syndisco_nb.errors import RecordError
from syndisco_nb.formats.foreign_format import all_formats
from syndisco_nb.formats.source_file import SourceFile

OPENAI = {"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So\u2028so."}]}
SHAREGPT = {"id": "a1", "conversations": [{"from": "human", "value": "Why?"}, {"from": "gpt", "value": "So."}]}
CHATML = "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user name=Ana Paz\nWhy?\n\nSo?\n<|im_end|>\n"


def load(tmp_path, text, name="a.txt"):
    (tmp_path / name).write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
    recognised = [one.name for one in all_formats() if one.recognises(SourceFile(tmp_path / name))]
    assert len(recognised) == 1
    return recognised[0], snb.load(tmp_path / name)


@pytest.mark.parametrize(
    "text",
    [OPENAI, [OPENAI], OPENAI["messages"], json.dumps(OPENAI, ensure_ascii=False) + "\n", json.dumps(OPENAI, indent=2)],
    ids=["object", "list", "messages alone", "line", "indented"],
)
def test_an_openai_chat_is_read_from_an_object_a_list_and_lines(tmp_path, text):
    name, corpus = load(tmp_path, text)
    assert name == "an OpenAI chat file"
    assert corpus.names == ["a"]
    assert [(one.name, one.text) for one in corpus[0]] == [("user", "Why?"), ("assistant", "So\u2028so.")]


def test_several_lines_are_several_discussions(tmp_path):
    _, corpus = load(tmp_path, f"{json.dumps(OPENAI)}\n{json.dumps(OPENAI)}\n")
    assert corpus.names == ["a-00000", "a-00001"]


def test_sharegpt_is_read_with_its_ids(tmp_path):
    name, corpus = load(tmp_path, [SHAREGPT, SHAREGPT | {"id": "a2"}])
    assert name == "a ShareGPT file"
    assert corpus.names == ["a1", "a2"]
    assert [(one.name, one.text) for one in corpus[0]] == [("human", "Why?"), ("gpt", "So.")]


def test_chatml_is_read_and_empty_lines_part_conversations(tmp_path):
    name, corpus = load(tmp_path, f"{CHATML}\n{CHATML}<|im_start|>assistant\n")
    assert name == "a ChatML file"
    assert len(corpus) == 2
    assert [(one.name, one.text) for one in corpus[1]] == [("Ana Paz", "Why?\n\nSo?\n")]
    assert corpus[1].meta == {"system": ["Be kind."]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{CHATML}<|im_start|>user\nIt is cut", "after line 7 comes no whole message"),
        (f'{json.dumps(OPENAI)}\n{{"a": 1}}\n', r"conversation 2 cannot be read: messages: Field required"),
        ([OPENAI, 3], 'conversation 2 cannot be read: it is no object with "messages"'),
        ({"messages": [{"role": "user", "content": 3}]}, "messages.0.content"),
    ],
    ids=["cut", "another line", "no object", "a number"],
)
def test_a_broken_chat_is_named(tmp_path, text, reason):
    with pytest.raises(RecordError, match=reason):
        load(tmp_path, text)


@pytest.mark.parametrize(
    "document",
    [{"messages": []}, {"messages": "a"}, {"messages": [{"text": "a"}]}, [], [[]], {"conversations": [1]}, 3],
    ids=str,
)
def test_other_json_is_no_chat(tmp_path, document):
    (tmp_path / "a").write_text(json.dumps(document))
    assert not [one.name for one in all_formats() if "chat" in one.name and one.recognises(SourceFile(tmp_path / "a"))]


@pytest.mark.parametrize("text", ["text", "content"])
def test_a_json_list_of_rows_with_roles_is_a_table(tmp_path, text):
    """`DataFrame.to_json(orient="records")` writes such a list, and one chat it is not."""
    rows = [{"discussion": talk, "name": "Ana", "role": "participant", text: "Why?"} for talk in "ab"]
    name, corpus = load(tmp_path, rows)
    assert name == "a table of comments"
    assert [(one.name, [comment.text for comment in one]) for one in corpus] == [("a", ["Why?"]), ("b", ["Why?"])]
