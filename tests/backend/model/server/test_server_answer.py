import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndisco_nb.backend.model.server.faults import Fault
from syndisco_nb.backend.model.server.server_answer import ServerAnswer, read_answer


def answer(content, finish="stop", usage=None, choice=None, **message):
    choice = {"message": {"content": content, **message}, "finish_reason": finish, **(choice or {})}
    return json.dumps({"choices": [choice], "usage": usage}).encode()


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (None, (0, 0, 0)),
        ({}, (0, 0, 0)),
        ("many", (0, 0, 0)),
        ({"prompt_tokens": 5.7, "completion_tokens": "3"}, (5, 3, 0)),
        ({"prompt_tokens": "five", "completion_tokens": -1}, (0, 0, 0)),
        ({"prompt_tokens": float("nan"), "completion_tokens": float("inf")}, (0, 0, 0)),
        ({"prompt_tokens": [5], "completion_tokens": 10**400, "completion_tokens_details": 7}, (0, 0, 0)),
        ({"completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 4}}, (0, 9, 4)),
    ],
)
def test_accounting_never_decides(usage, tokens):
    reply = read_answer(answer("I agree.", usage=usage))
    assert (reply.text, reply.ending) == ("I agree.", "stop")
    assert (reply.prompt_tokens, reply.completion_tokens, reply.reasoning_tokens) == tokens


@pytest.mark.parametrize(
    ("content", "message", "text", "reasoning"),
    [
        ("<think>\nShort.\n</think>\n\nI agree.", {}, "I agree.", "Short."),
        ("Short.</think>I agree.", {}, "I agree.", "Short."),
        ("I agree.", {"reasoning_content": "Short."}, "I agree.", "Short."),
        ("I agree.", {"reasoning": "Short."}, "I agree.", "Short."),
        ("I agree.", {"thinking": "Short.", "reasoning_content": None}, "I agree.", "Short."),
        ("I agree.", {"reasoning_details": [{"type": "reasoning.text", "text": "Short."}]}, "I agree.", "Short."),
        ("I agree.", {"reasoning_details": [{"type": "reasoning.encrypted", "data": "x"}]}, "I agree.", None),
        ("I agree.", {"reasoning": {"effort": 3}}, "I agree.", None),
        ([{"type": "thinking", "thinking": []}, {"type": "text", "text": "I agree."}], {}, "I agree.", None),
        (
            [
                {"type": "thinking", "thinking": [{"type": "text", "text": "Short."}]},
                {"type": "text", "text": "I "},
                "agree.",
            ],
            {},
            "I agree.",
            "Short.",
        ),
        ([{"thinking": "Short."}, {"text": "I agree."}], {}, "I agree.", "Short."),
        ("I agree.<|im_end|>", {}, "I agree.", None),
        ("I agree.<|eot_id|>\n", {}, "I agree.", None),
        ("I agree.</s>", {}, "I agree.", None),
        ("I agree. <end_of_turn>", {}, "I agree.", None),
        ("I agree.<|im_end|>\n<|im_start|>user\nAnd I do not.", {}, "I agree.", None),
        ("Take <s>tea</s> coffee.", {}, "Take <s>tea</s> coffee.", None),
        ("<think>", {}, "", "<think>"),  # not a silence
        ("<|im_end|>", {}, "", None),
        ("", {}, "", None),
        (" \n", {}, "", None),
        (None, {}, "", None),
        (None, {"refusal": "I cannot."}, "I cannot.", None),
        ("half \ud83d", {"reasoning": "\ud83d"}, "half \ufffd", "\ufffd"),
    ],
)
def test_what_is_said_is_told_from_what_is_thought(content, message, text, reasoning):
    reply = read_answer(answer(content, **message))
    assert (reply.text, reply.reasoning, reply.ending, reply.notes) == (text, reasoning, "stop", ())


@pytest.mark.parametrize(
    ("content", "finish", "text", "reasoning"),
    [
        ("I agree.\n<think>hm so", "stop", "I agree.", "hm so"),
        ("I agree <think> hm so", "length", "I agree", "hm so"),
        ("I agree <think> hm so", "max_tokens", "I agree", "hm so"),
        ("The tag <think> is one.", "stop", "The tag <think> is one.", None),
    ],
)
def test_thoughts_begun_behind_the_first_words_are_none_of_the_answer(content, finish, text, reasoning):
    reply = read_answer(answer(content, finish))
    assert (reply.text, reply.reasoning) == (text, reasoning)


