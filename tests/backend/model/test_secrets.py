import pytest

from syndisco_nb.backend.model.secrets import refuse_secrets
from syndisco_nb.errors import InvalidInputError

SECRET = "sk-proj-0a1b2c3d4e5f"  # noqa: S105


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"api_key": "abc"}, r"it\['api_key'\]"),
        ({"apiKey": "abc"}, r"it\['apiKey'\]"),
        ({"token": "abc"}, r"it\['token'\]"),
        ({"hf_token": "abc"}, r"it\['hf_token'\]"),
        ({"key": "abc"}, r"it\['key'\]"),
        ({"X-Api-Key": "abc"}, r"it\['X-Api-Key'\]"),
        ({"client_secret": {"of": "me"}}, r"it\['client_secret'\]"),
        ({"headers": [{"Authorization": "abc"}]}, r"it\['headers'\]\[0\]\['Authorization'\]"),
        ({"db": {"password": b"abc"}}, r"it\['db'\]\['password'\]"),
        ({"note": f"use {SECRET}"}, r"it\['note'\]"),
        ({"note": "hf_abcdefghijklmnopqrst"}, r"it\['note'\]"),
        ({"note": "ghp_abcdefghijklmnopqrst"}, r"it\['note'\]"),
        ({"note": "Bearer abcdef"}, r"it\['note'\]"),
        ({"proxy": "http://me:pass@host"}, r"it\['proxy'\]"),
        ({SECRET: 1}, "A name in it"),
        (SECRET, "it"),
        ([[b"x", SECRET.encode()]], r"it\[0\]\[1\]"),
    ],
)
def test_a_secret_is_refused_by_its_place_and_never_told(value, place):
    with pytest.raises(InvalidInputError, match=f"^{place} looks like a secret") as caught:
        refuse_secrets({"it": value})
    for told in ("abc", SECRET, "pass@", "Bearer"):
        assert told not in str(caught.value)


def test_the_error_is_about_the_setting_unless_its_name_is_the_secret():
    for settings, field, place in (
        ({"fine": 1, "extra_body": {"deep": [SECRET]}}, "extra_body", r"extra_body\['deep'\]\[0\]"),
        ({"api_key": "abc"}, "api_key", "api_key"),
        ({SECRET: 1}, "", "A name in the settings"),
    ):
        with pytest.raises(InvalidInputError, match=f"^{place} looks like a secret") as caught:
            refuse_secrets(settings)
        assert caught.value.field == field


@pytest.mark.parametrize(
    "value",
    [
        {"stop_token_ids": [2], "max_tokens": 5, "skip_special_tokens": False, "thinking_token_budget": 9},
        {"eos_token": "<|im_end|>", "pad_token": "<pad>", "num_key_value_heads": 2, "prompt_cache_key": "study-1"},
        {"token": None, "use_auth_token": True, "api_key": ""},
        {"chat_template_kwargs": {"enable_thinking": False}, "provider": {"order": ["mistral"]}},
        {"path": "/models/sk-learned-things", "name": "hf_mirror", "url": "https://host:8000/v1"},
        None,
        3,
    ],
)
def test_other_settings_are_none(value):
    refuse_secrets({"it": value})
    with pytest.raises(InvalidInputError, match=r"^it\[0\] looks like a secret"):
        refuse_secrets({"it": [SECRET, value]})  # of a list, the last is searched first


def test_depth_and_cycles_are_no_trouble():
    fine, secret = [], [SECRET]
    for _ in range(20_000):
        fine, secret = [fine], [secret]
    circle = {"a": 1}
    circle["b"] = circle
    refuse_secrets({"it": [circle, fine]})
    with pytest.raises(InvalidInputError, match=r"^it\[0\](\[0\]){20001} looks like a secret"):
        refuse_secrets({"it": [secret, circle]})
