"""Folders for every command: a study that is finished, interrupted or broken, and folders of something else."""

import json
import shutil
import signal
from pathlib import Path

import pytest
from support.commands import DESIGN, stop_at

import syndisco_nb as snb
from syndisco_nb.cli.command_line import run_command_line


@pytest.fixture(scope="session")
def made_studies(tmp_path_factory):
    """A folder with a design and the studies of it; each test takes copies."""
    folder = tmp_path_factory.mktemp("studies")
    design = folder / "study.yaml"
    design.write_text(DESIGN, "utf-8")
    assert run_command_line(["run", str(design), "--out", str(folder / "finished")]) == 0
    shutil.copytree(folder / "finished", folder / "labelled")
    assert run_command_line(["annotate", str(folder / "labelled")]) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snb.ScriptedModel, "complete", stop_at(4, signal.SIGINT))
        assert run_command_line(["run", str(design), "--out", str(folder / "interrupted")]) == 75
    broken = folder / "broken"
    shutil.copytree(folder / "finished", broken)
    whole = (broken / "host" / "discussion-00001.json").read_bytes()
    (broken / "host" / "discussion-00001.json").write_bytes(whole[:200])
    (broken / "none" / "run.json").write_bytes(b"{")
    syndisco = folder / "syndisco"
    syndisco.mkdir()
    log = {"users": ["Ana", "Ben"], "logs": [{"name": "Ana", "text": "Tax?", "model": "hardcoded"}]}
    log["logs"].append({"name": "Ben", "text": "No.", "model": "llama"})
    (syndisco / "talk.json").write_text(json.dumps(log), "utf-8")
    (folder / "empty").mkdir()
    return folder


@pytest.fixture
def studies(made_studies, tmp_path, monkeypatch):
    """A copy of the folder with the design and the studies, in which the test runs."""
    folder = shutil.copytree(made_studies, tmp_path / "studies")
    monkeypatch.chdir(folder)
    return Path()
