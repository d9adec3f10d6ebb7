"""A streamed answer is that which the server would have sent in one piece, or none at all."""

import json

import pytest
from support.fake_server import ok
from support.sse import event, events

from syndisco_nb.backend.model.server.answer_stream import AnswerStream
from syndisco_nb.backend.model.server.faults import Fault
from syndisco_nb.backend.model.server.server_answer import read_answer

USAGE = {"prompt_tokens": 3, "completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 4}}
PARTS = [{"type": "thinking", "thinking": [{"type": "text", "text": "Short?"}]}, {"type": "text", "text": "I agree."}]
WHOLE = ok("I agree, Ana.", usage=USAGE)[1]


def fed(parts, broken_by=""):
    stream = AnswerStream()
    for part in parts:
        stream.feed(part)
    stream.broken_by = broken_by
    return stream


def read(parts, broken_by=""):
    return read_answer(fed(parts, broken_by).content)


def in_pieces(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    "answer",
    [
        ok("Ναι, 😀 συμφωνώ.", usage=USAGE),
        ok("I agree", "length"),
        ok("", usage=USAGE),
        ok(None, reasoning_content="Well, ", finish="length"),
        ok("Yes.", reasoning="Short?", reasoning_details=[{"type": "reasoning.text", "text": "Short?"}]),
        ok("<think>Short?</think>Yes."),
        ok(PARTS),
        ok(None, refusal="I cannot say that."),
        ok("", "content_filter"),
        ok(None, "tool_calls", tool_calls=[{"index": 0, "function": {"name": "f"}}]),
        ok("I ag", "error"),
        ok("Yes.", "a reason of its own"),
    ],
    ids=lambda answer: json.dumps(answer[1]["choices"][0])[:60],
)
def test_a_stream_is_read_as_its_whole_answer_is(answer, size):
    whole = read_answer(json.dumps(answer[1]).encode())
    assert read(in_pieces(b"".join(events(answer[1])), size)) == whole


def test_cut_anywhere_it_is_whole_or_a_fault_and_never_half():
    data = b"".join(events(WHOLE))
    whole, faults = read([data]), 0
    for at in range(1, len(data)):
        stream = fed([data[:at]], "ReadError")
        assert whole.text.startswith(stream.text())
        try:
            answer = read_answer(stream.content)
        except ValueError:  # not even one event
            answer = Fault("nothing", "")
        faults += isinstance(answer, Fault)
        assert isinstance(answer, Fault) or answer.text == whole.text
    assert faults > len(data) / 2
    cut = read([data[:600]], "ReadError")
    assert (cut.retried, "the answer broke off before its end (ReadError)" in cut.cause) == (True, True)


def test_what_surrounds_the_events_is_skipped():
    *said, usage, done = events(WHOLE)
    kept_alive = b": OPENROUTER PROCESSING\n\n"
    assert read([kept_alive, *said, kept_alive, usage]).text == "I agree, Ana."  # whole, though unmarked
    windows = b"event: message\r\nid: 3\r\n" + b"".join([*said, usage, done]).replace(b"\n", b"\r\n")
    assert read([windows.replace(b"data: ", b"data:")]) == read([*said, usage, done])


def test_tokens_are_found_wherever_they_are():
    *said, _, done = events(WHOLE)
    assert read([*said, done]).completion_tokens == 0
    assert read([*said, event(choices=[], x_groq={"usage": USAGE}), done]).completion_tokens == 9
    last = event(choices=[{"delta": {"content": ""}, "finish_reason": "stop"}], usage=USAGE)
    assert read([*said[:-1], last]).prompt_tokens == 3


@pytest.mark.parametrize(
    "inside",
    [
        event(error={"message": "CUDA out of memory", "code": 500}),
        event(error="CUDA out of memory"),
        event(choices=[{"delta": {}, "finish_reason": None, "error": {"message": "CUDA out of memory"}}]),
    ],
)
def test_an_error_inside_the_stream_is_a_fault(inside):
    fault = read([*events(WHOLE)[:3], inside])
    assert "CUDA out of memory" in fault.cause
    assert fault.retried


def test_an_event_that_cannot_be_read_is_a_fault():
    assert (
        "an event that cannot be read, '{\"choi'" in read([*events(WHOLE)[:3], b'data: {"choi\n', b"data: 3\n"]).cause
    )


def test_a_server_that_does_not_stream_is_read_all_the_same():
    content = json.dumps(WHOLE, indent=1).encode()
    assert fed(in_pieces(content, 9)).content == content
    assert fed([]).content == b""
    assert fed([b"data: [DONE]\n"]).content == b'{"choices": [], "usage": null}'


def test_the_text_so_far_holds_no_thoughts():
    *said, _, _ = events(ok("<think>Short?</think>Yes.")[1], size=1)
    shown = [fed(said[:number]).text() for number in range(9, len(said))]
    assert list(dict.fromkeys(shown)) == ["", "Y", "Ye", "Yes", "Yes."]
    assert fed(events(ok(PARTS)[1])).text() == "I agree."
    assert fed([event(choices=[{"delta": {"content": 3}}])]).text() == ""
