"""Long work that a button starts: it runs on the private loop, so that neither the page nor the kernel waits.

It goes on whichever thread messages arrive on and whichever cell is running. Its progress is shown at most ten times a
second, its end always. An error becomes a message, since nobody would see an exception.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Literal

from syndisco_nb.errors import SyndiscoError
from syndisco_nb.loop import Call, private_loop
from syndisco_nb.running.scheduler import without_bar

_BEAT_S = 0.1
"""The shortest time between two updates."""
_GRACE_S = 5.0
"""The time that work has to end after an interrupt."""

State = Literal["idle", "running", "done", "stopped", "failed"]


class BackgroundWork:
    """Runs one job at a time in the background.

    Parameters
    ----------
    show : callable
        Called with the latest news of the job, if there are any.
    ended : callable
        Called at the end of a job, also of one that failed or was stopped.

    Attributes
    ----------
    state : str
        "idle", "running", "done", "stopped" or "failed".
    result : Any
        The return value of the job, also of a stopped one.
    message : str
        The error of a job that failed, in words.
    """

    def __init__(self, show: Callable[[Any], None], ended: Callable[[], None]) -> None:
        self.state: State = "idle"
        self.result: Any = None
        self.message = ""
        self._show, self._ended = show, ended
        self._news: list[Any] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._stopping = False
        self._task: asyncio.Task[Any] | None = None

    def start(self, job: Callable[[], Coroutine[Any, Any, Any]]) -> bool:
        """Start a job unless one is running; return whether it was started."""
        with self._lock:
            if self.state == "running":
                return False
            self.state, self.result, self.message = "running", None, ""
            self._stopping, self._task = False, None
            self._over.clear()
            with without_bar():  # a progress bar would appear below the cell that ran last
                Call(self._run(job))
        return True

    def tell(self, news: Any) -> None:
        """Report progress; from any thread, and as often as the job likes."""
        self._news = [news]

    def stop(self) -> None:
        """Cancel the job; it may still return what it has."""
        self._stopping = True
        private_loop().call_soon_threadsafe(self._cancel)

    def wait(self, timeout: float | None = None) -> Any:
        """Wait for the end and return the result; an interrupt stops the job.

        Parameters
        ----------
        timeout : float, optional
            In seconds.

        Raises
        ------
        SyndiscoError
            If the job failed, with the message that is shown.
        TimeoutError
            If the job is not over by then.
        """
        if self.state == "idle":
            return None
        try:
            if not self._over.wait(timeout):
                raise TimeoutError(f"It is still running after {timeout} seconds.")
        except KeyboardInterrupt:
            self.stop()
            self._over.wait(_GRACE_S)
            raise
        if self.state == "failed":
            raise SyndiscoError(self.message)
        return self.result

    async def _run(self, job: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        try:
            self.state = await self._finish(job())
        except asyncio.CancelledError:
            self.state = "stopped"
        except Exception as error:
            self.state, self.message = "failed", in_words(error)
        finally:
            try:
                self._ended()
            finally:
                self._over.set()

    async def _finish(self, job: Coroutine[Any, Any, Any]) -> State:
        self._task = task = asyncio.create_task(job)
        if self._stopping:
            task.cancel()
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=_BEAT_S)
                self._flush()
            self.result = task.result()
        finally:
            task.cancel()  # the job still runs if its news could not be shown
        return "stopped" if self._stopping else "done"

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _flush(self) -> None:
        news, self._news = self._news, []
        if news:
            self._show(news[0])

    def __repr__(self) -> str:
        return f"<BackgroundWork: {self.state}>"


def in_words(error: BaseException) -> str:
    """Return an error as a message for a reader; our own errors need no type."""
    return str(error) if isinstance(error, SyndiscoError) else f"{type(error).__name__}: {error}"
