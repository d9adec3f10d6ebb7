"""What can go wrong between us and a server, in words, and whether asking again may help."""

import email.utils
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import openai

_RETRIED = {408, 409, 425, 429}
_CONGESTED = {429, 503, 529}
_SHOWN = 300
_READ = 10_000  # characters of a server's words that are searched; some repeat the whole request

_FIELDS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "max_tokens": r"max_completion_tokens|(un(supported|recognized|known|expected)|extra)[^.]{0,40}\bmax_tokens"
        r"|\bmax_tokens\b[^.]{0,40}\b(unsupported|not (supported|permitted|allowed))",
        "temperature": r"\btemperature\b",
        "top_p": r"\btop[_ -]?p\b",
        "top_k": r"\btop[_ -]?k\b",
        "repetition_penalty": r"\brepetition[_ ]penalty\b",
        "seed": r"\bseed\b",
        "response_format": r"response[_ ]?format|json[_ ]?(schema|mode|object)|\bschema\b|structured|guided|grammar",
        "system": r"""system['"`]?[ _]?(role|message|prompt|instruction)|role['"`:= ]+system|developer instruction"""
        r"|roles? must alternate|(invalid|unexpected|unknown|unsupported) role",
        "thinking": r"think|reasoning|chat_template_kwargs",
    }.items()
}
"""How servers' words name what they refuse."""

_LOADING = re.compile(
    r"\bmodel\b[^.]{0,60}\b(unloaded|(is|still|currently|being|not yet) (still |currently |being )?(loading|loaded))\b"
    r"|^\W*loading model",
    re.IGNORECASE,
)
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

_ECHOES = ("input", "body", "ctx")
"""Under these names a server repeats what it was sent, where every field stands, refused or not."""

_ECHO = re.compile(rf"""['"]({"|".join(_ECHOES)})['"]\s*:""")
_SHORT_ECHO = re.compile(r"input_value=.*?, input_type=", re.DOTALL)  # as pydantic prints it
_TOKEN = re.compile(
    r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\[\](){},]|[^\[\](){},"']+|["']""",
    re.DOTALL,
)


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
    named : frozenset of str
        Which fields of a request the server's words name as refused, not as out of range; "system" is the role,
        "thinking" any of its fields.
    vague : bool
        Whether the server refused the request without a word on why, so that any field may be meant.
    unreached : bool
        Whether the connection failed, so that the fault may be on the way.
    """

    what: str
    remedy: str
    retried: bool = True
    congested: bool = False
    wait_s: float = 0.0
    status: int = 0
    named: frozenset[str] = frozenset()
    vague: bool = False
    unreached: bool = False


def too_slow(timeout_s: float) -> Fault:
    """Return the fault of an answer that was cut off."""
    return Fault(
        f"no whole answer within {timeout_s:g} s",
        "If the server is slow rather than stuck, raise timeout_s, or lower max_concurrency.",
        congested=True,
    )


def unusable(what: str, remedy: str = "") -> Fault:
    """Return the fault of an answer that came, and is none."""
    return Fault(what, remedy or "Check that base_url is that of an OpenAI-compatible server; most end in /v1.")


def of_connection(error: "openai.APIConnectionError") -> Fault:
    """Return the fault of a connection that failed, or broke off."""
    # The reason's own text may quote the request's headers, so only its kind is told.
    reason = type(error.__cause__).__name__ if error.__cause__ else "broken off"
    return Fault(f"no connection ({reason})", "Check that the server runs, and that base_url is right.", unreached=True)


def of_status(error: "openai.APIStatusError") -> Fault:
    """Return the fault that the server itself reports."""
    text = error.response.text
    words = error.body.get("message") if isinstance(error.body, dict) else None
    return reported(
        error.status_code,
        str(words or text),
        f"{error.status_code} {error.response.reason_phrase}",
        text,
        exhausted=error.code == "insufficient_quota",
        wait_s=retry_after(error.response.headers),
    )


def of_error(error: Any) -> Fault:
    """Return the fault in an answer that came as a good one and holds an error instead."""
    fields = error if isinstance(error, dict) else {"message": error}
    code = fields.get("code")
    status = code if isinstance(code, int) and 400 <= code < 600 else 0
    words = str(fields.get("message") or error)
    return reported(status, words, f"an error inside the answer{f', {status}' if status else ''}", json.dumps(error))


def reported(
    status: int, words: str, kind: str, everything: str, exhausted: bool = False, wait_s: float = 0.0
) -> Fault:
    """Return the fault in a server's own words.

    Parameters
    ----------
    status : int
        The HTTP status; 0 if none is known.
    words : str
        What the server says went wrong.
    kind : str
        What the fault is called before these words.
    everything : str
        The whole answer, which may name a field that the words do not.
    exhausted : bool
        Whether the account has no credit left, which no waiting mends.
    wait_s : float
        How long the server asks to wait.
    """
    told = _without_echo(words)
    loading = bool(_LOADING.search(told))
    searched = f"{told}\n{_without_echo(everything)}"[:_READ]
    named = frozenset(name for name, pattern in _FIELDS.items() if pattern.search(searched))
    wrong_value = _is_wrong_value(searched, named)
    return Fault(
        f"{kind}: {_line(words)}",
        _remedy(status, exhausted),
        retried=(status in _RETRIED or status >= 500 or not status or loading) and not exhausted,
        congested=status in _CONGESTED,
        wait_s=wait_s,
        status=status,
        named=named - _NUMBERS if wrong_value else named,
        vague=status in (400, 422, 501) and not (loading or wrong_value or _OF_THE_PROMPT.search(searched)),
    )


def _is_wrong_value(words: str, named: frozenset[str]) -> bool:
    """Return whether a field is known, but its number out of range: to leave it out would change what was asked for."""
    number = named & _NUMBERS or _LIMIT.search(words)
    return bool(number and _OUT_OF_RANGE.search(words)) and not _REFUSED.search(words)


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


def _without_echo(text: str) -> str:
    """Return a server's words without the request that they repeat, be they JSON, printed Python or prose.

    Examples
    --------
    >>> _without_echo('{"loc": ["body", "seed"], "input": {"top_p": 0.9}}')
    'loc body seed'
    >>> _without_echo("{'loc': ('body', 'seed'), 'input': {'top_p': 0.9}, 'msg': 'No.'}")
    "{'loc': ('body', 'seed'), , 'msg': 'No.'}"
    """
    try:
        return " ".join(_pieces(json.loads(text)))
    except (ValueError, RecursionError):
        return _cut(text)


def _pieces(answer: Any) -> Iterator[str]:
    """Yield the names and values in JSON, except what is repeated."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            if name not in _ECHOES:
                yield name
                yield from _pieces(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from _pieces(value)
    else:
        yield _cut(str(answer))


def _cut(text: str) -> str:
    """Return a text without the values that stand in it as `'input': ...`."""
    text = _SHORT_ECHO.sub("", text)
    kept, at = [], 0
    while echo := _ECHO.search(text, at):
        kept.append(text[at : echo.start()])
        at = _end_of_value(text, echo.end())
    return "".join([*kept, text[at:]])


def _end_of_value(text: str, start: int) -> int:
    """Return where a value ends: at the comma or the bracket behind it, or with the text."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if depth == 0 and token[0] in (",", ")", "]", "}"):
            return token.start()
        depth += (token[0] in ("(", "[", "{")) - (token[0] in (")", "]", "}"))
    return len(text)


def _line(words: str) -> str:
    """Return a server's words on one line, the first of them if there are many."""
    line = " ".join(words[:_READ].split()).rstrip(".")
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
