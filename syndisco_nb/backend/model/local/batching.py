"""Requests that wait together are answered together: they join the running batch between two of its steps."""

import abc
import asyncio
import logging
import math
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

from syndisco_nb.backend.model.base import Completion, Model, Reply, Request, scored, settle
from syndisco_nb.backend.model.local.scoring import LabelTree, Question, Scorer, Scores
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
"""A request that left the batch, with its answer, or with None if it was abandoned."""


class BatchingModel(Model):
    """A model that lives in this process and answers many requests at once.

    All requests of one tick of the event loop start together, in the model's worker thread; what arrives
    meanwhile joins between two steps. A request leaves once it is answered, or once nobody waits for it.
    Nothing waits for a timer.

    Completions tell in `seconds` how long they were in the batch, and in `batch_size` with how many they were
    answered, at most.

    Parameters
    ----------
    name : str
        What transcripts call the model.
    batch_tokens : int
        The largest batch, in tokens. When memory runs out it is halved, and stays so.
    """

    _exact = "Take weights of a higher precision."  # where its numbers overflow

    def __init__(self, name: str, batch_tokens: int) -> None:
        super().__init__(name)
        self.batch_tokens = batch_tokens
        self._arrived: list[PendingRequest] = []
        self._serving = False
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="syndisco_nb_model")

    @abc.abstractmethod
    def encode(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Return the tokens of a chat, laid out by the model's chat template, ready for the reply."""

    @abc.abstractmethod
    def _load(self) -> None:
        """Make ready to answer; runs in the worker thread, and may be called again."""

    @abc.abstractmethod
    def _add(self, one: PendingRequest) -> None:
        """Let a request join the batch at a next step; an error fails it alone."""

    @abc.abstractmethod
    def _step(self) -> list[Answered]:
        """Take the batch, if there is one, a step further; return those who leave it."""

    @abc.abstractmethod
    def _scorer(self) -> Scorer:
        """Return what scores labels."""

    @abc.abstractmethod
    def _label(self, text: str) -> list[int]:
        """Return the tokens of a label, without any that begin or end a text."""

    @abc.abstractmethod
    def _label_ends(self) -> list[int]:
        """Return the tokens that may end a reply, and so a label."""

    @abc.abstractmethod
    def _check_length(self, prompt: int, reply: int) -> None:
        """Refuse a prompt and a longest reply, both in tokens, that exceed what the model takes."""

    def _encode_for_label(self, messages: Sequence[ChatMessage]) -> list[int]:
        """Return the tokens of a chat, ready for a label; a model that thinks first goes another way."""
        return self.encode(messages)

    def _out_of_memory(self, error: Exception) -> bool:
        """Return whether this error means that a smaller batch may succeed; free what can be freed."""
        return isinstance(error, MemoryError)

    async def load(self) -> None:
        """Load the model in its worker thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._load)

    async def complete(self, request: Request) -> Completion:
        """Answer one request, in a batch with all that wait."""
        return await run_async(self._enqueue(request))

    async def _enqueue(self, request: Request) -> Completion:
        reply: Reply = private_loop().create_future()
        with self._lock:
            self._arrived.append(PendingRequest(request, reply))
            if not self._serving:
                self._serving = True
                # This runs after everything that is ready now, so the whole tick starts together.
                private_loop().call_soon(self._thread.submit, self._serve)
        return await reply

    def _serve(self) -> None:
        """Work, in the worker thread, until nobody waits any more."""
        inside: dict[PendingRequest, None] = {}
        try:
            self._load()
            while True:
                with self._lock:
                    arrived, self._arrived = self._arrived, []
                    self._serving = bool(arrived or inside)
                if not arrived and not inside:
                    return
                inside |= dict.fromkeys(arrived)
                for answered in self._work(arrived):
                    for one, _ in answered:
                        inside.pop(one, None)
                    private_loop().call_soon_threadsafe(_settle, answered)
        except BaseException as error:  # a SystemExit, too: nobody else would tell those who wait
            with self._lock:
                arrived, self._arrived = self._arrived, []
                self._serving = False
            ended = ModelError(f"The model {self.name!r} was ended by {type(error).__name__}.")
            answer = error if isinstance(error, Exception) else ended
            private_loop().call_soon_threadsafe(_settle, [(one, answer) for one in (*inside, *arrived)])

    def _work(self, arrived: Sequence[PendingRequest]) -> Iterator[list[Answered]]:
        """Score labels, let the others join, and take the batch a step further."""
        questions: dict[PendingRequest, Question] = {}
        trees: dict[tuple[str, ...], LabelTree] = {}
        refused: list[Answered] = []
        for one in arrived:
            try:
                if one.abandoned:
                    refused.append((one, None))
                elif one.request.labels:
                    questions[one] = self._question(one.request, trees)
                else:
                    self._add(one)
            except Exception as error:  # one bad request must not stop the others
                refused.append((one, error))
        yield refused
        yield from self._score(questions)
        yield self._step()

    def _question(self, request: Request, trees: dict[tuple[str, ...], LabelTree]) -> Question:
        """Return a request with labels in tokens; `trees` keeps labels that were met before."""
        prompt = self._encode_for_label(request.messages)
        if request.labels not in trees:
            trees[request.labels] = self._tree(request.labels)
        self._check_length(len(prompt), trees[request.labels].longest)
        return Question(tuple(prompt), trees[request.labels])

    def _tree(self, labels: Sequence[str]) -> LabelTree:
        """Return labels in tokens, of which each must have its own."""
        known: dict[tuple[int, ...], str] = {(): ""}
        for label in labels:
            if (alike := known.setdefault(tuple(self._label(label)), label)) != label:
                raise ModelError(
                    f"To {self.name!r}, the labels {alike!r} and {label!r} are the same tokens, so it cannot tell them "
                    "apart. Word one of them in another way."
                )
        return LabelTree.of([*known][1:], self._label_ends())

    def _score(self, questions: dict[PendingRequest, Question]) -> Iterator[list[Answered]]:
        """Answer requests with labels; where they do not fit into memory, in halves."""
        asked = list(questions)
        try:
            if asked:
                for found, seconds in self._scorer().score(list(questions.values()), self.batch_tokens):
                    yield [
                        (asked[number], self._scored(asked[number], questions, one, seconds, len(found)))
                        for number, one in found.items()
                    ]
                    if all(one.abandoned for one in questions):
                        break
            return
        except Exception as error:
            if not self._out_of_memory(error):
                yield [(one, error) for one in questions]
                return
            reason = str(error)
        # Outside of the except clause, so that nothing the failed attempt made is still held.
        if len(questions) == 1:
            yield [(one, self._too_large(reason)) for one in questions]
            return
        self._halve(self.batch_tokens // 2, len(questions))
        left = list(questions.items())
        for part in (left[: len(left) // 2], left[len(left) // 2 :]):
            yield from self._score(dict(part))

    def _scored(
        self,
        one: PendingRequest,
        questions: dict[PendingRequest, Question],
        scores: Scores,
        seconds: float,
        batch_size: int,
    ) -> Completion | ModelError:
        """Return the answer to a question, which is one no longer."""
        prompt = questions.pop(one).prompt
        if math.isnan(scores.mass):
            return self._overflowed()
        return scored(one.request.labels, scores.probabilities, scores.mass, len(prompt), seconds, batch_size)

    def _overflowed(self) -> ModelError:
        return ModelError(f"{self.name!r} computed no probabilities: its numbers overflowed. {self._exact}")

    def _halve(self, tokens: int, requests: int) -> None:
        self.batch_tokens = max(1, tokens)
        logger.warning(
            "%r ran out of memory on a batch of %d; trying halves. Batches have up to %d tokens from now on.",
            self.name,
            requests,
            self.batch_tokens,
        )

    def _too_large(self, reason: str) -> ModelError:
        return ModelError(
            f"{self.name!r} ran out of memory on a single request ({reason.splitlines()[0]}). Lower the "
            "window or max_out_tokens, or take a smaller or quantised model."
        )


def _settle(answered: Sequence[Answered]) -> None:
    for one, answer in answered:
        if answer is not None:
            settle(one.reply, answer)
