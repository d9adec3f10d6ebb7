"""`OpenAIModel`: a model behind OpenAI, vLLM, Ollama, llama.cpp, transformers serve, or another such server."""

import asyncio
import copy
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from syndisco_nb.backend.kinds import Requirement
from syndisco_nb.backend.model.base import MAX_TOKENS, Model
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.backend.model.server.address import checked_address
from syndisco_nb.backend.model.server.answering import Answering, SendElsewhere, refusal
from syndisco_nb.backend.model.server.api_key import ApiKey
from syndisco_nb.backend.model.server.client import INSTALL
from syndisco_nb.backend.model.server.connection import LOADING_PATIENCE_S, Connection
from syndisco_nb.backend.model.server.faults import Fault
from syndisco_nb.backend.model.server.request_body import checked_extra, differing_settings
from syndisco_nb.backend.model.server.retrying import Retrying, Throttle
from syndisco_nb.backend.model.server.thinking_fields import thinking_budget, thinking_fields
from syndisco_nb.backend.model.server.workarounds import THINKING_FIELDS
from syndisco_nb.backend.model.thoughts import Thinking
from syndisco_nb.errors import (
    ModelError,
    named_arguments,
    require,
    require_int,
    require_number,
    require_text,
)
from syndisco_nb.loop import run_async
from syndisco_nb.records import ChatMessage, Sampling

_OPENAI = "https://api.openai.com/v1"


