"""Faults of a server or its connection: their cause, a remedy, and whether a retry may help."""

import email.utils
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.model.server.echoes import without_echo

if TYPE_CHECKING:
    import openai

_RETRIED = {408, 409, 425, 429}
_CONGESTED = {429, 503, 529}
_SHOWN = 300
_READ = 10_000  # characters of an error that are searched; some repeat the whole request

_FIELDS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "max_tokens": r"max_completion_tokens|(un(supported|recognized|known|expected)|extra)[^.]{0,40}\bmax_tokens"
        r"|\bmax_tokens\b[^.]{0,40}\b(unsupported|not (supported|permitted|allowed))",
        "stream_options": r"\bstream[_ ]options\b|\binclude_usage\b",
        "stream": r"\bstream(ing|ed)?\b",
        "logprobs": r"logprobs",
        "temperature": r"\btemperature\b",
        "top_p": r"\btop[_ -]?p\b",
        "top_k": r"\btop[_ -]?k\b",
        "repetition_penalty": r"\brepetition[_ ]penalty\b",
        "seed": r"\b(random_)?seed\b",
        "response_format": r"response[_ ]?format|json[_ ]?(schema|mode|object)|\bschema\b|structured|guided|grammar",
        "system": r"""system['"`]?[ _]?(role|message|prompt|instruction)|role['"`:= ]+system|developer instruction"""
        r"|roles? must alternate|(invalid|unexpected|unknown|unsupported) role",
        "thinking": r"think|reasoning|chat_template_kwargs",
    }.items()
}
"""The words by which servers name a field that they refuse."""

_LOADING = re.compile(
    r"\bmodel\b[^.]{0,60}\b(unloaded|(is|still|currently|being|not yet) (still |currently |being )?(loading|loaded))\b"
    r"|^\W*loading model",
    re.IGNORECASE,
)
_OF_THE_MODEL = re.compile(r"\binvalid model\b|\bmodel\b[^.]{0,80}(does not exist|not found)", re.IGNORECASE)
_OF_THE_KEY = re.compile(r"\bapi[ _]key (is )?(not valid|invalid|expired)|invalid api[ _]key", re.IGNORECASE)
_OF_THE_PROMPT = re.compile(
    r"content[_ ](filter|policy|management)|context[_ ](length|window|size)|too (long|large|many)|moderation|flagged",
    re.IGNORECASE,
)

