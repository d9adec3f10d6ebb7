"""Continuous batching: requests join the running batch of a local model between two steps, and leave one by one."""

import abc
import asyncio
import logging
import math
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

from syndisco_nb.backend.model.base import Model, Reply, settle
from syndisco_nb.backend.model.local.scoring import LabelTree, Question, Scorer
from syndisco_nb.backend.model.request import Completion, LabelShares, Request, scored_completion
from syndisco_nb.errors import ModelError
from syndisco_nb.loop import private_loop, run_async
from syndisco_nb.records import ChatMessage

logger = logging.getLogger(__name__)


class PendingRequest:
    """A request that has no answer yet.

    Attributes
    ----------
    request : Request
    reply : Reply
        The future that its answer settles.
    largest_batch : int
        The size of the largest batch that it was part of.
    """

    def __init__(self, request: Request, reply: Reply) -> None:
        self.request = request
        self.reply = reply
        self.largest_batch = 1
        self._begun: float | None = None

    @property
    def abandoned(self) -> bool:
        """Whether the caller has stopped waiting."""
        return self.reply.done()

    def begin(self) -> None:
        """Record the moment at which it joins the batch."""
        self._begun = self._begun or time.perf_counter()

    def note_batch(self, size: int) -> None:
        """Record the size of a batch that it is part of."""
        self.largest_batch = max(self.largest_batch, size)

    @property
    def seconds(self) -> float:
        """The time since it joined the batch."""
        return round(time.perf_counter() - self._begun, 3) if self._begun else 0.0


Answered: TypeAlias = tuple[PendingRequest, Completion | Exception | None]
"""A request that leaves the batch, and its answer; None if it was abandoned."""


