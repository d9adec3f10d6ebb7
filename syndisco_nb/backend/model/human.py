"""A person in the place of a model: each request waits until the person answers it."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndisco_nb import doors
from syndisco_nb.backend.model.base import Model, Reply, settle
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import named_arguments, require, require_number, require_text
from syndisco_nb.records import FinishReason
from syndisco_nb.shown import Shown

if TYPE_CHECKING:
    from syndisco_nb.doors import Seat

_BEAT_S = 0.05


class OpenSeat(Shown):
    """A request that waits for a person.

    Attributes
    ----------
    number : int
        Counts the requests to one person, from 1.
    request : Request
        The question; its `situation` tells the actor and the discussion.
    since : datetime
        The time of the request, in UTC.
    answered : Completion or None
        The answer; None while the request waits, and after it was withdrawn.
    """

    def __init__(self, number: int, request: Request, reply: Reply, timeout_s: float | None) -> None:
        self.number = number
        self.request = request
        self.since = datetime.now(UTC)
        self.answered: Completion | None = None
        self._asked = time.monotonic()
        self._first: float | None = None
        self._reply, self._timeout_s = reply, timeout_s
        self._loop = reply.get_loop()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def took_s(self) -> float:
        """Seconds since the request became first in the queue; before that, since it was made."""
        return time.monotonic() - (self._first or self._asked)

    @property
    def left_s(self) -> float | None:
        """Seconds until it counts as silence; None without a time-out, and while other requests come first."""
        if self._timeout_s is None or self._first is None:
            return None
        return max(0.0, self._timeout_s - self.took_s)

    def __repr__(self) -> str:
        where = self.request.situation
        return f"<OpenSeat {self.number}{f': discussion {where.discussion}, turn {where.turn}' if where else ''}>"

    def _begin(self, expire: Callable[["OpenSeat"], None]) -> None:
        """Start the time-out, on the loop that waits for the answer."""
        if self._first is None:
            self._first = time.monotonic()
            if self._timeout_s is not None:
                self._loop.call_soon_threadsafe(self._start_timer, self._timeout_s, expire)

    def _start_timer(self, timeout_s: float, expire: Callable[["OpenSeat"], None]) -> None:
        if not self._reply.done():
            self._timer = self._loop.call_later(timeout_s, expire, self)

    async def _answer(self) -> Completion:
        try:
            return await self._reply
        finally:
            if self._timer:
                self._timer.cancel()

    def _settle(self, completion: Completion) -> None:
        self._loop.call_soon_threadsafe(settle, self._reply, completion)


class HumanModel(Model):
    """A person who speaks or labels in the place of a model. Only their own discussion waits for them.

    Give it to an `LLMActor`, start the experiment in the background and take the `seat`; or, in code, await `asked`
    and call `answer`. Requests of several discussions wait in a queue. All methods are thread-safe.

    Parameters
    ----------
    name : str
        The person's name, which is also the name of the model in transcripts.
    timeout_s : float, optional
        Seconds until a request counts as silence, from when it is the first in the queue. By default a discussion
        waits without limit.

    Examples
    --------
    >>> import asyncio
    >>> dana = HumanModel("Dana")
    >>> async def talk():
    ...     asking = asyncio.create_task(dana.complete(Request((), seed=1)))
    ...     await dana.asked()
    ...     dana.answer("Well, I doubt it.")
    ...     return await asking
    >>> asyncio.run(talk()).text
    'Well, I doubt it.'
    """

    form_label = "Person who types the answers"
    form_rank = 6

    @named_arguments
    def __init__(self, name: str = "human", timeout_s: float | None = None) -> None:
        require_text("name", name)
        require(name.strip(), "name is empty. Say who this is, for example HumanModel('Dana').", "name")
        if timeout_s is not None:
            require_number("timeout_s", timeout_s, "of seconds above 0", lambda value: value > 0)
        super().__init__(name)
        self.timeout_s = timeout_s
        self._lock = threading.Lock()
        self._open: list[OpenSeat] = []
        self._asked = 0
        self._runs = 0
        self._observers: list[Callable[[], None]] = []

    async def complete(self, request: Request) -> Completion:
        """Wait for the person's answer. Cancelling withdraws the request."""
        reply: Reply = asyncio.get_running_loop().create_future()
        with self._lock:
            self._asked += 1
            seat = OpenSeat(self._asked, request, reply, self.timeout_s)
            self._open.append(seat)
        self._changed()
        try:
            return await seat._answer()
        finally:
            if self._remove(seat):
                self._changed()

    @property
    def waiting(self) -> list[OpenSeat]:
        """The requests that wait for an answer, the oldest first."""
        with self._lock:
            return list(self._open)

    @property
    def runs(self) -> int:
        """The number of runs under way that may still send requests."""
        return self._runs

    @contextlib.contextmanager
    def in_use(self, folder: Path) -> Iterator[None]:
        """Return a context that counts a run, so that the person's seat notices the end of the last one."""
        self._count_run(1)
        try:
            yield
        finally:
            self._count_run(-1)

    async def asked(self) -> OpenSeat:
        """Wait until there is a request, and return the oldest."""
        while not (waiting := self.waiting):
            await asyncio.sleep(_BEAT_S)
        return waiting[0]

    def answer(self, text: str, seat: OpenSeat | None = None) -> None:
        """Answer a request.

        Parameters
        ----------
        text : str
        seat : OpenSeat, optional
            One of `waiting`; by default the oldest.

        Raises
        ------
        InvalidInputError
            If the request does not wait (any more), or the text is empty or not one of the request's labels.
        """
        require_text("text", text)
        require(text.strip(), "text is empty. Give a comment, or pass the turn with pass_().", "text")
        chosen = self._chosen(seat)
        labels = chosen.request.labels
        require(
            not labels or text.strip() in labels,
            f"text is {text!r}, but must be one of the labels: {', '.join(labels)}.",
            "text",
        )
        self._settle(chosen, text, "stop")

    def pass_(self, seat: OpenSeat | None = None) -> None:
        """Answer a request with silence: the oldest, or another one of `waiting`.

        Raises
        ------
        InvalidInputError
            If the request does not wait (any more).
        """
        self._settle(self._chosen(seat), "", "passed")

    def seat(self) -> "Seat":
        """Return a widget that shows the discussion and sends the person's answers.

        Show it in a cell of its own and start the experiment in the background, with `DiscussionExperiment.start`: a
        cell that waits for the person would keep their answers from arriving.
        """
        return doors.seat(self)

    def observe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back at every change of `waiting` or `runs`, in any thread; return a function that ends this."""
        with self._lock:
            self._observers.append(callback)

        def stop() -> None:
            with self._lock:
                if callback in self._observers:
                    self._observers.remove(callback)

        return stop

    def settings(self) -> dict[str, Any]:
        """Return the name and the time-out."""
        return {**super().settings(), "timeout_s": self.timeout_s}

    def __repr__(self) -> str:
        return f"HumanModel({self.name!r}{'' if self.timeout_s is None else f', timeout_s={self.timeout_s:g}'})"

    def _count_run(self, change: int) -> None:
        with self._lock:
            self._runs += change
        self._changed()

    def _chosen(self, seat: OpenSeat | None) -> OpenSeat:
        waiting = self.waiting
        require(
            waiting or seat,
            f"Nothing waits for an answer by {self.name!r}. Begin a discussion in which they take part, and wait for "
            "asked().",
        )
        return seat or waiting[0]

    def _settle(self, seat: OpenSeat, text: str, reason: FinishReason) -> None:
        require(
            self._close(seat, text, reason),
            f"{seat!r} does not wait any more: it was answered, its time was up, or its discussion was stopped. Answer "
            "one of those in waiting.",
        )

    def _close(self, seat: OpenSeat, text: str, reason: FinishReason) -> bool:
        """Answer a request unless it has an answer: of an answer and a time-out, the first counts."""
        completion = Completion(text, reason, seconds=round(seat.took_s, 3))
        if not self._remove(seat, completion):
            return False
        seat._settle(completion)
        self._changed()
        return True

    def _expire(self, seat: OpenSeat) -> None:
        self._close(seat, "", "timeout")

    def _remove(self, seat: OpenSeat, answered: Completion | None = None) -> bool:
        """Remove a request from the queue, answered or not; return False if it is no longer there."""
        with self._lock:
            if seat not in self._open:
                return False
            self._open.remove(seat)
            seat.answered = answered
            return True

    def _changed(self) -> None:
        with self._lock:
            if self._open:
                self._open[0]._begin(self._expire)
            observers = list(self._observers)
        for callback in observers:
            callback()
