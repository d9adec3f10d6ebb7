"""Something long, begun by a button: on the package's own loop, so that nothing waits for it.

Whichever thread a notebook's messages arrive on, and whatever cell is running, it goes on; a page is told of it at most
ten times a second, and always of its end. An error becomes a message: nobody would see it anywhere else.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Literal

from syndisco_nb.errors import SyndiscoError
from syndisco_nb.loop import Call, private_loop
from syndisco_nb.running.scheduler import without_bar

_BEAT_S = 0.1
_GRACE_S = 5.0

State = Literal["idle", "running", "done", "stopped", "failed"]


class Work:
    """One thing at a time.

    Parameters
    ----------
    show : callable
        Called with the last that was told, where it has changed.
    ended : callable
        Called at the end, however it came.

    Attributes
    ----------
    state : str
        "idle", "running", "done", "stopped" or "failed".
    result : Any
        What it returned, also when it was stopped.
    message : str
        What went wrong, in words.
    """

    def __init__(self, show: Callable[[Any], None], ended: Callable[[], None]) -> None:
        self.state: State = "idle"
        self.result: Any = None
        self.message = ""
        self._show, self._report = show, ended
        self._told: list[Any] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._stopping = False
        self._task: asyncio.Task[Any] | None = None

    def start(self, job: Callable[[], Coroutine[Any, Any, Any]]) -> bool:
        """Begin, unless something is under way; return whether that is so."""
        with self._lock:
            if self.state == "running":
                return False
            self.state, self.result, self.message = "running", None, ""
            self._stopping, self._task = False, None
            self._over.clear()
            with without_bar():  # which would go into whatever cell ran last
                Call(self._do(job))
        return True

    def tell(self, news: Any) -> None:
        """Say how it gets on; from any thread, as often as one likes."""
        self._told = [news]

    def stop(self) -> None:
        """Ask it to end; what it has by then is kept."""
        self._stopping = True
        private_loop().call_soon_threadsafe(self._cancel)

    def wait(self, timeout: float | None = None) -> Any:
        """Wait for the end and return the result; an interrupt stops it.

        Parameters
        ----------
        timeout : float, optional
            In seconds.

        Raises
        ------
        SyndiscoError
            If it failed, with the message that is shown.
        TimeoutError
            If it is not over by then.
        """
        if self.state == "idle":
            return None
        try:
            if not self._over.wait(timeout):
                raise TimeoutError(f"It is still under way after {timeout} seconds.")
        except KeyboardInterrupt:
            self.stop()
            self._over.wait(_GRACE_S)
            raise
        if self.state == "failed":
            raise SyndiscoError(self.message)
        return self.result

    async def _do(self, job: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        try:
            self.state = await self._watched(job())
        except asyncio.CancelledError:
            self.state = "stopped"
        except Exception as error:
            self.state, self.message = "failed", in_words(error)
        finally:
            try:
                self._report()
            finally:
                self._over.set()

    async def _watched(self, job: Coroutine[Any, Any, Any]) -> State:
        self._task = task = asyncio.create_task(job)
        if self._stopping:
            task.cancel()
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=_BEAT_S)
                self._flush()
            self.result = task.result()
        finally:
            task.cancel()  # if what is told could not be shown
        return "stopped" if self._stopping else "done"

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _flush(self) -> None:
        told, self._told = self._told, []
        if told:
            self._show(told[0])

    def __repr__(self) -> str:
        return f"<Work: {self.state}>"


def in_words(error: BaseException) -> str:
    """Return what went wrong, for a reader; our own errors say it already."""
    return str(error) if isinstance(error, SyndiscoError) else f"{type(error).__name__}: {error}"
