"""Workarounds for refused fields of a request: drop the field, rename it, or merge it into another."""

import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]
"""The fields of a request, as JSON."""

THINKING_FIELDS = (
    "chat_template_kwargs",
    "enable_thinking",
    "extra_body",  # Gemini's
    "reasoning",
    "reasoning_effort",
    "think",
    "thinking",
    "thinking_budget",
    "thinking_token_budget",
)
"""The fields that turn thinking on or off, on any server."""

_MISTRAL = ".mistral.ai"


@dataclass(frozen=True, slots=True)
class Workaround:
    """A change of a request that a server refuses.

    Parameters
    ----------
    name : str
        The name of the refused field, as in `Fault.named`.
    change : callable
        Returns a changed copy of a request, or None if there is nothing to change.
    note : str
        Recorded with each answer; "" if the meaning of the request stays the same.
    searched : bool
        Whether to try it also if a refusal names no field.
    """

    name: str
    change: Callable[[Body], Body | None]
    note: str
    searched: bool = True


def adapted(body: Body, ways: Sequence[Workaround]) -> tuple[Body, tuple[str, ...]]:
    """Return a changed request, and notes on the changes.

    Parameters
    ----------
    body : dict
        The request.
    ways : sequence of Workaround
        Applied in this order, where there is something to change.
    """
    notes = []
    for way in ways:
        changed = way.change(body)
        if changed is not None:
            body = changed
            notes.append(way.note)
    return body, tuple(filter(None, notes))


def _without(*names: str) -> Callable[[Body], Body | None]:
    def change(body: Body) -> Body | None:
        left = {name: value for name, value in body.items() if name not in names}
        return left if len(left) < len(body) else None

    return change


def _renamed(known: str, there: str) -> Callable[[Body], Body | None]:
    def change(body: Body) -> Body | None:
        if known not in body:
            return None
        return {there if name == known else name: value for name, value in body.items()}

    return change


def _tokens(most: int) -> Callable[[Body], Body | None]:
    def change(body: Body) -> Body | None:
        return {**body, "top_logprobs": most} if body.get("top_logprobs", 0) > most else None

    return change


def _one_of_two(body: Body) -> Body | None:
    return _without("top_p")(body) if "temperature" in body else None


def _effort(refused: str, instead: str) -> Callable[[Body], Body | None]:
    def change(body: Body) -> Body | None:
        return {**body, "reasoning_effort": instead} if body.get("reasoning_effort") == refused else None

    return change


def _folded(body: Body) -> Body | None:
    """Move system messages into the user's first, and merge successive messages of one role."""
    system = [message["content"] for message in body["messages"] if message["role"] == "system"]
    if not system:
        return None
    folded: list[dict[str, str]] = [{"role": "user", "content": "\n\n".join(system)}]
    for message in body["messages"]:
        if message["role"] == folded[-1]["role"]:
            folded[-1] = {**message, "content": f"{folded[-1]['content']}\n\n{message['content']}"}
        elif message["role"] != "system":
            folded.append(message)
    return {**body, "messages": folded}


WHOLE = Workaround("stream", _without("stream", "stream_options"), "")
"""Answers are sent in one piece."""

RANDOM_SEED = Workaround("random_seed", _renamed("seed", "random_seed"), "", searched=False)
"""The seed has another name; Mistral's refusal of "seed" does not tell it."""

WORKAROUNDS = (
    Workaround("max_tokens", _renamed("max_tokens", "max_completion_tokens"), "", searched=False),
    RANDOM_SEED,
    Workaround("stream_options", _without("stream_options"), ""),
    WHOLE,
    Workaround("logprobs", _tokens(20), "", searched=False),
    Workaround("logprobs", _tokens(5), "", searched=False),
    Workaround("logprobs", _without("logprobs", "top_logprobs"), ""),
    Workaround(
        "response_format", _without("response_format"), "the label is asked for in words alone: no JSON schema is taken"
    ),
    Workaround("both", _one_of_two, "top_p is not sent: the server refuses it beside temperature", searched=False),
    Workaround("temperature", _without("temperature"), "temperature is not sent: the server refuses it"),
    Workaround("top_p", _without("top_p"), "top_p is not sent: the server refuses it"),
    Workaround("top_k", _without("top_k"), "top_k is not sent: the server refuses it"),
    Workaround(
        "repetition_penalty",
        _without("repetition_penalty"),
        "repetition_penalty is not sent: the server refuses it",
    ),
    Workaround(
        "thinking",
        _effort("none", "minimal"),
        "thinking is minimal instead of off: the server refuses less",
        searched=False,
    ),
    Workaround(
        "thinking", _effort("minimal", "low"), "thinking is low instead of off: the server refuses less", searched=False
    ),
    Workaround("thinking", _without(*THINKING_FIELDS), "thinking is left to the server: it refuses the setting"),
    Workaround(
        "system", _folded, "the system message is sent as part of the first message: the server refuses the role"
    ),
    Workaround(
        "seed",
        _without("seed", "random_seed"),
        "the seed is not sent, so this draw cannot be repeated: the server refuses it",
    ),
)
"""In the order in which they are tried: those that change the meaning of a request least come first."""


def known_workarounds(base_url: str) -> tuple[Workaround, ...]:
    """Return the workarounds that a server is known to need and that no refusal tells.

    Parameters
    ----------
    base_url : str

    Examples
    --------
    >>> [way.name for way in known_workarounds("https://api.mistral.ai/v1")]
    ['random_seed']
    """
    host = urllib.parse.urlsplit(base_url).hostname or ""
    return (RANDOM_SEED,) if host.endswith(_MISTRAL) else ()