def test_half_a_character_in_bytes_is_no_fault():
    assert read_answer(answer("Yes.").replace(b"Yes.", b"Yes \xf0\x9f")).text == "Yes \ufffd"
    assert read_answer(b"\xef\xbb\xbf" + answer("Yes.")).text == "Yes."


@pytest.mark.parametrize(
    ("finish", "ending", "noted"),
    [
        ("stop", "stop", False),
        (None, "stop", False),
        ("eos", "stop", False),
        ("end_turn", "stop", False),
        (7, "stop", False),
        ("length", "length", False),
        ("MAX_TOKENS", "length", False),
        ("content_filter", "filtered", False),
        ("SAFETY", "filtered", False),
        ("tool_calls", "stop", True),
        ("weary", "stop", True),
    ],
)
def test_every_reason_to_end_is_one_of_ours(finish, ending, noted):
    reply = read_answer(answer("Yes.", finish))
    assert (reply.text, reply.ending) == ("Yes.", ending)
    assert bool(reply.notes) == noted
    assert not noted or repr(finish) in reply.notes[0]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (answer("", "error"), "broke off, with finish_reason 'error'"),
        (answer("Ye", "error"), "broke off, with finish_reason 'error'"),
        (answer("Ye", "insufficient_system_resource"), "broke off"),
        (answer("", "stop", choice={"native_finish_reason": "MALFORMED_RESPONSE"}), "ended with 'malformed_response'"),
        (
            answer("", choice={"error": {"message": "Provider gone", "code": 502}}),
            "inside the answer, 502: Provider gone",
        ),
        (json.dumps({"error": {"message": "Overloaded"}}).encode(), "an error inside the answer: Overloaded"),
        (json.dumps({"error": "Overloaded", "choices": None}).encode(), "an error inside the answer: Overloaded"),
        (answer(None, None), "an answer without a word, with finish_reason None"),
        (answer(None, "tool_calls", tool_calls=[{}]), "without a word, which calls a tool"),
        (answer("", "weary"), "without a word, with finish_reason 'weary'"),
    ],
)
def test_an_answer_that_failed_is_a_fault_and_never_a_silence(content, what):
    fault = read_answer(content)
    assert isinstance(fault, Fault)
    assert what in fault.cause
    assert fault.retried


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Bad gateway",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b'{"choices": "none"}',
        b'{"choices": [{"text": "Yes."}]}',
        b'{"choices": [{"message": "Yes."}]}',
        b'{"choices": [{"message": {}}]}',
        answer(3),
        answer([{"type": "image_url", "image_url": "x"}]),
        b"[" * 100_000,
    ],
)
def test_what_is_no_chat_completion_is_an_error(content):
    with pytest.raises(ValueError):
        read_answer(content)


INSIDE = ["choices", "message", "content", "finish_reason", "native_finish_reason", "usage", "error", "code", "refusal"]
BESIDE = ["reasoning", "reasoning_content", "reasoning_details", "thinking", "completion_tokens", "tool_calls", "text"]
NAMES = st.sampled_from([*INSIDE, *BESIDE, "type"])
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["stop", "length", "<think>", "Yes.", "\ud83d"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(ANYTHING, st.dictionaries(NAMES, ANYTHING, max_size=4), st.dictionaries(NAMES, ANYTHING, max_size=3))
def test_whatever_comes_is_a_reply_a_fault_or_no_answer(content, message, choice):
    answer = {"choices": [{**choice, "message": {**message, "content": content}}], **message}
    with contextlib.suppress(ValueError):
        reply = read_answer(json.dumps(answer).encode())
        assert isinstance(reply, ServerAnswer | Fault)
        if isinstance(reply, ServerAnswer):
            f"{reply.text}{reply.reasoning}".encode()
            assert reply.text.strip() or not reply.text
            assert min(reply.prompt_tokens, reply.completion_tokens, reply.reasoning_tokens) >= 0


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        ({"prompt_tokens": 26, "completion_tokens": 9, "total_tokens": 35}, (26, 9, 0)),
        ({"prompt_tokens": 26, "completion_tokens": 9, "total_tokens": 81}, (26, 55, 46)),  # so does Gemini
        (
            {"prompt_tokens": 26, "total_tokens": 81, "completion_tokens_details": {"reasoning_tokens": 55}},
            (26, 55, 55),
        ),
        ({"completion_tokens": 9, "total_tokens": 81}, (0, 9, 0)),
    ],
)
def test_thoughts_that_are_in_the_total_alone_count_as_answer(usage, counted):
    reply = read_answer(answer("Tea.", usage=usage))
    assert (reply.prompt_tokens, reply.completion_tokens, reply.reasoning_tokens) == counted
