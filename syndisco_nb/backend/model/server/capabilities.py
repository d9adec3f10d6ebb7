"""Learn the fields that a server refuses; send later requests without them, with a note on each answer.

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

_MAX_TRIES = 16  # per search
_MAX_UNSOLVED = 5  # kinds of refusals without a workaround; beyond that, no search is worth its requests
_ABOUT_THE_ACCOUNT = (401, 403, 404)  # or the model: no request will do
_NOT_ABOUT_A_FIELD = (401, 403, 408, 429, 503, 529)


class Send(Protocol[T_co]):
    """A function that sends a request, with retries."""

    def __call__(self, body: Body, no_retry: Callable[[Fault], bool], /) -> Awaitable[T_co | Fault]:
        """Return the answer, or the fault; a fault for which `no_retry` is true is returned at once."""


class Capabilities:
    """The fields that a server is known to refuse; shared by all requests to it.

    Parameters
    ----------
    server : str
        The server's name in the log.
    known : sequence of Workaround
        Known before any refusal.
    """

    def __init__(self, server: str, known: Sequence[Workaround] = ()) -> None:
        self._server = server
        self._learned = tuple(known)
        self._unsolved: set[str] = set()
        self._search_lock = asyncio.Lock()

    def known_form(self, body: Body) -> tuple[Body, tuple[str, ...]]:
        """Return a request in the form that the server is known to accept, and notes on the changes."""
        return adapted(body, self._learned)

    def learn(self, ways: Sequence[Workaround]) -> None:
        """Send later requests with these workarounds.

        Parameters
        ----------
        ways : sequence of Workaround
        """
        self._learned = tuple(way for way in WORKAROUNDS if way in ways or way in self._learned)
        for way in ways:
            if way.note:
                logger.warning("%s: %s", self._server, way.note)

    async def ask(self, body: Body, send: Send[T_co]) -> tuple[T_co, Body, tuple[str, ...]] | Fault:
        """Send a request in the form that the server accepts.

        Parameters
        ----------
        body : dict
            The request with all its fields.
        send : Send

        Returns
        -------
        tuple or Fault
            The answer, the fields that were sent, and notes on the changes; or the fault.
        """
        while True:
            known = self._learned
            sent, notes = adapted(body, known)
            answer = await send(sent, lambda fault, sent=sent: self._worth_a_search(fault, sent))  # type: ignore[misc]
            if not isinstance(answer, Fault):
                return answer, sent, notes
            if not self._worth_a_search(answer, sent):
                return answer
            async with self._search_lock:  # other refused requests wait for the result of this search
                if self._learned is known and self._worth_a_search(answer, sent):
                    result = await self._search(sent, answer, send)
                    if result is not None:
                        return result, *adapted(body, self._learned)
                    if self._learned is known:
                        self._unsolved.add(_without_numbers(answer))
            if self._learned is known and not answer.retried:
                return answer

    def _worth_a_search(self, fault: Fault, sent: Body) -> bool:
        """Return True if there may be a workaround for this fault, and none was searched in vain before."""
        unsolvable = len(self._unsolved) >= _MAX_UNSOLVED or _without_numbers(fault) in self._unsolved
        if unsolvable or fault.status in _NOT_ABOUT_A_FIELD:
            return False
        return bool(_workarounds_for_named(fault, sent)) or (fault.vague and bool(_workarounds_to_search(sent)))

    async def _search(self, refused: Body, fault: Fault, send: Send[T_co]) -> T_co | None:
        """Search for workarounds, learn those that help, and return the answer; None without one.

        A workaround has helped if the server then refuses another field: the search continues from there. If the
        server then refuses a value, the prompt, the key or the model, no workaround can help; those found so far are
        learned, so that the next request fails for the real reason.
        """
        original = refused
        helped: list[Workaround] = []
        certain = set(fault.named) if len(fault.named) == 1 else set()  # each the only field that a refusal named
        ways = _attempts(fault, refused)
        for _ in range(_MAX_TRIES):
            attempt = next(ways, None)
            if attempt is None:
                break
            body, _notes = adapted(refused, attempt)
            answer = await send(body, _answered)
            if not isinstance(answer, Fault):
                needed, result = await _needed_workarounds(original, [*helped, *attempt], certain, answer, send)
                self.learn(needed)
                return result
            if not _helped(attempt, fault, answer):
                continue
            if _workarounds_for_named(answer, body) or (fault.named and answer.vague and _workarounds_to_search(body)):
                helped += attempt
                certain |= answer.named if len(answer.named) == 1 else set()
                refused, fault, ways = body, answer, _attempts(answer, body)
            elif answer.status in _ABOUT_THE_ACCOUNT or (
                _accepts_fields(answer) and certain.issuperset(way.name for way in [*helped, *attempt])
            ):
                self.learn([*helped, *attempt])
                break
        return None


async def _needed_workarounds(
    original: Body, ways: Sequence[Workaround], certain: Container[str], answer: T, send: Send[T]
) -> tuple[list[Workaround], T]:
    """Return the workarounds that the request needs, and the answer to the request with only these.

    Each is left out once, beginning with the one that changes most. The fields in `certain` need no test.
    """
    needed = [way for way in WORKAROUNDS if way in ways]
    for way in reversed(needed) if len(needed) > 1 else ():
        if way.name in certain or len(needed) == 1:
            continue
        fewer = [other for other in needed if other is not way]
        again = await send(adapted(original, fewer)[0], _answered)
        if isinstance(again, Fault) and again.retried:  # it may have failed by chance
            again = await send(adapted(original, fewer)[0], _answered)
        if not isinstance(again, Fault):
            needed, answer = fewer, again
    return needed, answer


def _names(fault: Fault) -> frozenset[str]:
    """Return the names of the workarounds for a refusal; "both" drops one of two fields that exclude each other."""
    return fault.named | {"both"} if {"temperature", "top_p"} <= fault.named else fault.named


def _workarounds_for_named(fault: Fault, body: Body) -> list[Workaround]:
    """Return the workarounds for the fields that a refusal names."""
    return [way for way in WORKAROUNDS if way.name in _names(fault) and way.change(body) is not None]


def _workarounds_to_search(body: Body) -> list[Workaround]:
    """Return the workarounds to try if a refusal names no field."""
    return [way for way in WORKAROUNDS if way.searched and way.change(body) is not None]


def _attempts(fault: Fault, body: Body) -> Iterator[list[Workaround]]:
    """Yield the workarounds to try: each alone, then all together."""
    named = _workarounds_for_named(fault, body)
    if not named or fault.retried:
        yield []  # unchanged: the fault may have been a passing one
    ways = named or _workarounds_to_search(body)
    yield from ([way] for way in ways)
    if len(ways) > 1:
        yield ways


def _helped(attempt: Sequence[Workaround], before: Fault, after: Fault) -> bool:
    """Return True if the server now refuses something else, or another value of the same field."""
    names = {way.name for way in attempt}
    return bool(names) and (
        not names & _names(after) or (names == {"thinking"} and _without_numbers(before) != _without_numbers(after))
    )


def _accepts_fields(fault: Fault) -> bool:
    """Return True if the server accepts the fields, but refuses a value or the prompt."""
    return fault.status in (400, 422) and not fault.vague and not fault.retried


def _answered(fault: Fault) -> bool:
    """Return True if the server answered, even with a refusal, so that a trial is not repeated."""
    return bool(fault.status) and not fault.congested


def _without_numbers(fault: Fault) -> str:
    """Return the text of a refusal without numbers and ids, which differ between requests."""
    return re.sub(r"[0-9a-f-]{8,}|\d+", "#", fault.cause)
