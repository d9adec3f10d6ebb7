"""SynDisco's discussions."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import syndisco_nb as snb
from syndisco_nb.errors import RecordError

LOGS = Path(__file__).parent / "syndisco_logs"


def read(tmp_path, document):
    (tmp_path / "log.json").write_text(json.dumps(document))
    return snb.load(tmp_path / "log.json")[0]


def said(name, text="Hi.", model="m", **more):
    return {"name": name, "text": text, "model": model, **more}


def by(username, kind="user"):
    return json.dumps({"context": "", "instructions": "", "type": kind, "persona": {"username": username}})


@pytest.mark.parametrize("version", sorted(path.name for path in LOGS.iterdir()))
def test_all_samples_are_read_whole(version):
    corpus = snb.load(LOGS / version)
    assert corpus.skipped == []
    for talk in corpus:
        entries = json.loads((LOGS / version / f"{talk.name}.json").read_text())["logs"]
        texts = [entry["text"] if isinstance(entry, dict) else entry[1] for entry in entries]
        assert [(one.meta or {}).get("text", one.text) for one in talk.messages] == texts
        assert [user.name for user in talk.users] == ["Emma35", "Giannis"]
        assert {"nomod": None, "mod": "moderator"}.get(talk.name.partition("_")[2]) == (
            talk.moderator and talk.moderator.name
        ) or version == "2024"
        assert talk.seed is None
        assert talk.meta["timestamp"].count("-") == 4


def test_roles_turns_and_silences():
    talk = snb.load(LOGS / "2.0.8" / "discussion_mod.json")[0]
    assert [(one.role[0], one.turn) for one in talk.messages] == [
        *[("o", 0), ("o", 0), ("p", 1), ("m", 1), ("p", 2), ("m", 2)],
        *[("p", 3), ("m", 3), ("p", 4), ("m", 4), ("p", 5), ("m", 5)],
    ]
    assert [one.index for one in talk.silences] == [5, 9]
    assert talk.topic == "Should programmers be allowed to analyze data?"
    assert talk.id == "78063d49-bfc1-490e-83a3-2f18a61b3a1a"
    assert talk.meta == {"timestamp": "26-11-23-08-56", "ctx_length": 3}
    emma = talk.users[0]
    assert (emma.type, emma.model, emma.instructions) == ("user", "canned", "Act like a human would")
    assert "personality_characteristics: compassionate, patient" in emma.attributes


def test_the_form_of_2024_has_literal_quotes_and_no_models():
    talk = snb.load(LOGS / "2024" / "discussion.json")[0]
    assert [(one.index, one.text, one.meta) for one in talk.silences] == [
        (1, "", {"text": '""'}),
        (3, "", {"text": " "}),
    ]
    assert [comment.text for comment in talk] == [
        "I don’t agree &gt; at all.",
        "Ελληνικά",
        "I don’t agree &gt; at all.",
    ]
    assert talk.users[0].context == "You are Emma35."
    assert talk.meta["user_types"] == ["LLMUser", "LLMUser"]


def test_since_2_1_nobody_is_known_to_moderate_and_prompts_say_who_is_there():
    talk = snb.load(LOGS / "2.2.1" / "discussion.json")[0]
    assert talk.moderator is None
    assert "age: 38" in talk.users[0].attributes
    assert all(message.meta is None for message in talk.messages)  # every prompt is its speaker's
    assert len(talk.id) == 16


def test_a_name_with_moderator_in_it_is_no_moderator(tmp_path):
    talk = read(tmp_path, {"logs": [said("moderator", prompt=by("moderator")), said("Ana", prompt=by("Ana"))]})
    assert [one.role for one in talk] == ["participant", "participant"]


def test_two_people_of_one_name_stay_two(tmp_path):
    talk = read(tmp_path, {"users": ["A", "A"], "user_prompts": ["x", "y"], "logs": [said("A")]})
    assert [(user.name, user.context) for user in talk.users] == [("A", "x"), ("A", "y")]
    one, other = by("A"), json.dumps({"persona": {"username": "A", "age": 3}, "type": "user"})
    talk = read(tmp_path, {"logs": [said("A", prompt=one), said("A", prompt=other), said("B", model="hardcoded")]})
    assert [(user.name, user.attributes[1:]) for user in talk.users] == [("A", ()), ("A", ("age: 3",)), ("B", ())]
    assert [message.meta for message in talk.messages] == [None, {"prompt": other}, None]


def test_a_log_without_most_keys_is_read_and_unknown_keys_are_kept(tmp_path):
    talk = read(tmp_path, {"id": 7, "users": ["A"], "logs": [said("A", model="hardcoded", mood="calm")], "note": "x"})
    assert (talk.id, talk.topic, talk.meta, talk[0].meta) == ("7", "Hi.", {"note": "x"}, {"mood": "calm"})
    assert talk.users[0].model == ""


def test_prompts_that_fit_nobody_are_kept(tmp_path):
    talk = read(tmp_path, {"users": ["A"], "user_prompts": ["x", "y"], "logs": [said("A")]})
    assert (talk.users[0].context, talk.meta) == ("", {"user_prompts": ["x", "y"]})


def test_a_log_of_nothing_is_named(tmp_path):
    with pytest.raises(RecordError, match=r"log\.json is a SynDisco log without entries"):
        read(tmp_path, {"users": ["A"], "logs": []})


def test_cut_and_empty_files_are_named(tmp_path):
    whole = (LOGS / "1.0.2" / "discussion_mod.json").read_bytes()
    for name, data in {"a.json": whole, "cut.json": whole[:900], "empty.json": b""}.items():
        (tmp_path / name).write_bytes(data)
    corpus = snb.load(tmp_path)
    assert corpus.names == ["a"]
    cut, empty = corpus.skipped
    assert (cut.file, empty.reason) == ("cut.json", "empty.json is empty.")
    assert "it was cut off, at line" in cut.reason


LOAD = """
import sys, time
import pandas
import syndisco_nb as snb
begun = time.process_time()
frame = snb.load(sys.argv[1]).to_dataframe("messages")
seconds = time.process_time() - begun
try:
    import resource
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
except ImportError:
    memory = 0
