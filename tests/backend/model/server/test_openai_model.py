import asyncio
import gc
import json
import socket
import sys
import threading
import time
from dataclasses import replace

import pytest
from support.fake_server import no, ok, scored
from support.openai_server import KEY
from support.sse import event, events

import syndisco_nb as snb
from syndisco_nb import CachedModel, ChatMessage, OpenAIModel, Request, Sampling
from syndisco_nb.backend.model.request import Draft, Situation
from syndisco_nb.backend.model.server.faults import reported
from syndisco_nb.backend.model.server.server_answer import ServerAnswer
from syndisco_nb.errors import InvalidInputError, MissingDependencyError, ModelError, UnavailableError
from syndisco_nb.loop import run_sync
from syndisco_nb.records import Participant

FAST = {"timeout_s": 60.0, "max_wait_s": 0.1, "patience_s": 3.0}


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai-alone")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


@pytest.fixture
def model(server):
    return lambda name="listed", **settings: OpenAIModel(name, server.url, **{**FAST, "api_key": KEY, **settings})


def request(text="Tea?", seed=1, labels=(), **sampling):
    chosen = Sampling(**sampling) if sampling else None
    return Request((ChatMessage("system", "You are Ana."), ChatMessage("user", text)), seed, chosen, labels)


def asked(server):
    """Return the requests to a server, but for those that ask whether it tells probabilities."""
    requests = [json.loads(line) for line in server.lines()]
    return [sent for sent in requests if "logprobs" not in sent]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Asking


def test_a_reply_comes_with_what_it_cost(model):
    completion = run_sync(model(max_out_tokens=40).complete(request()))
    assert len(completion.text.split()) == completion.completion_tokens == 12
    assert (completion.prompt_tokens, completion.finish_reason, completion.batch_size) == (2, "stop", 1)
    assert completion.sampling == Sampling(None, None, None, None, 40)  # as sent: the rest is left to the server
    assert completion.seconds > 0


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
    assert set(asked(server)[0]) == {"model", "messages", "seed", "max_tokens"}
    run_sync(model(max_out_tokens=None).complete(request()))
    assert set(asked(server)[1]) == {"model", "messages", "seed"}


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
    run_sync(OpenAIModel("listed", server.url, KEY, thinking=True, **FAST).load())
    assert [sent["max_tokens"] for sent in asked(server)] == [1]
    assert "chat_template_kwargs" not in asked(server)[0]  # a single token is too few for thoughts
    with pytest.raises(ModelError, match="'unknown' does not exist"):
        run_sync(OpenAIModel("unknown", server.url, KEY, **FAST).load())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mute", "used up all 500 tokens for reasoning, before it said anything.*Raise max_out_tokens"),
        ("prude", "content filter struck"),
    ],
)
def test_what_was_not_said_is_no_silence(model, name, message):
    with pytest.raises(ModelError, match=message):
        run_sync(model(name).complete(request()))


def test_a_cached_answer_needs_neither_server_nor_key(model, server, tmp_path):
    path = tmp_path / "answers.jsonl"
    first = run_sync(CachedModel(model(), path).complete(request()))
    server.stop()
    assert run_sync(CachedModel(model(api_key=None), path, mode="replay").complete(request())) == first


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
UNTOLD = "labels without probabilities: the server tells none"


def test_a_label_comes_with_probabilities_where_the_server_tells_those_of_the_first_token(fake):
    server = fake(lambda body, number: scored({"2": 0.6, " 1": 0.3, "Two": 0.05, "3": 0.005}))
    model = OpenAIModel("m", server.url, thinking=False, sampling=Sampling(temperature=0.2, top_p=0.5), **FAST)
    completion = run_sync(model.complete(request(labels=("1", "2", "3"))))
    (body,) = server.bodies
    assert "response_format" not in body
    assert "top_p" not in body
    assert (body["max_tokens"], body["temperature"], body["logprobs"], body["top_logprobs"]) == (1, 1, True, 100)
    assert body["chat_template_kwargs"]["enable_thinking"] is False
    assert (completion.text, completion.completion_tokens, completion.prompt_tokens) == ("2", 1, 9)
    assert completion.mass == pytest.approx(0.905)
    assert completion.probabilities == pytest.approx({"1": 0.3 / 0.905, "2": 0.6 / 0.905, "3": 0.005 / 0.905})
    assert len(completion.notes) == 1


