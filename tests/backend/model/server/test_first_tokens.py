"""First tokens tell the probabilities of labels, or that they do not."""

import math

import pytest
from support.fake_server import scored

from syndisco_nb.backend.model.server.first_tokens import first_tokens, label_shares

YES_NO = ("yes", "no")


def choice(*entries):
    return {"logprobs": {"content": [{"token": "x", "logprob": -1, "top_logprobs": list(entries)}]}}


def test_tokens_are_read_as_bytes_with_their_probabilities():
    (answer,) = scored({"yes": 0.5, " no": 0.25})[1]["choices"]
    assert first_tokens(answer) == {b"yes": 0.5, b" no": pytest.approx(0.25)}
    half = {"token": "\ufffd", "bytes": [206], "logprob": 0}
    assert first_tokens(choice(half, {"token": "ν", "bytes": None, "logprob": -9999.0})) == {
        b"\xce": 1,
        "ν".encode(): 0,
    }


@pytest.mark.parametrize(
    "logprobs",
    [None, [], {"content": None}, {"content": []}, {"content": [None]}, {"content": [{"top_logprobs": None}]}]
    + [{"content": [{"top_logprobs": [entry]}]} for entry in (None, {}, {"token": "a", "logprob": None})]
    + [{"content": [{"top_logprobs": [{"token": "a", "logprob": log}]}]} for log in (0.5, math.nan, "0")],
)
def test_odd_or_missing_probabilities_are_none(logprobs):
    assert first_tokens({"logprobs": logprobs}) == {}
    assert first_tokens({}) == {}


def test_a_label_has_the_tokens_that_begin_it_and_no_other():
    shares = label_shares(
        ("agree", "disagree"), {b"agree": 0.2, b"a": 0.2, b"\n dis": 0.1, b"No": 0.3, b"agrees": 0.05}
    )
    assert shares == (pytest.approx([0.8, 0.2]), pytest.approx(0.5))
    assert label_shares(YES_NO, {"▁yes".encode(): 0.3, "Ġno".encode(): 0.1, b"Yes": 0.6, b" ": 0.1}).mass == 0.4
    assert label_shares(("ā", "b"), {"ā".encode(): 0.5, b"b": 0.5}).mass == 1  # its first byte is not taken for a space


@pytest.mark.parametrize(
    ("labels", "tokens"),
    [
        (YES_NO, {}),
        (YES_NO, {b"Well": 0.9, b"I": 0.05}),
        (YES_NO, {b"yes": 0.5, b"Well": 0.06}),  # "no" might have up to 0.06
        (("very civil", "very rude"), {b"very": 0.9, b"very civil": 0.05, b"very rude": 0.01}),
        (("1", "2", "10"), {b"1": 0.5, b"2": 0.4, b"x": 1e-9}),  # "1" may begin 10
        (("好", "坏"), {"好".encode(): 0.2, b"\xe5": 0.7, "坏".encode(): 0.05}),
        (("是", "否"), {b"\xe6\x98": 0.8, "否".encode(): 0.1}),  # two of three bytes: many words begin so
    ],
)
def test_tokens_that_leave_the_labels_open_tell_nothing(labels, tokens):
    assert label_shares(labels, tokens) is None


def test_little_that_is_unknown_is_left_out():
    shares = label_shares(YES_NO, {b"yes": 0.5, b"Well": 0.04})
    assert shares == ([1, 0], 0.5)
    assert label_shares(("none", "neutral"), {b"none": 0.6, b"neutral": 0.2, b"n": 0.01}).mass == pytest.approx(0.8)


def test_a_number_that_begins_another_counts_where_that_one_is_a_token_of_its_own():
    shares = label_shares(("1", "2", "10"), {b"1": 0.5, b"10": 0.3, b"2": 0.2})
    assert shares.probabilities == pytest.approx([0.5, 0.2, 0.3])
    assert label_shares(("1", "10", "100"), {b"1": 0.5, b"10": 0.3, b"2": 0.2}) is None
