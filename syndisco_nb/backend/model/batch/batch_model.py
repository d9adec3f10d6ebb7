"""`BatchModel`: a model on a server that is asked in batches, at half the price and within a day."""

import asyncio
import contextlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from syndisco_nb.backend.kinds import Requirement
from syndisco_nb.backend.model.base import Model, run_folder
from syndisco_nb.backend.model.batch.batch_endpoint import BatchEndpoint
from syndisco_nb.backend.model.batch.batch_lines import Reply, key_of
from syndisco_nb.backend.model.batch.batch_queue import BatchQueue
from syndisco_nb.backend.model.batch.batch_steps import Pause
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.backend.model.server.client import INSTALL
from syndisco_nb.backend.model.server.openai_model import OpenAIModel
from syndisco_nb.backend.model.server.workarounds import Body
from syndisco_nb.errors import InvalidInputError, ModelError, named_arguments, short_repr
from syndisco_nb.loop import private_loop, run_async
from syndisco_nb.records import ChatMessage

_UNITS = 10_000
"""The units that wait at once: a discussion takes about 20 kB of memory, a label 13 kB; a batch holds 50,000."""

_EASY = (ChatMessage("system", "Answer in one word."), ChatMessage("user", "Is grass green, yes or no?"))


class BatchModel(Model):
    """A model on a server that answers in batches: at half the price, within 24 hours.

    For whatever does not wait for an answer: labels, and questions before and after a discussion, are one batch. The
    turns of a discussion wait for each other, so all discussions of a run take their next turn together, and each turn
    is a batch that takes up to 24 hours: 14 turns take up to 14 days.

    The batches are job files in the run folder (``batches/``). A run that was interrupted or killed goes on with the
    same cell, on the next day, too: requests that were sent are not sent again, and answers that were fetched stay.
    Requests that failed or expired are asked again in a further batch, three times in all. Interrupting a run cancels
    no batch, since it is paid for; to cancel one, use the server's own page of batches.

    The server must have OpenAI's endpoints ``/files`` and ``/batches``, as OpenAI, Azure, Groq and many gateways have.
    Answers are those of the model itself, with the same seeds and prompts, so a run begun without batches goes on with
    them, and back; only `Generation.batch_size` tells. At the start, two short requests are sent directly, to find out
    which fields the server accepts.

    Parameters
    ----------
    model : OpenAIModel
        The model to ask.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> snb.BatchModel(snb.OpenAIModel("gpt-4.1-mini", api_key="…"))
    BatchModel(OpenAIModel('gpt-4.1-mini', base_url='https://api.openai.com/v1', name='gpt-4.1-mini', \
max_out_tokens=500))
    """

    form_label = "Model on a server, in batches (half the price, but slow)"
    form_rank = 8  # not the first choice in a form, like `CachedModel`
    requires = Requirement(("openai",), INSTALL)
    min_concurrency = _UNITS
    in_batches = True

    @named_arguments
    def __init__(self, model: Model) -> None:
        if not isinstance(model, OpenAIModel):
            raise InvalidInputError(
                f"model is {short_repr(model)}, but must be an OpenAIModel: only servers have batches.", field="model"
            )
        super().__init__(model.name)
        self.model = model
        self.sampling = model.sampling
        self._sent = model.sent_by(self._send)
        self._endpoint = BatchEndpoint(model.connection)
        self._pause: Pause = asyncio.sleep
        self._queues: dict[Path, BatchQueue] = {}
        self._runs: Counter[Path] = Counter()
        self._loading = asyncio.Lock()
        self._ready = False

    @property
    def folders(self) -> tuple[Path, ...]:
        """The run folders that it keeps batches in now."""
        return tuple(self._runs)

    async def complete(self, request: Request) -> Completion:
        """Answer one request, in a batch with all others that wait.

        Raises
        ------
        InvalidInputError
            If it belongs to no run, and `in_use` has named no folder.
        """
        return await run_async(self._complete(request))

    async def load(self) -> None:
        """Check the server, and find out which fields it accepts."""
        await run_async(self._load())

    @contextlib.contextmanager
    def in_use(self, folder: str | os.PathLike[str]) -> Iterator[None]:
        """Return a context that keeps the batches in a folder.

        A run enters it by itself. Without a run, enter it in your own code: ``with model.in_use("batches"): …``.

        Parameters
        ----------
        folder : str or path-like
        """
        path = Path(folder).expanduser()
        self._runs[path] += 1
        try:
            yield
        finally:
            self._runs[path] -= 1
            if not self._runs[path]:
                del self._runs[path]
                if queue := self._queues.pop(path, None):
                    private_loop().call_soon_threadsafe(queue.close)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {"model": self.model}

    def settings(self) -> dict[str, Any]:
        """Return the settings of the model: batches do not change its answers."""
        return self.model.settings()

    def identity(self) -> dict[str, Any]:
        """Return the identity of the model."""
        return self.model.identity()

    def __repr__(self) -> str:
        return f"BatchModel({self.model!r})"

    async def _complete(self, request: Request) -> Completion:
        if not self._ready:
            await self._load()
        return await self._sent.complete(request)

    async def _load(self) -> None:
        await self.model.load()
        async with self._loading:
            if not self._ready:
                fault = await self._endpoint.check()
                if fault and not fault.retried:
                    raise ModelError(
                        f"{self.name!r} at {self.model.base_url} has no batches: {fault.cause}. Use its model without "
                        "them, or a key that may use them."
                    )
                kinds = ((), ("yes", "no"))
                await asyncio.gather(*(self.model.complete(Request(_EASY, 0, labels=labels)) for labels in kinds))
                self._ready = True

    async def _send(self, body: Body, asked: Body) -> Reply:
        folder = run_folder.get()
        if folder is None and len(self._runs) == 1:
            (folder,) = self._runs
        if folder is None:
            raise InvalidInputError(
                f"{self.name!r} answers in batches, whose job files need a folder. Use it in a run, or inside "
                '`with model.in_use("batches"):`, in this cell and again to go on.'
            )
        if folder not in self._queues:
            self._queues[folder] = BatchQueue(
                folder, self._endpoint, self.model.model_name, self.model.base_url, lambda wait_s: self._pause(wait_s)
            )
        return await self._queues[folder].ask(key_of(self.model.base_url, asked), body)