@pytest.mark.parametrize(
    ("most", "message"), [(20, "greater than max allowed: 20"), (5, "top_logprobs must be at most 5")]
)
def test_a_server_that_tells_of_fewer_tokens_is_asked_for_as_many_as_it_tells(fake, most, message):
    def answer(body, number):
        tokens, answered = body.get("top_logprobs", 0), scored({"yes": 0.9, "Well": 0.001})
        return no(400, f"Requested sample logprobs of {tokens}: {message}") if tokens > most else answered

    server = fake(answer)
    model = OpenAIModel("m", server.url, **FAST)
    for _ in range(2):
        completion = run_sync(model.complete(request(labels=("yes", "no"))))
        assert completion.probabilities == {"yes": 1.0, "no": 0.0}
        assert f"among the {most} likeliest tokens" in completion.notes[0]
    assert [body["top_logprobs"] for body in server.bodies] == [100, *[20, 5][: 1 + (most == 5)], most]


@pytest.mark.parametrize("status", [400, 403, 500])
def test_a_server_that_refuses_probabilities_is_found_out_once(fake, status):
    server = fake(
        lambda body, _: no(status, "You are not allowed to request logprobs.") if "logprobs" in body else ok("yes")
    )
    model = OpenAIModel("m", server.url, **FAST)
    answers = [run_sync(model.complete(request(labels=("yes", "no")))) for _ in range(3)]
    assert {(answer.text, answer.probabilities) for answer in answers} == {("yes", None)}
    assert all(len(answer.notes) == 1 and "without probabilities" in answer.notes[0] for answer in answers)
    assert ["logprobs" in body for body in server.bodies[-2:]] == [False, False]
    assert sum("logprobs" in body for body in server.bodies) <= 5


def test_a_prompt_that_is_refused_says_nothing_about_probabilities(fake):
    def answer(body, number):
        if "long" in body["messages"][-1]["content"]:
            return no(400, "This is longer than the context length.")
        return scored({"yes": 0.9, "no": 0.1})

    model = OpenAIModel("m", fake(answer).url, **FAST)
    with pytest.raises(ModelError, match="longer than the context length"):
        run_sync(model.complete(request("A long one.", labels=("yes", "no"))))
    assert run_sync(model.complete(request(labels=("yes", "no")))).probabilities["yes"] == 0.9


@pytest.mark.parametrize(
    ("answer", "later"),
    [
        (scored({"<think>": 0.9, "yes": 0.01, "no": 0.01}), False),
        (scored({"Well": 0.9}, reasoning_content="Well"), False),
        (ok("yes"), False),
        (scored({"Well": 0.9, "I": 0.09}), True),  # of this prompt, so the next is asked all the same
    ],
)
def test_first_tokens_that_do_not_tell_the_label_lead_to_a_constrained_one(fake, answer, later):
    server = fake(lambda body, _: answer if "logprobs" in body else ok('{"label": "no"}'))
    model = OpenAIModel("m", server.url, **FAST)
    for _ in range(2):
        completion = run_sync(model.complete(request(labels=("yes", "no"))))
        assert (completion.text, completion.probabilities, completion.mass) == ("no", None, None)
        assert "without probabilities" in completion.notes[-1]
    assert ["logprobs" in body for body in server.bodies] == [True, False, later, False][: 3 + later]


def test_a_model_that_is_to_think_is_not_asked_for_one_token(fake):
    server = fake(lambda body, _: ok("yes", reasoning_content="Well."))
    completion = run_sync(OpenAIModel("m", server.url, thinking=True, **FAST).complete(request(labels=("yes", "no"))))
    assert completion.notes == ("labels without probabilities: the model thinks before it answers",)
    assert "response_format" in server.bodies[0]


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
    completion = run_sync(one.complete(request(question, 99, LIKERT)))
    assert completion.notes == ("the label is asked for in words alone: no JSON schema is taken", UNTOLD)