class OpenAIModel(Model):
    """A model behind an OpenAI-compatible server.

    Many requests are sent at once, fewer if the server is congested. Passing faults (time-outs, 429, 5xx, broken
    connections, truncated or foreign answers, a restart of the server) are retried; permanent ones (a wrong key, an
    unknown model) are errors at once.

    Fields that the server refuses (`top_p`, a seed, the system role, a JSON schema …) are detected once and left out
    of later requests. Each answer then has a note in `Generation.notes`, and its `Generation.sampling` holds the
    settings that were sent. Reasoning is kept apart from the answer, wherever the server puts it.

    Replies of discussions that a live view shows are streamed, so that it shows them while they are written.

    A request with labels asks for a single token and the probabilities of those that could stand there (``logprobs``).
    The likeliest label is the answer; its probability is that of the tokens that begin it and no other label. Where a
    server does not tell them, or the model thinks first, or they do not decide between the labels, the request asks for
    JSON that can hold nothing but a label, or else for the label in words. An answer that is none of the labels is then
    drawn again with other seeds, and finally returned as it is. Each answer has a note on its probabilities.

    Parameters
    ----------
    model_name : str
        The model's name on the server.
    base_url : str, optional
        The server, such as "http://localhost:8000/v1". The default is the environment variable ``OPENAI_BASE_URL``,
        or else OpenAI.
    api_key : str or callable, optional
        The key, or a function that returns it, called before every request in another thread. By default the key
        comes from the environment: ``OPENAI_API_KEY`` for OpenAI, or for the server in ``OPENAI_BASE_URL``; other
        providers have variables of their own, such as ``MISTRAL_API_KEY``. Keys from the environment are sent to no
        other server. A key never appears in a repr, an error, a log or a run folder; but a notebook stores the text
        of its cells, so do not type a key into one.
    name : str, optional
        The name of the model in transcripts; `model_name` by default.
    max_out_tokens : int or None
        The limit of an answer, in tokens, reasoning included; None leaves it to the server.
    sampling : Sampling, optional
        The sampling settings; `max_out_tokens` replaces their `max_tokens`. Settings that are None or the protocol's
        default (`temperature` 1, `top_p` 1, `top_k` 0, `repetition_penalty` 1) are not sent, and some servers then
        use defaults of their own. To insist on such a value, give it in `extra_body`, too.
    max_concurrency : int
        The largest number of requests under way at once.
    timeout_s : float
        The longest time for one answer, in seconds, from the first byte sent to the last received.
    max_retries : int
        The number of times that a request may fail while others succeed.
    patience_s : float
        The longest silence of the server, in seconds, before requests are given up.
    max_wait_s : float
        The longest pause before a retry, in seconds, unless the server asks for a longer one.
    extra_body : mapping, optional
        Further fields of every request, such as ``{"repeat_penalty": 1.1}`` for llama.cpp. They are recorded with
        every run; values that look like secrets are refused.
    thinking : bool, int or None
        True or False to turn thinking on or off, or the largest number of tokens to think for, sent in the form that
        the server reads. None leaves it to the server.

    Raises
    ------
    InvalidInputError
        If an argument cannot be used.
    MissingDependencyError
        When loading: if the openai package is not installed.
    ModelError
        When loading: if the server cannot be reached, refuses the key, or does not know the model.

    Examples
    --------
    >>> OpenAIModel("Qwen/Qwen3-4B", base_url="http://localhost:8000/v1", max_out_tokens=200)
    OpenAIModel('Qwen/Qwen3-4B', base_url='http://localhost:8000/v1', name='Qwen/Qwen3-4B', max_out_tokens=200)
    """

    form_label = "Model on a server (OpenAI, vLLM, Ollama …)"
    form_rank = 4
    requires = Requirement(("openai",), INSTALL)
    sampling: Sampling

    @named_arguments
    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | Callable[[], str] | None = None,
        name: str | None = None,
        max_out_tokens: int | None = MAX_TOKENS,
        sampling: Sampling | None = None,
        max_concurrency: int = 32,
        timeout_s: float = 300.0,
        max_retries: int = 10,
        patience_s: float = 300.0,
        max_wait_s: float = 30.0,
        extra_body: Mapping[str, Any] | None = None,
        thinking: Thinking | None = None,
    ) -> None:
        require_text("model_name", model_name)
        require(
            model_name.strip(), "model_name is empty. Give the name that the server knows the model by.", "model_name"
        )
        super().__init__(name or model_name)
        self.model_name = model_name
        self.base_url = checked_address(base_url or os.environ.get("OPENAI_BASE_URL") or _OPENAI)
        key = ApiKey(api_key, self.base_url)
        del api_key  # so that no traceback of a later error shows it
        limit = max_out_tokens if max_out_tokens is None else require_int("max_out_tokens", max_out_tokens, 1)
        self.sampling = replace(sampling or Sampling(), max_tokens=limit)
        for what, value in {"timeout_s": timeout_s, "patience_s": patience_s, "max_wait_s": max_wait_s}.items():
            require_number(what, value, "above 0", lambda seconds: seconds > 0)
        self.thinking = None if thinking is None else _checked_thinking(thinking)
        self._thinking_fields = thinking_fields(self.base_url, self.thinking)
        budget = thinking_budget(self.thinking, self._thinking_fields)
        require(
            limit is None or budget < limit,
            f"thinking takes up to {budget} tokens of max_out_tokens={limit}. Raise max_out_tokens.",
            "thinking",
        )
        self.extra_body = checked_extra(extra_body, {*differing_settings(self.sampling), *self._thinking_fields})
        self.patience = {
            "max_concurrency": max_concurrency,
            "timeout_s": timeout_s,
            "max_retries": max_retries,
            "patience_s": patience_s,
            "max_wait_s": max_wait_s,
        }
        self._server = f"{self.name!r} at {self.base_url}"
        throttle = Throttle(require_int("max_concurrency", max_concurrency, 1))
        retries = require_int("max_retries", max_retries, 0)
        retrying = Retrying(self._server, throttle, retries, patience_s, max_wait_s)
        self._connection = Connection(self.base_url, key, retrying, timeout_s)
        fields = {**self._thinking_fields, **self.extra_body}
        self._answering = Answering(
            self._server, model_name, self.sampling, fields, self._connection, thinks=bool(self.thinking)
        )
        self._throttle = throttle
        self._checking = asyncio.Lock()
        self._checked = False
        self._failed_checks: dict[float, ModelError] = {}  # the last, by patience

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the constructor, but for the key."""
        own = {name: getattr(self, name) for name in ("model_name", "base_url", "extra_body", "thinking")}
        return {**own, **self.patience, **self._sampling_arguments(Sampling())}

    def settings(self) -> dict[str, Any]:
        """Return server, model and sampling, as given, without the key."""
        return {**super().settings(), **self.identity(), "sampling": asdict(self.sampling)}

    def identity(self) -> dict[str, Any]:
        """Return the server, the model's name there, and the fields that every request has."""
        settings = {"model_name": self.model_name, "base_url": self.base_url, "extra_body": self.extra_body}
        return settings if self.thinking is None else {**settings, "thinking": self.thinking}

    def __repr__(self) -> str:
        return (
            f"OpenAIModel({self.model_name!r}, base_url={self.base_url!r}, name={self.name!r}, "
            f"max_out_tokens={self.sampling.max_tokens})"
        )

    @property
    def capacity(self) -> int:
        """The number of requests that may be under way now: `max_concurrency`, or fewer after congestion."""
        return int(self._throttle.limit)

    @property
    def connection(self) -> Connection:
        """The connection to the server, for other endpoints than that of chat completions."""
        return self._connection

    def sent_by(self, send: SendElsewhere) -> "OpenAIModel":
        """Return the same model with another way of sending, such as in batches.

        Each request has the form that the server is known to accept, and no other form is tried. Let this model answer
        a request of each kind before, so that it learns the form.

        Parameters
        ----------
        send : callable
            Takes the fields of the request to send, and the fields before any was left out; returns the answer.
        """
        other = copy.copy(self)
        other._answering = self._answering.sent_by(send)
        other._checked = True
        return other

    async def load(self) -> None:
        """Check that the server answers, accepts the key and has the model."""
        await run_async(self._check(LOADING_PATIENCE_S))

    async def try_load(self) -> None:
        """Check as `load` does, without retries; a fault that may pass is an `UnavailableError` at once."""
        await run_async(self._check(0.0))

    async def complete(self, request: Request) -> Completion:
        """Answer one request, with retries and repeated draws."""
        return await run_async(self._complete(request, math.inf))

    async def try_complete(self, request: Request) -> Completion:
        """Answer one request, without retries; a fault that may pass is an `UnavailableError` at once."""
        return await run_async(self._complete(request, 0.0))

    async def _complete(self, request: Request, patience_s: float) -> Completion:
        if not self._checked:
            await self._check_once(min(patience_s, LOADING_PATIENCE_S))
        answer = self._answering.label if request.labels else self._answering.reply
        return await answer(request, patience_s)

    async def _check_once(self, patience_s: float) -> None:
        """Check the server; of requests to a dead one, the first waits for it, and those beside it share its error."""
        before = self._failed_checks.get(patience_s)
        async with self._checking:
            failed = self._failed_checks.get(patience_s)
            if failed is not before and failed is not None:
                raise copy.copy(failed)
            if not self._checked:
                try:
                    await self._check(patience_s)
                except ModelError as error:
                    self._failed_checks[patience_s] = error
                    raise

    async def _check(self, patience_s: float) -> None:
        listed = await self._connection.model_names(patience_s)
        if isinstance(listed, Fault) and listed.status in (401, 403):
            raise refusal(self._server, listed)
        if isinstance(listed, Fault) or self.model_name not in listed:
            # Without a list, or with an incomplete one, a reply of a single token tells whether the model is there.
            hello = Request((ChatMessage("user", "Hello."),), 0)
            await self._answering.hello(hello, THINKING_FIELDS, patience_s)  # it is too few to think
        self._checked = True


def _checked_thinking(thinking: Any) -> Thinking:
    return thinking if isinstance(thinking, bool) else require_int("thinking", thinking, 1)
