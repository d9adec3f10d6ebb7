"""Records: out to a file and back, without loss."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from strategies import (
    ANNOTATION_SETS,
    BOTH,
    LABELS,
    MESSAGES,
    TRANSCRIPTS,
    a_transcript,
    an_annotation_set,
)

from syndisco_nb.errors import RecordError
from syndisco_nb.records import (
    AnnotationSet,
    ChatMessage,
    Generation,
    Label,
    Message,
    Participant,
    Sampling,
    Transcript,
)
from syndisco_nb.runs.file_format import RUN_VERSION
from syndisco_nb.runs.serialization import from_json, from_line, to_json, to_line


@settings(max_examples=150, deadline=None)
@given(TRANSCRIPTS)
def test_a_transcript_comes_back_as_it_went(transcript):
    data = to_json(transcript)
    back = from_json(Transcript, data, "file")
    assert back == transcript
    assert to_json(back) == data


@settings(max_examples=150, deadline=None)
@given(ANNOTATION_SETS)
def test_an_annotation_set_comes_back_as_it_went(annotation_set):
    data = to_json(annotation_set)
    back = from_json(AnnotationSet, data, "file")
    assert back == annotation_set
    assert to_json(back) == data


@settings(deadline=None)
@given(MESSAGES, LABELS)
def test_a_journal_line_is_one_line_and_comes_back_as_it_went(message, label):
    for record in (message, label):
        line = to_line(record)
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1
        assert from_line(type(record), line, "journal") == record


def test_equal_records_make_equal_bytes_and_unequal_ones_do_not():
    assert to_json(a_transcript()) == to_json(a_transcript())
    assert to_json(an_annotation_set()) == to_json(an_annotation_set())
    assert to_json(dataclasses.replace(a_transcript(), seed=8)) != to_json(a_transcript())


@BOTH
def test_a_file_is_plain_json_that_says_what_it_is(record):
    data = to_json(record)
    document = json.loads(data)
    kind = "discussion" if isinstance(record, Transcript) else "annotation"
    assert list(document)[:2] == ["format", "version"]
    assert (document["format"], document["version"]) == (f"syndisco_nb/{kind}", RUN_VERSION)
    assert "é".encode() in data
    assert data.endswith(b"}\n")


def fields(record, *, renamed=None):
    return {(renamed or {}).get(field.name, field.name) for field in dataclasses.fields(record)}


def test_every_field_of_a_transcript_is_written():
    document = json.loads(to_json(a_transcript()))
    assert set(document) == fields(Transcript, renamed={"comments": "logs"}) - {"cast"} | {"format", "version"}
    assert set(document["users"][1]) == set(document["moderator"]) == fields(Participant)
    assert set(document["logs"][0]) == fields(Message) - {"generation", "reply_to", "meta"}
    assert set(document["logs"][1]) == set(document["silences"][0]) == fields(Message)
    generation = document["logs"][1]["generation"]
    assert set(generation) == fields(Generation)
    assert set(generation["sampling"]) == fields(Sampling)
    assert set(generation["prompt"][0]) == fields(ChatMessage)


def test_every_field_of_an_annotation_set_is_written():
    whole = an_annotation_set()
    label = dataclasses.replace(whole.labels[0], role="participant", turn=2)
    document = json.loads(to_json(dataclasses.replace(whole, labels=(label,))))
    assert set(document) == fields(AnnotationSet, renamed={"labels": "logs"}) | {"format", "version"}
    assert set(document["annotator"]) == fields(Participant)
    assert set(document["logs"][0]) == fields(Label)
    assert set(document["logs"][0]["generation"]) == fields(Generation)


@BOTH
def test_a_file_cut_at_any_byte_is_refused_by_name(record):
    data = to_json(record)
    for cut in range(len(data) - 1):
        with pytest.raises(RecordError, match=r"broken\.json"):
            from_json(type(record), data[:cut], "broken.json")


def test_a_journal_line_cut_at_any_byte_is_refused_by_name():
    line = to_line(a_transcript().comments[1])
    for cut in range(len(line) - 1):
        with pytest.raises(RecordError, match="some-journal"):
            from_line(Message, line[:cut], "some-journal")


@pytest.mark.parametrize("data", [b"", b" \n", b"\xff\xfe", b"[]", b"null", b"3", b"{", b"hello", b"\0" * 50])
@pytest.mark.parametrize("kind", [Transcript, AnnotationSet])
def test_broken_files_are_refused_by_name(kind, data):
    with pytest.raises(RecordError, match=r"discussion-00001\.json"):
        from_json(kind, data, "discussion-00001.json")


def test_an_empty_file_is_called_empty():
    with pytest.raises(RecordError, match=r"a\.json.* empty"):
        from_json(Transcript, b"", "a.json")


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (["seed"], "seven", "seed"),
        (["users", 0, "name"], 3, "users.0.name"),
        (["logs", 1, "text"], None, "logs.1.text"),
        (["logs", 0, "role"], "owner", "logs.0.role"),
        (["logs", 1, "generation", "prompt", 0, "role"], "boss", "logs.1.generation.prompt.0.role"),
        (["silences"], {}, "silences"),
    ],
)
def test_a_wrong_field_is_refused_by_file_and_place(path, value, place):
    document = json.loads(to_json(a_transcript()))
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(RecordError) as caught:
        from_json(Transcript, json.dumps(document).encode(), "a.json")
    assert str(caught.value).startswith(f"a.json cannot be read: {place}: ")


@pytest.mark.parametrize("missing", ["id", "index", "topic", "users"])
def test_a_missing_field_is_named(missing):
    document = json.loads(to_json(a_transcript()))
    del document[missing]
    with pytest.raises(RecordError, match=rf"a\.json cannot be read: {missing}: "):
        from_json(Transcript, json.dumps(document).encode(), "a.json")


def test_invalid_sampling_in_a_file_is_refused_by_name():
    document = json.loads(to_json(a_transcript()))
    document["logs"][1]["generation"]["sampling"]["temperature"] = -1
    with pytest.raises(RecordError, match=r"a\.json.*temperature"):
        from_json(Transcript, json.dumps(document).encode(), "a.json")