def test_an_answer_that_is_no_label_is_asked_for_again_with_other_seeds(model, server):
    one = model("stumbling")

    async def thirty():
        answers = await asyncio.gather(*(one.complete(request(seed=seed, labels=LIKERT)) for seed in range(30)))
        return [answer.text for answer in answers]

    texts = run_sync(thirty())
    assert sum(text in LIKERT for text in texts) > 15  # 19 of 30 in the mean; a third at the first try
    seeds = [sent["seed"] for sent in asked(server)[1:]]  # the first one asks whether the model is there
    assert len(set(seeds)) == len(seeds) > 30
    assert run_sync(thirty()) == texts


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
        ("picky", {"extra_body": {"min_q": 5}}, r"400.*Unrecognized request argument supplied: min_q"),
    ],
)
def test_what_does_not_pass_is_an_error_at_once(model, name, settings, message):
    started = time.monotonic()
    with pytest.raises(ModelError, match=message) as caught:
        run_sync(model(name, patience_s=250.0, **settings).load())
    assert time.monotonic() - started < 250
    assert caught.value.__context__ is None


def test_a_wrong_address_is_an_error_at_once(server):
    with pytest.raises(ModelError, match=r"404.*Not Found.*most end in /v1"):
        run_sync(OpenAIModel("listed", server.url.removesuffix("/v1"), KEY, **FAST).try_load())
    run_sync(OpenAIModel("listed", server.url, KEY, **FAST).try_load())


def test_a_dead_server_is_told_when_loading():
    model = OpenAIModel("m", f"http://127.0.0.1:{free_port()}/v1", **FAST)
    with pytest.raises(UnavailableError, match=r"asked \d+ times in \d+ s: no connection.*Check that the server runs"):
        run_sync(model.load())
    with pytest.raises(UnavailableError, match=r"did not answer: no connection.*Check that the server runs"):
        run_sync(model.try_load())  # asked once


