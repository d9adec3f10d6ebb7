"""run.json that is gone, cut, replaced or newer: a run goes on, or says what it needs."""

import codecs
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

import syndisco_nb as snb
from syndisco_nb.errors import NewerVersionError, RecordError, RunFolderError
from syndisco_nb.records import Transcript
from syndisco_nb.runs import files
from syndisco_nb.runs.head import head_file, read_head
from syndisco_nb.runs.serialization import read_record, to_line


@pytest.fixture
def make():
    def make(seed=7, **given):
        people = [snb.LLMActor(snb.ScriptedModel(["Yes.", "No."], name="m"), name) for name in ("Ana", "Ben")]
        settings = {"num_turns": 2, "num_discussions": 3} | given
        return snb.DiscussionExperiment(["Tax"], people, seed=seed, **settings)

    return make


def content(folder):
    return {path.name: path.read_bytes() for path in Path(folder).glob("discussion-*.json")}


def half(run, make, seed=7):
    """Begin a run, and take one of its discussions away."""
    whole = content(make(seed).begin(run))
    (run / "discussion-00001.json").unlink()
    return whole


HARM = {
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:70]),
    "zeros": lambda file: file.write_bytes(bytes(500)),
    "gone": Path.unlink,
    "other": lambda file: file.write_text('{"format": "other", "version": 1}'),
    "folder": lambda file: (file.unlink(), file.mkdir()),
    "link": lambda file: (file.unlink(), file.symlink_to(file.parent.parent / "outside")),
    "pipe": lambda file: (file.unlink(), os.mkfifo(file)),
}
EACH = pytest.mark.parametrize("harm", HARM.values(), ids=HARM)


@EACH
@pytest.mark.parametrize("seed", [7, None])
def test_a_run_json_that_came_to_harm_is_restored_from_its_copy(harm, seed, make, tmp_path):
    whole = half(tmp_path / "run", make, seed)
    drawn = snb.Run(tmp_path / "run").seed
    (tmp_path / "outside").write_text("mine")
    harm(tmp_path / "run" / "run.json")
    with pytest.warns(UserWarning, match=r"run\.json.* It was made again from its copy"):
        run = make(seed).begin(tmp_path / "run")
    assert (run.status, run.seed, content(run), bool(run.verify())) == ("finished", drawn, whole, True)
    assert (tmp_path / "outside").read_text() == "mine"


@EACH
def test_without_the_copy_it_is_made_from_the_experiment_where_the_seed_is_known(harm, make, tmp_path):
    whole = half(tmp_path / "run", make)
    harm(tmp_path / "run" / "run.json")
    (tmp_path / "run" / "journal" / "run.json.last").write_bytes(b"")
    with pytest.warns(UserWarning, match=r"run\.json.* It was made again from the experiment"):
        run = make().begin(tmp_path / "run")
    assert (run.status, content(run), bool(run.verify())) == ("finished", whole, True)


def test_a_drawn_seed_that_is_known_may_be_given(make, tmp_path):
    whole = half(tmp_path, make, None)
    drawn = snb.Run(tmp_path).seed
    for file in (tmp_path / "run.json", tmp_path / "journal" / "run.json.last"):
        file.write_bytes(b"")
    with pytest.raises(RunFolderError, match=r"it is empty.* Put run\.json back from a backup, or give .* the seed"):
        make(None).begin(tmp_path)
    with pytest.raises(RunFolderError, match=r"holds files of another run.* discussion-0000.\.json is not of this"):
        make(drawn + 1).begin(tmp_path)
    assert len(content(tmp_path)) == 2
    with pytest.warns(UserWarning, match="made again from the experiment"):
        assert content(make(drawn).begin(tmp_path)) == whole


def edited(make, folder):
    make(None).begin(folder)
    document = json.loads((folder / "run.json").read_bytes())
    (folder / "run.json").write_text(json.dumps(document | {"seed": document["seed"] + 1}))


def of_another_run(make, folder):
    make(None).begin(folder)
    (folder / "run.json").write_bytes((make(None).begin(folder.with_name("other")).folder / "run.json").read_bytes())


@pytest.mark.parametrize("harm", [edited, of_another_run])
@pytest.mark.parametrize("journals", [False, True], ids=["finished", "only journals"])
def test_a_run_json_with_another_seed_is_made_again_from_its_copy_and_nothing_is_asked_again(
    harm, journals, make, tmp_path
):
    folder = tmp_path / "run"
    harm(make, folder)
    whole = content(folder)
    for file in folder.glob("discussion-*.json"):
        if journals:
            lines = read_record(Transcript, file).messages[:2]
            (folder / "journal" / f"{file.stem}.jsonl").write_bytes(b"".join(map(to_line, lines)))
            file.unlink()
    with pytest.warns(UserWarning, match=r"run\.json has the seed .* made again from its copy.* now run\.json\.broken"):
        run = make(None).begin(folder)
    assert (run.status, content(run), bool(run.verify())) == ("finished", whole, True)
    assert [file.name for file in folder.rglob("*.broken*")] == ["run.json.broken"]


@pytest.mark.parametrize("harm", [edited, of_another_run])
def test_files_none_of_which_follow_from_the_seed_stay_where_they_are(harm, make, tmp_path):
    folder = tmp_path / "run"
    harm(make, folder)
    whole = content(folder)
    for copy in (b"", (folder / "run.json").read_bytes()):
        (folder / "journal" / "run.json.last").write_bytes(copy)
        with pytest.raises(RunFolderError, match=r"cannot be continued: none of its finished files .* fresh=True"):
            make(None).begin(folder)
    assert content(folder) == whole
    assert not list(folder.glob("*.broken*"))


