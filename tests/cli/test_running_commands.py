import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from distributed import LocalCluster
from support.commands import DESIGN, command, content, stop_at

import syndisco_nb as snb
from syndisco_nb.builder.study_file import read_study, write_study

BEGUN = ": 4 discussions in 2 conditions. Models load first.\n"


@pytest.fixture(autouse=True)
def here(studies):
    return studies


def test_a_run_goes_by_default_to_a_folder_of_the_designs_name(capsys):
    code, out, err = command(capsys, "run", "study.yaml")
    assert (code, err) == (0, f"runs/study{BEGUN}")
    assert out.splitlines()[0] == "runs/study: finished"
    assert content("runs/study") == content("finished")


def test_labels_follow_where_they_are_asked_for(capsys):
    code, out, _ = command(capsys, "run", "study.yaml", "--annotate")
    assert (code, out.splitlines()[-1]) == (0, "Next: syndisco-nb report runs/study")
    assert content("runs/study") == content("labelled")


def test_labels_without_annotators_are_refused_before_anything_runs(capsys):
    Path("bare.yaml").write_text(DESIGN.split("annotators")[0], "utf-8")
    code, out, err = command(capsys, "run", "bare.yaml", "--annotate")
    assert (code, out) == (2, "")
    assert err == (
        "Error: bare.yaml has no annotators. Leave --annotate out, or add annotators and scales to the design.\n"
    )
    assert not Path("runs").exists()


@pytest.mark.parametrize("again", [("interrupted",), ("study.yaml", "--out", "interrupted")])
def test_an_interrupted_study_goes_on_from_its_folder_and_from_its_design(again, capsys):
    assert content("interrupted") != content("finished")
    assert command(capsys, "run", *again)[0] == 0
    assert content("interrupted") == content("finished")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_in_order(number, capfd, monkeypatch):
    monkeypatch.setattr(snb.ScriptedModel, "complete", stop_at(3, number))
    code, out, err = command(capfd, "run", "study.yaml", "--out", "stopped")
    assert (code, out.splitlines()[0], out.splitlines()[-1]) == (
        75,
        "stopped: stopped",
        "Next: syndisco-nb run stopped",
    )
    assert err == f"stopped{BEGUN}\n{number.name}: stopping. Finished turns are kept. Once more stops at once.\n"
    assert json.loads(Path("stopped/none/run.json").read_bytes())["status"] == "interrupted"


def test_labels_that_were_stopped_go_on(capfd, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(snb.ScriptedModel, "complete", stop_at(3, signal.SIGTERM))
        code, out, _ = command(capfd, "annotate", "finished")
    assert (code, out.splitlines()[-1]) == (75, "Next: syndisco-nb annotate finished")
    assert command(capfd, "annotate", "finished")[0] == 0
    assert content("finished") == content("labelled")


@pytest.mark.parametrize("name", ["SIGKILL", pytest.param("SIGTERM", marks=pytest.mark.long)])
def test_a_process_that_was_stopped_goes_on_as_if_it_had_not_been(name, capsys):
    program = [sys.executable, "-m", "support.commands", name, "11", "run", "study.yaml", "--annotate"]
    done = subprocess.run(program, capture_output=True, text=True, check=False, env=environment(), timeout=60)
    assert done.returncode == (-9 if name == "SIGKILL" else 75), done.stderr
    assert "unfinished ones" in command(capsys, "status", "runs/study")[1]
    assert command(capsys, "run", "runs/study", "--annotate")[0] == 0
    assert content("runs/study") == content("labelled")


def environment():
    tests = Path(__file__).parents[1]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (tests, tests.parent)))}


def test_what_failed_is_tried_again(capsys, monkeypatch):
    def failing(self, request):
        raise snb.SyndiscoError("The server is down.")

    with monkeypatch.context() as patch:
        patch.setattr(snb.ScriptedModel, "complete", failing)
        code, out, _ = command(capsys, "run", "study.yaml", "--out", "failed")
    assert (code, out.splitlines()[-1]) == (3, "Next: syndisco-nb retry failed")
    assert "  4 failed, such as none/discussion-00000:\n    SyndiscoError: The server is down.\n" in out
    assert command(capsys, "status", "failed")[0] == 3
    assert command(capsys, "retry", "failed")[0] == 0
    found = content("failed")
    assert [found.pop(name) for name in ("none/failures.jsonl", "host/failures.jsonl")]
    assert found == content("finished")


def test_a_study_of_a_notebook_goes_on_here_and_one_from_here_in_a_notebook(capsys):
    builder = snb.ExperimentBuilder.load("study.yaml").discussions(1)
    builder.save("saved.yaml")
    builder.run("runs/saved")
    assert command(capsys, "run", "runs/saved")[0] == 0
    builder.discussions(2).save("saved.yaml")
    assert command(capsys, "run", "saved.yaml")[0] == 0
    study = snb.Study("runs/saved")
    assert ([len(run) for run in study.values()], study.status) == ([2, 2], "finished")
    assert builder.discussions(2).run("runs/saved").status == "finished"
    assert builder.discussions(3).run("runs/saved").finished
    assert [len(run) for run in snb.Study("runs/saved").values()] == [3, 3]


