"""The interface of all models: a `Request` goes in, a `Completion` comes out."""

import abc
import asyncio
import contextlib
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from syndisco_nb.backend.kinds import Kind
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import require_text
from syndisco_nb.records import Sampling

DEFAULT_SAMPLING = Sampling(top_p=0.95, top_k=50)
"""The default sampling settings of local models."""

MAX_TOKENS = 500
"""The default limit of a reply, in tokens."""


class ResolvedSampling(NamedTuple):
    """Sampling settings with a number in every field, for a local model; fields as in `Sampling`."""

    temperature: float
    top_p: float
    top_k: int
    repetition_penalty: float
    max_tokens: int

    @classmethod
    def of(cls, sampling: Sampling, max_tokens: int) -> "ResolvedSampling":
        """Fill the gaps of a `Sampling`.

        Parameters
        ----------
        sampling : Sampling
            A setting that is None becomes the value that changes nothing.
        max_tokens : int
            The limit of a reply where `sampling` has none.
        """
        return cls(
            1.0 if sampling.temperature is None else sampling.temperature,
            1.0 if sampling.top_p is None else sampling.top_p,
            sampling.top_k or 0,
            1.0 if sampling.repetition_penalty is None else sampling.repetition_penalty,
            max_tokens if sampling.max_tokens is None else sampling.max_tokens,
        )


Reply = asyncio.Future[Completion]
"""A completion that is still to come, on the private loop."""


class Model(Kind):
    """Base of all models; a new one needs only `complete`.

    Parameters
    ----------
    name : str
        The name of the model in transcripts.

    Examples
    --------
    >>> from syndisco_nb.records import ChatMessage
    >>> class Echo(Model):
    ...     async def complete(self, request):
    ...         return Completion(request.messages[-1].content)
    >>> asyncio.run(Echo("echo").complete(Request((ChatMessage("user", "Hello."),), seed=1))).text
    'Hello.'
    """

    sampling: Sampling | None = None
    """The settings for requests that bring none; None for models that do not sample."""

    def __init__(self, name: str) -> None:
        require_text("name", name)
        self.name = name

    @abc.abstractmethod
    async def complete(self, request: Request) -> Completion:
        """Answer one request. A model may answer requests that wait at the same time in one batch."""

    async def load(self) -> None:
        """Get ready to answer. Errors in the set-up are raised here, before any discussion starts."""
        return

    def in_use(self) -> contextlib.AbstractContextManager[None]:
        """Return a context that a run stays in while it may send requests."""
        return contextlib.nullcontext()

    def settings(self) -> dict[str, Any]:
        """Return the settings that distinguish this model, as plain data; recorded with every run."""
        return {**super().settings(), "name": self.name}

    def identity(self) -> dict[str, Any]:
        """Return the part of `settings` that, with the request, decides the answers."""
        return self.settings()

    def _sampling_arguments(self, usual: Sampling) -> dict[str, Any]:
        """Return name, limit and sampling, as the constructors of most models take them; the usual sampling is None."""
        sampling = self.sampling or usual
        limit = sampling.max_tokens
        special = sampling != replace(usual, max_tokens=limit)
        return {"name": self.name, "max_out_tokens": limit, "sampling": asdict(sampling) if special else None}


def settle(reply: Reply, answer: Completion | Exception) -> None:
    """Set the answer of a reply, unless it is done or cancelled; to be called on the reply's loop.

    Parameters
    ----------
    reply : Reply
    answer : Completion or Exception
    """
    if reply.done():
        return
    if isinstance(answer, Exception):
        reply.set_exception(answer)
    else:
        reply.set_result(answer)
