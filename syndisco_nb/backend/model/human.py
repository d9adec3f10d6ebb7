"""A person in a model's place: whoever asks waits until they have answered."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from syndisco_nb import doors
from syndisco_nb.backend.model.base import Completion, Model, Reply, Request, settle
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
        Tells apart the requests of one person.
    request : Request
        What is asked, and in `Request.situation` of whom and where.
    since : datetime
        When it was asked, in UTC.
    answered : Completion or None
        How it was answered; None while it waits, and where nobody waits for it any more.
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
        """Seconds since it has been the first in the queue or, while others come first, since it was asked."""
        return time.monotonic() - (self._first or self._asked)

    @property
    def left_s(self) -> float | None:
        """Seconds until it counts as silence; None without a time-out, and while others come first."""
        if self._timeout_s is None or self._first is None:
            return None
        return max(0.0, self._timeout_s - self.took_s)

    def __repr__(self) -> str:
        where = self.request.situation
        return f"<OpenSeat {self.number}{f': discussion {where.discussion}, turn {where.turn}' if where else ''}>"

    def _begin(self, expire: Callable[["OpenSeat"], None]) -> None:
        """Start the clock, on the loop where the answer is waited for."""
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
    """A person who speaks, or labels, where a model would: the discussion waits for them, and only this one does.

    Give it to an `LLMActor`, begin the experiment in the background, and take the `seat`; or, in code, wait for
    `asked`, and `answer`. Whatever several discussions ask at once waits in a queue. All methods may be called from
    any thread.

    Parameters
    ----------
    name : str
        Who this is; what transcripts call the model of what they write.
    timeout_s : float, optional
        How many seconds they may take before it counts as silence, from when they are asked and nothing else
        waits before it. Without it, a discussion waits as long as it takes.

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
        """Wait for the person. Who stops waiting takes the request with them."""
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
        """What waits for an answer, the oldest first."""
        with self._lock:
            return list(self._open)

    @property
    def runs(self) -> int:
        """How many runs under way may still ask."""
        return self._runs

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Count a run while it goes on, so that the person's seat notices its end."""
        self._count_run(1)
        try:
            yield
        finally:
            self._count_run(-1)

    async def asked(self) -> OpenSeat:
        """Wait until something is asked, and return it."""
        while not (waiting := self.waiting):
            await asyncio.sleep(_BEAT_S)
        return waiting[0]

    def answer(self, text: str, seat: OpenSeat | None = None) -> None:
        """Answer what has waited longest, or another request out of `waiting`.

        Raises
        ------
        InvalidInputError
            If nothing waits, the request does not wait any more, or the text is empty, or none of the labels asked for.
        """
        require_text("text", text)
        require(text.strip(), "text is empty. Say something, or say nothing by pass_().", "text")
        chosen = self._chosen(seat)
        labels = chosen.request.labels
        require(
            not labels or text.strip() in labels,
            f"text is {text!r}, but must be one of the labels: {', '.join(labels)}.",
            "text",
        )
        self._settle(chosen, text, "stop")

    def pass_(self, seat: OpenSeat | None = None) -> None:
        """Say nothing to what has waited longest, or to another request out of `waiting`.

        Raises
        ------
        InvalidInputError
            If nothing waits, or the request does not wait any more.
        """
        self._settle(self._chosen(seat), "", "passed")

    def seat(self) -> "Seat":
        """Return a widget at which the person takes part: it shows the talk so far, and takes what they say.

        Show it in a cell of its own, and begin the experiment in the background, as by `DiscussionExperiment.start`. A
        cell that waits for the person keeps the notebook from hearing them.
        """
        return doors.seat(self)

    def observe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back at every change of `waiting` or `runs`, from whichever thread it comes; return what ends that."""
        with self._lock:
            self._observers.append(callback)

        def stop() -> None:
            with self._lock:
                if callback in self._observers:
                    self._observers.remove(callback)

        return stop

    def settings(self) -> dict[str, Any]:
        """Return the name, and the time-out."""
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
        """Answer, unless it was answered already: of an answer and the end of the time, the first counts."""
        completion = Completion(text, reason, seconds=round(seat.took_s, 3))
        if not self._remove(seat, completion):
            return False
        seat._settle(completion)
        self._changed()
        return True

    def _expire(self, seat: OpenSeat) -> None:
        self._close(seat, "", "timeout")

    def _remove(self, seat: OpenSeat, answered: Completion | None = None) -> bool:
        """Take a request out of the queue, answered or not; return whether it still was in it."""
        with self._lock:
            there = seat in self._open
            if there:
                self._open.remove(seat)
                seat.answered = answered
            return there

    def _changed(self) -> None:
        with self._lock:
            if self._open:
                self._open[0]._begin(self._expire)
            observers = list(self._observers)
        for callback in observers:
            callback()