def test_openai_itself_needs_a_key_and_other_servers_do_not(fake, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(ModelError, match="OPENAI_API_KEY is not set in the environment"):
        run_sync(OpenAIModel("gpt").load())
    server = fake(lambda body, number: ok("Yes."))
    assert run_sync(OpenAIModel("m", server.url, **FAST).complete(request())).text == "Yes."
    assert {headers["Authorization"] for headers in server.headers} == {"Bearer none"}


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(MissingDependencyError, match=r'Run: pip install "syndisco-nb\[openai\]"'):
        run_sync(OpenAIModel("m").load())


def test_requests_that_wait_for_the_check_of_a_server_share_its_error(fake):
    server = fake(lambda body, number: ok("Yes."), listing=no(503, "Busy."))
    model = OpenAIModel("m", server.url, **FAST)

    async def asking():
        return await asyncio.gather(*(model.try_complete(request()) for _ in range(8)), return_exceptions=True)

    assert {type(error) for error in run_sync(asking())} == {UnavailableError}
    assert len(server.headers) == 1


# Asked without patience, beside other servers


@pytest.mark.parametrize("labels", [(), ("yes", "no")])
def test_without_patience_what_may_pass_is_an_error_at_once(fake, labels):
    faults = [(503, {"error": f"Busy, {KEY}."}), no(500, "Oops."), no(429, "Slow down."), (200, b'{"choi')]
    server = fake(lambda body, number: faults[number - 1] if number <= len(faults) else ok("yes"))
    model = OpenAIModel("m", server.url, KEY, max_concurrency=8, patience_s=600.0, max_wait_s=600.0)
    assert model.capacity == 8
    for _ in faults:
        with pytest.raises(UnavailableError, match=r"^'m' at \S+ did not answer: ") as caught:
            run_sync(model.try_complete(request(labels=labels)))
        assert KEY not in str(caught.value)
    assert model.capacity == 2  # halved twice: by 503 and by 429
    assert run_sync(model.try_complete(request(labels=labels))).text == "yes"


def test_without_patience_what_does_not_pass_and_what_a_server_lacks_are_as_ever(fake, model):
    with pytest.raises(ModelError, match="no credit left") as caught:
        run_sync(model("broke").try_complete(request()))
    assert not isinstance(caught.value, UnavailableError)
    server = fake(lambda body, number: no(500, "seed?") if "seed" in body else ok("Yes."))
    completion = run_sync(OpenAIModel("m", server.url, **FAST).try_complete(request()))
    assert (completion.text, len(completion.notes)) == ("Yes.", 1)


def test_a_server_that_was_down_is_checked_when_it_is_back_and_the_requests_beside_do_not_wait(start):
    port = free_port()
    model = OpenAIModel("listed", f"http://127.0.0.1:{port}/v1", KEY, patience_s=600.0, max_wait_s=600.0)

    async def asking():
        asked = [model.try_complete(request(seed=seed)) for seed in range(8)]
        return await asyncio.gather(*asked, return_exceptions=True)

    errors = run_sync(asking())
    assert {type(error) for error in errors} == {UnavailableError}
    assert len(set(map(id, errors))) == 8  # a job notes its prompt on its error
    start("openai_server.py", port=port)
    assert all(answer.text for answer in run_sync(asking()))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"model_name": " "}, "model_name is empty"),
        ({"base_url": "localhost:8000"}, "base_url is 'localhost:8000', but must be the address"),
        ({"max_concurrency": 0}, "max_concurrency is 0"),
        ({"max_out_tokens": 0}, "max_out_tokens is 0"),
        ({"timeout_s": 0}, "timeout_s is 0, but must be a number above 0"),
        ({"patience_s": "long"}, "patience_s is 'long'"),
        ({"max_retries": -1}, "max_retries is -1"),
        ({"thinking": "much"}, "thinking is 'much'"),
        ({"thinking": 0}, "thinking is 0"),
        ({"thinking": 500}, "thinking takes up to 500 tokens of max_out_tokens=500. Raise max_out_tokens"),
        ({"thinking": True, "base_url": "https://api.anthropic.com/v1"}, "thinking takes up to 1024 tokens of max"),
        ({"extra_body": {"seed": 3, "min_p": 1}}, r"extra_body has \['seed'\]. Use sampling="),
        ({"extra_body": {"top_p": 0.5}, "sampling": Sampling(top_p=0.9)}, r"extra_body has \['top_p'\]. Use sampling="),
        ({"extra_body": {"chat_template_kwargs": {}}, "base_url": "http://h/v1", "thinking": True}, "and thinking"),
        ({"extra_body": {"temperature": "hot"}}, "temperature is 'hot'"),
        ({"extra_body": {"min_p": float("nan")}}, "extra_body cannot be sent"),
        ({"extra_body": {"min_p": {1}}}, "extra_body cannot be sent"),
        ({"extra_body": {"api_key": "mine-alone"}}, r"extra_body\['api_key'\] looks like a secret"),
        ({"extra_body": {"a": [{"b": "Bearer mine-alone"}]}}, r"extra_body\['a'\]\[0\]\['b'\] looks like a secret"),
        ({"base_url": "https://me:mine-alone@host/v1"}, "base_url holds a user, a password"),
    ],
)
def test_wrong_arguments_say_so_and_tell_no_secret(settings, message):
    with pytest.raises(InvalidInputError, match=message) as caught:
        OpenAIModel(**{"model_name": "m", **settings})
    assert "mine-alone" not in str(caught.value)
    assert caught.value.field.split(".")[0] == next(iter(settings))


def test_the_address_comes_from_the_environment_where_none_is_given(monkeypatch):
    assert OpenAIModel("m").base_url == "https://api.openai.com/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://other:1/v1/")
    assert OpenAIModel("m").base_url == "http://other:1/v1"
    assert OpenAIModel("m", "http://mine/v1").identity()["base_url"] == "http://mine/v1"


# Servers as they are


def refusing(field, status=400):
    return lambda body, number: no(status, f"Unknown field '{field}'.") if field in body else ok("Yes.")


def test_what_the_server_refuses_stands_on_the_record_of_each_answer(fake):
    server = fake(refusing("seed", 422))
    ana, ben = (snb.LLMActor(OpenAIModel("m", server.url, **FAST), name) for name in ("Ana", "Ben"))
    talk = snb.Discussion([ana, ben], topic="Tea?", num_turns=4, seed=1).run()
    said = [message.generation for message in talk.messages if message.generation]
    note = "the seed is not sent, so this draw cannot be repeated: the server refuses it"
    assert [generation.notes for generation in said] == [(note,)] * 4
    assert len(server.bodies) == 4 + 2  # each of the two models finds it out


