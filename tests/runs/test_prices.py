import builtins
import importlib.metadata
import socket
from datetime import UTC, datetime

import pytest

from syndisco_nb.runs.prices import Asked, Use, price, price_notes

DAY = datetime(2026, 11, 26, tzinfo=UTC)
OPENAI, GEMINI = "https://api.openai.com/v1", "https://generativelanguage.googleapis.com/v1beta/openai"
SOURCE = f"genai-prices {importlib.metadata.version('genai-prices')} for 2026-11-26"


USE = Use(10, 1_000_000, 100_000)


def of(model_name, base_url=OPENAI, use=USE, in_batches=False):
    return price([{"name": "m", "model_name": model_name, "base_url": base_url}], {Asked("m", in_batches): use}, DAY)


def test_a_price_follows_from_address_name_and_tokens():
    assert of("gpt-4o") == (3.5, (), SOURCE)
    assert of("gpt-4o-2024-08-06") == of("openai/gpt-4o", "https://openrouter.ai/api/v1") == of("gpt-4o")
    assert of("gpt-4o", "https://lab.openai.azure.com/openai/v1") == of("gpt-4o")
    assert of("models/gemini-2.5-flash", GEMINI) == of("gemini-2.5-flash", GEMINI)
    for name, address in {
        "claude-sonnet-4-5": "https://api.anthropic.com/v1",
        "mistral-small-latest": "https://api.mistral.ai/v1",
    }.items():
        assert of(name, address).usd > 0


def test_batches_cost_half():
    assert of("gpt-4o", in_batches=True).usd == pytest.approx(of("gpt-4o").usd / 2)


def test_long_prompts_are_dearer_each_not_many_short_ones():
    name = "gemini-2.5-pro"  # dearer above 200,000 tokens
    long, short = (of(name, GEMINI, Use(calls, 1_000_000, 0)).usd for calls in (2, 1000))
    assert long == pytest.approx(2 * short)


@pytest.mark.parametrize(
    "address", ["http://localhost:8000/v1", "http://10.1.2.3/v1", "http://[::1]:80/v1", "http://gpu07:8000/v1",
                "https://llm.lan/v1", "http://[broken/v1", None, 7]
)  # fmt: skip
def test_nobody_is_paid_for_a_server_of_ones_own(address):
    assert of("gpt-4o", address) == (None, (), None)


def test_a_model_without_a_known_price_is_named_and_the_others_are_counted():
    models = [
        {"name": "local", "type": "TransformersModel"},
        {"name": "a", "model_name": "gpt-4o", "base_url": OPENAI},
        {"name": "a", "model_name": "gpt-4o", "base_url": OPENAI},  # another object with the same settings
        {"name": "b", "model_name": "qwen3", "base_url": "https://llm.example.org/v1"},
        {"name": "c", "model_name": "unheard", "base_url": OPENAI},
        {"name": "unused", "model_name": "unheard", "base_url": OPENAI},
        {},
        "not a model",
    ]
    used = dict.fromkeys(map(Asked, ("local", "a", "b", "c", "unlisted")), Use(1, 1_000_000, 0))
    assert price(models, used, DAY) == (2.5, ("b", "c"), SOURCE)


def test_tokens_that_a_server_does_not_count_are_not_free():
    assert of("gpt-4o", use=Use(5, 0, 0)).unpriced == ("m",)
    assert of("gpt-4o", use=Use(0, 0, 0)).usd == 0


def test_without_the_package_there_is_no_price_and_no_error(monkeypatch):
    def no_import(name, *more, real=builtins.__import__):
        if name == "genai_prices":
            raise ImportError
        return real(name, *more)

    def no_version(name):
        raise importlib.metadata.PackageNotFoundError

    monkeypatch.setattr(builtins, "__import__", no_import)
    monkeypatch.setattr(importlib.metadata, "version", no_version)
    found = of("gpt-4o")
    assert found == (None, ("m",), None)
    assert price_notes(found.unpriced, found.source, priced=False) == [
        "No price is known for 'm'. Prices come with: pip install \"syndisco-nb[openai]\""
    ]


def test_nothing_is_looked_up_online(monkeypatch):
    def refuse(*_):
        raise AssertionError("it opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    assert of("gpt-4o").usd == 3.5
