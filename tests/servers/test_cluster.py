"""A local Dask cluster of two worker processes: the run is that of one process, whatever becomes of a worker."""

import os
import signal
import threading
import time

import pytest
from distributed import Client, LocalCluster
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


def logging_script(log, seconds):
    """Return a script that writes down the process and the seed of each request, and takes a while."""

    async def script(request):
        import asyncio
        import os

        with open(log, "ab", buffering=0) as file:  # noqa: PTH123
            file.write(b"%d %d\n" % (os.getpid(), request.seed))
        await asyncio.sleep(seconds)
        return f"Word {request.seed % 1000}."

    return script


def asked(log):
    """Return the process and the seed of each request so far."""
    return [tuple(map(int, line.split())) for line in log.read_bytes().splitlines()] if log.exists() else []


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

    def talk(model, folder):
        users = [snb.LLMActor(model, name) for name in ("Ana", "Ben", "Cem")]
        return snb.DiscussionExperiment(["Tea?"], users, num_turns=10, num_discussions=40, seed=3).begin(folder)

    def kill():
        os.kill(asked(log)[0][0], signal.SIGKILL)

    model = snb.ScriptedModel(logging_script(log, 0.005))
    on_cluster = snb.ClusterModel(model, client)
    killing = when(lambda: len(asked(log)) > 150, kill)
    run = talk(on_cluster, tmp_path / "cluster")
    killing.join()
    seeds = [seed for _, seed in asked(log)]
    assert 400 <= len(seeds) < 400 + 64  # those under way were asked again
    assert len(set(seeds)) == 400
    assert "lost" in {worker.state for worker in on_cluster.workers}
    log.unlink()
    assert files(run.folder) == files(talk(model, tmp_path / "here").folder)