class BatchingModel(Model):
    """A model that runs in this process and answers many requests at once.

    All requests of one tick of the event loop start together, in the model's worker thread; later ones join between two
    steps. A request leaves when it is answered, or when its caller stops waiting. There is no timer.

    A completion's `seconds` is the time that the request was in the batch; its `batch_size` is the size of the largest
    batch that it was part of.

    Parameters
    ----------
    name : str
        The name in transcripts.
    batch_tokens : int
        The largest batch, in tokens. It is halved, for good, when memory runs out.
    """

    _overflow_remedy = "Take weights of a higher precision."

    def __init__(self, name: str, batch_tokens: int) -> None:
        super().__init__(name)
        self.batch_tokens = batch_tokens
        self._arrived: list[PendingRequest] = []
        self._serving = False
        self._lock = threading.Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="syndisco_nb_model")

    @abc.abstractmethod
    def encode(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Return the tokens of a chat, up to where the reply begins."""

    @abc.abstractmethod
    def _load(self) -> None:
        """Load the model, in the worker thread, unless it is loaded."""

    @abc.abstractmethod
    def _add(self, pending: PendingRequest) -> None:
        """Queue a request for one of the next steps; an error fails this request alone."""

    @abc.abstractmethod
    def _step(self) -> list[Answered]:
        """Take one step with the batch, if there is one, and return the requests that leave it."""

    @abc.abstractmethod
    def _scorer(self) -> Scorer:
        """Return the scorer of labels."""

    @abc.abstractmethod
    def _label(self, text: str) -> list[int]:
        """Return the tokens of a label, without special ones at its beginning or end."""

    @abc.abstractmethod
    def _label_ends(self) -> list[int]:
        """Return the tokens that end a reply, and so a label."""

    @abc.abstractmethod
    def _check_length(self, prompt: int, reply: int) -> None:
        """Raise an error if a prompt and its longest reply, in tokens, exceed the context of the model."""

    def _encode_for_label(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Return the tokens of a chat, up to where the label begins: after the model's thoughts, if it has any."""
        return self.encode(messages)

    def _out_of_memory(self, error: Exception) -> bool:
        """Return whether a smaller batch may succeed after this error, and free unused memory."""
        return isinstance(error, MemoryError)

    async def load(self) -> None:
        """Load the model in its worker thread."""
        await asyncio.get_running_loop().run_in_executor(self._worker, self._load)

    async def complete(self, request: Request) -> Completion:
        """Answer one request, in a batch with all others that wait."""
        return await run_async(self._enqueue(request))

    async def _enqueue(self, request: Request) -> Completion:
        reply: Reply = private_loop().create_future()
        with self._lock:
            self._arrived.append(PendingRequest(request, reply))
            if not self._serving:
                self._serving = True
                # Called after everything that is ready now, so that the whole tick starts together.
                private_loop().call_soon(self._worker.submit, self._serve)
        return await reply

    def _serve(self) -> None:
        """Answer requests, in the worker thread, until none is left."""
        active: dict[PendingRequest, None] = {}
        try:
            self._load()
            while True:
                with self._lock:
                    arrived, self._arrived = self._arrived, []
                    self._serving = bool(arrived or active)
                if not arrived and not active:
                    return
                active |= dict.fromkeys(arrived)
                for answered in self._advance(arrived):
                    for pending, _ in answered:
                        active.pop(pending, None)
                    private_loop().call_soon_threadsafe(_settle, answered)
        except BaseException as error:  # a SystemExit as well: no one else would answer those who wait
            with self._lock:
                arrived, self._arrived = self._arrived, []
                self._serving = False
            ended = ModelError(f"The model {self.name!r} was ended by {type(error).__name__}.")
            answer = error if isinstance(error, Exception) else ended
            private_loop().call_soon_threadsafe(_settle, [(pending, answer) for pending in (*active, *arrived)])

    def _advance(self, arrived: Sequence[PendingRequest]) -> Iterator[list[Answered]]:
        """Score the new requests that have labels, queue the others, and take one step with the batch."""
        questions: dict[PendingRequest, Question] = {}
        trees: dict[tuple[str, ...], LabelTree] = {}
        unqueued: list[Answered] = []  # abandoned, or at fault
        for pending in arrived:
            try:
                if pending.abandoned:
                    unqueued.append((pending, None))
                elif pending.request.labels:
                    questions[pending] = self._question(pending.request, trees)
                else:
                    self._add(pending)
            except Exception as error:  # a bad request must not stop the others
                unqueued.append((pending, error))
        yield unqueued
        yield from self._score(questions)
        yield self._step()

    def _question(self, request: Request, trees: dict[tuple[str, ...], LabelTree]) -> Question:
        """Return a request with labels, in tokens; `trees` caches the labels of earlier requests."""
        prompt = self._encode_for_label(request.messages)
        if request.labels not in trees:
            trees[request.labels] = self._tree(request.labels)
        self._check_length(len(prompt), trees[request.labels].longest)
        return Question(tuple(prompt), trees[request.labels])

    def _tree(self, labels: Sequence[str]) -> LabelTree:
        """Return labels in tokens, or raise `ModelError` if two are the same tokens."""
        known: dict[tuple[int, ...], str] = {(): ""}
        for label in labels:
            if (other := known.setdefault(tuple(self._label(label)), label)) != label:
                raise ModelError(
                    f"To {self.name!r}, the labels {other!r} and {label!r} are the same tokens, so it cannot tell them "
                    "apart. Word one of them in another way."
                )
        return LabelTree.of([*known][1:], self._label_ends())

    def _score(self, questions: dict[PendingRequest, Question]) -> Iterator[list[Answered]]:
        """Answer requests with labels; if they do not fit into memory together, in halves."""
        numbered = list(questions)
        try:
            if numbered:
                for batch, seconds in self._scorer().score(list(questions.values()), self.batch_tokens):
                    yield [
                        (
                            numbered[number],
                            self._label_completion(numbered[number], questions, scores, seconds, len(batch)),
                        )
                        for number, scores in batch.items()
                    ]
                    if all(pending.abandoned for pending in questions):
                        break
            return
        except Exception as error:
            if not self._out_of_memory(error):
                yield [(pending, error) for pending in questions]
                return
            reason = str(error)
        # Outside the except clause, which would keep the tensors of the failed attempt alive.
        if len(questions) == 1:
            yield [(pending, self._too_large_error(reason)) for pending in questions]
            return
        self._shrink_batches(self.batch_tokens // 2, len(questions))
        left = list(questions.items())
        for half in (left[: len(left) // 2], left[len(left) // 2 :]):
            yield from self._score(dict(half))

    def _label_completion(
        self,
        pending: PendingRequest,
        questions: dict[PendingRequest, Question],
        scores: LabelShares,
        seconds: float,
        batch_size: int,
    ) -> Completion | ModelError:
        """Remove a question from those that wait, and return its answer."""
        prompt = questions.pop(pending).prompt
        if math.isnan(scores.mass):
            return self._overflowed()
        labels = pending.request.labels
        return scored_completion(labels, scores.probabilities, scores.mass, len(prompt), seconds, batch_size)

    def _overflowed(self) -> ModelError:
        return ModelError(f"{self.name!r} computed no probabilities: its numbers overflowed. {self._overflow_remedy}")

    def _shrink_batches(self, tokens: int, requests: int) -> None:
        self.batch_tokens = max(1, tokens)
        logger.warning(
            "%r ran out of memory on a batch of %d; trying halves. Batches have up to %d tokens from now on.",
            self.name,
            requests,
            self.batch_tokens,
        )

    def _too_large_error(self, reason: str) -> ModelError:
        return ModelError(
            f"{self.name!r} ran out of memory on a single request ({reason.splitlines()[0]}). Lower the "
            "window or max_out_tokens, or take a smaller or quantised model."
        )


def _settle(answered: Sequence[Answered]) -> None:
    for pending, answer in answered:
        if answer is not None:
            settle(pending.reply, answer)
