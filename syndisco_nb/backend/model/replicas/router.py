"""`Router`: sends each request to one of several models that answer alike."""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.replicas.prefix_memory import prefix_blocks
from syndisco_nb.backend.model.replicas.replica import Replica
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import ModelError, SyndiscoError, UnavailableError, said
from syndisco_nb.log import warn
from syndisco_nb.loop import private_loop, run_async
from syndisco_nb.wording import count

logger = logging.getLogger(__name__)

_NEARLY = 1 / 8  # of a capacity: loads that differ by less are nearly equal
_NOTED_RESTS = 2  # in succession: a single failure is no news for the user


@dataclass(slots=True, eq=False)
class _Ticket:
    """A request in the queue: the blocks of its chat, and the replica that it is sent to, with the round there."""

    blocks: tuple[int, ...]
    sent: "asyncio.Future[tuple[Replica, int]]"


class Router:
    """Sends each request to one of several models that answer alike, and to another one if that is unavailable.

    Requests wait here, in the order in which they came, until a replica has room for them (`Model.capacity`). Each
    goes to the replica with the least load; among those with nearly as little, to the one that has read the longest
    beginning of its chat and may have it in its cache, unless one is idle. (Cache-aware load balancing, as in SGLang's
    router.) A replica that raises `UnavailableError`, or an error that is not one of this package, rests, for longer
    each time, and its request is asked elsewhere; after the rest, one request tries it.

    Parameters
    ----------
    name : str
        The name of the whole in errors.
    max_retries : int
        The number of times that a request may fail while others are answered.
    patience_s : float
        The longest time in seconds without any answer while all replicas rest.
    """

    def __init__(self, name: str, max_retries: int = 10, patience_s: float = 300.0) -> None:
        self.name = name
        self._max_retries = max_retries
        self._patience_s = patience_s
        self._replicas: tuple[Replica, ...] = ()
        self._queue: deque[_Ticket] = deque()
        self._answered = 0
        self._silent_since: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def replicas(self) -> tuple[Replica, ...]:
        """The replicas with their state, in the order in which they were added."""
        return self._replicas

    @property
    def capacity(self) -> int | None:
        """The number of requests that the replicas that do not rest can use at once; None without a limit."""
        capacities = [replica.model.capacity for replica in self._replicas if not replica.problem]
        limits = [capacity for capacity in capacities if capacity is not None]
        return sum(limits) if len(limits) == len(capacities) else None

    def add(self, model: Model, label: str = "") -> None:
        """Add a model; requests that wait are sent to it. Callable from any thread.

        Parameters
        ----------
        model : Model
        label : str
            The words for it in errors; by default, its repr.
        """
        self._replicas = (*self._replicas, Replica(model, label or repr(model)))
        if self._queue:
            private_loop().call_soon_threadsafe(self._serve)

    def remove(self, model: Model) -> None:
        """Send no further request to a model. Callable from any thread; requests that it has already are its own."""
        self._replicas = tuple(replica for replica in self._replicas if replica.model is not model)
        if self._queue:
            private_loop().call_soon_threadsafe(self._serve)

    async def complete(self, request: Request) -> Completion:
        """Answer a request by one of the models.

        Raises
        ------
        ModelError
            If no replica has answered anything for `patience_s`; the message names the cause of each.
        SyndiscoError
            The error of a model that is available, such as a refusal.
        """
        return await run_async(self._complete(request))

    def start(self, down: Mapping[Model, str]) -> None:
        """Begin anew, once all models were tried; to be called on the private event loop.

        Parameters
        ----------
        down : mapping
            The models that cannot be reached, each with its problem. They rest, with a warning; the others do not.
        """
        for replica in self._replicas:
            if replica.model in down:
                self._rest(replica, down[replica.model])
                self._report(replica)
            else:
                self._note_life(replica)

    async def _complete(self, request: Request) -> Completion:
        loop = asyncio.get_running_loop()
        blocks = prefix_blocks(request.messages) if len(self._replicas) > 1 else ()
        failed, tries = 0, 0
        answered = self._answered
        while True:
            replica, sent_in = await self._sent(_Ticket(blocks, loop.create_future()), first=tries == 1)
            tries += 1
            try:
                completion = await replica.model.try_complete(request)
                self._note_answer(replica)
                return completion
            except SyndiscoError as error:
                if not isinstance(error, UnavailableError):
                    self._note_answer(replica)
                    raise
                self._note_failure(replica, sent_in, said(error), error.wait_s)
                failed += self._answered > answered
                answered = self._answered
                if failed > self._max_retries:
                    raise
            except Exception as error:
                self._note_failure(replica, sent_in, f"{type(error).__name__}: {said(error)}", 0.0)
                failed += 1
                if failed > self._max_retries:
                    raise
            finally:
                replica.end_request(sent_in)
                self._serve()
            if request.situation:
                request.situation.draft.read = str  # the next replica begins anew

    async def _sent(self, ticket: _Ticket, first: bool) -> tuple[Replica, int]:
        """Wait until the ticket's request may be sent, and return the replica and the round there.

        A request that has failed once is the first in the queue, and then the last: or one that no replica can answer
        would try all of them again before any other.
        """
        if first:
            self._queue.appendleft(ticket)
        else:
            self._queue.append(ticket)
        self._serve()
        try:
            return await ticket.sent
        except asyncio.CancelledError:
            if not ticket.sent.cancelled():  # it was sent at the same moment
                replica, sent_in = ticket.sent.result()
                replica.end_request(sent_in)
                self._serve()
            raise

    def _serve(self) -> None:
        """Send the requests that wait, as far as there is room; give them up if there was no answer for too long."""
        now = asyncio.get_running_loop().time()
        while self._queue:
            if self._queue[0].sent.cancelled():
                self._queue.popleft()
                continue
            replica = self._chosen(self._queue[0].blocks, now)
            if replica is None:
                break
            ticket = self._queue.popleft()
            replica.prefixes.add(ticket.blocks)
            ticket.sent.set_result((replica, replica.begin_request()))
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._queue:
            self._wait(now)

    def _wait(self, now: float) -> None:
        """Set the timer to the end of the first rest, or of the patience if all rest and none is tried."""
        times = [replica.due for replica in self._replicas if replica.problem and not replica.is_tried]
        if len(times) == len(self._replicas):
            self._silent_since = now if self._silent_since is None else self._silent_since
            end = self._silent_since + self._patience_s
            if now >= end:
                self._give_up()
                return
            times.append(end)
        if times:
            self._timer = asyncio.get_running_loop().call_at(min(times), self._serve)

    def _chosen(self, blocks: tuple[int, ...], now: float) -> Replica | None:
        """Return the replica for a chat; None if there is no room."""
        loads = [(load, replica) for replica in self._replicas if (load := replica.load(now)) is not None]
        if len(loads) < 2:
            return loads[0][1] if loads else None
        least = min(load for load, _ in loads)
        most = least + _NEARLY if least else 0.0  # none idles for the sake of a cache
        near = [(replica.prefixes.longest(blocks), -load, replica) for load, replica in loads if load <= most]
        return max(near, key=lambda candidate: candidate[:2])[2]

    def _note_answer(self, replica: Replica) -> None:
        self._answered += 1
        replica.answered += 1
        self._note_life(replica)

    def _note_life(self, replica: Replica) -> None:
        self._silent_since = None
        if replica.recover(asyncio.get_running_loop().time()):
            logger.info("%s: %s answers again", self.name, replica.label)

    def _note_failure(self, replica: Replica, sent_in: int, problem: str, wait_s: float) -> None:
        if sent_in == replica.round and replica in self._replicas:  # one that was removed will not be tried again
            self._rest(replica, problem, wait_s)
            if replica.rests >= _NOTED_RESTS:
                self._report(replica)

    def _rest(self, replica: Replica, problem: str, wait_s: float = 0.0) -> None:
        now = asyncio.get_running_loop().time()
        replica.rest(problem, wait_s, now)
        logger.info("%s: %s: %s; tried again in %.1f s", self.name, replica.label, problem, replica.due - now)

    def _report(self, replica: Replica) -> None:
        """Warn the user of a rest, once until it ends."""
        if replica.is_reported:
            return
        replica.is_reported = True
        resting = sum(bool(one.problem) for one in self._replicas)
        if resting < len(self._replicas):
            outlook = "Its requests go to the others; it is tried again later."
        else:
            limit = f" for {self._patience_s:g} s at most" if math.isfinite(self._patience_s) else ""
            outlook = f"Requests wait{limit} until one answers."
        number = f"{resting} of {count(len(self._replicas), 'replica')}"
        warn(f"{self.name}: no answer from {_cause(replica)} ({number}). {outlook}")

    def _give_up(self) -> None:
        """Fail the requests that wait. Requests that come later wait anew."""
        causes = "; ".join(map(_cause, self._replicas))
        self._silent_since = None
        waiting, self._queue = self._queue, deque()
        for ticket in waiting:
            if not ticket.sent.done():
                ticket.sent.set_exception(
                    ModelError(
                        f"No replica of {self.name!r} has answered for {self._patience_s:g} s. "
                        f"{causes or 'There is none'}. The same call goes on from here once one answers."
                    )
                )


def _cause(replica: Replica) -> str:
    """Return the words for a replica and its problem, as part of a sentence."""
    return f"{replica.label}: {replica.problem.rstrip('.')}"
