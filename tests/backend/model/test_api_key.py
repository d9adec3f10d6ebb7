"""A key gets to the server, and nowhere else."""

import logging
import traceback

import pytest
from support.openai_server import KEY

import syndisco_nb as snb
from syndisco_nb import ChatMessage, OpenAIModel, Request
from syndisco_nb.backend.model.api_key import ApiKey
from syndisco_nb.errors import InvalidInputError, ModelError
from syndisco_nb.loop import run_sync

FAST = {"timeout_s": 2.0, "max_wait_s": 0.1, "patience_s": 1.0}
WRONG = "sk-wrong-fedcba9876543210"
QUESTION = Request((ChatMessage("user", "Tea?"),), 1)


def fail():
    raise ValueError(f"no entry for {KEY}")


@pytest.fixture(params=["text", "function", "environment"])
def given(request, monkeypatch):
    """The ways to give a key, each as a function of the key."""

    def giving(key):
        monkeypatch.setenv("OPENAI_API_KEY", key if request.param == "environment" else "sk-other")
        return {"text": key, "function": lambda: key, "environment": None}[request.param]

    return giving


def test_every_way_to_give_a_key_gets_it_to_the_server(given, server):
    model = OpenAIModel("listed", server.url, given(f"{KEY}\n"), **FAST)  # files end in a line break
    assert run_sync(model.complete(QUESTION)).text


def test_a_function_is_asked_before_every_request(server):
    keys = [KEY, KEY, WRONG]
    model = OpenAIModel("listed", server.url, lambda: keys.pop(0), **FAST)
    run_sync(model.complete(QUESTION))
    with pytest.raises(ModelError, match="Incorrect API key"):
        run_sync(model.complete(QUESTION))


def everything_told(caught):
    """Return a traceback as chatty tools show it: with local variables, of all errors behind."""
    lines, error = [], caught.value
    while error:
        lines += traceback.TracebackException.from_exception(error, capture_locals=True).format()
        error = error.__cause__ or error.__context__
    # What stands in the test's own frames, the caller's, is not ours to hide.
    frames = "".join(lines).split('  File "')
    return "".join(frame for frame in frames if "/tests/" not in frame.splitlines()[0])


@pytest.mark.parametrize("key", [KEY, WRONG])
def test_it_shows_nowhere(given, key, server, start, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    logging.getLogger().setLevel(logging.DEBUG)
    proxy = start("fault_proxy.py", target=server.port, seed=5, share=0.4)
    model = OpenAIModel("listed", proxy.url, given(key), **FAST)
    users = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
    experiment = snb.DiscussionExperiment(["Tax"], users, num_turns=3, num_discussions=3, seed=1)
    told = ""
    if key == KEY:
        assert experiment.begin(tmp_path / "run").status == "finished"
    else:
        with pytest.raises(ModelError, match=r"\*\*\*") as caught:
            experiment.begin(tmp_path / "run")
        told = everything_told(caught)
        assert "openai_model.py" in told
    server.stop()
    with pytest.raises(ModelError) as caught:
        run_sync(model.load())
    files = [path.read_text() for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert len(files) > 1
    out = capfd.readouterr()
    told += everything_told(caught)
    shown = [told, repr(model), str(model.settings()), repr(vars(model)), repr(vars(model._connection)), *files]
    assert "HTTP" in caplog.text  # the client's own log is on
    for text in [*shown, caplog.text, out.out, out.err]:
        assert key not in text


@pytest.mark.parametrize("key", ["sk 1", "sk-ключ", "sk\n1"])
def test_a_key_that_cannot_be_sent_is_an_error_that_does_not_tell_it(key):
    with pytest.raises(ModelError, match="api_key holds characters that no key has") as caught:
        run_sync(OpenAIModel("m", "http://127.0.0.1:9/v1", key, **FAST).load())
    assert key not in everything_told(caught)


def test_a_function_that_fails_is_named_by_its_error_alone():
    with pytest.raises(ModelError, match="api_key failed with ValueError") as caught:
        run_sync(OpenAIModel("m", "http://127.0.0.1:9/v1", fail, **FAST).load())
    assert KEY not in everything_told(caught)


def test_a_key_of_another_type_is_refused_without_telling_it():
    with pytest.raises(InvalidInputError, match="api_key is a bytes, but must be text, or a function") as caught:
        ApiKey(KEY.encode(), needed=True)
    assert KEY not in str(caught.value)