_NUMBERS = {"temperature", "top_p", "top_k", "repetition_penalty", "seed", "thinking"}
_LIMIT = re.compile(r"max_(completion_)?tokens")
_OUT_OF_RANGE = re.compile(
    r"(less|lower|smaller|greater|higher|larger|more|bigger) than (or equal (to )?)?-?\d|\bbetween -?\d"
    r"|\bat (most|least) -?\d|(?<!index out of )\brange\b|[<>≤≥]=?\s*-?\d|(above|below) (the )?(max|min)imum"
    r"|must be ([<>≤≥]|in\b|within\b|(strictly |a )*(positive|non-?negative))",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"unsupported|not support|only the default", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """The failure of one request: no answer, or an unusable one.

    Parameters
    ----------
    cause : str
        What happened, in words.
    remedy : str
        What to do if it persists.
    retried : bool
        Whether a retry may help.
    congested : bool
        Whether the server is overloaded, so that fewer requests should be sent at once.
    wait_s : float
        The wait that the server asks for, in seconds.
    status : int
        The HTTP status; 0 without a complete answer.
    named : frozenset of str
        The fields that the server names as refused (rather than out of range); "system" is the role, "thinking" any
        of its fields.
    vague : bool
        Whether the server refused the request without giving a reason, so that any field may be meant.
    unreached : bool
        Whether the connection failed.
    """

    cause: str
    remedy: str
    retried: bool = True
    congested: bool = False
    wait_s: float = 0.0
    status: int = 0
    named: frozenset[str] = frozenset()
    vague: bool = False
    unreached: bool = False


def too_slow(timeout_s: float) -> Fault:
    """Return the fault of an answer that took too long."""
    return Fault(
        f"no whole answer within {timeout_s:g} s",
        "If the server is slow rather than stuck, raise timeout_s, or lower max_concurrency.",
        congested=True,
    )


def unusable(cause: str, remedy: str = "") -> Fault:
    """Return the fault of an answer that cannot be used.

    Parameters
    ----------
    cause : str
        What is wrong with it.
    remedy : str, optional
        By default, to check the address.
    """
    return Fault(cause, remedy or "Check that base_url is that of an OpenAI-compatible server; most end in /v1.")


def of_connection(error: "openai.APIConnectionError") -> Fault:
    """Return the fault of a connection that failed or broke off."""
    # The reason's text may quote the request's headers, so only its type is shown.
    reason = type(error.__cause__).__name__ if error.__cause__ else "broken off"
    return Fault(f"no connection ({reason})", "Check that the server runs, and that base_url is right.", unreached=True)


def of_status(error: "openai.APIStatusError") -> Fault:
    """Return the fault that the server reports by its status."""
    text = error.response.text
    body = error.body
    if isinstance(body, list) and body and isinstance(body[0], dict):  # so does Gemini
        body = body[0].get("error")
    message = body.get("message") if isinstance(body, dict) else None
    of_key = error.status_code == 400 and _OF_THE_KEY.search(text)  # Gemini again
    return reported(
        401 if of_key else error.status_code,
        str(message or text),
        f"{error.status_code} {error.response.reason_phrase}",
        text,
        exhausted=error.code == "insufficient_quota",
        wait_s=retry_after(error.response.headers),
    )


def of_error(error: Any) -> Fault:
    """Return the fault in an answer with the status of success that holds an error."""
    fields = error if isinstance(error, dict) else {"message": error}
    code = fields.get("code")
    status = code if isinstance(code, int) and 400 <= code < 600 else 0
    message = str(fields.get("message") or error)
    return reported(status, message, f"an error inside the answer{f', {status}' if status else ''}", json.dumps(error))


def reported(status: int, message: str, kind: str, content: str, exhausted: bool = False, wait_s: float = 0.0) -> Fault:
    """Return the fault that a server reports.

    Parameters
    ----------
    status : int
        The HTTP status; 0 if unknown.
    message : str
        The server's error message.
    kind : str
        The name of the fault, put before the message.
    content : str
        The whole answer, which may name a field that the message does not.
    exhausted : bool
        Whether the account has no credit left, so that a retry is pointless.
    wait_s : float
        The wait that the server asks for, in seconds.
    """
    own_words = without_echo(message)
    loading = bool(_LOADING.search(own_words))
    searched = f"{own_words}\n{without_echo(content)}"[:_READ]
    named = frozenset(name for name, pattern in _FIELDS.items() if pattern.search(searched))
    wrong_value = _is_wrong_value(searched, named)
    unknown = status < 500 and not named and bool(_OF_THE_MODEL.search(searched))
    return Fault(
        f"{kind}: {_line(message)}",
        _remedy(404 if unknown else status, exhausted),
        retried=(status in _RETRIED or status >= 500 or not status or loading) and not exhausted,
        congested=status in _CONGESTED,
        wait_s=wait_s,
        status=status,
        named=named - _NUMBERS if wrong_value else named,
        vague=status in (400, 422, 501) and not (loading or wrong_value or unknown or _OF_THE_PROMPT.search(searched)),
    )


def _is_wrong_value(text: str, named: frozenset[str]) -> bool:
    """Return True if a number is out of range: the field is known, and leaving it out would change the request."""
    number = named & _NUMBERS or _LIMIT.search(text)
    return bool(number and _OUT_OF_RANGE.search(text)) and not _REFUSED.search(text)


def retry_after(headers: Mapping[str, str]) -> float:
    """Return the wait in seconds that Retry-After asks for, in seconds or by a date (RFC 9110, 10.2.3); else 0.

    Examples
    --------
    >>> retry_after({"retry-after": "7"}), retry_after({"retry-after": "soon"}), retry_after({})
    (7.0, 0.0, 0.0)
    """
    value = headers.get("retry-after", "")
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = email.utils.parsedate_to_datetime(value)
        except ValueError:
            return 0.0
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - datetime.now(UTC).timestamp()
    return seconds if 0 < seconds < float("inf") else 0.0


def _line(message: str) -> str:
    """Return a message on one line, cut if it is long."""
    line = " ".join(message[:_READ].split()).rstrip(".")
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _remedy(status: int, exhausted: bool) -> str:
    if exhausted:
        return "The account has no credit left. Add some."
    if status in (401, 403):
        return "Check the key, and what it gives access to."
    if status == 404:
        return "Check model_name, and that base_url is right; most end in /v1."
    if status in _CONGESTED:
        return "Lower max_concurrency, raise patience_s, or come back later."
    if status in _RETRIED or status >= 500 or not status:
        return "Look into the server's log."
    return "Change what the server names."