def test_a_setting_that_is_refused_is_recorded_as_left_to_the_server(fake):
    server = fake(refusing("top_p"))
    model = OpenAIModel("m", server.url, sampling=Sampling(temperature=0.5, top_p=0.5), **FAST)
    sampling = run_sync(model.complete(request())).sampling
    assert (sampling.temperature, sampling.top_p) == (0.5, None)
    assert model.settings()["sampling"]["top_p"] == 0.5


def test_a_vague_refusal_costs_only_what_it_means(fake):
    server = fake(lambda body, _: no(400, "Bad Request") if {"seed", "top_p"} & set(body) else ok("Yes."))
    model = OpenAIModel("m", server.url, sampling=Sampling(temperature=0.7, top_p=0.9), **FAST)
    completion = run_sync(model.complete(request()))
    assert (completion.sampling.temperature, completion.sampling.top_p) == (0.7, None)
    assert [note.split(" is not sent")[0] for note in completion.notes] == ["top_p", "the seed"]
    run_sync(model.complete(request("Coffee?")))
    assert server.bodies[-1]["messages"][0] == {"role": "system", "content": "You are Ana."}
    assert len(server.bodies) <= 12


def test_a_refusal_that_repeats_the_request_costs_only_what_it_means(fake):
    def answer(body, number):
        wrong = {"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}
        return (422, {"detail": [{**wrong, "input": body}], "body": body}) if "seed" in body else ok("Yes.")

    server = fake(answer)
    model = OpenAIModel("m", server.url, sampling=Sampling(temperature=0.7, top_p=0.9), **FAST)
    completion = run_sync(model.complete(request()))
    assert (completion.sampling.temperature, completion.sampling.top_p) == (0.7, 0.9)
    assert completion.notes == ("the seed is not sent, so this draw cannot be repeated: the server refuses it",)
    assert len(server.bodies) == 2


@pytest.mark.parametrize("listed", ["m", "other"])
def test_a_value_that_is_out_of_the_servers_range_is_an_error(fake, listed):
    words = "temperature: Input should be less than or equal to 1"
    listing = (200, {"data": [{"id": listed}]})
    server = fake(lambda body, _: no(422, words) if body.get("temperature", 1) > 1 else ok("Yes."), listing=listing)
    model = OpenAIModel("m", server.url, sampling=Sampling(temperature=1.5), **FAST)
    for number in (1, 2):
        with pytest.raises(ModelError, match=words):
            run_sync(model.complete(request()))
        assert len(server.bodies) == number


def test_to_insist_on_a_default_it_is_given_in_extra_body(fake):
    server = fake(refusing("nothing"))
    model = OpenAIModel("m", server.url, extra_body={"temperature": 1.0}, **FAST)
    assert run_sync(model.complete(request())).sampling.temperature == server.bodies[0]["temperature"] == 1


def test_thinking_is_asked_for_and_recorded_only_if_given(fake):
    server = fake(lambda body, number: ok("<think>Short.</think>I agree.", usage={"completion_tokens": 9}))
    one = OpenAIModel("m", server.url, thinking=False, **FAST)
    completion = run_sync(one.complete(request()))
    assert (completion.text, completion.reasoning, completion.completion_tokens) == ("I agree.", "Short.", 9)
    assert server.bodies[0]["chat_template_kwargs"]["enable_thinking"] is False
    assert one.settings()["thinking"] is one.identity()["thinking"] is False
    other = OpenAIModel("m", server.url, **FAST)
    run_sync(other.complete(request()))
    assert "chat_template_kwargs" not in server.bodies[1]
    assert "thinking" not in {**other.settings(), **other.identity()}


def test_thoughts_alone_are_asked_for_again_and_then_an_error(fake):
    server = fake(lambda body, number: ok(None, reasoning_content="I agree.") if number < 3 else ok("Yes."))
    completion = run_sync(OpenAIModel("m", server.url, **FAST).complete(request()))
    assert (completion.text, completion.notes) == ("Yes.", ("draw 3: the one before held thoughts and no answer",))
    assert len({body["seed"] for body in server.bodies}) == 3
    server = fake(lambda body, number: ok(None, reasoning_content="I agree."))
    with pytest.raises(ModelError, match="3 answers that hold only reasoning, and nothing said"):
        run_sync(OpenAIModel("m", server.url, **FAST).complete(request()))
    assert len(server.bodies) == 3


@pytest.mark.parametrize("content", ["<think>Well, ", None])
def test_thoughts_that_were_cut_are_an_error(fake, content):
    server = fake(lambda body, number: ok(content, "length", reasoning_content="Well, "))
    with pytest.raises(ModelError, match="used up all 500 tokens for reasoning"):
        run_sync(OpenAIModel("m", server.url, **FAST).complete(request()))


def test_a_fault_inside_an_answer_is_waited_out(fake):
    server = fake(lambda body, number: ok("", "error") if number < 3 else ok("Yes."))
    assert run_sync(OpenAIModel("m", server.url, **FAST).complete(request())).text == "Yes."


def test_an_empty_answer_is_a_silence(fake):
    server = fake(lambda body, number: ok(""))
    assert run_sync(OpenAIModel("m", server.url, **FAST).complete(request())).text == ""
    assert len(server.bodies) == 1


@pytest.mark.parametrize("words", ["Model unloaded.", "The model is still loading", "Model 'm' is currently loading"])
def test_a_model_that_is_being_loaded_is_waited_for(fake, words):
    server = fake(lambda body, number: no(400, words) if number < 3 else ok("Yes."))
    completion = run_sync(OpenAIModel("m", server.url, **FAST).complete(request()))
    assert (completion.text, completion.notes) == ("Yes.", ())


@pytest.mark.parametrize("status", [400, 500])
def test_a_server_without_schemas_is_asked_without(fake, status):
    server = fake(lambda body, number: no(status, "json_schema unknown") if "response_format" in body else ok("3"))
    model = OpenAIModel("m", server.url, **FAST)
    for _ in range(2):
        completion = run_sync(model.complete(request(labels=LIKERT)))
        assert (completion.text, len(completion.notes)) == ("3", 2)
    assert len(server.bodies) == 4 + (status == 500)  # which may pass, so it is asked the same again first


@pytest.mark.parametrize(
    "said", ["<think>1 or 2?</think>\n2", '<think>1?</think>```json\n{"label": "2"}\n```', '{"label": 2}']
)
def test_thoughts_and_fences_around_a_label(fake, said):
    server = fake(lambda body, number: ok(said))
    assert run_sync(OpenAIModel("m", server.url, **FAST).complete(request(labels=LIKERT))).text == "2"


@pytest.mark.parametrize("said", ['{"category": "Insult"}', '{"label": null}', "{}"])
def test_a_missing_field_is_no_label(fake, said):
    server = fake(lambda body, number: ok(said))
    model = OpenAIModel("m", server.url, **FAST)
    assert run_sync(model.complete(request(labels=("None", "Insult", "Threat")))).text == said
    assert len(server.bodies) == 1 + 3  # the first asks for probabilities


# Replies of discussions are streamed where somebody watches


def turn(text="Tea?", seed=1, **sampling):
    """Return a request of a discussion, whose draft a live view would show."""
    situation = Situation(Participant("Ana", "participant", "m"), 0, 0, ())
    return replace(request(text, seed, **sampling), situation=situation)


def test_a_turn_is_the_same_streamed_and_whole(model, server):
    one, asked_for = model(), turn(max_tokens=40)
    streamed, whole = (run_sync(one.complete(each)) for each in (asked_for, request(max_tokens=40)))
    assert replace(streamed, seconds=0.0) == replace(whole, seconds=0.0)
    assert asked_for.situation.draft.read() == whole.text
    sent, plain = asked(server)
    assert sent == {**plain, "stream": True, "stream_options": {"include_usage": True}}


def test_the_draft_grows_while_the_reply_is_written_and_begins_anew_with_a_new_try(fake):
    read, seen = threading.Event(), []
    asked_for = turn()

    def stream(number):
        for part in events(ok("<think>Short?</think>Yes, let us.", usage={"completion_tokens": 9})[1]):
            yield part
            if b'"et "' in part:
                seen.append(asked_for.situation.draft)
                read.wait(60)
                read.clear()
            if b'"et "' in part and number == 1:
                return

    server = fake(lambda body, number: (200, stream(number)))

    async def asking():
        answer = asyncio.create_task(OpenAIModel("m", server.url, **FAST).complete(asked_for))
        drafts = []
        for number in (1, 2):
            while len(seen) < number or "let" not in asked_for.situation.draft.read():
                await asyncio.sleep(0.001)
            drafts.append(asked_for.situation.draft.read())
            read.set()
        return drafts, await answer

    drafts, completion = run_sync(asking())
    assert drafts == ["Yes, let "] * 2
    assert (completion.text, completion.reasoning) == ("Yes, let us.", "Short?")


def test_a_turn_that_nobody_watches_is_not_streamed(model, server):
    unseen = turn(max_tokens=40)
    unseen = replace(unseen, situation=replace(unseen.situation, draft=Draft(is_wanted=False)))
    run_sync(model().complete(unseen))
    (sent,) = asked(server)
    assert "stream" not in sent
    assert unseen.situation.draft.read() == ""


def test_a_stream_that_nobody_waits_for_any_more_is_closed(fake):
    begun = threading.Event()

    def endless():
        while True:
            begun.set()
            yield event(choices=[{"delta": {"content": "more and "}}])

    server = fake(lambda body, number: (200, endless()))

    async def asking():
        answer = asyncio.create_task(OpenAIModel("m", server.url, **FAST)._complete(turn(), 0.0))
        await asyncio.to_thread(begun.wait, 60)
        answer.cancel()
        await asyncio.gather(answer, return_exceptions=True)
        while not server.left:
            await asyncio.sleep(0.001)
        return answer.cancelled()

    assert run_sync(asking()) is True
    with pytest.raises(UnavailableError, match=r"no whole answer within 0.05 s"):
        run_sync(OpenAIModel("m", server.url, timeout_s=0.05).try_complete(turn()))


@pytest.mark.parametrize(
    ("refused", "sent"), [("stream_options", [2, 1, 1]), ("stream", [2, 0, 0]), ("tokens", [2, 0])]
)
def test_a_server_that_cannot_stream_as_asked_is_asked_otherwise_from_then_on(fake, refused, sent):
    usage = None if refused == "tokens" else {"completion_tokens": 9}
    server = fake(lambda body, _: no(400, f"{refused}: not permitted") if refused in body else ok("Yes.", usage=usage))
    model = OpenAIModel("m", server.url, **FAST)
    for _ in range(2):
        completion = run_sync(model.complete(turn()))
        assert (completion.text, completion.notes) == ("Yes.", ())
    assert [len({"stream", "stream_options"} & set(body)) for body in server.bodies] == sent


# Another way of sending


def test_requests_sent_elsewhere_have_the_form_that_the_server_was_found_to_accept(model, server):
    direct = model("plain", sampling=Sampling(temperature=0.5))
    expected = run_sync(direct.complete(request(labels=("1", "2"))))
    handed = []

    async def send(sent, asked_for):
        handed.append((sent, asked_for))
        return ServerAnswer("2", None, "stop", 3, 2, 0, (), batch_size=7)

    before = len(asked(server))
    completion = run_sync(direct.sent_by(send).complete(request(labels=("1", "2"))))
    ((sent, asked_for),) = handed
    assert "response_format" not in sent
    assert "response_format" in asked_for
    assert (completion.text, completion.notes) == ("2", expected.notes)
    assert (completion.batch_size, completion.seconds, completion.prompt_tokens) == (7, 0.0, 3)
    assert len(asked(server)) == before


def test_a_refusal_elsewhere_is_an_error_and_no_other_form_is_tried(model):
    handed = []

    async def send(sent, _):
        handed.append(sent)
        return reported(400, "temperature is not supported", "400", "", wait_s=0.0)

    with pytest.raises(ModelError, match="temperature is not supported"):
        run_sync(model().sent_by(send).complete(request(temperature=0.5)))
    assert len(handed) == 1


@pytest.mark.parametrize("status", [401, 404])
def test_a_server_that_refuses_key_or_model_in_mid_run_is_one_of_several_that_may_be_passed_over(fake, status):
    server = fake(lambda body, number: ok("Yes.") if number < 2 else no(status, "gone"))
    model = OpenAIModel("m", server.url, **FAST)
    run_sync(model.complete(turn()))
    with pytest.raises(UnavailableError, match=str(status)):
        run_sync(model.try_complete(turn()))
    with pytest.raises(ModelError) as caught:
        run_sync(model.complete(turn()))
    assert not isinstance(caught.value, UnavailableError)
