"""Finding out which fields of a request a server refuses, once, and doing without them, on record.

Servers that speak OpenAI's protocol leave out parts of it, each its own. A refusal is worked around by a fixed table:
one field is dropped, renamed or folded, and the request is sent again. What then succeeds is remembered, nothing else.
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

_MOST_TRIES = 16
_MOST_IN_VAIN = 5
_NOT_OF_A_FIELD = (401, 403, 408, 429, 503, 529)


class Send(Protocol[T_co]):
    """Sends a request; a fault for which `back` is true comes back at once, however often asking again might help."""

    def __call__(self, body: Body, back: Callable[[Fault], bool], /) -> Awaitable[T_co | Fault]:
        """Return the answer, or the fault."""


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
            sent, notes = adapted(body, known)
            answer = await send(sent, lambda fault, sent=sent: self._promising(fault, sent))  # type: ignore[misc]
            if not isinstance(answer, Fault):
                return answer, sent, notes
            if not self._promising(answer, sent):
                return answer
            async with self._finding:  # the others wait for what the first one finds out
                if self._learned is known and self._promising(answer, sent):
                    found = await self._find_out(sent, answer, send)
                    if found is not None:
                        return found, *adapted(body, self._learned)
                    if self._learned is known:
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

        A step after which another field is refused has helped, and the next one goes on from there; one after which
        a value or the prompt is refused is learned, so that the next refusal is the one to tell of.
        """
        asked = refused
        helped: list[Workaround] = []
        alone = set(fault.named) if len(fault.named) == 1 else set()
        ways = _attempts(fault, refused)
        for _ in range(_MOST_TRIES):
            attempt = next(ways, None)
            if attempt is None:
                break
            body, _notes = adapted(refused, attempt)
            answer = await send(body, _answered)
            if not isinstance(answer, Fault):
                needed, least = await _least(asked, [*helped, *attempt], alone, answer, send)
                self._learn(needed)
                return least
            if not _helped(attempt, fault, answer):
                continue
            if _meant(answer, body):
                helped += attempt
                alone |= answer.named if len(answer.named) == 1 else set()
                refused, fault, ways = body, answer, _attempts(answer, body)
            elif _beyond_fields(answer) and alone.issuperset(way.name for way in [*helped, *attempt]):
                self._learn([*helped, *attempt])
                break
        return None

    def _learn(self, found: Sequence[Workaround]) -> None:
        self._learned = tuple(way for way in WORKAROUNDS if way in found or way in self._learned)
        for way in found:
            if way.note:
                logger.warning("%s: %s", self._server, way.note)


async def _least(
    asked: Body, found: Sequence[Workaround], alone: Container[str], answer: T, send: Send[T]
) -> tuple[list[Workaround], T]:
    """Return the ways that a request really needs, of those that got it answered, and the answer to just that.

    Each way is undone once, the one that changes most first; those that a refusal named alone need no such proof.
    """
    needed = [way for way in WORKAROUNDS if way in found]
    for way in reversed(needed) if len(needed) > 1 else ():
        if way.name in alone or len(needed) == 1:
            continue
        fewer = [other for other in needed if other is not way]
        again = await send(adapted(asked, fewer)[0], _answered)
        if isinstance(again, Fault) and again.retried:  # it may have failed by chance
            again = await send(adapted(asked, fewer)[0], _answered)
        if not isinstance(again, Fault):
            needed, answer = fewer, again
    return needed, answer


def _names(fault: Fault) -> frozenset[str]:
    """Return which workarounds a refusal may call for."""
    return fault.named | {"both"} if {"temperature", "top_p"} <= fault.named else fault.named


def _meant(fault: Fault, body: Body) -> list[Workaround]:
    """Return the ways to do without what a refusal names."""
    return [way for way in WORKAROUNDS if way.name in _names(fault) and way.change(body) is not None]


def _searched(body: Body) -> list[Workaround]:
    """Return the ways to try where a refusal names nothing."""
    return [way for way in WORKAROUNDS if way.searched and way.change(body) is not None]


def _attempts(fault: Fault, body: Body) -> Iterator[list[Workaround]]:
    """Yield what to try: each way alone, then all."""
    named = _meant(fault, body)
    if not named or fault.retried:
        yield []  # the same again: it may have passed
    ways = named or _searched(body)
    yield from ([way] for way in ways)
    if len(ways) > 1:
        yield ways


def _helped(attempt: Sequence[Workaround], before: Fault, after: Fault) -> bool:
    """Return whether a server that still refuses no longer means what was left out, or another value of it."""
    names = {way.name for way in attempt}
    return bool(names) and (not names & _names(after) or (names == {"thinking"} and _kind(before) != _kind(after)))


def _beyond_fields(fault: Fault) -> bool:
    """Return whether a server read the fields, and refuses a value, or the prompt."""
    return fault.status in (400, 422) and not fault.vague and not fault.retried


def _answered(fault: Fault) -> bool:
    """Return whether the server answered, if only to refuse: a trial is not repeated then."""
    return bool(fault.status) and not fault.congested


def _kind(fault: Fault) -> str:
    """Return a refusal without its numbers and ids, which may differ from request to request."""
    return re.sub(r"[0-9a-f-]{8,}|\d+", "#", fault.what)
