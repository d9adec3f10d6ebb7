"""Prices of models on hosted servers, from the tables in the genai-prices package; nothing is looked up online."""

import importlib.metadata
import ipaddress
import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from syndisco_nb.wording import listed

INSTALL = 'pip install "syndisco-nb[openai]"'

_PACKAGE = "genai-prices"
_OWN_DOMAINS = (".home.arpa", ".internal", ".lan", ".local", ".localhost")


class Asked(NamedTuple):
    """A model, and the way in which it was asked."""

    model: str
    in_batches: bool = False


class Use(NamedTuple):
    """Requests to one model, and the tokens of all of them."""

    calls: int
    prompt_tokens: int
    completion_tokens: int


class Price(NamedTuple):
    """Price of the requests to some models, as in `Cost`."""

    usd: float | None
    unpriced: tuple[str, ...]
    source: str | None


def price(models: Iterable[Any], used: Mapping[Asked, Use], when: datetime) -> Price:
    """Return the price of requests.

    It is an upper bound, since all tokens of a prompt are counted in full, though many providers charge less for a part
    that they had in their cache.

    Parameters
    ----------
    models : iterable of mapping
        Settings of the models, as run.json holds them. Those without a `base_url`, and those on this computer or in
        its own network, cost nothing.
    used : mapping of Asked to Use
        Batches are cheaper with many providers.
    when : datetime
        Time of the requests, with its time zone; prices change.
    """
    named = {settings["name"]: settings for settings in models if isinstance(settings, Mapping) and "name" in settings}
    hosted = [asked for asked in used if asked.model in named and not _is_own(named[asked.model])]
    prices = [(asked.model, _usd(named[asked.model], asked, used[asked], when)) for asked in hosted]
    known = [usd for _, usd in prices if usd is not None]
    return Price(
        usd=round(sum(known), 6) if known else None,
        unpriced=tuple(dict.fromkeys(name for name, usd in prices if usd is None)),
        source=_source(when) if prices else None,
    )


def price_notes(unpriced: Sequence[str], source: str | None, *, priced: bool) -> list[str]:
    """Return the sentences that a reader needs beside a price.

    Parameters
    ----------
    unpriced, source
        As in `Price`.
    priced : bool
        Whether there is an amount.

    Examples
    --------
    >>> price_notes((), "genai-prices 0.2.3 for 2026-11-26", priced=True)
    ['List prices, from genai-prices 0.2.3 for 2026-11-26, without discounts for prompts that a server had cached.']
    >>> price_notes(["qwen3"], "genai-prices 0.2.3 for 2026-11-26", priced=False)
    ["No price is known for 'qwen3'."]
    """
    notes = []
    if priced:
        notes.append(f"List prices, from {source}, without discounts for prompts that a server had cached.")
    if unpriced:
        remedy = "" if source else f" Prices come with: {INSTALL}"
        notes.append(f"No price is known for {listed([repr(name) for name in unpriced])}.{remedy}")
    return notes


def _usd(settings: Mapping[str, Any], asked: Asked, use: Use, when: datetime) -> float | None:
    """Return the price of requests to a model in US dollars; None if it is not known."""
    if use.calls and not use.prompt_tokens and not use.completion_tokens:  # they were not counted
        return None
    try:
        from genai_prices import Usage, calc_price
    except ImportError:
        return None
    # The price of a token may depend on the length of its prompt: it is that of the average request.
    read, written = (max(1, round(tokens / max(1, use.calls))) for tokens in use[1:])
    try:
        average = calc_price(
            Usage(input_tokens=read, output_tokens=written),
            str(settings.get("model_name")).removeprefix("models/"),  # as Gemini lists its models
            provider_api_url=str(settings["base_url"]),
            genai_request_timestamp=when,
            price_context={"processing": "batch"} if asked.in_batches else None,
        )
    except (LookupError, ValueError):
        return None
    each = float(average.input_price) / read, float(average.output_price) / written
    return each[0] * use.prompt_tokens + each[1] * use.completion_tokens


def _source(when: datetime) -> str | None:
    try:
        return f"{_PACKAGE} {importlib.metadata.version(_PACKAGE)} for {when.date()}"
    except importlib.metadata.PackageNotFoundError:
        return None


def _is_own(settings: Mapping[str, Any]) -> bool:
    """Return True for a model in this process, on this computer or in a private network, where nobody is paid."""
    try:
        host = (urllib.parse.urlsplit(settings.get("base_url") or "").hostname or "").rstrip(".")
    except (AttributeError, ValueError):  # in a file from elsewhere
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(_OWN_DOMAINS)
