"""Lines of requests and of answers, as servers write them."""

import json

from syndisco_nb.backend.model.batch.batch_lines import key_of, keys_in, replies_in, reply_at, request_line

BODY = {"model": "m", "messages": [{"role": "user", "content": "Tea? ☕"}], "seed": 3}


def line(key="k", status=200, body=None, error=None):
    response = None if body is None else {"status_code": status, "body": body}
    return json.dumps({"custom_id": key, "response": response, "error": error}).encode() + b"\n"


def chat(text):
    return {"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}


def read(tmp_path, *lines):
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"".join(lines))
    return path, {key: reply for key, _, reply in replies_in(path)}


def test_a_request_is_a_line_with_its_key(tmp_path):
    key = key_of("http://a/v1", BODY)
    written = request_line(key, BODY)
    assert json.loads(written) == {"custom_id": key, "method": "POST", "url": "/v1/chat/completions", "body": BODY}
    assert written.count(b"\n") == 1
    (tmp_path / "requests").write_bytes(written + request_line("other", BODY))
    assert keys_in(tmp_path / "requests") == {key, "other"}


def test_the_key_tells_servers_and_draws_apart():
    keys = [key_of("http://a/v1", BODY), key_of("http://b/v1", BODY), key_of("http://a/v1", {**BODY, "seed": 4})]
    assert len(set(keys)) == 3
    assert key_of("http://a/v1", dict(reversed(BODY.items()))) == keys[0]


def test_answers_are_read_in_any_order_and_found_again_by_their_place(tmp_path):
    path, replies = read(tmp_path, line("b", body=chat("Bé.")), line("a", body=chat("A.")))
    assert {key: reply.text for key, reply in replies.items()} == {"a": "A.", "b": "Bé."}
    places = {key: place for key, place, _ in replies_in(path)}
    assert [reply_at(path, places[key]).text for key in ("a", "b")] == ["A.", "Bé."]


def test_faults_tell_whether_to_ask_again(tmp_path):
    lines = {
        "expired": line("expired", error={"code": "batch_expired", "message": "Not executed in time."}),
        "busy": line("busy", 429, {"error": {"message": "Slow down."}}),
        "refused": line("refused", 400, {"error": {"message": "No top_p."}}),
        "broke": line("broke", 429, {"error": {"message": "Pay.", "code": "insufficient_quota"}}),
        "odd": line("odd", 500, {"oops": 1}),
        "unreadable": line("unreadable", body={"choices": []}),
        "nothing": line("nothing"),
    }
    _, faults = read(tmp_path, *lines.values())
    assert {key for key, fault in faults.items() if fault.retried} == {
        "expired",
        "busy",
        "odd",
        "unreadable",
        "nothing",
    }
    assert "an error in a batch, 400: No top_p" in faults["refused"].cause
    assert "Not executed in time" in faults["expired"].cause


def test_broken_lines_are_passed_over(tmp_path):
    _, replies = read(tmp_path, b"{\n", b"[]\n", b'{"custom_id": 3}\n', line("a", body=chat("A.")), b'{"custom_id": "b')
    assert list(replies) == ["a"]
