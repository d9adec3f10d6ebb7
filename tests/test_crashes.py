"""Killed at any moment, inside any write, on any disk: a run goes on, and ends as if nothing had happened."""

import errno
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from crashes import MEASURED
from support.sizes import size

import syndisco_nb as snb
from syndisco_nb.errors import StorageError
from syndisco_nb.runs import files

KILLS = size(300, 30)


# Real kills


@pytest.mark.parametrize(
    ("kind", "kills"),
    [
        ("discussions", KILLS),
        ("annotations", KILLS),
        ("together", size(150, 12)),
        ("grown-annotations", size(150, 6)),
        pytest.param("grown-discussions", 150, marks=pytest.mark.long),
        pytest.param("bundled", 10, marks=[pytest.mark.model, pytest.mark.long]),
    ],
)
def test_killed_at_random_moments_a_run_ends_as_if_never_killed(kind, kills, tmp_path):
    command = [sys.executable, str(Path(__file__).with_name("crashes.py")), kind, str(tmp_path), str(kills)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=290)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["kills"], found["asked_again"], found["lost"], found["different"]) == (kills, 0, 0, 0)
    assert found["runs"] >= 1


# Every byte


class Asked:
    """A script that keeps the seeds it was asked with."""

    def __init__(self, replies):
        self.replies, self.seeds = replies, []

    def __call__(self, request):
        self.seeds.append(request.seed)
        return self.replies[request.seed % len(self.replies)]


def discussing(script, **settings):
    users = [snb.LLMActor(snb.ScriptedModel(script, name="m"), name) for name in "AB"]
    given = {"topics": ["T"], "num_discussions": 1, "num_turns": 2, "seed": 7}
    return snb.DiscussionExperiment(users=users, **given | settings)


@pytest.fixture
def small(request, tmp_path):
    """Return how a small run is begun in a folder, and its script."""
    script = Asked(["Yes.", "é"])
    if request.param == "discussions":
        return discussing(script).begin, script
    talks = discussing("T", num_turns=1).begin(tmp_path / "talks")
    judge = snb.LLMActor(snb.ScriptedModel(script, name="m"), "", actor_type=snb.ActorType.ANNOTATOR)
    experiment = snb.AnnotationExperiment([judge], seed=7)
    return lambda folder: experiment.begin(talks, folder), script


BOTH = pytest.mark.parametrize("small", ["discussions", "annotations"], indirect=True)


def tree(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def build(folder, content):
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "journal").mkdir(parents=True)
    for name, data in content.items():
        (folder / name).write_bytes(data)


def finished(folder):
    """Return what is in the folder, without the times of its run.json and of its order of work."""
    content = tree(folder)
    content.pop("order.jsonl", None)
    assert content.pop("journal/run.json.last") == content["run.json"]
    head = json.loads(content.pop("run.json"))
    return content, {name: value for name, value in head.items() if name not in MEASURED}


def seeds_on_file(content):
    entries = []
    for name, data in content.items():
        if name.endswith(".jsonl"):
            entries += map(json.loads, data.split(b"\n")[:-1])
        elif name.startswith("discussion-"):
            entries += json.loads(data)["logs"]
    return {entry["generation"]["seed"] for entry in entries if "generation" in entry}


@BOTH
def test_cut_at_every_byte_that_it_writes_a_run_ends_as_if_never_cut(small, tmp_path, monkeypatch):
    begin, script = small
    folder = tmp_path / "run"
    writes = []

    def write_all(file, data):
        writes.append((tree(folder), str(Path(file.name).relative_to(folder)), data))
        write(file, data)

    write = files.write_all
    with monkeypatch.context() as patch:
        patch.setattr(files, "write_all", write_all)
        begin(folder)
    whole, asked = finished(folder), len(script.seeds)
    assert {Path(name).suffix for _, name, _ in writes} == {".partial", ".jsonl"}
    for before, name, data in writes:
        step = size(1, 97 if name.endswith(".partial") else 5)
        for cut in {*range(0, len(data), step), len(data)}:
            content = before | {name: before.get(name, b"") + data[:cut]}
            build(folder, content)
            script.seeds.clear()
            begin(folder)
            assert finished(folder) == whole, (name, cut)
            known = seeds_on_file(content)
            assert not known & set(script.seeds), (name, cut)
            assert len(known) + len(script.seeds) == asked, (name, cut)


