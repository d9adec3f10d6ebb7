"""What can go wrong between us and a server, in words, and whether asking again may help."""

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import openai

_RETRIED = {408, 409, 425, 429}
_CONGESTED = {429, 503, 529}
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Fault:
    """One answer that did not come, or cannot be used.

    Parameters
    ----------
    what : str
        What happened.
    remedy : str
        What to do about it, should it stay.
    retried : bool
        Whether asking again may help.
    congested : bool
        Whether the server has too much to do, so that it should be asked less at once.
    wait_s : float
        How long the server asks to wait.
    status : int
        The HTTP status; 0 where there was no whole answer, or a bad one.
    """

    what: str
    remedy: str
    retried: bool = True
    congested: bool = False
    wait_s: float = 0.0
    status: int = 0


def too_slow(timeout_s: float) -> Fault:
    """Return the fault of an answer that was cut off."""
    return Fault(
        f"no whole answer within {timeout_s:g} s",
        "If the server is slow rather than stuck, raise timeout_s, or lower max_concurrency.",
        congested=True,
    )


def unusable(what: str) -> Fault:
    """Return the fault of an answer that came, and is none."""
    return Fault(what, "Check that base_url is that of an OpenAI-compatible server; most end in /v1.")


def of_connection(error: "openai.APIConnectionError") -> Fault:
    """Return the fault of a connection that failed, or broke off."""
    # The reason's own text may quote the request's headers, so only its kind is told.
    reason = type(error.__cause__).__name__ if error.__cause__ else "broken off"
    return Fault(f"no connection ({reason})", "Check that the server runs, and that base_url is right.")


def of_status(error: "openai.APIStatusError") -> Fault:
    """Return the fault that the server itself reports."""
    status = error.status_code
    what = f"{status} {error.response.reason_phrase}: {_said(error)}"
    exhausted = error.code == "insufficient_quota"  # a 429 that no waiting mends
    return Fault(
        what,
        _remedy(status, exhausted),
        retried=(status in _RETRIED or status >= 500) and not exhausted,
        congested=status in _CONGESTED,
        wait_s=retry_after(error.response.headers),
        status=status,
    )


def retry_after(headers: Mapping[str, str]) -> float:
    """Return how many seconds a server asks to wait, given as seconds or as a date (RFC 9110, 10.2.3); 0 if not.

    Examples
    --------
    >>> retry_after({"retry-after": "7"}), retry_after({"retry-after": "soon"}), retry_after({})
    (7.0, 0.0, 0.0)
    """
    given = headers.get("retry-after", "")
    try:
        seconds = float(given)
    except ValueError:
        try:
            date = email.utils.parsedate_to_datetime(given)
        except ValueError:
            return 0.0
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - datetime.now(UTC).timestamp()
    return seconds if 0 < seconds < float("inf") else 0.0


def _said(error: "openai.APIStatusError") -> str:
    """Return the server's own words, on one line."""
    words = error.body.get("message") if isinstance(error.body, dict) else None
    line = " ".join(str(words or error.response.text).split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _remedy(status: int, exhausted: bool) -> str:
    if exhausted:
        return "The account has no credit left. Add some."
    if status in (401, 403):
        return "Check the key: api_key, or OPENAI_API_KEY in the environment; and what it gives access to."
    if status == 404:
        return "Check model_name, and that base_url is right; most end in /v1."
    if status in _CONGESTED:
        return "Lower max_concurrency, raise patience_s, or come back later."
    if status in _RETRIED or status >= 500:
        return "Look into the server's log."
    return "Change what the server names."
