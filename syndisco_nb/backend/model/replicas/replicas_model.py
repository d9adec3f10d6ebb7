"""`Replicas`: several models that answer alike, used as one."""

import asyncio
import contextlib
from collections.abc import Awaitable, Iterator, Sequence
from pathlib import Path
from typing import Any

from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.replicas.alike import address, checked_alike
from syndisco_nb.backend.model.replicas.replica import Replica
from syndisco_nb.backend.model.replicas.router import Router
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import (
    ModelError,
    SyndiscoError,
    UnavailableError,
    named_arguments,
    require,
    require_int,
    require_number,
    said,
)
from syndisco_nb.loop import run_async


class Replicas(Model):
    """Several models that answer alike, used as one, such as servers on several machines with the same weights.

    Each request goes to the model with the least load, preferably to the one that has read the beginning of its chat
    before. A model that cannot be reached rests: its requests go to the others, and it is tried again after 0.5 to 30
    seconds. Nothing else changes: seeds and records are those of one model, the first, so a run that was begun with
    one goes on with several, and the other way round. Keep the same model first.

    Parameters
    ----------
    models : list of Model
        The models. They may differ in the address of their server, or in their device, and in how many requests they
        take at once, but in nothing that decides an answer.
    name : str, optional
        The name of the whole in transcripts; by default, that of the first model.
    max_retries : int
        The number of times that a request may fail while others succeed.
    patience_s : float
        The longest time, in seconds, to wait for an answer while none of the models can be reached.

    Raises
    ------
    InvalidInputError
        If the models would not answer alike, or one is given twice.
    ModelError
        When loading: if none of the models can be reached, or if one refuses the key or does not know the model.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> servers = [snb.OpenAIModel("Qwen/Qwen3-4B", f"http://gpu{number}:8000/v1") for number in (1, 2)]
    >>> Replicas(servers)
    Replicas('Qwen/Qwen3-4B', ['http://gpu1:8000/v1', 'http://gpu2:8000/v1'])
    """

    form_label = "Several servers with one model"
    form_rank = 6

    @named_arguments
    def __init__(
        self, models: Sequence[Model], name: str | None = None, max_retries: int = 10, patience_s: float = 300.0
    ) -> None:
        self.models = checked_alike(models)
        require(
            not any(isinstance(model, Replicas) for model in self.models),
            "models holds Replicas. Give their models in one list.",
            "models",
        )
        require(
            not any(model.in_batches for model in self.models),
            "models holds a model that answers in batches. Use it alone: a batch takes as many requests as there are.",
            "models",
        )
        first = self.models[0]
        super().__init__(name or first.name)
        self.sampling = first.sampling
        self.max_retries = require_int("max_retries", max_retries, 0)
        require_number("patience_s", patience_s, "above 0", lambda seconds: seconds > 0)
        self.patience_s = patience_s
        self._router = Router(self.name, self.max_retries, patience_s)
        for model in self.models:
            self._router.add(model, address(model))

    @property
    def capacity(self) -> int | None:
        """The number of requests that the models that do not rest can use at once; None without a limit."""
        return self._router.capacity

    @property
    def min_concurrency(self) -> int:
        """The number of units that keeps all models busy."""
        return max(self.models[0].min_concurrency, self.capacity or 1)

    @property
    def replicas(self) -> tuple[Replica, ...]:
        """The models with their load, their rests and the number of their answers."""
        return self._router.replicas

    async def complete(self, request: Request) -> Completion:
        """Answer one request by one of the models."""
        return await self._router.complete(request)

    async def load(self) -> None:
        """Load all models. One that cannot be reached rests, with a warning; if none can, all may take longer."""
        await run_async(self._load())

    async def _load(self) -> None:
        down = await _problems(self.models, [model.try_load() for model in self.models])
        if len(down) == len(self.models):  # perhaps they are just starting
            down = await _problems(self.models, [model.load() for model in self.models])
        if len(down) == len(self.models):
            raise ModelError(f"No replica of {self.name!r} answers. {' '.join(down.values())}")
        self._router.start(down)

    def in_use(self, folder: Path) -> contextlib.AbstractContextManager[None]:
        """Return the contexts of all models, as one."""
        return _all_in_use(self.models, folder)

    def arguments(self) -> dict[str, Any]:
        """Return the constructor's arguments; no name if it is that of the first model."""
        own = self.name if self.name != self.models[0].name else None
        settings = {"max_retries": self.max_retries, "patience_s": self.patience_s}
        return {"models": list(self.models), "name": own, **settings}

    def settings(self) -> dict[str, Any]:
        """Return the settings of the first model, under the name of the whole: the number of models changes nothing."""
        return {**self.models[0].settings(), "name": self.name}

    def identity(self) -> dict[str, Any]:
        """Return the identity of the first model."""
        return self.models[0].identity()

    def __repr__(self) -> str:
        return f"Replicas({self.name!r}, [{', '.join(map(_short, self.models))}])"


async def _problems(models: Sequence[Model], loading: Sequence[Awaitable[None]]) -> dict[Model, str]:
    """Return the problems of models that cannot be reached; raise any other error."""
    outcomes = await asyncio.gather(*loading, return_exceptions=True)
    for outcome in outcomes:
        passing = isinstance(outcome, UnavailableError) or not isinstance(outcome, SyndiscoError)
        if outcome and not (passing and isinstance(outcome, Exception)):
            raise outcome
    return {model: said(error) for model, error in zip(models, outcomes, strict=True) if error}


def _short(model: Model) -> str:
    words = address(model)
    return words if words == repr(model) else repr(words)


@contextlib.contextmanager
def _all_in_use(models: Sequence[Model], folder: Path) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for model in models:
            stack.enter_context(model.in_use(folder))
        yield
