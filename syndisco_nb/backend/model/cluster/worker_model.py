"""`WorkerModel`: the model in one worker, seen from here."""

import asyncio
import concurrent.futures
import itertools
import logging
import pickle
from collections.abc import Callable
from typing import Any, Literal, cast

from syndisco_nb.backend.model.base import Model, Reply, settle
from syndisco_nb.backend.model.cluster.model_actor import ModelActor, Versions
from syndisco_nb.backend.model.cluster.model_recipe import ModelRecipe
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import ModelError, SyndiscoError, UnavailableError, said

logger = logging.getLogger(__name__)

WorkerState = Literal["loading", "ready", "failed", "lost"]

_CAPACITY = 128
"""Two batches of 64, the `batch_tokens` of a `TransformersModel` at 512 tokens a request: one under way and one to
follow at once, and no more, because a worker that joins later gets only the requests that were not sent yet."""

_CLOSED = "The connection to the scheduler was closed."
_LOST_ACTOR = "Worker holding Actor was lost"  # Dask's words, in a RuntimeError


class WorkerModel(Model):
    """The model in one worker of a cluster.

    All requests that arrive in a tick of the event loop, or while the last message is on its way, travel as one
    message. Answers come one by one or together, as they are ready.

    Parameters
    ----------
    name : str
        The name of the model in transcripts.
    address : str
        The worker's address.
    on_change : callable
        Called when the state has changed.

    Attributes
    ----------
    state : {"loading", "ready", "failed", "lost"}
    cause : str
        The reason for "failed" and "lost".
    error : Exception or None
        The error that loading the model raised.
    answered : int
        The number of answers that it has given.
    """

    def __init__(self, name: str, address: str, on_change: "Callable[[WorkerModel], None]") -> None:
        super().__init__(name)
        self.address = address
        self.state: WorkerState = "loading"
        self.cause = ""
        self.error: Exception | None = None
        self.answered = 0
        self._actor: Any = None
        self._on_change = on_change
        self._numbers = itertools.count()
        self._pending: dict[int, Reply] = {}
        self._unsent: dict[int, Request] = {}
        self._unwanted: list[int] = []
        self._sending: asyncio.Task[None] | None = None
        self._life: asyncio.Task[None] | None = None

    @property
    def capacity(self) -> int:
        """The number of requests that keeps the worker busy; 0 until it has loaded the model."""
        return _CAPACITY if self.state == "ready" else 0

    def start(self, client: Any, recipe: ModelRecipe) -> None:
        """Have the worker load the model, and receive its answers from then on.

        Parameters
        ----------
        client : distributed.Client
            An asynchronous client, on the private loop.
        recipe : ModelRecipe
        """
        self._life = asyncio.create_task(self._live(client, recipe))

    async def try_complete(self, request: Request) -> Completion:
        """Answer one request, or raise `UnavailableError` if the worker is lost."""
        if self.state != "ready":
            raise self._unavailable()
        number = next(self._numbers)
        reply: Reply = asyncio.get_running_loop().create_future()
        self._pending[number], self._unsent[number] = reply, request
        self._send_soon()
        try:
            return await reply
        finally:
            if self._pending.pop(number, None) and not self._unsent.pop(number, None):
                self._unwanted.append(number)
                self._send_soon()

    async def complete(self, request: Request) -> Completion:
        """Answer one request."""
        return await self.try_complete(request)

    def __repr__(self) -> str:
        return f"<WorkerModel {self.address}: {self.state}, {self.answered} answers>"

    def lose(self, cause: str) -> None:
        """End it: the worker is gone, so the requests that it has must be asked elsewhere.

        Parameters
        ----------
        cause : str
            A sentence, for errors and pages.
        """
        self._end("lost", cause)
        for task in (self._life, self._sending):
            if task:
                task.cancel()

    async def _live(self, client: Any, recipe: ModelRecipe) -> None:
        """Load the model, then receive answers, until the worker is lost."""
        future = None
        try:
            try:
                await self._check_versions(client)
                future = client.submit(ModelActor, recipe, actor=True, workers=[self.address])
                with client.as_current():  # the actor answers through this client, not through the user's
                    self._actor = await future
            except concurrent.futures.CancelledError:  # Dask's, because the connection was lost
                self._end("lost", _CLOSED)
                return
            except Exception as error:
                if isinstance(error, OSError) or _LOST_ACTOR in str(error):
                    raise
                self._fail(error)
                return
            logger.info("%r: %s has loaded the model", self.name, self.address)
            self.state = "ready"
            self._on_change(self)
            while True:
                self._settle(pickle.loads(await self._actor.take()))  # noqa: S301 - from our own actor
        except Exception as error:  # from Dask, or the network below it
            self._end("lost", f"{said(error).rstrip('.')}.")
        except asyncio.CancelledError:
            self._end("lost", _CLOSED)
            raise
        finally:
            if future:
                future.release()

    async def _check_versions(self, client: Any) -> None:
        """Raise `ModelError` if results could differ there; a worker without this package would die of an actor."""
        own = Versions.own()
        try:
            found = (await client.run(Versions.own, workers=[self.address]))[self.address]
        except OSError:
            raise
        except Exception as error:  # Dask makes an Exception of an ImportError
            raise ModelError(
                f"The worker has another version than {own}, or none ({said(error)}). Install the "
                "same on all workers and on the scheduler."
            ) from None
        if found != own:
            raise ModelError(
                f"The worker has {found}, but this process {own}, so results could differ. Install the same on both."
            )

    def _fail(self, error: Exception) -> None:
        self.error = _named(error, self.address)
        self._end("failed", said(self.error))

    def _settle(self, answers: dict[int, bytes]) -> None:
        for number, pickled in answers.items():
            if reply := self._pending.pop(number, None):
                settle(reply, self._read(pickled))
                self.answered += 1

    def _read(self, pickled: bytes) -> Completion | SyndiscoError:
        try:
            answer = pickle.loads(pickled)  # noqa: S301 - as above
        except Exception as problem:  # a class of the worker alone
            answer = problem
        if not isinstance(answer, Exception):
            return cast("Completion", answer)
        error = _named(answer, self.address)
        return error if isinstance(error, SyndiscoError) else ForeignError(error)

    def _send_soon(self) -> None:
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())

    async def _send(self) -> None:
        try:
            while self.state == "ready" and (self._unsent or self._unwanted):
                message = pickle.dumps((self._unsent, self._unwanted))
                self._unsent, self._unwanted = {}, []
                await self._actor.put(message)
        except Exception as error:  # from Dask, or the network below it
            self._end("lost", f"{said(error).rstrip('.')}.")

    def _end(self, state: WorkerState, cause: str) -> None:
        if self.state == "lost":
            return
        logger.info("%r: %s is %s: %s", self.name, self.address, state, cause)
        self.state, self.cause = state, cause
        self._on_change(self)
        pending, self._pending = self._pending, {}
        for reply in pending.values():
            settle(reply, self._unavailable())

    def _unavailable(self) -> UnavailableError:
        return UnavailableError(f"The worker {self.address} is {self.state}: {self.cause}")


class ForeignError(SyndiscoError):
    """Carries an error that is not one of this package past the router, which would ask another worker.

    Attributes
    ----------
    error : Exception
        The error that the model raised.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(said(error))
        self.error = error


def _named(error: Exception, address: str) -> Exception:
    """Return an error of a worker with the worker's address in its text."""
    if len(error.args) == 1 and isinstance(error.args[0], str):
        error.args = (f"{error.args[0]} (In the worker {address}.)",)
    else:
        error.add_note(f"(In the worker {address}.)")
    return error