def test_a_drawn_seed_is_kept(capsys):
    Path("drawn.yaml").write_text(DESIGN.replace("seed: 7\n", ""), "utf-8")
    assert command(capsys, "run", "drawn.yaml")[0] == 0
    seed = read_study(Path("runs/drawn")).seed
    assert command(capsys, "run", "runs/drawn")[0] == 0
    assert command(capsys, "run", "drawn.yaml")[0] == 0
    assert read_study(Path("runs/drawn")).seed == seed


def test_another_design_is_refused_unless_fresh(capsys):
    Path("other.yaml").write_text(DESIGN.replace("turns: 4", "turns: 3"), "utf-8")
    code, _, err = command(capsys, "run", "other.yaml", "--out", "finished")
    assert (code, "holds a study of another design (turns" in err) == (5, True)
    code, _, err = command(capsys, "run", "other.yaml", "--out", "finished", "--fresh")
    assert (code, err.splitlines()[1]) == (
        0,
        "Warning: finished was moved aside, to finished.old-1, to start anew.",
    )


def test_a_server_needs_trust(capsys, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-the-user")
    served = DESIGN.replace(
        'model: {type: ScriptedModel, script: ["I agree.", "Why?"]}',
        "model: {type: OpenAIModel, model_name: m, base_url: 'http://127.0.0.1:9/v1', patience_s: 1}",
    )
    Path("served.yaml").write_text(served, "utf-8")
    code, _, err = command(capsys, "run", "served.yaml")
    assert (code, "in a shell give --trust server:127.0.0.1:9." in err) == (2, True)
    assert "sk-secret" not in err


def test_on_a_cluster_a_study_is_the_same(capsys):
    with LocalCluster(n_workers=1, processes=False, threads_per_worker=1, dashboard_address=":0") as cluster:
        code, _, err = command(capsys, "run", "study.yaml", "--annotate", "--dask", cluster.scheduler_address)
        gc.collect()  # ends the models, and with them their clients
        while cluster.scheduler.clients.keys() - {"fire-and-forget"}:
            time.sleep(0.001)
    assert (code, err) == (0, f"runs/study{BEGUN}")
    assert content("runs/study") == content("labelled")


def test_a_person_is_not_waited_for(capsys):
    Path("person.yaml").write_text(DESIGN.replace("topics:", "models: {Ben: {type: HumanModel, name: Ben}}\ntopics:"))
    refused = "asks Ben (HumanModel), who can only answer in a notebook. Run it there.\n"
    assert command(capsys, "run", "person.yaml") == (2, "", f"Error: person.yaml {refused}")
    builder = snb.ExperimentBuilder.load("person.yaml")
    write_study(Path("finished"), read_study(Path("finished"))._replace(design=builder.design))
    for verb in ("run", "retry", "annotate"):
        assert command(capsys, verb, "finished") == (2, "", f"Error: finished {refused}")


@pytest.mark.parametrize(
    ("design", "code", "message"),
    [
        ("gone.yaml", 2, "gone.yaml cannot be read: No such file or directory"),
        ("typo.yaml", 2, "There is no setting 'turn'. Did you mean 'turns'?"),
        ("empty", 5, "empty is not the folder of a study"),
        ("syndisco", 5, "syndisco is not the folder of a study"),
        ("finished/none", 5, "finished/none is the folder of a single run, not of a study"),
    ],
)
def test_what_cannot_be_run_says_why(design, code, message, capsys):
    Path("typo.yaml").write_text("turn: 3", "utf-8")
    found, out, err = command(capsys, "run", design)
    assert (found, out, err.startswith(f"Error: {message}")) == (code, "", True), err


@pytest.mark.parametrize("name", ["retry", "annotate"])
@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("gone", "gone is not the folder of a study"),
        ("empty", "empty is not the folder of a study"),
        ("syndisco", "syndisco is not the folder of a study"),
        ("finished/none", "finished/none holds a single run, without the design"),
        ("broken", "broken/none/run.json cannot be read"),
    ],
)
def test_other_folders_are_refused(name, folder, message, capsys):
    code, out, err = command(capsys, name, folder)
    assert (code, out, err.startswith(f"Error: {message}")) == (5, "", True), err


def test_a_broken_study_is_repaired_by_running_it_again(capsys):
    code, out, err = command(capsys, "run", "broken")
    assert code == 0, out + err
    whole, found = content("finished"), content("broken")
    assert {name: found[name] for name in whole} == whole


def test_what_was_only_interrupted_is_not_retried(capsys):
    before = content("interrupted")
    assert command(capsys, "retry", "interrupted")[0] == 75
    assert content("interrupted") == before


def test_comments_of_an_interrupted_study_are_labelled_as_far_as_its_discussions_are_finished(capsys):
    shutil.copytree("finished/none", "interrupted/none", dirs_exist_ok=True)
    code, out, _ = command(capsys, "annotate", "interrupted")
    assert (code, out.splitlines()[-1]) == (75, "Next: syndisco-nb run interrupted")
    assert command(capsys, "run", "interrupted", "--annotate")[0] == 0
    assert content("interrupted") == content("labelled")