def test_files_that_were_swapped_are_still_of_the_run(make, tmp_path):
    whole = content(make(num_discussions=2).begin(tmp_path))
    (tmp_path / "discussion-00000.json").write_bytes(whole["discussion-00001.json"])
    (tmp_path / "discussion-00001.json").write_bytes(whole["discussion-00000.json"])
    with pytest.warns(UserWarning, match="to be made anew"):
        assert content(make(num_discussions=2).begin(tmp_path)) == whole


def test_reading_a_damaged_folder_names_the_way_out(make, tmp_path):
    make().begin(tmp_path)
    (tmp_path / "run.json").write_bytes(b"")
    with pytest.raises(RecordError, match=r"it is empty\. If it is the folder of a run, begin the same experiment"):
        snb.Run(tmp_path)


def test_a_newer_versions_files_stay_as_they_are_and_stop_the_run_before_anything(make, tmp_path):
    for name in ("run.json", "discussion-00001.json"):
        folder = tmp_path / name
        make().begin(folder)
        (folder / "discussion-00000.json").unlink()
        document = json.loads((folder / name).read_bytes()) | {"version": 99}
        (folder / name).write_text(json.dumps(document))
        before = {path: path.read_bytes() for path in folder.glob("disc*")} | {
            folder / name: (folder / name).read_bytes()
        }
        with pytest.raises(NewerVersionError, match=rf"{name} has version 99 .* Upgrade syndisco_nb"):
            make().begin(folder)
        assert {path: path.read_bytes() for path in before} == before
        assert not (folder / "discussion-00000.json").exists()


@pytest.mark.parametrize("status", ["finished", "interrupted"])
def test_a_run_that_cannot_go_on_from_a_newer_record_keeps_its_status(status, make, tmp_path):
    judge = snb.LLMActor(snb.ScriptedModel("1", name="j"), "J", actor_type=snb.ActorType.ANNOTATOR)
    rate = snb.AnnotationExperiment([judge], snb.Likert("tone"), seed=1)
    talks, labels = tmp_path / "talks", tmp_path / "labels"
    make().begin(talks)
    rate.begin(talks, labels)
    for folder, begin in ((labels, lambda: rate.begin(talks, labels)), (talks, lambda: make().begin(talks))):
        head = read_head(folder)
        (folder / "run.json").write_bytes(head_file(replace(head, status=status)))
        file = sorted(folder.glob("discussion-*.json"))[1]
        file.write_text(json.dumps(json.loads(file.read_bytes()) | {"version": 99}), "utf-8")
        with pytest.raises(NewerVersionError):
            begin()
        assert (read_head(folder).status, read_head(folder).digests) == (status, head.digests)


def test_a_newer_run_that_never_got_going_is_not_overwritten_either(make, tmp_path):
    (tmp_path / "run.json").write_text('{"format": "syndisco_nb/run", "version": 99}')
    with pytest.raises(NewerVersionError, match="Upgrade"):
        make().begin(tmp_path)


def test_a_byte_order_mark_is_no_damage(make, tmp_path):
    whole = half(tmp_path, make)
    for name in ("run.json", "discussion-00000.json"):
        (tmp_path / name).write_bytes(codecs.BOM_UTF8 + (tmp_path / name).read_bytes())
    assert [one.index for one in snb.Run(tmp_path)] == [0, 2]
    run = make().begin(tmp_path)
    assert (run.status, set(content(run)), bool(run.verify())) == ("finished", set(whole), True)
    assert not list(tmp_path.glob("*.broken*"))


def test_run_json_and_what_is_finished_are_synced_before_they_get_their_names(make, tmp_path, monkeypatch):
    events = []
    replace = os.replace
    monkeypatch.setattr(
        os, "fsync", lambda opened: events.append(("sync", Path(f"/proc/self/fd/{opened}").resolve().name))
    )
    monkeypatch.setattr(os, "replace", lambda a, b: (events.append(("name", Path(b).name)), replace(a, b)))
    make(num_discussions=1).begin(tmp_path)
    for name in ("run.json", "discussion-00000.json"):
        places = [place for place, event in enumerate(events) if event == ("name", name)]
        assert places
        assert all(events[place - 1] == ("sync", f".{name}.partial") for place in places)


def test_a_disk_that_cannot_say_when_it_is_done_stops_nothing(tmp_path, monkeypatch):
    def unable(_):
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(os, "fsync", unable)
    files.write_atomically(tmp_path / "a", b"x", durable=True)
    assert (tmp_path / "a").read_bytes() == b"x"


def test_a_failing_disk_is_not_passed_over(tmp_path, monkeypatch):
    def failing(_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="Input/output"):
        files.write_atomically(tmp_path / "a", b"x", durable=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("harm", [HARM["cut"], HARM["gone"]], ids=["cut", "gone"])
def test_a_run_that_grows_grows_from_the_copy_of_its_run_json_too(harm, make, tmp_path):
    half(tmp_path / "run", make)
    harm(tmp_path / "run" / "run.json")
    with pytest.warns(UserWarning, match="It was made again from its copy"):
        run = make(num_discussions=5).begin(tmp_path / "run")
    assert (content(run), run.total) == (content(make(num_discussions=5).begin(tmp_path / "whole")), 5)


def test_discussions_beyond_those_of_the_experiment_are_not_given_up_where_nothing_else_tells_of_them(make, tmp_path):
    there = content(make().begin(tmp_path))
    for file in (tmp_path / "run.json", tmp_path / "journal" / "run.json.last"):
        file.unlink()
    with pytest.raises(
        RunFolderError, match=r"discussion-00002\.json is not .*: the experiment has only 2 discussions"
    ):
        make(num_discussions=2).begin(tmp_path)
    assert content(tmp_path) == there
