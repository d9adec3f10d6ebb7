import json
import shutil

import pytest
from support.commands import command, content

FINISHED = """\
finished: finished
  none  2 of 2 discussions, finished
  host  2 of 2 discussions, finished
Next: syndisco-nb annotate finished
"""
STRANGERS = {
    "syndisco": "syndisco holds neither a run nor a study. Give the folder of one.",
    "empty": "empty holds neither a run nor a study. Give the folder of one.",
    "gone": "gone is not there. Give the folder of a run or of a study.",
    "study.yaml": "study.yaml is a file. Give the folder of a run or of a study.",
}


@pytest.fixture(autouse=True)
def here(studies, monkeypatch):
    monkeypatch.setattr("syndisco_nb.watching.folder_watcher._SETTLED_S", 0)
    return studies


def test_status_shows_each_condition_and_the_next_step(capsys):
    assert command(capsys, "status", "finished") == (0, FINISHED, "")
    code, out, _ = command(capsys, "status", "labelled")
    assert (code, out.splitlines()[-1]) == (0, "Next: syndisco-nb report labelled")
    assert "  host  2 of 2 annotation sets, finished" in out


def test_status_of_an_interrupted_study(capsys):
    code, out, err = command(capsys, "status", "interrupted")
    assert (code, err) == (75, "")
    assert out.splitlines()[0] == "interrupted: stopped"
    assert out.splitlines()[-1] == "Next: syndisco-nb run interrupted"
    assert " of unfinished ones, stopped" in out


def test_status_of_a_broken_study(capsys):
    code, out, _ = command(capsys, "status", "broken")
    assert code == 5
    assert "  none  ?, run.json cannot be read" in out
    assert "run.json cannot be read: invalid JSON" in out
    assert out.splitlines()[-1] == "Next: syndisco-nb run broken"


@pytest.mark.parametrize("name", ["status", "watch", "verify"])
@pytest.mark.parametrize("folder", STRANGERS)
def test_a_folder_of_something_else_is_refused(name, folder, capsys):
    assert command(capsys, name, folder) == (5, "", f"Error: {STRANGERS[folder]}\n")


def test_status_of_several_folders_has_the_worst_code(capsys):
    code, out, err = command(capsys, "status", "finished", "empty", "interrupted")
    assert (code, err) == (75, f"Error: {STRANGERS['empty']}\n")
    assert ("finished: finished" in out, "interrupted: stopped" in out) == (True, True)


def test_status_as_json(capsys):
    _, out, _ = command(capsys, "status", "finished", "interrupted", "--json")
    first, second = map(json.loads, out.splitlines())
    assert first["status"] == "finished"
    assert first["discussions"][1] == {
        "condition": "host",
        "status": "finished",
        "finished": 2,
        "total": 2,
        "kept": 0,
        "failures": [],
        "problem": "",
    }
    assert second["next"] == "syndisco-nb run interrupted"


def test_watch_ends_with_the_run_and_with_its_code(capsys):
    code, out, _ = command(capsys, "watch", "interrupted")
    assert code == 75
    assert out.splitlines()[0].startswith(("none/discussion-0000", "host/discussion-0000"))
    assert " interrupted: 0 of 4 discussions, " in out
    assert out.splitlines()[-1] == "Next: syndisco-nb run interrupted"
    assert command(capsys, "watch", "labelled")[0] == 0
    assert command(capsys, "watch", "broken")[0] == 5


def test_ctrl_c_leaves_a_watched_run_alone(capsys, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("syndisco_nb.cli.following.follow", interrupted)
    before = content("interrupted")
    code, out, _ = command(capsys, "watch", "interrupted")
    assert (code, out.splitlines()[-1]) == (75, "Next: syndisco-nb run interrupted")
    assert content("interrupted") == before


def test_verify_tells_what_is_wrong(capsys):
    assert command(capsys, "verify", "finished") == (0, "finished: 4 files checked.\nNo problems found.\n", "")
    assert command(capsys, "verify", "interrupted")[0] == 0
    shutil.copyfile("finished/none/run.json", "broken/none/run.json")
    code, out, _ = command(capsys, "verify", "broken")
    assert code == 4
    assert "host/discussion-00001.json" in out
    found = json.loads(command(capsys, "verify", "broken", "--json")[1])
    assert len(found["problems"]) >= 1


def test_verify_of_a_run_whose_head_is_broken(capsys):
    code, out, err = command(capsys, "verify", "broken/none")
    assert (code, out) == (5, "")
    assert err.startswith("Error: broken/none/run.json cannot be read: invalid JSON")
    assert command(capsys, "verify", "broken")[0] == 5
