"""Asking a server until it answers: how many at once, how long to wait, when to give up."""

import asyncio
import contextlib
import logging
import math
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from syndisco_nb.backend.model.server.faults import Fault
from syndisco_nb.errors import ModelError

logger = logging.getLogger(__name__)

T = TypeVar("T")

_FIRST_WAIT_S = 0.5


class Throttle:
    """How many requests may be under way at once; adapts to what the server bears.

    Additive increase, multiplicative decrease (Chiu & Jain, 1989, *Analysis of the Increase and Decrease
    Algorithms for Congestion Avoidance in Computer Networks*): a round of good answers allows one more
    request at once, a sign of congestion halves their number. Those that were sent before it was halved
    say nothing about the new number, so they do not halve it again.

    Parameters
    ----------
    most : int
        Never more than this; also where it starts.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = float(most)
        self._under_way = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._halved = 0

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[int]:
        """Wait for a place; gives the number of times the limit was halved before."""
        await self._enter()
        try:
            yield self._halved
        finally:
            self._leave()

    def allow_more(self) -> None:
        """Take note of a good answer."""
        self.limit = min(self.most, self.limit + 1 / self.limit)

    def allow_less(self, halved: int) -> None:
        """Take note of congestion; `halved` is what the slot gave."""
        if halved == self._halved:
            self.limit = max(1.0, self.limit / 2)
            self._halved += 1

    async def _enter(self) -> None:
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        self._admit()
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():  # it was given the place in the same moment
                self._leave()
            raise

    def _leave(self) -> None:
        self._under_way -= 1
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self._under_way < int(self.limit):
            place = self._waiting.popleft()
            if not place.cancelled():
                self._under_way += 1
                place.set_result(None)


class Retrying:
    """Asks again, after a while, and gives up in the end.

    Before each new try it waits a random time between 0 and a limit that doubles: exponential back-off with
    full jitter (Brooker, 2015, *Exponential Backoff And Jitter*, AWS Architecture Blog), so that requests
    that failed together do not come back together. A server's Retry-After is added to it.

    A request is given up when nobody was answered for `patience_s`, or when it failed `max_retries` times
    more although others were answered in between. So an outage costs no request its tries, a dead server is
    waited for once and not once per request, and one request that can never succeed cannot last for ever.

    Parameters
    ----------
    server : str
        What errors call the server.
    throttle : Throttle
        Where requests line up, the repeated ones again.
    max_retries : int
        How often one request may fail while others succeed.
    patience_s : float
        How long the server may be silent, in seconds.
    max_wait_s : float
        The longest back-off, in seconds.
    """

    def __init__(self, server: str, throttle: Throttle, max_retries: int, patience_s: float, max_wait_s: float) -> None:
        self._server = server
        self._throttle = throttle
        self._max_retries = max_retries
        self._patience_s = patience_s
        self._max_wait_s = max_wait_s
        self._jitter = random.Random()  # decides when, never what
        self._answered = 0
        self._silent_since: float | None = None

    def forgive(self) -> None:
        """Forget how long the server has been silent: somebody starts anew."""
        self._silent_since = None

    async def ask(
        self,
        attempt: Callable[[], Awaitable[T | Fault]],
        patience_s: float = math.inf,
        back: Callable[[Fault], bool] = lambda fault: False,
    ) -> T | Fault:
        """Return the answer, or the fault with which asking again is of no use.

        Parameters
        ----------
        attempt : callable
            Asks once.
        patience_s : float
            Where less patience is due than usual.
        back : callable
            Says of which faults the asker knows more to do than to ask again.

        Raises
        ------
        ModelError
            If it had to be given up.
        """
        patience_s = min(patience_s, self._patience_s)
        started = time.monotonic()
        tries = failed = 0
        while True:
            tries += 1
            answered = self._answered
            async with self._throttle.slot() as halved:
                answer = await attempt()
                fault = answer if isinstance(answer, Fault) else None
                if fault is None or not fault.retried or back(fault):
                    self._throttle.allow_more()
                    self._answered += 1
                    self._silent_since = None
                    return answer
                if fault.congested:
                    self._throttle.allow_less(halved)
            now = time.monotonic()
            self._silent_since = self._silent_since or now
            silent_s = now - self._silent_since
            failed += self._answered > answered
            reason = ""
            if silent_s >= patience_s:
                reason = f"it has answered nothing for {silent_s:.0f} s"
            elif fault.wait_s > patience_s:
                reason = f"it asks to wait {fault.wait_s:.0f} s, longer than the {patience_s:g} s of patience"
            elif failed > self._max_retries:
                reason = "it answered other requests meanwhile"
            if reason:
                raise ModelError(
                    f"{self._server} did not answer, asked {_times(tries)} in {now - started:.0f} s: {fault.what}. "
                    f"Given up, because {reason}. {fault.remedy} The same call then goes on from here."
                )
            pause = self._jitter.uniform(0, min(self._max_wait_s, _FIRST_WAIT_S * 2 ** min(tries - 1, 30)))
            wait_s = fault.wait_s + min(pause, patience_s - silent_s)
            logger.info("%s: %s; try %d in %.1f s", self._server, fault.what, tries + 1, wait_s)
            await asyncio.sleep(wait_s)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
