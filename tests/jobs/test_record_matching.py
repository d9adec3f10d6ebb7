"""A file or a journal counts for a unit only if it is its own: whatever is swapped, copied or edited is made anew."""

import json
import shutil
from pathlib import Path

import pytest
from support.recording_model import RecordingModel

import syndisco_nb as snb

NAMES = [f"discussion-0000{n}" for n in range(3)]


@pytest.fixture
def model():
    return RecordingModel(["Yes.", "No.", ""])


@pytest.fixture
def make(model):
    def make(**given):
        people = [snb.LLMActor(model, name) for name in ("Ana", "Ben", "Cem")]
        settings = {"num_turns": 3, "num_discussions": 3, "seed": 7} | given
        return snb.DiscussionExperiment(["Tax", "Toll"], people, snb.LLMActor(model, "Mo"), **settings)

    return make


@pytest.fixture
def rate():
    judges = [snb.LLMActor(snb.ScriptedModel(["1", "2"], name="j"), "", actor_type=snb.ActorType.ANNOTATOR)] * 2
    return snb.AnnotationExperiment(judges, [snb.Likert("tone"), snb.Likert("wit")], seed=7)


def content(folder):
    return {path.name: path.read_bytes() for path in Path(folder).glob("*.json") if path.name != "run.json"}


def edit(file, change):
    document = json.loads(file.read_bytes())
    change(document)
    file.write_text(json.dumps(document), "utf-8")


def swap(one, other):
    spare = one.with_suffix(".spare")
    one.rename(spare)
    other.rename(one)
    spare.rename(other)


def drop_end(document):
    document["logs"] = [one for one in document["logs"] if one["turn"] < 3]
    document["silences"] = [one for one in document["silences"] if one["turn"] < 3]


EDITS = {
    "index": lambda d: d.update(index=2),
    "seed": lambda d: d.update(seed=1),
    "id": lambda d: d.update(id="00"),
    "topic": lambda d: d.update(topic="Bread"),
    "user": lambda d: d["users"][0].update(name="Zoe"),
    "order": lambda d: d["users"].reverse(),
    "settings": lambda d: d["settings"].update(window=9),
    "opening": lambda d: d["logs"][0].update(text="Bread"),
    "speaker": lambda d: d["logs"][1].update(name="Zoe"),
    "role": lambda d: d["logs"][1].update(role="moderator"),
    "turn": lambda d: d["logs"][1].update(turn=3),
    "drawn": lambda d: d["logs"][1]["generation"].update(seed=1),
    "prompt": lambda d: d["logs"][1].pop("generation"),
    "silent": lambda d: d["logs"][1].update(silent=True),
    "missing": lambda d: d["logs"].pop(1),
    "cut": drop_end,
}


@pytest.mark.parametrize("change", EDITS.values(), ids=EDITS)
def test_a_discussion_that_was_edited_is_set_aside_and_made_anew(change, make, tmp_path):
    whole = content(make().begin(tmp_path))
    file = tmp_path / "discussion-00001.json"
    edit(file, change)
    changed = file.read_bytes()
    with pytest.warns(UserWarning, match=r"Moved to discussion-00001\.json\.broken, .* is not of this run"):
        again = make().begin(tmp_path)
    assert (again.status, content(tmp_path), bool(again.verify())) == ("finished", whole, True)
    assert file.with_name(f"{file.name}.broken").read_bytes() == changed


def test_swapped_and_copied_discussions_never_end_up_doubled(make, model, tmp_path):
    whole = content(make().begin(tmp_path))
    files = [tmp_path / f"{name}.json" for name in NAMES]
    swap(*files[:2])
    shutil.copy(files[1], files[2])
    model.requests.clear()
    with pytest.warns(UserWarning, match="is not of this run"):
        again = make().begin(tmp_path)
    assert content(tmp_path) == whole
    assert len({one.id for one in again}) == 3
    assert len(model.seeds) == len(set(model.seeds)) > 0


def test_swapped_labels_are_made_anew(make, rate, tmp_path):
    talks = make().begin(tmp_path / "talks")
    whole = content(rate.begin(talks, tmp_path / "labels"))
    files = [tmp_path / "labels" / f"{name}.annotator-0{n}.json" for name in NAMES for n in range(2)]
    swap(*files[:2])  # another annotator's
    swap(*files[2:5:2])  # another discussion's
    edit(files[5], lambda d: d["logs"].append(d["logs"][0]))
    with pytest.warns(UserWarning, match="is not of this run"):
        again = rate.begin(talks, tmp_path / "labels")
    assert (again.status, content(tmp_path / "labels")) == ("finished", whole)
    assert len(list((tmp_path / "labels").glob("*.broken"))) == 5


@pytest.fixture
def cut(make, model, tmp_path):
    """Return what the whole run holds, and a folder in which each discussion has a journal without its end."""
    whole = make().begin(tmp_path / "whole")
    model.failing = {one.messages[-1].generation.seed for one in whole}
    make().begin(tmp_path / "cut")
    model.failing.clear()
    model.requests.clear()
    return content(whole), tmp_path / "cut"


def test_swapped_journals_are_copied_aside_and_made_anew(make, model, cut):
    whole, folder = cut
    journals = [folder / "journal" / f"{name}.jsonl" for name in NAMES]
    swap(*journals[:2])
    shutil.copy(journals[0], journals[2])
    with pytest.warns(UserWarning, match=r"line 1 is not of this run: .* Copied to discussion-0000.\.jsonl\.broken"):
        make().begin(folder)
    assert content(folder) == whole


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(name="Zoe"),
        lambda d: d.update(turn=2),
        lambda d: d.update(role="moderator"),
        lambda d: d["generation"].update(seed=1),
        lambda d: d.update(model="other"),
        lambda d: d.pop("generation"),
    ],
)
def test_an_edited_line_of_a_journal_costs_what_follows_and_nothing_else(change, make, model, cut):
    whole, folder = cut
    journal = folder / "journal" / "discussion-00000.jsonl"
    lines = journal.read_bytes().splitlines()
    document = json.loads(lines[1])
    change(document)
    journal.write_bytes(b"\n".join([lines[0], json.dumps(document).encode(), *lines[2:], b""]))
    with pytest.warns(UserWarning, match="line 2 is not of this run"):
        make().begin(folder)
    assert content(folder) == whole
    kept = len(json.loads(whole["discussion-00000.json"])["logs"])
    assert 0 < len(model.seeds) <= kept + 2


def test_broken_files_never_overwrite_an_earlier_one(make, tmp_path):
    make().begin(tmp_path)
    file = tmp_path / "discussion-00001.json"
    for number, text in enumerate(("one", "two", "three"), start=1):
        file.write_text(text)
        with pytest.warns(UserWarning, match="Moved to"):
            make().begin(tmp_path)
        aside = file.with_name(f"{file.name}.broken{f'-{number}' if number > 1 else ''}")
        assert aside.read_text() == text
    assert len(list(tmp_path.glob("*.broken*"))) == 3


def test_a_sound_run_costs_no_warning_and_no_question(make, rate, model, tmp_path):
    talks = make().begin(tmp_path / "talks")
    rate.begin(talks, tmp_path / "labels")
    model.requests.clear()
    make().begin(tmp_path / "talks")
    rate.begin(talks, tmp_path / "labels")
    assert model.seeds == []
