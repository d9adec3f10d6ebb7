import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from syndisco_nb.backend.model.server.faults import of_error, reported, retry_after


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("inf", 0.0), ("nan", 0.0), ("", 0.0), ("soon", 0.0)],
)
def test_retry_after_in_seconds(given, seconds):
    assert retry_after({"retry-after": given}) == seconds


@pytest.mark.parametrize("usegmt", [True, False])
def test_retry_after_as_a_date(usegmt):
    date = datetime.now(UTC) + timedelta(seconds=90)
    assert 85 < retry_after({"retry-after": format_datetime(date, usegmt=usegmt)}) <= 90
    assert retry_after({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}) == 0
    assert retry_after({"retry-after": "Sun, 99 Nov 1994 08:49:37 GMT"}) == 0


def said(words, status=400):
    return reported(status, words, "refused", words)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Unsupported parameter: 'top_p' is not supported", {"top_p"}),
        ("`temperature` and `top_p` cannot both be specified", {"temperature", "top_p"}),
        ('{"detail":[{"type":"extra_forbidden","loc":["body","seed"]}]}', {"seed"}),
        ("System role not supported", {"system"}),
        ("Use 'max_completion_tokens' instead.", {"max_tokens"}),
        ("json_schema not implemented", {"response_format"}),
        ("reasoning_effort is unknown", {"thinking"}),
        ("Bad request", set()),
        ("The operating system is full of seeds", set()),
    ],
)
def test_fields_are_known_by_their_names(words, named):
    assert said(words).named == named


@pytest.mark.parametrize(
    "words",
    [
        "temperature: Input should be less than or equal to 1",
        "ensure this value is greater than 0 (top_p)",
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
        "temperature must be in [0, 1], got 1.5",
        "temperature must be non-negative",
        "`temperature` must be strictly positive",
        "repetition_penalty must be between 0.0 and 2.0",
        "top_k should be at most 40",
        "The value of temperature is out of range.",
        "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
        "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
        '{"detail":[{"loc":["body","temperature"],"msg":"Input should be less than or equal to 1","ctx":{"le":1.0}}]}',
    ],
)
def test_a_value_out_of_range_is_no_refusal_of_the_field(words):
    fault = said(words)
    assert (fault.named, fault.vague, fault.retried) == (set(), False, False)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("'temperature' does not support 0.7 with this model. Only the default (1) value is supported.", "temperature"),
        ("Unsupported value: top_p must be at least 1", "top_p"),
        ("top_k: Extra inputs are not permitted", "top_k"),
        ("There must be at least 1 message beside the system message", "system"),
        ("seed: list index out of range", "seed"),
    ],
)
def test_a_field_that_is_refused_is_not_taken_for_one_out_of_range(words, named):
    assert said(words).named == {named}


SENT = {
    "messages": [{"role": "system", "content": "I } think, 'so'\\ \" ]"}],
    "seed": 7,
    "top_p": 0.9,
    "temperature": 0.7,
}
ITEM = {"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted", "input": SENT}


@pytest.mark.parametrize(
    "answer",
    [
        json.dumps({"detail": [ITEM]}),
        json.dumps({"detail": [{**ITEM, "input": 7, "ctx": {"body": SENT}}], "body": SENT}),
        json.dumps({"detail": [{**ITEM, "input": json.dumps(SENT)}]}),
        json.dumps({"error": {"message": str([ITEM])}}),
        json.dumps({"error": {"message": json.dumps([ITEM])}}),
        f"1 validation error:\n  {ITEM}\n\n  File /srv/api.py",
        f"seed\n  Extra inputs are not permitted [type=extra_forbidden, input_value={str(SENT)[:50]}, input_type=dict]",
        "[" * 5000 + json.dumps(ITEM) + "]" * 5000,
    ],
)
def test_a_request_that_is_repeated_names_nothing(answer):
    assert said(answer, 422).named == {"seed"}
    fault = reported(422, "Extra inputs are not permitted", "refused", answer)
    assert fault.named == {"seed"}


def test_a_request_that_is_repeated_in_an_error_inside_an_answer_names_nothing():
    assert of_error({"message": str([{"input": SENT, **ITEM}]), "code": 422}).named == {"seed"}
    assert of_error([{"input": SENT, **ITEM}]).named == {"seed"}


def test_a_prompt_that_is_repeated_does_not_tell_why():
    prompt = [{"role": "user", "content": "My comment was flagged by moderation. Loading model."}]
    fault = said(json.dumps({"detail": "No.", "body": {"messages": prompt}}))
    assert (fault.vague, fault.retried) == (True, False)


@pytest.mark.parametrize(
    ("words", "waited"),
    [
        ("Model unloaded.", True),
        ("Model is unloaded", True),
        ("The model is currently being loaded, try again", True),
        ("Loading model", True),
        ("Error loading model: out of memory", False),
        ("Failed to load model", False),
    ],
)
def test_a_model_that_is_being_loaded_is_worth_waiting_for(words, waited):
    assert said(words).retried is waited
    assert said(words).vague is not waited


@pytest.mark.parametrize(
    "words", ["The model does not exist", "Invalid model: m", "model 'm' not found, try pulling it"]
)
def test_a_model_that_is_not_there_is_no_refused_field(words):
    fault = said(words)
    assert (fault.vague, fault.retried, "model_name" in fault.remedy) == (False, False, True)
    assert said(f"Unsupported value: 'temperature'. {words}").named == {"temperature"}


@pytest.mark.parametrize(
    ("status", "words", "vague"),
    [(400, "No.", True), (422, "No.", True), (501, "No.", True), (404, "No.", False), (400, "context length", False)],
)
def test_a_refusal_without_reasons_is_vague(status, words, vague):
    assert said(words, status).vague is vague


@pytest.mark.parametrize(
    ("error", "status", "retried"),
    [
        ({"message": "Slow down", "code": 429}, 429, True),
        ({"message": "No credit", "code": 402}, 402, False),
        ({"message": "Gone", "code": "gone"}, 0, True),
        ("Gone", 0, True),
        ([], 0, True),
    ],
)
def test_an_error_inside_an_answer_is_taken_as_it_says(error, status, retried):
    fault = of_error(error)
    assert (fault.status, fault.retried) == (status, retried)
