"""Learn which fields of a request a server refuses, and send later requests without them, on record.

Servers that speak OpenAI's protocol leave out different parts of it. After a refusal, workarounds are tried: a field
is dropped, renamed or merged into another, and the request is sent again. Only a workaround that helped is remembered.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Container, Iterator, Sequence
from typing import Protocol, TypeVar

from syndisco_nb.backend.model.server.faults import Fault
from syndisco_nb.backend.model.server.workarounds import WORKAROUNDS, Body, Workaround, adapted

logger = logging.getLogger(__name__)

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_MOST_TRIES = 16  # per refusal
_MOST_HOPELESS = 5  # kinds of refusals without a workaround, after which no more are searched
_NOT_ABOUT_A_FIELD = (401, 403, 408, 429, 503, 529)


class Send(Protocol[T_co]):
    """A function that sends a request, with retries."""

    def __call__(self, body: Body, no_retry: Callable[[Fault], bool], /) -> Awaitable[T_co | Fault]:
        """Return the answer or the fault; one for which `back` is true is returned without a retry."""


class Capabilities:
    """The fields that a server is known to refuse; shared by all requests to it.

    Parameters
    ----------
    server : str
        The server's name in the log.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._learned: tuple[Workaround, ...] = ()
        self._hopeless: set[str] = set()
        self._searching = asyncio.Lock()

    async def ask(self, body: Body, send: Send[T_co]) -> tuple[T_co, Body, tuple[str, ...]] | Fault:
        """Send a request in the form that the server accepts.

        Parameters
        ----------
        body : dict
            The request as it is meant.
        send : Send

        Returns
        -------
        tuple or Fault
            The answer, the fields that were sent, and notes on the changes; or the fault.
        """
        while True:
            known = self._learned
            sent, notes = adapted(body, known)
            answer = await send(sent, lambda fault, sent=sent: self._promising(fault, sent))  # type: ignore[misc]
            if not isinstance(answer, Fault):
                return answer, sent, notes
            if not self._promising(answer, sent):
                return answer
            async with self._searching:  # requests refused meanwhile wait for the result of the first search
                if self._learned is known and self._promising(answer, sent):
                    result = await self._search(sent, answer, send)
                    if result is not None:
                        return result, *adapted(body, self._learned)
                    if self._learned is known:
                        self._hopeless.add(_kind(answer))
            if self._learned is known and not answer.retried:
                return answer

    def _promising(self, fault: Fault, sent: Body) -> bool:
        """Return True if a workaround for this fault may exist, and was not searched before."""
        hopeless = len(self._hopeless) >= _MOST_HOPELESS or _kind(fault) in self._hopeless
        if hopeless or fault.status in _NOT_ABOUT_A_FIELD:
            return False
        return bool(_ways_named(fault, sent)) or (fault.vague and bool(_ways_searched(sent)))

    async def _search(self, refused: Body, fault: Fault, send: Send[T_co]) -> T_co | None:
        """Search for workarounds, learn those that help, and return the answer; None without one.

        If the server refuses another field after a workaround, it has helped and the search goes on from there. If
        the server then refuses a value or the prompt, the workarounds so far are learned, so that the next request
        fails for that reason.
        """
        original = refused
        helped: list[Workaround] = []
        alone = set(fault.named) if len(fault.named) == 1 else set()  # named alone in a refusal: no doubt about them
        ways = _attempts(fault, refused)
        for _ in range(_MOST_TRIES):
            attempt = next(ways, None)
            if attempt is None:
                break
            body, _notes = adapted(refused, attempt)
            answer = await send(body, _answered)
            if not isinstance(answer, Fault):
                needed, result = await _needed_ways(original, [*helped, *attempt], alone, answer, send)
                self._learn(needed)
                return result
            if not _helped(attempt, fault, answer):
                continue
            if _ways_named(answer, body):
                helped += attempt
                alone |= answer.named if len(answer.named) == 1 else set()
                refused, fault, ways = body, answer, _attempts(answer, body)
            elif _accepts_fields(answer) and alone.issuperset(way.name for way in [*helped, *attempt]):
                self._learn([*helped, *attempt])
                break
        return None

    def _learn(self, ways: Sequence[Workaround]) -> None:
        self._learned = tuple(way for way in WORKAROUNDS if way in ways or way in self._learned)
        for way in ways:
            if way.note:
                logger.warning("%s: %s", self._server, way.note)


async def _needed_ways(
    original: Body, ways: Sequence[Workaround], alone: Container[str], answer: T, send: Send[T]
) -> tuple[list[Workaround], T]:
    """Return the workarounds that a request cannot do without, and the answer to the request with these alone.

    Each is left out once, that with the largest effect first; those that a refusal named alone need no test.
    """
    needed = [way for way in WORKAROUNDS if way in ways]
    for way in reversed(needed) if len(needed) > 1 else ():
        if way.name in alone or len(needed) == 1:
            continue
        fewer = [other for other in needed if other is not way]
        again = await send(adapted(original, fewer)[0], _answered)
        if isinstance(again, Fault) and again.retried:  # it may have failed by chance
            again = await send(adapted(original, fewer)[0], _answered)
        if not isinstance(again, Fault):
            needed, answer = fewer, again
    return needed, answer


def _names(fault: Fault) -> frozenset[str]:
    """Return the names of the workarounds that may help after a refusal."""
    return fault.named | {"both"} if {"temperature", "top_p"} <= fault.named else fault.named


def _ways_named(fault: Fault, body: Body) -> list[Workaround]:
    """Return the workarounds for the fields that a refusal names."""
    return [way for way in WORKAROUNDS if way.name in _names(fault) and way.change(body) is not None]


def _ways_searched(body: Body) -> list[Workaround]:
    """Return the workarounds to try if a refusal names no field."""
    return [way for way in WORKAROUNDS if way.searched and way.change(body) is not None]


def _attempts(fault: Fault, body: Body) -> Iterator[list[Workaround]]:
    """Yield the workarounds to try: each alone, then all together."""
    named = _ways_named(fault, body)
    if not named or fault.retried:
        yield []  # unchanged: the fault may have been a passing one
    ways = named or _ways_searched(body)
    yield from ([way] for way in ways)
    if len(ways) > 1:
        yield ways


def _helped(attempt: Sequence[Workaround], before: Fault, after: Fault) -> bool:
    """Return True if the server now refuses something else, or another value of the same field."""
    names = {way.name for way in attempt}
    return bool(names) and (not names & _names(after) or (names == {"thinking"} and _kind(before) != _kind(after)))


def _accepts_fields(fault: Fault) -> bool:
    """Return True if the server accepts the fields, but refuses a value or the prompt."""
    return fault.status in (400, 422) and not fault.vague and not fault.retried


def _answered(fault: Fault) -> bool:
    """Return True if the server answered, even with a refusal, so that a trial is not repeated."""
    return bool(fault.status) and not fault.congested


def _kind(fault: Fault) -> str:
    """Return a refusal without its numbers and ids, which differ between requests."""
    return re.sub(r"[0-9a-f-]{8,}|\d+", "#", fault.cause)
