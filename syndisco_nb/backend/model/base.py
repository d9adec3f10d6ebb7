"""`Model`, the base of all models: it answers a `Request` with a `Completion`."""

import abc
import asyncio
import contextlib
from contextvars import ContextVar
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

from syndisco_nb.backend.kinds import Kind
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import require_text
from syndisco_nb.records import Sampling

DEFAULT_SAMPLING = Sampling(top_p=0.95, top_k=50)
"""The default sampling settings of local models."""

MAX_TOKENS = 500
"""The default limit of a reply, in tokens."""

run_folder: ContextVar[Path | None] = ContextVar("run_folder", default=None)
"""The folder of the run that the current task works for."""


class ResolvedSampling(NamedTuple):
    """The settings of a `Sampling` without gaps: each field is a number, as a local model needs it."""

    temperature: float
    top_p: float
    top_k: int
    repetition_penalty: float
    max_tokens: int

    @classmethod
    def of(cls, sampling: Sampling, max_tokens: int) -> "ResolvedSampling":
        """Return the settings with a number in place of each None.

        Parameters
        ----------
        sampling : Sampling
            A setting that is None gets its neutral value, such as temperature 1.
        max_tokens : int
            The limit of a reply if `sampling` has none.
        """
        return cls(
            1.0 if sampling.temperature is None else sampling.temperature,
            1.0 if sampling.top_p is None else sampling.top_p,
            sampling.top_k or 0,
            1.0 if sampling.repetition_penalty is None else sampling.repetition_penalty,
            max_tokens if sampling.max_tokens is None else sampling.max_tokens,
        )


Reply = asyncio.Future[Completion]
"""The future of a completion, on the private event loop."""


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
    """The settings for requests without their own; None for models that do not sample."""

    in_batches: bool = False
    """Whether a server answers in batches, at its price for these."""

    def __init__(self, name: str) -> None:
        require_text("name", name)
        self.name = name

    @property
    def capacity(self) -> int | None:
        """The number of requests that the model can use at once, as it is now; None without a limit."""
        return None

    @property
    def min_concurrency(self) -> int:
        """The number of units that a run keeps under way for this model now, if it has as many and would keep fewer."""
        return 1

    @abc.abstractmethod
    async def complete(self, request: Request) -> Completion:
        """Answer one request. A model may answer requests that wait at the same time in one batch."""

    async def try_complete(self, request: Request) -> Completion:
        """Answer one request, without waiting for a server or worker that is down.

        Raises
        ------
        UnavailableError
            At once, if the model cannot answer now; another one may be asked instead.
        """
        return await self.complete(request)

    async def load(self) -> None:
        """Load what is needed to answer. Errors in the set-up are raised here, before any discussion starts."""
        return

    async def try_load(self) -> None:
        """Load as `load` does, without waiting for a server or worker that is down.

        Raises
        ------
        UnavailableError
            At once, if the model cannot be reached now.
        """
        await self.load()

    def in_use(self, folder: Path) -> contextlib.AbstractContextManager[None]:
        """Return the context that a run enters for as long as it may send requests.

        Parameters
        ----------
        folder : Path
            The run folder.
        """
        return contextlib.nullcontext()

    def settings(self) -> dict[str, Any]:
        """Return the settings that distinguish this model, as plain data; recorded with every run."""
        return {**super().settings(), "name": self.name}

    def identity(self) -> dict[str, Any]:
        """Return the settings that decide the answers, for the key of a cache."""
        return self.settings()

    def _sampling_arguments(self, default: Sampling) -> dict[str, Any]:
        """Return the arguments that most constructors share; `sampling` is None if it is the default one."""
        sampling = self.sampling or default
        limit = sampling.max_tokens
        changed = sampling != replace(default, max_tokens=limit)
        return {"name": self.name, "max_out_tokens": limit, "sampling": asdict(sampling) if changed else None}


def settle(reply: Reply, answer: Completion | Exception) -> None:
    """Set the answer or the error of a reply, unless it is done or cancelled; call it on the reply's event loop.

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
