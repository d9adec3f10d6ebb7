import gc
import sys
import time

import pytest

import syndisco_nb as snb
from syndisco_nb.backend.model.request import Situation
from syndisco_nb.builder.live_models import LiveModels
from syndisco_nb.builder.parts import as_part
from syndisco_nb.loop import run_sync
from syndisco_nb.records import Participant

ADDRESS = "tcp://10.0.0.1:8786"


def test_settings_and_design_are_those_of_the_model_within(tmp_path):
    sampling = snb.Sampling(temperature=0.2)
    model = snb.TransformersModel("org/name", sampling=sampling)
    cluster = snb.ClusterModel(model, ADDRESS)
    assert (cluster.name, cluster.sampling) == (model.name, model.sampling)
    assert (cluster.settings(), cluster.identity()) == (model.settings(), model.identity())
    assert repr(cluster) == f"ClusterModel({model!r}, {ADDRESS!r})"
    models = LiveModels()
    for live, plain in [
        (cluster, model),
        (snb.CachedModel(cluster, tmp_path / "store"), snb.CachedModel(model, tmp_path / "store")),
    ]:
        part = models.keep(live)
        assert part == as_part("model", plain, snb.Model)
        assert models.make(part) is live


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (lambda path: snb.OpenAIModel("gpt", base_url="http://localhost:1/v1"), r"Replicas\(\["),
        (lambda path: snb.BatchModel(snb.OpenAIModel("gpt", base_url="http://localhost:1/v1")), "A server"),
        (lambda path: snb.Replicas([snb.OpenAIModel("gpt", base_url="http://localhost:1/v1")]), "Servers need no"),
        (lambda path: snb.HumanModel("Dana"), "A person"),
        (lambda path: snb.CachedModel(snb.ScriptedModel("Yes."), path), r"CachedModel\(ClusterModel\("),
        (lambda path: snb.ClusterModel(snb.ScriptedModel("Yes."), ADDRESS), "on a cluster already"),
        (lambda path: "gpt", "must be a model"),
    ],
)
def test_models_that_cannot_live_in_workers_are_refused_with_a_reason(model, reason, tmp_path):
    with pytest.raises(snb.SyndiscoError, match=reason):
        snb.ClusterModel(model(tmp_path / "store"), ADDRESS)


def test_a_client_that_is_none_is_refused(client, empty_cluster, monkeypatch):
    model = snb.ScriptedModel("Yes.")
    with pytest.raises(snb.SyndiscoError, match=r"Give Client\(cluster\)"):
        snb.ClusterModel(model, empty_cluster)
    with pytest.raises(snb.SyndiscoError, match=r"'nonsense', but .* missing port number in address 'nonsense'\."):
        snb.ClusterModel(model, "nonsense")
    with pytest.raises(snb.SyndiscoError, match=r"client is 7.*tcp://"):
        snb.ClusterModel(model, 7)
    client.close()
    with pytest.raises(snb.SyndiscoError, match=r"client is closed"):
        snb.ClusterModel(model, client)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(snb.SyndiscoError, match=r'pip install "syndisco-nb\[cluster\]"'):
        snb.ClusterModel(model, ADDRESS)


def test_errors_keep_their_class_and_the_model_leaves_the_workers_when_it_is_dropped(client, empty_cluster):
    def script(request):
        if request.situation:
            return "It travelled."
        if request.seed:
            raise ZeroDivisionError("Nothing to divide.")
        return "Yes."

    empty_cluster.scale(1)
    model = snb.ClusterModel(snb.ScriptedModel(script), client)
    assert (model.capacity, model.min_concurrency) == (None, 1)
    with pytest.raises(ZeroDivisionError, match=r"Nothing to divide\. \(In the worker"):
        run_sync(model.complete(snb.Request((), seed=1)))
    here = Situation(Participant("Ana", "user", "scripted"), discussion=0, turn=1, history=())
    assert run_sync(model.complete(snb.Request((), seed=0, situation=here))).text == "Yes."
    assert model.capacity == model.min_concurrency == 128
    assert [(worker.state, worker.answered) for worker in model.workers] == [("ready", 2)]
    actors = [worker.state.actors for worker in empty_cluster.workers.values()]
    assert any(actors)
    del model
    gc.collect()
    while any(actors):
        time.sleep(0.001)


def test_a_forked_process_connects_anew(client, empty_cluster):
    empty_cluster.scale(1)
    model = snb.ClusterModel(snb.ScriptedModel("Yes."), client)
    run_sync(model.load())
    inherited = model._pool
    inherited.loop = None  # of the parent's process
    assert run_sync(model.complete(snb.Request((), seed=0))).text == "Yes."
    assert model._pool is not inherited
