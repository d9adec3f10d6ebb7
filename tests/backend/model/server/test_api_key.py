"""A key gets to the server, and nowhere else."""

import contextlib
import logging
import traceback

import pytest
from support.fake_server import no, ok
from support.openai_server import KEY

import syndisco_nb as snb
from syndisco_nb import ChatMessage, OpenAIModel, Request
from syndisco_nb.backend.model.server.api_key import ApiKey
from syndisco_nb.errors import InvalidInputError, ModelError
from syndisco_nb.loop import run_sync

FAST = {"timeout_s": 2.0, "max_wait_s": 0.1, "patience_s": 1.0}
WRONG = "sk-wrong-fedcba9876543210"
QUESTION = Request((ChatMessage("user", "Tea?"),), 1)


def fail():
    raise ValueError(f"no entry for {KEY}")


@pytest.fixture(params=["text", "function", "environment"])
def given(request, monkeypatch):
    """The ways to give a key, each as a function of the key and the server."""

    def giving(key, url):
        monkeypatch.setenv("OPENAI_API_KEY", key if request.param == "environment" else "sk-other")
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        return {"text": key, "function": lambda: key, "environment": None}[request.param]

    return giving


def test_every_way_to_give_a_key_gets_it_to_the_server(given, server):
    model = OpenAIModel("listed", server.url, given(f"{KEY}\n", server.url), **FAST)  # files end in a line break
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
    proxy = start("fault_proxy.py", target=server.port, seed=3, share=0.4)
    model = OpenAIModel("listed", proxy.url, given(key, proxy.url), **{**FAST, "patience_s": 20.0})
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
        ApiKey(KEY.encode(), "https://api.openai.com/v1")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "address", "variable"),
    [
        ("https://api.openai.com/v1", None, "OPENAI_API_KEY"),
        ("https://API.OpenAI.com:443/v1/", None, "OPENAI_API_KEY"),
        ("https://api.mistral.ai/v1", None, "MISTRAL_API_KEY"),
        ("https://router.huggingface.co/v1", None, "HF_TOKEN"),
        ("http://localhost:8000/v1", None, ""),
        ("https://evil.example/v1", None, ""),
        ("https://api.openai.com.evil.example/v1", None, ""),
        ("https://evil.example/api.openai.com/v1", None, ""),
        ("https://notapi.openai.com/v1", None, ""),
        ("http://api.openai.com/v1", None, ""),  # unencrypted
        ("https://api.openai.com:8443/v1", None, ""),
        ("http://localhost:8000/v1", "http://localhost:8000/v1/", "OPENAI_API_KEY"),
        ("http://localhost:8001/v1", "http://localhost:8000/v1", ""),
        ("https://evil.example/v1", "http://localhost:8000/v1", ""),
        ("https://api.openai.com/v1", "http://localhost:8000/v1", ""),  # the key is that of the other server
        ("https://api.mistral.ai/v1", "http://localhost:8000/v1", "MISTRAL_API_KEY"),
        ("https://evil.example/v1", "https://evil.example:no", ""),
    ],
)
def test_a_key_of_the_environment_goes_only_to_the_host_it_belongs_to(monkeypatch, url, address, variable):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    if address:
        monkeypatch.setenv("OPENAI_BASE_URL", address)
    for name in ("OPENAI_API_KEY", "MISTRAL_API_KEY", "HF_TOKEN"):
        monkeypatch.setenv(name, f"key-of-{name}")
    key = ApiKey(None, url)
    assert key.variable() == variable
    with contextlib.suppress(ModelError):
        run_sync(key.refresh())
    assert run_sync(key.current()) == (f"key-of-{variable}" if variable else "none")


def test_a_server_that_wants_a_key_says_why_it_got_none(monkeypatch, server):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(
        ModelError, match=r"No key was sent: OPENAI_API_KEY .* only to api.openai.com.*as api_key, or set"
    ):
        run_sync(OpenAIModel("listed", server.url, **FAST).load())
    with pytest.raises(ModelError, match="No key was sent: api_key is empty"):
        run_sync(OpenAIModel("listed", server.url, "", **FAST).load())
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    with pytest.raises(ModelError, match="goes only to the server in OPENAI_BASE_URL"):
        run_sync(OpenAIModel("listed", server.url, **FAST).load())


def test_a_host_that_always_wants_a_key_is_not_asked_without(monkeypatch):
    monkeypatch.delenv("MISTRAL_API_KEY", raising=False)
    with pytest.raises(ModelError, match="No key was sent: MISTRAL_API_KEY is not set in the environment"):
        run_sync(OpenAIModel("m", "https://api.mistral.ai/v1", **FAST).load())


@pytest.mark.parametrize("key", ["x", "sk", "top_p", "none"])
def test_a_short_dummy_garbles_nothing(fake, key):
    def answer(body, number):
        return no(400, "Unsupported parameter: 'top_p', says none.") if "top_p" in body else no(404, "No sk in next x.")

    model = OpenAIModel("m", fake(answer).url, key, sampling=snb.Sampling(top_p=0.5), **FAST)
    with pytest.raises(ModelError, match=r"'top_p', says none|No sk in next x"):
        run_sync(model.complete(QUESTION))


@pytest.mark.parametrize("key", ["top_p", "temperature"])
def test_what_is_refused_is_looked_for_before_the_key_is_hidden(fake, key):
    def answer(body, number):
        return no(400, f"'{key}' is not supported") if key in body else ok("Yes.")

    model = OpenAIModel("m", fake(answer).url, key, sampling=snb.Sampling(0.5, 0.5), **FAST)
    assert run_sync(model.complete(QUESTION)).text == "Yes."
