"""Finding out which fields of a request a server refuses, once, and doing without them, on record.

Servers that speak OpenAI's protocol leave out parts of it, each its own. A refusal is worked around by a fixed table:
one field is dropped, renamed or folded, and the request is sent again. What then succeeds is remembered, nothing else.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from syndisco_nb.backend.model.server_faults import Fault

logger = logging.getLogger(__name__)

T_co = TypeVar("T_co", covariant=True)

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
"""The fields by which servers are told whether to think."""

_MOST_TRIES = 16
_MOST_IN_VAIN = 5
_NOT_OF_A_FIELD = (401, 403, 408, 429, 503, 529)


class Send(Protocol[T_co]):
    """Sends a request; a fault for which `back` is true comes back at once, however often asking again might help."""

    def __call__(self, body: Body, back: Callable[[Fault], bool], /) -> Awaitable[T_co | Fault]:
        """Return the answer, or the fault."""


@dataclass(frozen=True, slots=True)
class Workaround:
    """One way to do without something that a server refuses.

    Parameters
    ----------
    name : str
        What a refusal names, as in `Fault.named`.
    change : callable
        Returns a changed copy of a request, or None if there is nothing to change.
    note : str
        What stands on the record of each answer; "" where the request means the same as before.
    searched : bool
        Whether it is tried where a refusal names nothing, too.
    """

    name: str
    change: Callable[[Body], Body | None]
    note: str
    searched: bool = True


class Capabilities:
    """What one server is known to refuse; shared by all requests to it.

    Parameters
    ----------
    server : str
        What the log calls the server.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._learned: tuple[Workaround, ...] = ()
        self._in_vain: set[str] = set()
        self._finding = asyncio.Lock()

    async def ask(self, body: Body, send: Send[T_co]) -> tuple[T_co, Body, tuple[str, ...]] | Fault:
        """Send a request the way the server takes it.

        Returns
        -------
        tuple or Fault
            The answer, the fields it was sent with, and what had to be done without, in words; or why there is none.
        """
        while True:
            known = self._learned
            sent, notes = _adapted(body, known)
            answer = await send(sent, lambda fault, sent=sent: self._promising(fault, sent))  # type: ignore[misc]
            if not isinstance(answer, Fault):
                return answer, sent, notes
            if not self._promising(answer, sent):
                return answer
            async with self._finding:  # the others wait for what the first one finds out
                if self._learned is known and self._promising(answer, sent):
                    found = await self._find_out(sent, answer, send)
                    if found is not None:
                        return found, *_adapted(body, self._learned)
                    self._in_vain.add(_kind(answer))
            if self._learned is known and not answer.retried:
                return answer

    def _promising(self, fault: Fault, sent: Body) -> bool:
        """Return whether another form of this request may help, and has not been tried in vain."""
        if len(self._in_vain) >= _MOST_IN_VAIN or _kind(fault) in self._in_vain or fault.status in _NOT_OF_A_FIELD:
            return False
        return bool(_meant(fault, sent)) or (fault.vague and bool(_searched(sent)))

    async def _find_out(self, refused: Body, fault: Fault, send: Send[T_co]) -> T_co | None:
        """Return the answer to another form of a refused request, and learn from it; None if there is none.

        A step that is answered by other words than before has helped, and the next one goes on from there.
        """
        helped: list[Workaround] = []
        ways = _attempts(fault, refused)
        for _ in range(_MOST_TRIES):
            attempt = next(ways, None)
            if attempt is None:
                break
            body, _notes = _adapted(refused, attempt)
            answer = await send(body, _answered)
            if not isinstance(answer, Fault):
                self._learn([*helped, *attempt])
                return answer
            if attempt and _kind(answer) != _kind(fault) and _meant(answer, body):
                helped += attempt
                refused, fault, ways = body, answer, _attempts(answer, body)
        return None

    def _learn(self, found: Sequence[Workaround]) -> None:
        self._learned = tuple(way for way in _WORKAROUNDS if way in found or way in self._learned)
        for way in found:
            if way.note:
                logger.warning("%s: %s", self._server, way.note)


def _adapted(body: Body, ways: Sequence[Workaround]) -> tuple[Body, tuple[str, ...]]:
    """Return a request as the server takes it, and in words what had to change."""
    notes = []
    for way in ways:
        changed = way.change(body)
        if changed is not None:
            body = changed
            notes.append(way.note)
    return body, tuple(filter(None, notes))


def _meant(fault: Fault, body: Body) -> list[Workaround]:
    """Return the ways to do without what a refusal names."""
    both = {"both"} if {"temperature", "top_p"} <= fault.named else set()
    return [way for way in _WORKAROUNDS if way.name in fault.named | both and way.change(body) is not None]


def _searched(body: Body) -> list[Workaround]:
    """Return the ways to try where a refusal names nothing."""
    return [way for way in _WORKAROUNDS if way.searched and way.change(body) is not None]


def _attempts(fault: Fault, body: Body) -> Iterator[list[Workaround]]:
    """Yield what to try: each way alone, then all."""
    ways = _meant(fault, body)
    if not ways:
        ways = _searched(body)
        yield []  # the same again: it may have passed
    yield from ([way] for way in ways)
    if len(ways) > 1:
        yield ways


def _answered(fault: Fault) -> bool:
    """Return whether the server answered, if only to refuse: a trial is not repeated then."""
    return bool(fault.status) and not fault.congested


def _kind(fault: Fault) -> str:
    """Return a refusal without its numbers, which may differ from request to request."""
    return re.sub(r"\d+", "#", fault.what)


def _without(*names: str) -> Callable[[Body], Body | None]:
    def change(body: Body) -> Body | None:
        left = {name: value for name, value in body.items() if name not in names}
        return left if len(left) < len(body) else None

    return change


def _renamed(body: Body) -> Body | None:
    if "max_tokens" not in body:
        return None
    return {"max_completion_tokens" if name == "max_tokens" else name: value for name, value in body.items()}


def _one_of_two(body: Body) -> Body | None:
    return _without("top_p")(body) if "temperature" in body else None


def _effort(refused: str, instead: str) -> Callable[[Body], Body | None]:
    def change(body: Body) -> Body | None:
        return {**body, "reasoning_effort": instead} if body.get("reasoning_effort") == refused else None

    return change


def _folded(body: Body) -> Body | None:
    """Put system messages before the user's first; merge neighbours of one role, which such servers refuse as well."""
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


_WORKAROUNDS = (
    Workaround("max_tokens", _renamed, "", searched=False),
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
        "seed", _without("seed"), "the seed is not sent, so this draw cannot be repeated: the server refuses it"
    ),
)
"""In the order in which they are tried; what changes the meaning of a request least comes first."""
