"""Requests that wait together are answered as one batch."""

import abc
import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from syndisco_nb.backend.model.base import Completion, Model, Reply, Request, settle
from syndisco_nb.errors import ModelError
from syndisco_nb.loop import private_loop, run_async

logger = logging.getLogger(__name__)

_CHARACTERS_PER_TOKEN = 3  # a low estimate, so that a batch is rather too small than too large

Waiting = tuple[Request, Reply]


class BatchingModel(Model):
    """A model that lives in this process and answers many requests at once.

    All requests of one tick of the event loop form a batch, which runs in the model's worker thread; what
    arrives meanwhile forms the next. Nothing waits for a timer. Batches are made longest first, so that
    little is padded, and stay within a budget of tokens. A batch that does not fit into memory is halved and
    tried again, and the budget stays lowered.

    Parameters
    ----------
    name : str
        What transcripts call the model.
    batch_tokens : int
        The largest batch: number of requests times the length of the longest, prompt and reply.
    """

    def __init__(self, name: str, batch_tokens: int) -> None:
        super().__init__(name)
        self.batch_tokens = batch_tokens
        self._waiting: list[Waiting] = []
        self._working: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="syndisco_nb_model")

    @abc.abstractmethod
    def _load(self) -> None:
        """Make ready to answer; runs in the worker thread, and may be called again."""

    @abc.abstractmethod
    def _generate(self, batch: Sequence[Request], abandoned: Callable[[], bool]) -> list[Completion | Exception]:
        """Answer a batch, in the worker thread; stop early once nobody waits for it any more.

        An error in the place of a completion fails that request alone.
        """

    @abc.abstractmethod
    def _max_tokens(self, request: Request) -> int:
        """Return how long the reply to this request may be."""

    async def load(self) -> None:
        """Load the model in its worker thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._load)

    async def complete(self, request: Request) -> Completion:
        """Answer one request, in a batch with all that wait now."""
        return await run_async(self._enqueue(request))

    async def _enqueue(self, request: Request) -> Completion:
        reply: Reply = private_loop().create_future()
        self._waiting.append((request, reply))
        if self._working is None:
            # A new task first runs after everything that is ready now, so the whole tick is in its batch.
            self._working = asyncio.create_task(self._work())
        return await reply

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while batch := self._take():
                requests = [request for request, _ in batch]
                replies = [reply for _, reply in batch]
                try:
                    completions = await loop.run_in_executor(
                        self._thread, self._answer, requests, lambda replies=replies: _abandoned(replies)
                    )
                except Exception as error:
                    completions = [error] * len(batch)
                for reply, completion in zip(replies, completions, strict=True):
                    settle(reply, completion)
                await asyncio.sleep(0)  # let those who were answered ask again
        finally:
            self._working = None

    def _out_of_memory(self, error: Exception) -> bool:
        """Return whether this error means that a smaller batch may succeed; free what can be freed."""
        return isinstance(error, MemoryError)

    def _answer(self, batch: Sequence[Request], abandoned: Callable[[], bool]) -> list[Completion | Exception]:
        self._load()
        answers = self._generate_or_halve(batch, abandoned)
        if len(answers) != len(batch):
            raise ValueError(f"{type(self).__name__} gave {len(answers)} answers to {len(batch)} requests.")
        return answers

    def _generate_or_halve(
        self, batch: Sequence[Request], abandoned: Callable[[], bool]
    ) -> list[Completion | Exception]:
        try:
            return self._generate(batch, abandoned)
        except Exception as error:
            if not self._out_of_memory(error):
                raise
            if len(batch) == 1:
                problem = ModelError(
                    f"{self.name!r} ran out of memory on a single request ({str(error).splitlines()[0]}). Lower the "
                    "window or max_out_tokens, or take a smaller or quantised model."
                )
                return [problem]
        # Outside of the except clause, so that nothing the failed attempt made is still held.
        half = len(batch) // 2
        self.batch_tokens = max(1, half * max(map(self._cost, batch)))
        logger.warning(
            "%r ran out of memory on a batch of %d; trying halves. Batches have up to %d tokens from now on.",
            self.name,
            len(batch),
            self.batch_tokens,
        )
        return [answer for part in (batch[:half], batch[half:]) for answer in self._generate_or_halve(part, abandoned)]

    def _take(self) -> list[Waiting]:
        """Remove and return the next batch."""
        waiting = [(self._cost(request), request, reply) for request, reply in self._waiting if not reply.done()]
        waiting.sort(key=lambda item: -item[0])
        fits = max(1, self.batch_tokens // waiting[0][0]) if waiting else 0
        self._waiting = [(request, reply) for _, request, reply in waiting[fits:]]
        return [(request, reply) for _, request, reply in waiting[:fits]]

    def _cost(self, request: Request) -> int:
        characters = sum(len(message.content) for message in request.messages)
        return characters // _CHARACTERS_PER_TOKEN + self._max_tokens(request)


def _abandoned(replies: Sequence[Reply]) -> bool:
    return all(reply.cancelled() for reply in replies)
