"""One request over the connection: an answer and its time, or a fault that may be shown."""

import threading

import pytest
from support.fake_server import no, ok

from syndisco_nb.backend.model.request import Draft
from syndisco_nb.backend.model.server.api_key import ApiKey
from syndisco_nb.backend.model.server.connection import Connection
from syndisco_nb.backend.model.server.retrying import Retrying, Throttle
from syndisco_nb.loop import run_sync

KEY = "key-of-this-test"
BODY = {"model": "m", "messages": [{"role": "user", "content": "Tea?"}], "seed": 3, "min_p": 0.1}


@pytest.fixture
def connect(fake):
    def connecting(answer, key=KEY, timeout_s=30.0, **settings):
        server = fake(answer, **settings)
        retrying = Retrying("m", Throttle(4), max_retries=0, patience_s=0.0, max_wait_s=0.0)
        return Connection(server.url, ApiKey(key, server.url), retrying, timeout_s), server

    return connecting


def chat(connection):
    return run_sync(connection.chat(BODY, no_retry=lambda fault: True))


def test_a_body_is_sent_field_by_field_and_answered_with_the_time(connect):
    connection, server = connect(lambda body, number: ok("Yes."))
    reply, seconds = chat(connection)
    assert (reply.text, server.bodies) == ("Yes.", [BODY])
    assert seconds > 0
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_a_refusal_is_a_fault_that_does_not_show_the_key(connect):
    connection, _ = connect(lambda body, number: no(400, f"No, {KEY}: top_p is unknown."))
    fault = chat(connection)
    assert (fault.status, fault.named) == (400, {"top_p"})
    assert "No, ***: top_p is unknown" in fault.cause


def test_a_stream_is_read_with_its_draft_and_shows_no_key(connect):
    connection, server = connect(lambda body, number: ok(f"Yes, {KEY}."))
    draft = Draft()
    reply, _ = run_sync(connection.chat({**BODY, "stream": True}, draft=draft))
    assert reply.text == draft.read() == "Yes, ***."
    assert server.bodies == [{**BODY, "stream": True}]


def test_a_refused_key_is_told_from_a_missing_one(connect):
    refused, missing = (connect(lambda body, number: no(401, "Denied."), key)[0] for key in (KEY, ""))
    assert chat(refused).remedy == "Check the key, and what it gives access to."
    assert chat(missing).remedy == "No key was sent: api_key is empty."


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"<html>Log in", "an answer that cannot be read, '<html>Log in'"),
        (b" \n", "an empty answer"),
        (b'{"choices": []}', "an answer that cannot be read"),
    ],
)
def test_a_foreign_answer_is_a_fault(connect, content, cause):
    connection, _ = connect(lambda body, number: (200, content))
    fault = chat(connection)
    assert fault.cause.startswith(cause)
    assert fault.retried


def test_an_answer_that_takes_too_long_is_a_fault(connect):
    late = threading.Event()
    connection, _ = connect(lambda body, number: late.wait(60) and ok("Yes."), timeout_s=0.05)
    fault = chat(connection)
    late.set()
    assert fault.cause == "no whole answer within 0.05 s"
    assert fault.congested


def test_a_server_that_is_not_there_is_a_fault():
    url = "http://127.0.0.1:9/v1"
    retrying = Retrying("m", Throttle(1), max_retries=0, patience_s=0.0, max_wait_s=0.0)
    fault = chat(Connection(url, ApiKey(KEY, url), retrying, 30.0))
    assert (fault.cause, fault.status, fault.unreached) == ("no connection (ConnectError)", 0, True)


@pytest.mark.parametrize(
    ("listing", "names"),
    [
        ({"data": [{"id": "a"}, {"id": "b"}, "c"]}, {"a", "b"}),
        ([{"id": "a"}], {"a"}),
        ({"data": None}, set()),
        (3, set()),
    ],
)
def test_the_models_that_a_server_lists(connect, listing, names):
    connection, _ = connect(lambda body, number: ok("Yes."), listing=(200, listing))
    assert run_sync(connection.model_names()) == names


@pytest.mark.parametrize("status", [404, 500])
def test_a_server_without_a_list_is_a_fault_at_once(connect, status):
    connection, server = connect(lambda body, number: ok("Yes."), listing=no(status, "No list."))
    fault = run_sync(connection.model_names())
    assert fault.status == status
    assert len(server.headers) == 1


def test_another_endpoint_is_asked_once(connect):
    connection, server = connect(lambda body, number: None, listing=(503, {"error": {"message": f"{KEY} is busy"}}))
    fault = run_sync(connection.once(lambda client: client.files.with_raw_response.list(), bytes.decode, 30.0))
    assert (fault.status, fault.retried, "*** is busy" in fault.cause, len(server.headers)) == (503, True, True, 1)
