"""Topics out of files: told apart by their content, and never one topic made of a whole file."""

import json

import pandas as pd
import pytest
from support.table_bytes import excel_bytes, parquet_bytes

import syndisco_nb as snb
from syndisco_nb.backend.topic_files import json_topics, read_topics
from syndisco_nb.errors import InvalidInputError

THREAD = ["Tax?", {"name": "Ana", "text": "No."}]


@pytest.fixture
def write(tmp_path):
    def written(name, content):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return written


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("topics.txt", "Tax?\n\n  Buses? \n"),
        ("topics.json", '["Tax?", "Buses?"]'),
        ("topics.csv", "topic\nTax?\nBuses?\n"),
        ("topics.csv", "id;Topic\n1;Tax?\n2;Buses?\n"),
        ("topics.tsv", "text\tid\nTax?\t1\nBuses?\t2\n"),
    ],
)
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_topics_come_from_texts_json_and_tables(users, tmp_path, name, content, coding):
    file = tmp_path / name
    file.write_bytes(content.encode(coding))
    assert read_topics(file) == ["Tax?", "Buses?"]
    assert snb.DiscussionExperiment(str(file), users).topics == ("Tax?", "Buses?")
    assert snb.ExperimentBuilder().topics(file).design.topics == ("Tax?", "Buses?")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", '{"topic": "Tax?"}', "it holds no list of topics"),
        ("a.json", "[", "EOF|Expecting"),
        ("a.csv", "id,name\n1,x\n", "it has the columns id, name, and none is called topic"),
        ("a.txt", b"\xff\x00\x81", "it is not text"),
    ],
)
def test_a_file_without_topics_is_named(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InvalidInputError, match=said):
        read_topics(tmp_path / name)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(["Tax?", "Buses?"]),
        json.dumps({"topics": ["Tax?", "Buses?"], "version": 1}),
        json.dumps([{"id": 1, "topic": "Tax?"}, {"id": 2, "topic": "Buses?"}]),
        json.dumps({"data": [{"Title": "Tax?"}, {"text": "Buses?"}]}, indent=1),
        '{"text": "Tax?"}\n{"text": "Buses?"}\n',
        '[\n "Tax?", // the first\n "Buses?",\n]',
        excel_bytes(["id", "Topic"], [1, "Tax?"], [2, " Buses? "]),
        excel_bytes(["claim"], ["Tax?"], [None], ["Buses?"]),
        parquet_bytes({"text": ["Tax?", "Buses?"]}),
        "topic;id\nTax?;1\nBuses?;2\n".encode("utf-16"),
        "Tax?\nBuses?",
        "\ufeffTax?\r\n\r\nBuses?\r\n",
    ],
    ids=lambda content: str(content)[:20],
)
@pytest.mark.parametrize("name", ["topics", "topics.json", "topics.txt"])
def test_the_content_shows_how_topics_are_kept(write, name, content):
    assert read_topics(write(name, content)) == ["Tax?", "Buses?"]


def test_a_column_or_field_is_chosen(write):
    rows = [{"id": "1", "claim": "Tax?", "topic": "taxes"}, {"id": "2", "claim": "Buses?", "topic": "traffic"}]
    table = [list(rows[0]), *(list(row.values()) for row in rows)]
    for content in (json.dumps(rows), "\n".join(map(",".join, table)), excel_bytes(*table)):
        file = write("claims", content)
        assert read_topics(file) == ["taxes", "traffic"]
        assert snb.ExperimentBuilder().topics(file, column="claim").design.topics == ("Tax?", "Buses?")
        with pytest.raises(InvalidInputError, match=r"column names a column 'clam'.* Did you mean 'claim'\?"):
            snb.ExperimentBuilder().topics(file, column="clam")


def test_a_dataframe_is_read_as_a_table_is(users):
    frame = pd.DataFrame({"topic": ["Tax?", "Buses?"], "claim": ["a", "b"]})
    assert snb.ExperimentBuilder().topics(frame).design.topics == ("Tax?", "Buses?")
    assert snb.ExperimentBuilder().topics(frame, column="claim").design.topics == ("a", "b")
    assert snb.DiscussionExperiment(frame, users).topics == ("Tax?", "Buses?")
    with pytest.raises(
        InvalidInputError, match=r"^topics is a table: it has the columns a, b, and none is called topic"
    ):
        read_topics(pd.DataFrame({"a": [1], "b": [2]}))


def test_lists_of_comments_are_topics(write):
    for content in (json.dumps([THREAD, "Buses?"]), json.dumps([{"topic": THREAD}, {"topic": "Buses?"}])):
        assert read_topics(write("topics.json", content)) == [THREAD, "Buses?"]
    assert read_topics(write("topics.jsonl", f"{json.dumps(THREAD)}\n{json.dumps(THREAD)}")) == [THREAD, THREAD]


@pytest.mark.parametrize(
    "lines", [["[Debate] Tax, or not?", "{x} Buses?"], ["Topic, or not?", "Text?"], ["Is this a, b; or c?", '"Yes"?']]
)
def test_lines_that_look_like_something_else_are_topics(write, lines):
    assert read_topics(write("topics.txt", "\n".join(lines))) == lines


def test_a_table_without_a_heading_loses_no_topic(write):
    assert read_topics(write("topics.csv", "Should buses be free?\nBan cars?\n")) == [
        "Should buses be free?",
        "Ban cars?",
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a", "", "it holds no topics"),
        ("a", "[]", "it holds no topics"),
        ("a", '["Tax?", ', "it is JSON, but broken"),
        ("a", '{"a": [1], "b": [2]}', "it holds no list of topics, but an object with the fields a, b"),
        ("a", '[{"id": 1, "claim": "Tax?"}]', r"it has the columns id, claim, and none is called topic\. Choose one"),
        ("a", "topic,text\na,b\n", r"several hold topics\. Choose one, .*column='topic'"),
        ("a", "<html>", "it is HTML or XML"),
        ("a", b"\x89PNG\r\n", "it is an image"),
        ("a", b"{\\rtf1 Tax?}", "an RTF document"),
        ("a", excel_bytes(["topic"], ["Tax?"])[:200], "an incomplete Excel file"),
        ("a.csv", "id,name\n", "none is called topic"),
    ],
)
def test_what_holds_no_topics_is_named(write, name, content, said):
    with pytest.raises(InvalidInputError, match=said) as caught:
        read_topics(write(name, content))
    assert caught.value.field == "topics"


def test_a_huge_line_is_a_topic_or_named(write):
    try:
        outcome = read_topics(write("topics.txt", "x" * 200_000))
    except InvalidInputError as error:
        outcome = str(error)
    assert outcome == ["x" * 200_000] or "field larger than field limit" in outcome


def test_a_column_of_no_file_is_an_error():
    with pytest.raises(InvalidInputError, match="column is 'claim', but topics is no file or DataFrame"):
        snb.ExperimentBuilder().topics(["Tax?"], column="claim")


def test_json_without_a_list_has_no_topics():
    assert json_topics({"topics": ["Tax?"]}) == ["Tax?"]
    with pytest.raises(ValueError, match="it holds no list of topics, but a value"):
        json_topics(3)
