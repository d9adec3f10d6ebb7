"""The way to the probabilities of labels is found out once, and said in the log and on each label."""

import logging

import pytest

from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.backend.model.server.label_scoring import REFUSED, LabelScoring
from syndisco_nb.backend.model.server.server_answer import ServerAnswer
from syndisco_nb.records import ChatMessage

QUESTION = Request((ChatMessage("user", "Is it an insult?"),), 3, labels=("no", "yes"))
TOKENS = {b"yes": 0.6, b"no": 0.2, b"x": 0.001}


def read(scoring, tokens=TOKENS, reasoning=None, ending="length", text="yes"):
    reply = ServerAnswer(text, reasoning, ending, 8, 1, 0, ("odd",), 2, tokens)
    return scoring.read(QUESTION, reply, 0.5, {"top_logprobs": 20}, ("changed",))


def test_a_body_asks_for_one_token_whatever_the_settings_are():
    fields = {"min_p": 0.1, "temperature": 0.2}
    assert LabelScoring("'m'", thinks=False).body("m", QUESTION, fields) == {
        "model": "m",
        "messages": [{"role": "user", "content": "Is it an insult?"}],
        "seed": 3,
        "max_tokens": 1,
        "min_p": 0.1,
        "temperature": 1,
        "logprobs": True,
        "top_logprobs": 100,
    }


def test_the_likeliest_label_is_the_answer_and_the_way_is_logged_once(caplog):
    caplog.set_level(logging.INFO)
    scoring = LabelScoring("'m'", thinks=False)
    note = "probabilities are those of each label's first token, among the 20 likeliest tokens"
    assert (
        read(scoring)
        == read(scoring)
        == Completion(
            "yes",
            prompt_tokens=8,
            completion_tokens=1,
            seconds=0.5,
            batch_size=2,
            probabilities={"no": pytest.approx(0.25), "yes": pytest.approx(0.75)},
            mass=pytest.approx(0.8),
            notes=("changed", "odd", note),
        )
    )
    assert caplog.text.count(note) == 1
    assert scoring.unfit == ""


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        ({"tokens": {}}, "the server tells none"),
        ({"reasoning": "Well"}, "the model thinks before it answers"),
        ({"tokens": {b"<think>": 0.7, b"yes": 0.2}}, "the model thinks before it answers"),
        ({"tokens": {b"<|channel|>": 0.9}}, "the model thinks before it answers"),
    ],
)
def test_a_way_that_never_leads_there_is_given_up(caplog, answer, note):
    scoring = LabelScoring("'m'", thinks=False)
    assert read(scoring, **answer) == scoring.unfit == f"labels without probabilities: {note}"
    assert caplog.text.count(note) == 1


@pytest.mark.parametrize(
    "answer",
    [{"tokens": {b"Well": 0.9}}, {"ending": "filtered"}, *({"tokens": {}, "text": text} for text in ("", "\ufffd"))],
)
def test_one_prompt_says_nothing_about_others(answer):
    scoring = LabelScoring("'m'", thinks=False)
    assert "do not tell" in read(scoring, **answer)
    assert scoring.unfit == ""


def test_a_refusal_counts_once_the_same_prompt_was_answered_otherwise():
    scoring = LabelScoring("'m'", thinks=False)
    scoring.answered_otherwise("a label without probabilities")
    assert scoring.unfit == ""
    scoring.answered_otherwise(REFUSED)
    assert scoring.unfit == REFUSED
    assert "thinks" in LabelScoring("'m'", thinks=True).unfit
