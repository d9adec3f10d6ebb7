"""Retries of requests to a server, and the number of requests that are under way at once."""

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
from syndisco_nb.errors import UnavailableError

logger = logging.getLogger(__name__)

T = TypeVar("T")

_FIRST_WAIT_S = 0.5


class Throttle:
    """A limit on the requests under way, which adapts to the server's capacity.

    Additive increase, multiplicative decrease (Chiu & Jain, 1989, *Analysis of the Increase and Decrease
    Algorithms for Congestion Avoidance in Computer Networks*): a round of good answers raises the limit by one, a
    sign of congestion halves it. Requests sent before the limit was halved say nothing about the new limit and do
    not halve it again.

    Parameters
    ----------
    most : int
        The largest limit, and the first.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.limit = float(most)
        self._under_way = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._halved = 0

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[int]:
        """Wait for a slot, and yield how often the limit was halved so far."""
        await self._enter()
        try:
            yield self._halved
        finally:
            self._leave()

    def allow_more(self) -> None:
        """Raise the limit a little, after a good answer."""
        self.limit = min(self.most, self.limit + 1 / self.limit)

    def allow_less(self, halved: int) -> None:
        """Halve the limit after congestion, unless it was halved since `slot` yielded this count."""
        if halved == self._halved:
            self.limit = max(1.0, self.limit / 2)
            self._halved += 1

    async def _enter(self) -> None:
        admitted = asyncio.get_running_loop().create_future()
        self._waiting.append(admitted)
        self._admit()
        try:
            await admitted
        except asyncio.CancelledError:
            if not admitted.cancelled():  # it was admitted at the same moment
                self._leave()
            raise

    def _leave(self) -> None:
        self._under_way -= 1
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self._under_way < int(self.limit):
            admitted = self._waiting.popleft()
            if not admitted.cancelled():
                self._under_way += 1
                admitted.set_result(None)


class Retrying:
    """Retries requests with exponential back-off, and gives up on a dead server.

    The wait before a retry is random, between 0 and a limit that doubles: exponential back-off with full jitter
    (Brooker, 2015, *Exponential Backoff And Jitter*, AWS Architecture Blog), so that requests that failed together
    are not repeated together. A server's Retry-After is added to it.

    A request is given up when the server has answered no request for `patience_s`, or when the request has failed
    `max_retries` times while others were answered. So an outage does not use up the retries of a request, a dead
    server is waited for once and not once per request, and a request that can never succeed ends.

    Parameters
    ----------
    server : str
        The server's name in errors.
    throttle : Throttle
        Limits the requests under way, retries included.
    max_retries : int
        The number of times that a request may fail while others succeed.
    patience_s : float
        The longest silence of the server, in seconds.
    max_wait_s : float
        The longest back-off, in seconds.
    """

    def __init__(self, server: str, throttle: Throttle, max_retries: int, patience_s: float, max_wait_s: float) -> None:
        self._server = server
        self._throttle = throttle
        self._max_retries = max_retries
        self._patience_s = patience_s
        self._max_wait_s = max_wait_s
        self._jitter = random.Random()  # decides the times of retries, never an answer
        self._answered = 0
        self._silent_since: float | None = None

    def forgive(self) -> None:
        """Forget the server's silence so far, at a new start."""
        self._silent_since = None

    async def ask(
        self,
        attempt: Callable[[], Awaitable[T | Fault]],
        patience_s: float = math.inf,
        no_retry: Callable[[Fault], bool] = lambda fault: False,
    ) -> T | Fault:
        """Return the answer, or a fault that a retry cannot mend.

        Parameters
        ----------
        attempt : callable
            Sends the request once.
        patience_s : float
            A shorter patience than usual; 0 to send the request once.
        no_retry : callable
            Returns True for a fault that the caller handles itself, so that it is returned at once.

        Raises
        ------
        UnavailableError
            If the request is given up; at once, if there is no patience.
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
                if fault is None or not fault.retried or no_retry(fault):
                    self._throttle.allow_more()
                    self._answered += 1
                    self._silent_since = None
                    return answer
                if fault.congested:
                    self._throttle.allow_less(halved)
            now = time.monotonic()
            self._silent_since = self._silent_since or now
            if not patience_s:
                raise UnavailableError(
                    f"{self._server} did not answer: {fault.cause}. {fault.remedy}", wait_s=fault.wait_s
                )
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
                raise UnavailableError(
                    f"{self._server} did not answer, asked {_times(tries)} in {now - started:.0f} s: {fault.cause}. "
                    f"Given up, because {reason}. {fault.remedy} The same call then goes on from here.",
                    wait_s=fault.wait_s,
                )
            pause = self._jitter.uniform(0, min(self._max_wait_s, _FIRST_WAIT_S * 2 ** min(tries - 1, 30)))
            wait_s = fault.wait_s + min(pause, patience_s - silent_s)
            logger.info("%s: %s; try %d in %.1f s", self._server, fault.cause, tries + 1, wait_s)
            await asyncio.sleep(wait_s)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
