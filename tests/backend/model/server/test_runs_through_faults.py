"""Whole runs through a proxy that spoils answers, past a server that dies, and on a real model."""

import socket
import time

import pytest
from support.fault_proxy import FAULTS
from support.openai_server import KEY
from support.real_servers import TransformersServer
from support.sizes import size

import syndisco_nb as snb
from syndisco_nb.backend.model.local.bundled import converted_folder
from syndisco_nb.errors import ModelError, RunFailedError
from syndisco_nb.running.control import RunControl

MANY = size(100, 40)
FAST = {"timeout_s": 1.0, "max_wait_s": 0.2, "patience_s": 30.0, "api_key": KEY}


def experiment(url, discussions=MANY, model_name="listed", **settings):
    model = snb.OpenAIModel(model_name, url, name="m", **{**FAST, **settings})
    users = [snb.LLMActor(model, name, instructions="Be brief.") for name in ("Ana", "Ben", "Cem")]
    return snb.DiscussionExperiment(["Tax", "Tea"], users, num_turns=5, num_discussions=discussions, seed=7)


def said(run):
    return {talk.index: [(message.index, message.name, message.text) for message in talk.messages] for talk in run}


def questions(server):
    """Return what the server was asked, each question once."""
    return set(server.lines())


def test_a_run_through_every_fault_is_the_run_without(start, tmp_path, monkeypatch):
    monkeypatch.setattr(RunControl, "is_watched", lambda self, unit: True)  # so all of it is streamed
    server = start("openai_server.py")
    calm = experiment(server.url).begin(tmp_path / "calm")
    asked = questions(server)
    proxy = start("fault_proxy.py", target=server.port, seed=7, share=0.3, down_at=3 * MANY, down_s=1)
    rough = experiment(proxy.url).begin(tmp_path / "rough")
    assert (rough.status, len(rough.failures)) == ("finished", 0)
    assert said(rough) == said(calm)
    assert len(said(rough)) == MANY
    assert questions(server) == asked  # nothing else was asked, however often
    answers = proxy.lines()
    assert set(answers) == {"good", "down", *FAULTS}
    assert 0.25 < 1 - answers.count("good") / len(answers) < 0.35
    assert answers.count("good") == len(asked) + 1  # the list of models; so every turn got one answer


def test_labels_through_every_fault_are_the_labels_without(start, tmp_path):
    server = start("openai_server.py")
    talks = experiment(server.url, discussions=size(10, 4)).begin(tmp_path / "talks")

    def labels(url, folder):
        model = snb.OpenAIModel("stumbling", url, name="m", **FAST)
        judges = [snb.LLMActor(model, name, actor_type=snb.ActorType.ANNOTATOR) for name in ("Ida", "Jo")]
        scales = [snb.Likert("anger"), snb.Choice("tone", ["warm", "cold"])]
        return snb.AnnotationExperiment(judges, scales, seed=7).begin(talks, tmp_path / folder).to_dataframe()

    calm = labels(server.url, "calm")
    rough = labels(start("fault_proxy.py", target=server.port, seed=8).url, "rough")
    assert rough.equals(calm)
    assert 0 < calm.label.isna().sum() < len(calm) / 2  # a third to the third is expected, 0.3


def test_a_server_that_is_dead_from_the_start_ends_the_run_and_a_living_one_finishes_it(start, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    asking = experiment(f"http://127.0.0.1:{port}/v1", discussions=3, patience_s=2.0)
    with pytest.raises(ModelError, match=r"'m' at http.*no connection \(ConnectError\).*goes on from here"):
        asking.begin(tmp_path / "run")
    assert snb.Run(tmp_path / "run").status == "failed"
    server = start("openai_server.py", port=port)
    run = asking.begin(tmp_path / "run")
    assert (run.status, len(run)) == ("finished", 3)
    assert len(server.lines()) == len(questions(server)) == 15


def test_a_server_that_dies_is_waited_for_once_and_the_run_goes_on_when_it_is_back(start, tmp_path):
    server = start("openai_server.py")
    proxy = start("fault_proxy.py", target=server.port, share=0, down_at=150, down_s=1000)
    asking = experiment(proxy.url, discussions=100, patience_s=2.0)
    started = time.monotonic()
    with pytest.raises(RunFailedError, match="answered nothing for"):
        asking.begin(tmp_path / "run")
    assert time.monotonic() - started < 200  # not 2 s for each of the discussions
    run = snb.Run(tmp_path / "run")
    assert run.status == "failed"
    assert len(run.failures) < 100  # it stopped before everything had failed
    assert set(run.failures.error) == {"UnavailableError"}
    assert "answered nothing for" in run.failures.message[0]
    proxy.stop()
    start("fault_proxy.py", target=server.port, share=0, port=proxy.port)
    run = asking.begin(tmp_path / "run")
    assert (run.status, len(run)) == ("finished", 100)
    assert len(questions(server)) == 500
    assert len(server.lines()) <= 500 + 64  # only what was in flight when it died was asked again


@pytest.fixture
def transformers_server():
    server = TransformersServer()
    try:
        yield server.wait().port
    finally:
        server.kill()


@pytest.mark.long
@pytest.mark.model
def test_a_real_model_behind_a_real_server_and_bad_luck(transformers_server, start, tmp_path):
    proxy = start("fault_proxy.py", target=transformers_server, seed=3, share=0.3)
    name = str(converted_folder())
    settings = {"timeout_s": 8.0, "max_out_tokens": 8, "max_concurrency": 2}
    run = experiment(proxy.url, discussions=2, model_name=name, **settings).begin(tmp_path / "run")
    assert (run.status, len(run)) == ("finished", 2)
    comments = [message for talk in run for message in talk.comments if message.generation]
    assert comments
    for comment in comments:
        assert 0 < comment.generation.completion_tokens <= 8
        assert comment.generation.prompt_tokens > 20
    assert set(proxy.lines()) > {"good"}
    model = snb.OpenAIModel(name, proxy.url, **FAST | settings)
    judge = snb.LLMActor(model, "judge", actor_type=snb.ActorType.ANNOTATOR)
    labels = snb.Annotation(judge, run[0], snb.Flag("anger"), seed=1).run().labels
    assert {label.value for label in labels} <= {True, False, None}
    assert all(label.value is not None or label.generation.raw for label in labels)
