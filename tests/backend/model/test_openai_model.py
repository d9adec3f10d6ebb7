import asyncio
import gc
import json
import socket
import sys
import time

import pytest
from support.openai_server import KEY

import syndisco_nb as snb
from syndisco_nb import CachedModel, ChatMessage, OpenAIModel, Request, Sampling
from syndisco_nb.errors import InvalidInputError, MissingDependencyError, ModelError
from syndisco_nb.loop import run_sync

FAST = {"timeout_s": 2.0, "max_wait_s": 0.1, "patience_s": 3.0}


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


@pytest.fixture
def model(server):
    return lambda name="listed", **settings: OpenAIModel(name, server.url, **{**FAST, **settings})


def request(text="Tea?", seed=1, labels=(), **sampling):
    chosen = Sampling(**sampling) if sampling else None
    return Request((ChatMessage("system", "You are Ana."), ChatMessage("user", text)), seed, chosen, labels)


def asked(server):
    return [json.loads(line) for line in server.lines()]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Asking


def test_a_reply_comes_with_what_it_cost(model):
    completion = run_sync(model(max_out_tokens=40).complete(request()))
    assert len(completion.text.split()) == completion.completion_tokens == 12
    assert (completion.prompt_tokens, completion.finish_reason, completion.batch_size) == (2, "stop", 1)
    assert completion.sampling == Sampling(max_tokens=40)
    assert 0 < completion.seconds < 2


def test_everything_that_decides_the_answer_is_sent(model, server):
    sampling = {"temperature": 0.5, "top_p": 0.9, "max_tokens": 7, "top_k": 5, "repetition_penalty": 1.25}
    run_sync(model(extra_body={"min_p": 0.1}).complete(request(seed=2**40 + 3, **sampling)))
    (sent,) = asked(server)
    assert sent == {
        "model": "listed",
        "messages": [{"role": "system", "content": "You are Ana."}, {"role": "user", "content": "Tea?"}],
        "seed": 3,
        "min_p": 0.1,
        **sampling,
    }


def test_what_only_some_servers_know_is_sent_only_if_asked_for(model, server):
    run_sync(model().complete(request()))
    assert set(asked(server)[0]) == {"model", "messages", "seed", "temperature", "top_p", "max_tokens"}


def test_many_requests_are_under_way_at_once_and_equal_ones_get_equal_answers(model):
    one = model()

    async def asking():
        return await asyncio.gather(*(one.complete(request(seed=number % 10)) for number in range(40)))

    texts = [completion.text for completion in run_sync(asking())]
    assert texts[:10] * 4 == texts
    assert len(set(texts)) == 10


def test_it_can_be_awaited_on_any_loop(model):
    async def asking(one):
        await one.load()
        return await one.complete(request())

    assert asyncio.run(asking(model())).text == run_sync(model().complete(request())).text


def test_models_that_think_are_given_their_limit_by_its_other_name(model, server):
    one = model("thinker")
    for _ in range(2):
        run_sync(one.complete(request(max_tokens=9)))
    assert [sent.get("max_completion_tokens") for sent in asked(server)] == [1, 9, 9]


def test_a_server_that_cannot_list_its_models_is_asked_for_one_token_instead(start):
    server = start("openai_server.py", unlisted=1)
    run_sync(OpenAIModel("listed", server.url, **FAST).load())
    assert [sent["max_tokens"] for sent in asked(server)] == [1]
    with pytest.raises(ModelError, match="'unknown' does not exist"):
        run_sync(OpenAIModel("unknown", server.url, **FAST).load())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mute", "used up all 500 tokens before it said anything.*Raise max_out_tokens"),
        ("prude", "content filter struck"),
    ],
)
def test_what_was_not_said_is_no_silence(model, name, message):
    with pytest.raises(ModelError, match=message):
        run_sync(model(name).complete(request()))


def test_a_cached_answer_needs_neither_server_nor_key(model, server, tmp_path, monkeypatch):
    path = tmp_path / "answers.jsonl"
    first = run_sync(CachedModel(model(), path).complete(request()))
    server.stop()
    monkeypatch.delenv("OPENAI_API_KEY")
    assert run_sync(CachedModel(model(), path, mode="replay").complete(request())) == first


def test_a_model_that_is_let_go_closes_its_connections(model):
    one = model()
    run_sync(one.complete(request()))
    client = one._connection._opened
    del one
    gc.collect()
    deadline = time.monotonic() + 60
    while not client.is_closed() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert client.is_closed()


# Labels

LIKERT = ("1", "2", "3", "4", "5")


def test_a_label_is_asked_for_as_json_that_can_hold_nothing_else(model, server):
    completion = run_sync(model(max_out_tokens=3).complete(request(labels=LIKERT)))
    assert completion.text in LIKERT
    assert completion.probabilities is None
    (sent,) = asked(server)
    form = sent["response_format"]["json_schema"]
    assert form["strict"] is True
    assert form["schema"]["properties"]["label"]["enum"] == list(LIKERT)
    assert sent["max_tokens"] == completion.sampling.max_tokens > 30  # JSON must not be cut off


