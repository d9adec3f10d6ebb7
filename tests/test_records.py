"""Records: out to a file and back, without loss."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndisco_nb.errors import InvalidInputError, RecordError
from syndisco_nb.records import (
    FORMAT_VERSION,
    AnnotationSet,
    ChatMessage,
    Generation,
    Label,
    Message,
    Participant,
    Sampling,
    Transcript,
    from_json,
    from_line,
    to_json,
    to_line,
)

NUMBERS = st.integers(0, 2**53 - 1)
SECONDS = st.floats(0, 1e9)
SAMPLINGS = st.builds(
    Sampling,
    temperature=st.floats(0, 100),
    top_p=st.floats(0, 1, exclude_min=True),
    top_k=NUMBERS,
    repetition_penalty=st.floats(0, 10, exclude_min=True),
    max_tokens=st.integers(1, 10**6),
)
CHATS = st.builds(ChatMessage, role=st.sampled_from(["system", "user", "assistant"]), content=st.text())
GENERATIONS = st.builds(
    Generation,
    prompt=st.lists(CHATS, max_size=2).map(tuple),
    seed=NUMBERS,
    sampling=st.none() | SAMPLINGS,
    finish_reason=st.sampled_from(["stop", "length"]),
    prompt_tokens=NUMBERS,
    completion_tokens=NUMBERS,
    seconds=SECONDS,
    batch_size=st.integers(1, 1000),
    raw=st.none() | st.text(),
)
MESSAGES = st.builds(
    Message,
    index=NUMBERS,
    turn=NUMBERS,
    name=st.text(),
    text=st.text(),
    model=st.text(),
    role=st.sampled_from(["opening", "participant", "moderator"]),
    silent=st.booleans(),
    generation=st.none() | GENERATIONS,
)
PARTICIPANTS = st.builds(
    Participant,
    name=st.text(),
    type=st.sampled_from(["user", "annotator"]),
    model=st.text(),
    attributes=st.lists(st.text(), max_size=2).map(tuple),
    context=st.text(),
    instructions=st.text(),
    prompt_format=st.text(),
)
SETTINGS = st.dictionaries(
    st.text(max_size=5),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
        max_leaves=4,
    ),
    max_size=3,
)  # fmt: skip
TRANSCRIPTS = st.builds(
    Transcript,
    id=st.text(),
    index=NUMBERS,
    seed=NUMBERS,
    topic=st.text(),
    users=st.lists(PARTICIPANTS, max_size=2).map(tuple),
    moderator=st.none() | PARTICIPANTS,
    settings=SETTINGS,
    comments=st.lists(MESSAGES, max_size=2).map(tuple),
    silences=st.lists(MESSAGES, max_size=1).map(tuple),
)
LABELS = st.builds(
    Label,
    comment=NUMBERS,
    name=st.text(),
    text=st.text(),
    value=st.text(),
    annotator=NUMBERS,
    model=st.text(),
    generation=GENERATIONS,
)
ANNOTATION_SETS = st.builds(
    AnnotationSet,
    discussion_id=st.text(),
    discussion=st.text(),
    index=NUMBERS,
    seed=NUMBERS,
    annotator=PARTICIPANTS,
    settings=SETTINGS,
    labels=st.lists(LABELS, max_size=2).map(tuple),
)


def a_generation(**changes):
    prompt = (ChatMessage("system", "Be kind."), ChatMessage("user", "Ana: „Hallo“\n\nWrite."))
    return Generation(prompt, 7, Sampling(), raw=" é ", **changes)


def a_transcript():
    return Transcript(
        id="00ab",
        index=3,
        seed=7,
        topic="Cars?\nOr “bikes”?",
        users=(Participant("Ana", "user", "m", ("age: 3",)), Participant("Ben", "user", "m")),
        moderator=Participant("Mo", "user", "m"),
        settings={"num_turns": 3, "turn_manager": {"type": "Hosted", "host": None}},
        comments=(
            Message(0, 0, "Ana", "Cars?\nOr “bikes”?", "hardcoded", "opening"),
            Message(2, 2, "Ana", "é", "m", generation=a_generation(finish_reason="length")),
            Message(3, 2, "Mo", "Thanks.", "m", "moderator", generation=a_generation()),
        ),
        silences=(Message(1, 1, "Ben", "", "m", silent=True, generation=a_generation()),),
    )


def an_annotation_set():
    label = Label(2, "Ana", "é", "3 – polite", 1, "m", a_generation())
    return AnnotationSet("00ab", "discussion-00003", 1, 9, Participant("", "annotator", "m"), {"window": 3}, (label,))


BOTH = pytest.mark.parametrize("record", [a_transcript(), an_annotation_set()], ids=["transcript", "annotations"])


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
    assert (document["format"], document["version"]) == (f"syndisco_nb/{kind}", FORMAT_VERSION)
    assert "é".encode() in data
    assert data.endswith(b"}\n")


def fields(record, *, renamed=None):
    return {(renamed or {}).get(field.name, field.name) for field in dataclasses.fields(record)}


def test_every_field_of_a_transcript_is_written():
    document = json.loads(to_json(a_transcript()))
    assert set(document) == fields(Transcript, renamed={"comments": "logs"}) | {"format", "version"}
    assert set(document["users"][1]) == set(document["moderator"]) == fields(Participant)
    assert set(document["logs"][0]) == fields(Message) - {"generation"}
    assert set(document["logs"][1]) == set(document["silences"][0]) == fields(Message)
    generation = document["logs"][1]["generation"]
    assert set(generation) == fields(Generation)
    assert set(generation["sampling"]) == fields(Sampling)
    assert set(generation["prompt"][0]) == fields(ChatMessage)


def test_every_field_of_an_annotation_set_is_written():
    document = json.loads(to_json(an_annotation_set()))
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


@pytest.mark.parametrize("found", ["syndisco_nb/annotation", "something/else", None, 3])
def test_a_foreign_file_is_refused_by_name_and_format(found):
    document = json.loads(to_json(a_transcript())) | {"format": found}
    with pytest.raises(RecordError, match=r"a\.json is not a syndisco_nb/discussion file") as caught:
        from_json(Transcript, json.dumps(document).encode(), "a.json")
    assert repr(found) in str(caught.value)


def test_a_syndisco_log_is_foreign():
    log = {"id": "x", "timestamp": "25-03-01-10-00", "users": ["Ana"], "logs": [{"name": "Ana", "text": "x"}]}
    with pytest.raises(RecordError, match=r"log\.json"):
        from_json(Transcript, json.dumps(log).encode(), "log.json")


@BOTH
def test_the_wrong_kind_of_record_is_refused(record):
    other = AnnotationSet if isinstance(record, Transcript) else Transcript
    with pytest.raises(RecordError, match=r"a\.json is not"):
        from_json(other, to_json(record), "a.json")


@pytest.mark.parametrize("version", [FORMAT_VERSION + 1, 99, "1", None, [1]])
@BOTH
def test_a_newer_or_unreadable_version_is_refused_with_what_to_do(record, version):
    document = json.loads(to_json(record)) | {"version": version}
    with pytest.raises(RecordError, match=r"a\.json.*Upgrade syndisco_nb"):
        from_json(type(record), json.dumps(document).encode(), "a.json")


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


@pytest.mark.parametrize("missing", ["id", "index", "seed", "topic", "users"])
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
        ("temperature", None),
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
