"""Requests become bodies, and answers completions, whichever way they are sent."""

import asyncio

import pytest
from support.fake_server import no, ok, scored

from syndisco_nb.backend.model.request import Request, Situation
from syndisco_nb.backend.model.server.answering import Answering, refusal
from syndisco_nb.backend.model.server.api_key import ApiKey
from syndisco_nb.backend.model.server.connection import Connection
from syndisco_nb.backend.model.server.faults import Fault, unusable
from syndisco_nb.backend.model.server.retrying import Retrying, Throttle
from syndisco_nb.backend.model.server.server_answer import ServerAnswer
from syndisco_nb.errors import ModelError
from syndisco_nb.loop import run_sync
from syndisco_nb.records import ChatMessage, Participant, Sampling

QUESTION = (ChatMessage("user", "Tea?"),)


@pytest.fixture
def answering(fake):
    def starting(answer, **fields):
        server = fake(answer)
        retrying = Retrying("'m'", Throttle(4), max_retries=0, patience_s=0.0, max_wait_s=0.0)
        connection = Connection(server.url, ApiKey("", server.url), retrying, 60.0)
        return Answering("'m'", "m", Sampling(max_tokens=50), fields, connection, thinks=False), server

    return starting


def test_a_greeting_is_a_single_token_without_some_fields(answering):
    one, server = answering(lambda body, number: ok("Hi"), min_p=0.1, think=True)
    run_sync(one.hello(Request(QUESTION, 0), ("think",), 1.0))
    assert {name: server.bodies[0].get(name) for name in ("max_tokens", "min_p", "think")} == {
        "max_tokens": 1,
        "min_p": 0.1,
        "think": None,
    }


def test_a_label_in_json_may_be_longer_than_the_limit_and_is_drawn_again_if_it_is_none(answering):
    said = [ok("yes"), ok("never"), ok('{"label": "very"}'), ok('{"label": "no"}')]
    one, server = answering(lambda body, number: said[number - 1])
    request = Request(QUESTION, 7, Sampling(max_tokens=3), ("yes", "no"))
    assert run_sync(one.label(request, 1.0)).text == "no"
    scoring, *constrained = server.bodies
    assert (scoring["max_tokens"], "response_format" in scoring) == (1, False)
    assert {body["max_tokens"] for body in constrained} == {35}
    assert len({body["seed"] for body in constrained}) == 3
    assert constrained[0]["seed"] == 7


def test_another_way_of_sending_knows_which_form_the_server_accepts(answering):
    one, server = answering(lambda body, number: no(400, "seed?") if "seed" in body else scored({"yes": 1, "no": 0.5}))
    request = Request(QUESTION, 7, labels=("yes", "no"))
    direct = run_sync(one.label(request, 1.0))
    handed = []

    async def send(sent, asked):
        handed.append((sent, asked))
        return ServerAnswer("yes", None, "length", 8, 1, 0, (), 5, {b"no": 0.9, b"yes": 0.1})

    elsewhere = one.sent_by(send)
    completion = run_sync(elsewhere.label(request, 1.0))
    ((sent, asked),) = handed
    assert (sent, asked["seed"]) == (server.bodies[-1], 7)
    assert completion.notes == direct.notes
    assert (completion.text, completion.batch_size, direct.text) == ("no", 5, "yes")
    situation = Situation(Participant("Ana", "participant", "m"), 0, 0, ())
    run_sync(elsewhere.reply(Request(QUESTION, 7, situation=situation), 1.0))
    assert "stream" not in handed[-1][1]

    async def refuse(sent, asked):
        return unusable("no credit")

    with pytest.raises(ModelError, match="'m' refused: no credit"):
        run_sync(one.sent_by(refuse).reply(Request(QUESTION, 7), 1.0))


def test_a_refusal_says_whose_it_is_why_and_what_to_do():
    assert str(refusal("'m'", Fault("too long", "Cut it."))) == "'m' refused: too long. Cut it."


@pytest.mark.parametrize("refused", [no(400, "No logprobs here."), ok("a")])
def test_labels_beside_the_first_wait_for_what_is_found_out_by_it(answering, refused):
    one, server = answering(lambda body, number: refused if body.get("logprobs") else ok('{"label": "a"}'))

    async def ask():
        labels = (one.label(Request(QUESTION, seed, labels=("a", "b")), 0.0) for seed in range(9))
        return await asyncio.gather(*labels)

    assert [completion.text for completion in run_sync(ask())] == ["a"] * 9
    assert len([body for body in server.bodies if "response_format" in body]) == 9
    assert {body["seed"] for body in server.bodies if body.get("logprobs")} == {0}


def test_a_first_label_that_fails_holds_up_no_other(answering):
    one, _ = answering(lambda body, number: no(401, "No.") if body["seed"] == 0 else scored({"a": 0.7, "b": 0.3}))

    async def ask():
        labels = (one.label(Request(QUESTION, seed, labels=("a", "b")), 0.0) for seed in range(3))
        return await asyncio.gather(*labels, return_exceptions=True)

    failed, *others = run_sync(ask())
    assert isinstance(failed, ModelError)
    assert [completion.text for completion in others] == ["a", "a"]