print(len(frame), frame["text"].nunique(), seconds, memory)
"""


def write_logs(folder, number):
    """Write logs of 30 entries, half in the form of 1.x and half in that of 2.2."""
    users = [f"user{place}" for place in range(6)]
    for index in range(number):
        text = f"Discussion {index}: I think that this is a fair point, but not the whole story. " * 3
        entries = [said(users[place % 6], f"{place} {text}", "llama" if place else "hardcoded") for place in range(30)]
        if index % 2:
            document = {"timestamp": "", "logs": [entry | {"prompt": by(entry["name"])} for entry in entries]}
        else:
            described = {"users": users, "user_prompts": ["Your name is …" * 20] * 6, "moderator": None}
            document = {"id": str(index), "timestamp": "", **described, "logs": entries}
        (folder / f"{index}.json").write_text(json.dumps(document, indent=4))


def test_many_logs_become_a_table_with_a_row_for_each_entry(tmp_path):
    write_logs(tmp_path, 60)
    frame = snb.load(tmp_path).to_dataframe("messages")
    assert len(frame) == frame["text"].nunique() == 30 * 60


@pytest.mark.parametrize(
    "timed", [pytest.param(False, marks=pytest.mark.long), pytest.param(True, marks=pytest.mark.seconds)]
)
def test_thousands_of_logs_become_a_table_in_seconds(tmp_path, timed):
    write_logs(tmp_path, 2000)
    run = subprocess.run([sys.executable, "-c", LOAD, str(tmp_path)], capture_output=True, text=True, check=True)
    rows, texts, seconds, megabytes = map(float, run.stdout.split())
    assert rows == texts == 30 * 2000
    assert megabytes < 500
    assert seconds < 4 or not timed
