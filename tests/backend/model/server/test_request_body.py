import pytest

from syndisco_nb import ChatMessage, Request, Sampling
from syndisco_nb.backend.model.server.request_body import label_in, request_body, sampling_sent

ASKED = Request((ChatMessage("system", "You are Ana."), ChatMessage("user", "Tea?")), 2**40 + 3)
BARE = {
    "model": "m",
    "messages": [{"role": "system", "content": "You are Ana."}, {"role": "user", "content": "Tea?"}],
    "seed": 3,
}


@pytest.mark.parametrize(
    ("sampling", "sent"),
    [
        (Sampling(), {"max_tokens": 500}),
        (Sampling(None, None, None, None, None), {}),
        (Sampling(temperature=0), {"temperature": 0, "max_tokens": 500}),
        (
            Sampling(0.5, 0.9, 5, 1.25, 7),
            {"temperature": 0.5, "top_p": 0.9, "top_k": 5, "repetition_penalty": 1.25, "max_tokens": 7},
        ),
    ],
)
def test_only_what_differs_from_the_default_is_sent(sampling, sent):
    body = request_body("m", ASKED, sampling, {})
    assert body == {**BARE, **sent}
    assert sampling_sent(body, sampling) == Sampling(
        *(sent.get(name) for name in ("temperature", "top_p", "top_k", "repetition_penalty", "max_tokens"))
    )


def test_what_was_sent_is_recorded_under_whatever_name():
    assert sampling_sent({"max_completion_tokens": 9, "temperature": 1.0}, Sampling(trim="sentence")) == Sampling(
        1.0, None, None, None, 9, "sentence"
    )


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ('{"label": "Insult"}', "Insult"),
        ('{"label": 3}', "3"),
        ('```json\n{"label": "3"}\n```', "3"),
        ("```\n3\n```", "3"),
        ('"3"', "3"),
        (" 3\n", "3"),
        ("Insult", "Insult"),
        ('{"category": "Insult"}', None),
        ('{"label": null}', None),
        ('{"label": ["3"]}', None),
        ('{"label": true}', None),
        ("{}", None),
    ],
)
def test_a_field_that_is_missing_or_empty_is_no_label(text, label):
    assert label_in(text) == label
