"""A request that a server repeats in an error is removed; the server's own words stay."""

import json

import pytest

from syndisco_nb.backend.model.server.echoes import without_echo

SENT = {"messages": [{"role": "system", "content": "I } think, 'so'\\ \" ]"}], "seed": 7, "top_p": 0.9}
ITEM = {"loc": ["body", "seed"], "msg": "Not permitted", "input": SENT}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"detail": [ITEM]}),
        json.dumps({"detail": [{**ITEM, "ctx": {"body": SENT}}], "body": SENT}),
        json.dumps({"error": {"message": str([ITEM])}}),
        str([ITEM]),
        str({"input": SENT, "loc": ["body", "seed"], "msg": "Not permitted"}),
        f"1 validation error:\n  {ITEM}\n\n  File /srv/api.py",
        f"seed: Not permitted [input_value={str(SENT)[:50]}, input_type=dict]",
    ],
    ids=["JSON", "twice", "Python in JSON", "Python", "first in Python", "prose", "pydantic"],
)
def test_the_request_is_removed_and_the_reason_stays(text):
    words = without_echo(text)
    assert "seed" in words
    assert "Not permitted" in words
    assert "top_p" not in words
    assert "think" not in words


@pytest.mark.parametrize("text", ["", "top_p is not supported", "{'loc': 'top_p'}", "'input': 'unclosed"])
def test_a_text_without_a_request_keeps_its_words(text):
    assert without_echo(text) == text.replace("'input': 'unclosed", "")


def test_deep_nesting_is_no_error():
    assert "top_p" not in without_echo("[" * 5000 + json.dumps(ITEM) + "]" * 5000)
