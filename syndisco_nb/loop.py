"""The private asyncio loop of the package, behind ordinary calls.

A notebook cell already sits inside a running event loop and a script sits in none; both call the same
methods. So the package keeps one private loop on a daemon thread: `run_sync` waits for it (and turns an
interrupt into a cancellation), `run_async` lets other loops await it.
"""

import asyncio
import concurrent.futures
import contextlib
import logging
import os
import signal
import threading
import warnings
from collections.abc import Coroutine, Iterator
from typing import Any, Generic, Self, TypeVar

from syndisco_nb.errors import SyndiscoError

T = TypeVar("T")

_BEAT_S = 0.1  # ipykernel notices Interrupt only when its own loop wakes up
_GRACE_S = 5.0  # how long cancelled work may take to put down what it holds

logger = logging.getLogger(__name__)

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_thread: threading.Thread | None = None


def private_loop() -> asyncio.AbstractEventLoop:
    """Return the package's event loop; start its thread at the first call, and again if it has ended."""
    global _loop, _thread
    with _lock:
        if _loop is None or _thread is None or not _thread.is_alive():
            _loop = asyncio.new_event_loop()
            _thread = threading.Thread(target=_serve, args=(_loop,), name="syndisco_nb", daemon=True)
            _thread.start()
        return _loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """Run the loop until it is closed.

    asyncio ends a loop at a `KeyboardInterrupt` or `SystemExit`. By then the task that raised it has ended with this
    error, which its caller receives; all other tasks go on.
    """
    try:
        while not loop.is_closed():
            try:
                loop.run_forever()
            except (KeyboardInterrupt, SystemExit) as error:
                logger.warning("%s was raised inside the package's event loop, which goes on", type(error).__name__)
    finally:
        for call in tuple(_under_way):
            call.lose(loop)


class Call(Generic[T]):
    """A coroutine under way on the private loop.

    Cancelling asks the coroutine to stop and still keeps its result: an interrupted run returns what it has. (A
    cancelled `concurrent.futures.Future` would drop it.)

    Parameters
    ----------
    coroutine : coroutine
    begun : bool
        Whether to start it now; otherwise `begin` does.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, T], *, begun: bool = True) -> None:
        self.future: concurrent.futures.Future[T] = concurrent.futures.Future()
        self._task: asyncio.Task[T] | None = None
        self._loop = private_loop()
        self._coroutine = coroutine
        if begun:
            self.begin()

    def begin(self) -> Self:
        """Start the coroutine; return the call."""
        _under_way.add(self)
        self.future.add_done_callback(lambda _: _under_way.discard(self))
        self._loop.call_soon_threadsafe(self._start)
        return self

    def cancel(self) -> None:
        """Ask the coroutine to stop; callable from any thread."""
        self._loop.call_soon_threadsafe(lambda: self._task and self._task.cancel())

    def lose(self, loop: asyncio.AbstractEventLoop) -> None:
        """Fail the call if this is its loop, which has ended: otherwise its caller would wait forever."""
        if loop is self._loop and not self.future.done():
            self.future.set_exception(
                SyndiscoError("The package's event loop was closed before this ended. Call it again.")
            )

    def _start(self) -> None:
        self._task = self._loop.create_task(self._coroutine)
        self._task.add_done_callback(self._settle)

    def _settle(self, task: asyncio.Task[T]) -> None:
        if task.cancelled():
            self.future.set_exception(asyncio.CancelledError())
        elif error := task.exception():
            self.future.set_exception(error)
        else:
            self.future.set_result(task.result())


_under_way: set[Call[Any]] = set()
"""The calls in progress."""


def run_sync(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the private loop and wait for it.

    An interrupt (Ctrl-C, Kernel › Interrupt, SIGTERM unless the program has a handler of its own) cancels it.
    If the coroutine still returns a result, that is returned; otherwise the `KeyboardInterrupt` is raised.
    """
    if _on_private_loop():
        coroutine.close()
        raise SyndiscoError(
            "A blocking call was made from inside the package's event loop. Use the async form: arun(), astep()."
        )
    with _sigterm_interrupts():
        call = Call(coroutine, begun=False)
        try:
            return call.begin().future.result()  # begun in here, so that an interrupt finds something to cancel
        except KeyboardInterrupt:
            call.cancel()
            try:
                return call.future.result(_GRACE_S)
            except TimeoutError:
                warnings.warn(
                    "What was interrupted has not stopped yet: a model that loads, or other code, keeps the package's "
                    "event loop to itself. Other calls wait until it is through; restarting the kernel ends it.",
                    stacklevel=2,
                )
            except (asyncio.CancelledError, concurrent.futures.CancelledError):
                pass
            raise


@contextlib.contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """Treat SIGTERM, with which batch systems end a job, like Ctrl-C, unless it has a handler."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


async def run_async(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the private loop and await it from any loop.

    Cancelling the awaiting task cancels the coroutine. If that still returns a result, as an interrupted run does, it
    is returned (so a run inside `asyncio.wait_for` returns, interrupted).
    """
    if _on_private_loop():
        return await coroutine
    call = Call(coroutine)
    waiting = asyncio.wrap_future(call.future)
    try:
        while not waiting.done():
            await asyncio.wait({waiting}, timeout=_BEAT_S)
    except asyncio.CancelledError:
        call.cancel()
        await asyncio.wait({waiting}, timeout=_GRACE_S)
        if not waiting.done() or waiting.cancelled() or waiting.exception():
            raise
    return waiting.result()


def _forget() -> None:
    """Drop the loop in a forked process, which does not inherit its thread."""
    global _loop, _lock, _thread
    _loop, _lock, _thread = None, threading.Lock(), None
    _under_way.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _on_private_loop() -> bool:
    try:
        return asyncio.get_running_loop() is _loop
    except RuntimeError:
        return False
