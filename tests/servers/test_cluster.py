"""A local Dask cluster of two worker processes: the run is that of one process, whatever becomes of a worker."""

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from distributed import Client, LocalCluster
from support.cluster_run import asked, hold, logging_script
from support.same_runs import files

import syndisco_nb as snb


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=2, processes=True, threads_per_worker=1, dashboard_address=":0") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def client(cluster):
    with Client(cluster, set_as_default=False) as client:
        yield client


def study(model, judge, folder, discussions=8):
    people = [snb.LLMPersona(username=name) for name in ("Ana", "Ben", "Cem")]
    builder = (
        snb.ExperimentBuilder(seed=7)
        .model(model)
        .participants(people)
        .topics(["Tea?", "Coffee?"])
        .vary(moderator={"none": None, "host": "Keep it civil."})
        .turns(5)
        .discussions(discussions)
        .annotators(
            snb.LLMActor(judge, "judge", actor_type=snb.ActorType.ANNOTATOR),
            [snb.Likert("tone", 1, 5), snb.Flag("wit")],
        )
    )
    done = builder.run(folder)
    done.annotate()
    return done


def when(condition, act):
    """Do something in another thread once a condition holds."""

    def wait():
        while not condition():
            time.sleep(0.001)
        act()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_a_study_with_its_labels_equals_that_of_one_process(client, tmp_path):
    models = snb.ScriptedModel(["Yes.", "No.", "", "Größe\n“x”"]), snb.ScriptedModel(["1", "5", "yes", "no"], "judge")
    study(*models, tmp_path / "here")
    on_cluster = [snb.ClusterModel(model, client) for model in models]
    study(*on_cluster, tmp_path / "cluster")
    assert files(tmp_path / "cluster") == files(tmp_path / "here")
    assert sum(worker.answered for model in on_cluster for worker in model.workers) > 100


def test_nothing_is_lost_or_doubled_when_a_worker_is_killed_in_the_middle(client, cluster, tmp_path):
    log = tmp_path / "asked"

    def kill():
        os.kill(asked(log)[0][0], signal.SIGKILL)

    model = snb.ScriptedModel(logging_script(log, 0.005))
    on_cluster = snb.ClusterModel(model, client)
    killing = when(lambda: len(asked(log)) > 150, kill)
    run = hold(on_cluster, tmp_path / "cluster")
    killing.join()
    seeds = [seed for _, seed in asked(log)]
    assert 400 <= len(seeds) < 400 + 64  # those under way were asked again
    assert len(set(seeds)) == 400
    assert "lost" in {worker.state for worker in on_cluster.workers}
    log.unlink()
    assert files(run.folder) == files(hold(model, tmp_path / "here").folder)


@pytest.mark.long
@pytest.mark.model
def test_the_bundled_model_says_the_same_in_two_workers_even_if_one_is_killed(client, tmp_path):
    model = snb.bundled_model(engine="openvino", max_out_tokens=12)

    def talk(model, folder):
        run = hold(model, folder / "talks", num_discussions=16, num_turns=3)
        judge = snb.LLMActor(model, "judge", instructions="Rate.", actor_type=snb.ActorType.ANNOTATOR)
        labels = snb.AnnotationExperiment([judge], snb.Likert("tone", 1, 5), seed=1).begin(run, folder / "labels")
        found = [label for one in labels for label in one.labels]
        return (
            files(run.folder, measured=True),
            [label.text for label in found],
            [label.probabilities for label in found],
        )

    here = talk(model, tmp_path / "here")
    calm = talk(snb.ClusterModel(model, client), tmp_path / "calm")
    assert calm[:2] == here[:2]
    for expected, found in zip(here[2], calm[2], strict=True):
        assert found == pytest.approx(expected, abs=1e-3)

    def kill():
        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)

    journal = tmp_path / "struck" / "talks" / "journal"
    killing = when(lambda: len(list(journal.glob("discussion-*"))) > 8, kill)
    on_cluster = snb.ClusterModel(model, client)
    struck = talk(on_cluster, tmp_path / "struck")
    killing.join()
    assert struck[:2] == here[:2]
    assert "lost" in {worker.state for worker in on_cluster.workers}


@pytest.mark.long
def test_a_killed_client_begun_again_goes_on_from_the_journal_and_its_workers_are_freed(client, cluster, tmp_path):
    def actors():
        return sum(client.run(lambda dask_worker: len(dask_worker.state.actors)).values())

    gc.collect()  # models of earlier tests
    while actors():
        time.sleep(0.1)
    log = tmp_path / "asked"
    begin = "import sys; from support import cluster_run; cluster_run.begin(*sys.argv[1:])"
    command = [sys.executable, "-c", begin, cluster.scheduler_address, str(tmp_path / "run"), str(log)]
    quiet = {"stderr": subprocess.DEVNULL, "cwd": Path(__file__).parents[1]}
    first = subprocess.Popen(command, **quiet)
    while len(asked(log)) < 150:
        assert first.poll() is None
        time.sleep(0.001)
    first.kill()
    first.wait()
    written = {line for file in (tmp_path / "run").rglob("discussion-*") for line in file.read_bytes().splitlines()}
    assert any(b"Word" in line for line in written)
    while actors():
        time.sleep(0.1)
    subprocess.run(command, **quiet, check=True)
    seeds = [seed for _, seed in asked(log)]
    assert len(set(seeds)) == 400
    assert len(seeds) <= 400 + 64  # those under way were asked again, and no finished turn
    here = hold(snb.ScriptedModel(logging_script(str(log), 0.005)), tmp_path / "here")
    assert files(tmp_path / "run") == files(here.folder)


@pytest.mark.long
def test_no_key_and_no_prompt_stands_in_a_log(client, caplog, capfd, monkeypatch, tmp_path):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-4242424242")
    monkeypatch.setenv("HF_TOKEN", "hf_plantedplantedplanted42")
    caplog.set_level(logging.DEBUG)

    def script(request):
        if request.seed % 3 == 0:
            raise ValueError("A bad seed.")
        return "Yes."

    hold(snb.ClusterModel(snb.ScriptedModel(script), client), tmp_path / "talks", num_discussions=8)
    missing = snb.ClusterModel(snb.TransformersModel("no/such-model", name="missing"), client)
    with pytest.raises(snb.SyndiscoError, match=r"no/such-model.*\(In the worker tcp://"):
        hold(missing, tmp_path / "none")
    logs = f"{client.get_worker_logs()} {client.get_scheduler_logs()} {caplog.text} {capfd.readouterr()}"
    assert "no/such-model" in logs  # so that something is searched
    for secret in ("planted", "Should buses", "Be brief"):
        assert secret not in logs


@pytest.mark.seconds
def test_a_turn_takes_less_than_a_millisecond_more_than_in_one_process(client, tmp_path):
    model = snb.ScriptedModel(["Yes.", "No."])
    on_cluster = snb.ClusterModel(model, client)
    hold(on_cluster, tmp_path / "first", num_discussions=8)

    def seconds(model, name):
        began = time.perf_counter()
        hold(model, tmp_path / name, num_discussions=1000)
        return time.perf_counter() - began

    more = min(seconds(on_cluster, f"cluster-{number}") for number in range(3)) - min(
        seconds(model, f"here-{number}") for number in range(3)
    )
    assert more / 10_000 < 0.001
