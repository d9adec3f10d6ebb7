"""`ModelActor`: the model in a worker. All that happens here happens in the worker's process."""

import asyncio
import contextlib
import logging
import pickle
import platform
import weakref
from typing import NamedTuple

from syndisco_nb._version import __version__
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.cluster.model_recipe import ModelRecipe
from syndisco_nb.backend.model.request import Request
from syndisco_nb.errors import ModelError, said
from syndisco_nb.loop import private_loop, run_async, run_sync

logger = logging.getLogger(__name__)

_LONGEST_WAIT_S = 5.0  # for answers; an actor whose client has died is freed after this


class Versions(NamedTuple):
    """The versions that must be equal here and in the workers, or results might differ."""

    syndisco_nb: str
    python: str

    @classmethod
    def own(cls) -> "Versions":
        """Return the versions of this process; patch releases of Python do not matter."""
        return cls(__version__, ".".join(platform.python_version_tuple()[:2]))

    def __str__(self) -> str:
        return f"syndisco_nb {self.syndisco_nb} on Python {self.python}"


class ModelActor:
    """A Dask actor that holds a model, loaded once, and answers the requests that it is sent.

    Messages are pickled: `put` takes requests by number, and the numbers of requests that are no longer wanted; `take`
    returns each answer by number as soon as it is there.

    Parameters
    ----------
    recipe : ModelRecipe

    Raises
    ------
    SyndiscoError
        The model's own, if it cannot be made or loaded here.
    """

    def __init__(self, recipe: ModelRecipe) -> None:
        model = recipe.shared()
        run_sync(model.load())
        self._answering = _Answering(model)
        weakref.finalize(self, private_loop().call_soon_threadsafe, self._answering.stop).atexit = False
        logger.info("%r loaded", recipe)

    async def put(self, message: bytes) -> None:
        """Begin to answer the requests in a message."""
        requests, unwanted = pickle.loads(message)  # noqa: S301 - from the client, whose code Dask runs anyway
        private_loop().call_soon_threadsafe(self._answering.begin, requests, unwanted)

    async def take(self) -> bytes:
        """Return a message with all answers that are there; wait a while for the first."""
        return pickle.dumps(await run_async(self._answering.ready()))


class _Answering:
    """The requests under way, on the private loop; apart from the actor, so that these do not keep it alive."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._ready: dict[int, bytes] = {}
        self._news = asyncio.Event()

    def begin(self, requests: dict[int, Request], unwanted: list[int]) -> None:
        for number in unwanted:
            if task := self._tasks.get(number):
                task.cancel()
        for number, request in requests.items():
            self._tasks[number] = asyncio.create_task(self._answer(number, request))

    async def ready(self) -> dict[int, bytes]:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_WAIT_S):
                await self._news.wait()
        self._news.clear()
        ready, self._ready = self._ready, {}
        return ready

    def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    async def _answer(self, number: int, request: Request) -> None:
        try:
            answer = pickle.dumps(await self._model.complete(request))
        except BaseException as error:
            task = asyncio.current_task()
            if task and task.cancelling():
                raise
            answer = _pickled(error)  # a SystemExit as well: no one else would answer the client
        finally:
            del self._tasks[number]
        self._ready[number] = answer
        self._news.set()


def _pickled(error: BaseException) -> bytes:
    """Return an error as the client can read it: of a class that it may not know, the name and the text."""
    if isinstance(error, Exception):
        try:
            pickled = pickle.dumps(error)
            pickle.loads(pickled)  # noqa: S301 - just made
        except Exception as failure:
            logger.debug("%s cannot be pickled: %s", type(error).__name__, type(failure).__name__)
        else:
            return pickled
    return pickle.dumps(ModelError(f"{type(error).__name__}: {said(error)}"))