def test_a_server_that_does_not_know_the_form_is_asked_plainly_from_then_on(model, server):
    one = model("plain")
    question = "Answer with the number alone."
    texts = {run_sync(one.complete(request(question, seed, LIKERT))).text for seed in range(20)}
    assert texts == set(LIKERT)
    assert not any("response_format" in sent for sent in asked(server))  # those refused are not in the log
    assert one._takes_schema is False


def test_an_answer_that_is_no_label_is_asked_for_again_with_other_seeds(model, server):
    one = model("stumbling")
    texts = [run_sync(one.complete(request(seed=seed, labels=LIKERT))).text for seed in range(30)]
    assert sum(text in LIKERT for text in texts) > 15  # 19 of 30 in the mean; a third at the first try
    seeds = [sent["seed"] for sent in asked(server)[1:]]  # the first one asks whether the model is there
    assert len(set(seeds)) == len(seeds) > 30
    again = [run_sync(one.complete(request(seed=seed, labels=LIKERT))).text for seed in range(30)]
    assert again == texts


def test_an_answer_that_never_is_a_label_is_recorded_as_it_is(model, server, users, tmp_path):
    talks = snb.DiscussionExperiment(["Tax"], users, num_turns=1, num_discussions=1, seed=1).begin(tmp_path / "talks")
    judge = snb.LLMActor(model("stubborn"), "judge", actor_type=snb.ActorType.ANNOTATOR)
    labels = snb.AnnotationExperiment([judge], snb.Likert("anger"), seed=1).begin(talks, tmp_path / "labels")
    label = labels[0].labels[0]
    assert (label.value, label.generation.raw) == (None, '{"label": "very"}')
    assert len(asked(server)) == 1 + 3 * len(labels[0].labels)


# What does not pass


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("listed", {"api_key": "sk-wrong"}, r"401.*Incorrect API key provided: \*\*\*.* Check the key"),
        ("unknown", {}, r"404.*'unknown' does not exist.*Check model_name"),
        ("broke", {}, r"429.*exceeded your current quota.*no credit left"),
        ("picky", {"sampling": Sampling(top_k=5)}, r"400.*Unrecognized request argument supplied: top_k"),
    ],
)
def test_what_does_not_pass_is_an_error_at_once(model, name, settings, message):
    started = time.monotonic()
    with pytest.raises(ModelError, match=message) as caught:
        run_sync(model(name, **settings).load())
    assert time.monotonic() - started < 3
    assert caught.value.__context__ is None


def test_a_wrong_address_is_an_error_at_once(server):
    with pytest.raises(ModelError, match=r"404.*Not Found.*most end in /v1"):
        run_sync(OpenAIModel("listed", server.url.removesuffix("/v1"), **FAST).load())


def test_a_dead_server_is_told_when_loading():
    model = OpenAIModel("m", f"http://127.0.0.1:{free_port()}/v1", **FAST)
    with pytest.raises(ModelError, match=r"asked \d+ times in [23] s: no connection.*Check that the server runs"):
        run_sync(model.load())


def test_openai_itself_needs_a_key_and_other_servers_do_not(server, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(ModelError, match="OPENAI_API_KEY is not set in the environment"):
        run_sync(OpenAIModel("gpt").load())
    with pytest.raises(ModelError, match="Incorrect API key provided: none"):
        run_sync(OpenAIModel("listed", server.url, **FAST).load())


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(MissingDependencyError, match=r'Run: pip install "syndisco-nb\[openai\]"'):
        run_sync(OpenAIModel("m").load())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"model_name": " "}, "model_name is empty"),
        ({"base_url": "localhost:8000"}, "base_url is 'localhost:8000', but must be the address"),
        ({"max_concurrency": 0}, "max_concurrency is 0"),
        ({"timeout_s": 0}, "timeout_s is 0, but must be a number above 0"),
        ({"patience_s": "long"}, "patience_s is 'long'"),
        ({"max_retries": -1}, "max_retries is -1"),
        ({"extra_body": {"seed": 3, "min_p": 1}}, r"extra_body has \['seed'\]. Use sampling="),
    ],
)
def test_wrong_arguments_say_so(settings, message):
    with pytest.raises(InvalidInputError, match=message):
        OpenAIModel(**{"model_name": "m", **settings})


def test_a_password_in_the_address_is_refused_and_not_repeated():
    with pytest.raises(InvalidInputError, match="base_url holds a user, a password") as caught:
        OpenAIModel("m", "https://me:pass@host/v1")
    assert "pass@" not in str(caught.value)


def test_the_address_comes_from_the_environment_where_none_is_given(monkeypatch):
    assert OpenAIModel("m").base_url == "https://api.openai.com/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://other:1/v1/")
    assert OpenAIModel("m").base_url == "http://other:1/v1"
    assert OpenAIModel("m", "http://mine/v1").identity()["base_url"] == "http://mine/v1"