# Disks


@BOTH
def test_a_disk_that_gets_full_at_any_write_loses_nothing(small, tmp_path, monkeypatch):
    begin, script = small
    whole = finished(begin(tmp_path / "whole").folder)
    asked = len(script.seeds)
    write, sizes = files.write_all, []
    with monkeypatch.context() as patch:
        patch.setattr(files, "write_all", lambda file, data: (sizes.append(len(data)), write(file, data)))
        begin(tmp_path / "sizes")
    most = sum(sizes) - sizes[-1] // 2  # in the middle of the last write: run.json has a digit more or less each time
    for room in [0, *random.Random(7).sample(range(1, most), 60), most]:
        folder = tmp_path / f"room-{room}"
        script.seeds.clear()
        with monkeypatch.context() as patch:
            patch.setattr(files, "write_all", full_after(room, write))
            with pytest.raises(StorageError, match=r"No space left on device\. Free some space, then begin again"):
                begin(folder)
        begin(folder)
        assert finished(folder) == whole
        assert asked <= len(script.seeds) <= asked + 2  # one answer, or each of two labels, may find no room


def full_after(room, write):
    """Return a way to write that takes so many bytes, the last write in part, and then none."""

    def write_all(file, data):
        nonlocal room
        write(file, data[:room])
        if len(data) > room:
            room = 0
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        room -= len(data)

    return write_all


@pytest.fixture
def tmpfs(tmp_path):
    folder = tmp_path / "tmpfs"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a tmpfs cannot be mounted here: only root may")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_full_stops_the_run_and_it_goes_on_when_there_is_room(tmpfs, tmp_path):
    script = Asked(["Word. " * 20])
    settings = {"num_discussions": 30, "num_turns": 4, "max_concurrency": 2}
    with pytest.raises(
        StorageError, match=r"No space left .* Free some space, .* [1-9][0-9]? of 30 are finished and kept"
    ) as caught:
        discussing(script, **settings).begin(tmpfs / "run")
    assert isinstance(caught.value.__cause__, OSError)
    there = [file.read_bytes() for file in sorted((tmpfs / "run").glob("discussion-*.json"))]
    assert 0 < len(there) < 30
    assert all(snb.Run(tmpfs / "run"))
    subprocess.run(["mount", "-o", "remount,size=8m", str(tmpfs)], check=True)
    run = discussing(script, **settings).begin(tmpfs / "run")
    whole = discussing(Asked(["Word. " * 20]), **settings).begin(tmp_path / "whole")
    assert [len(run), run.status, bool(run.verify())] == [30, "finished", True]
    assert finished(run.folder)[0] == finished(whole.folder)[0]
    assert len(script.seeds) - len(set(script.seeds)) <= 2  # of each open discussion, the answer that found no room


def read_only(folder, *, broken):
    subprocess.run(["chattr", "+i" if broken else "-i", folder], check=True)  # root may write where modes forbid it


def gone(folder, *, broken):
    here, elsewhere = folder, folder.with_name("elsewhere")
    (here if broken else elsewhere).rename(elsewhere if broken else here)


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [(read_only, "Make it readable and writable"), (gone, "Put the folder back")],
)
def test_a_folder_that_cannot_be_written_is_named_with_the_remedy(fault, remedy, tmp_path):
    if fault is read_only and not can_freeze(tmp_path):
        pytest.skip("folders cannot be made immutable here")
    folder = tmp_path / "run"
    seeds = []

    def script(request):
        seeds.append(request.seed)
        if len(seeds) == 2:
            fault(folder, broken=True)
        return "Yes."

    experiment = discussing(script, num_discussions=2, max_concurrency=1)
    with pytest.raises(
        StorageError, match=rf"{folder}/discussion-00000.json cannot .* {remedy}.* 0 of 2 are finished and kept"
    ):
        experiment.begin(folder)
    fault(folder, broken=False)
    run = experiment.begin(folder)
    assert (run.status, len(run), len(seeds), len(set(seeds)), bool(run.verify())) == ("finished", 2, 4, 4, True)


def can_freeze(folder):
    file = folder / "frozen"
    file.mkdir()
    frozen = shutil.which("chattr") and not subprocess.run(["chattr", "+i", file], capture_output=True).returncode
    if frozen:
        subprocess.run(["chattr", "-i", file], check=True)
    return bool(frozen)
