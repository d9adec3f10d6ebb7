"""Models behind a server that speaks OpenAI's protocol: OpenAI, vLLM, Ollama, llama.cpp, transformers serve."""

import asyncio
import json
import math
import os
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from syndisco_nb.backend.kinds import Requirement
from syndisco_nb.backend.model.base import MAX_TOKENS, Completion, Model, Request
from syndisco_nb.backend.model.secrets import refuse_secrets
from syndisco_nb.backend.model.server.api_key import ApiKey
from syndisco_nb.backend.model.server.capabilities import Capabilities
from syndisco_nb.backend.model.server.client import INSTALL
from syndisco_nb.backend.model.server.connection import LOADING_PATIENCE_S, Connection
from syndisco_nb.backend.model.server.faults import Fault
from syndisco_nb.backend.model.server.request_body import (
    OURS,
    differing_settings,
    label_in,
    request_body,
    sampling_sent,
)
from syndisco_nb.backend.model.server.retrying import Retrying, Throttle
from syndisco_nb.backend.model.server.server_answer import ServerAnswer
from syndisco_nb.backend.model.server.thinking_fields import thinking_budget, thinking_fields
from syndisco_nb.backend.model.server.workarounds import THINKING_FIELDS, Body
from syndisco_nb.backend.model.thoughts import Thinking, cut_thoughts
from syndisco_nb.errors import (
    InvalidInputError,
    ModelError,
    named_arguments,
    require,
    require_int,
    require_number,
    require_text,
    within,
)
from syndisco_nb.loop import run_async
from syndisco_nb.records import ChatMessage, Sampling
from syndisco_nb.seeds import Purpose, derive

_OPENAI = "https://api.openai.com/v1"
_TRIES = 3  # draws of a reply that only thinks, or of a label that is none
_JSON_TOKENS = 32  # what a label in JSON needs beside the label


class OpenAIModel(Model):
    """A model behind an OpenAI-compatible server.

    Requests are sent as they come, many at once, and fewer where the server is congested. Whatever passes
    (time-outs, 429, 5xx, broken connections, cut or foreign answers, a restart of the server) is waited out;
    what does not pass (a wrong key, an unknown model) is an error at once.

    What the server refuses of a request (`top_p`, a seed, the system role, a JSON schema …) is found out once and left
    out from then on; each answer then says so in `Generation.notes`, and its `Generation.sampling` holds what was
    sent. What a model thinks before it answers is no part of the answer, wherever the server puts it.

    For a request with labels, the server is asked for JSON that can hold nothing else, where it knows how
    to; an answer that is none of the labels is asked for again, with seeds of its own, and at last returned
    as it is. No probabilities are known.

    Parameters
    ----------
    model_name : str
        What the server calls the model.
    base_url : str, optional
        The server, such as "http://localhost:8000/v1"; by default what the environment variable
        ``OPENAI_BASE_URL`` says, or OpenAI.
    api_key : str or callable, optional
        The key, or a function that returns it, called before every request, in another thread. By default
        what the environment variable ``OPENAI_API_KEY`` says, for OpenAI, or for the server that the variable
        ``OPENAI_BASE_URL`` names; other providers have variables of their own, such as ``MISTRAL_API_KEY``. The
        environment's keys go nowhere else. A key never shows in a repr, an error, a log or a run folder; but a
        notebook keeps what is typed into its cells, so better type none.
    name : str, optional
        What transcripts call the model; `model_name` by default.
    max_out_tokens : int or None
        The longest answer, in tokens, thoughts included; None leaves it to the server.
    sampling : Sampling, optional
        How replies are drawn; its `max_tokens` gives way to `max_out_tokens`. What is None, or the protocol's
        default (`temperature` 1, `top_p` 1, `top_k` 0, `repetition_penalty` 1), is not sent: some servers then use
        defaults of their own. To insist on such a value, give it in `extra_body`, too.
    max_concurrency : int
        The most requests under way at once.
    timeout_s : float
        How long one answer may take, in seconds, from the first byte sent to the last received.
    max_retries : int
        How often one request may fail while others succeed.
    patience_s : float
        How long the server may answer nobody, in seconds, before requests are given up.
    max_wait_s : float
        The longest pause between two tries, in seconds, unless the server asks for a longer one.
    extra_body : mapping, optional
        More fields for every request, such as ``{"repeat_penalty": 1.1}`` for llama.cpp. Recorded with
        every run; what looks like a secret is refused.
    thinking : bool, int or None
        Whether the model is to think before it answers, or for how many tokens at most, said in the way that the
        server reads. None leaves it to the server.

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

    words = "A model on a server (OpenAI, vLLM, Ollama …)"
    rank = 4
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
        self.base_url = _checked_url(base_url or os.environ.get("OPENAI_BASE_URL") or _OPENAI)
        key = ApiKey(api_key, self.base_url)
        del api_key  # from here on no traceback can show it
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
        self.extra_body = _checked_extra(extra_body, {*differing_settings(self.sampling), *self._thinking_fields})
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
        self._capabilities = Capabilities(self._server)
        self._checking = asyncio.Lock()
        self._checked = False

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the constructor, but for the key."""
        own = {name: getattr(self, name) for name in ("model_name", "base_url", "extra_body", "thinking")}
        return {**own, **self.patience, **self._sampling_arguments(Sampling())}

    def settings(self) -> dict[str, Any]:
        """Return server, model and sampling, as given; never the key."""
        return {**super().settings(), **self.identity(), "sampling": asdict(self.sampling)}

    def identity(self) -> dict[str, Any]:
        """Return the server, the model's name there, and what else every request says."""
        said = {"model_name": self.model_name, "base_url": self.base_url, "extra_body": self.extra_body}
        return said if self.thinking is None else {**said, "thinking": self.thinking}

    def __repr__(self) -> str:
        return (
            f"OpenAIModel({self.model_name!r}, base_url={self.base_url!r}, name={self.name!r}, "
            f"max_out_tokens={self.sampling.max_tokens})"
        )

    async def load(self) -> None:
        """Ask the server whether it is there, takes the key and has the model."""
        await run_async(self._check())

    async def complete(self, request: Request) -> Completion:
        """Answer one request, however often the server has to be asked."""
        return await run_async(self._complete(request))

    async def _complete(self, request: Request) -> Completion:
        async with self._checking:  # one that waits here for a dead server waits for all
            if not self._checked:
                await self._check()
        if not request.labels:
            return await self._reply(request)
        for number in range(_TRIES):
            completion = await self._label(_redrawn(request, Purpose.LABEL, number))
            if completion.text in request.labels:
                break
        return completion

    async def _check(self) -> None:
        listed = await self._connection.model_names()
        if isinstance(listed, Fault) and listed.status in (401, 403):
            raise self._refusal(listed)
        if isinstance(listed, Fault) or self.model_name not in listed:
            # There is no list, or it does not hold all that the server has: a single token tells.
            hello = Request((ChatMessage("user", "Hello."),), 0)
            body = request_body(self.model_name, hello, replace(self.sampling, max_tokens=1), self.extra_body)
            for name in THINKING_FIELDS:  # for which a single token is too few
                body.pop(name, None)
            await self._chat(body, LOADING_PATIENCE_S)
        self._checked = True

    async def _label(self, request: Request) -> Completion:
        sampling = request.sampling or self.sampling
        if sampling.max_tokens is not None:
            room = max(map(len, request.labels)) + _JSON_TOKENS
            sampling = replace(sampling, max_tokens=max(sampling.max_tokens, room))
        completion = await self._reply(replace(request, sampling=sampling))
        label = label_in(completion.text)
        return replace(completion, text=label) if label in request.labels else completion

    async def _reply(self, request: Request) -> Completion:
        """Return the reply; one that holds thoughts and no answer is none, and drawn again."""
        asked = request.sampling or self.sampling
        more = {**self._thinking_fields, **self.extra_body}
        for number in range(_TRIES):
            again = (f"draw {number + 1}: the one before held thoughts and no answer",) if number else ()
            body = request_body(self.model_name, _redrawn(request, Purpose.ANSWER, number), asked, more)
            reply, seconds, sent, notes = await self._chat(body)
            sampling = sampling_sent(sent, asked)
            if reply.ending == "filtered":
                raise ModelError(f"{self._server} withheld an answer: its content filter struck. Change the prompt.")
            if reply.ending == "length" and not reply.text:  # not a silence: it did not come to speak
                raise cut_thoughts(self._server, sampling.max_tokens)
            if reply.text or not reply.reasoning:
                return _completion(reply, sampling, seconds, (*notes, *reply.notes, *again))
        raise ModelError(
            f"{self._server} gave {_TRIES} answers that hold only reasoning, and nothing said. Give thinking=False, or "
            "look into the server's settings for reasoning."
        )

    async def _chat(
        self, body: Body, patience_s: float = math.inf
    ) -> tuple[ServerAnswer, float, Body, tuple[str, ...]]:
        """Return the reply, in how many seconds it came, the fields really sent, and what was done without."""

        def send(fields: Body, back: Callable[[Fault], bool]) -> Any:
            return self._connection.chat(fields, patience_s, back)

        answer = await self._capabilities.ask(body, send)
        if isinstance(answer, Fault):
            raise self._refusal(answer)
        (reply, seconds), sent, notes = answer
        return reply, seconds, sent, notes

    def _refusal(self, fault: Fault) -> ModelError:
        return ModelError(f"{self._server} refused: {fault.what}. {fault.remedy}")


def _redrawn(request: Request, purpose: Purpose, number: int) -> Request:
    """Return the request for one more draw, with a seed of its own."""
    return replace(request, seed=derive(request.seed, purpose, number)) if number else request


def _completion(reply: ServerAnswer, sampling: Sampling, seconds: float, notes: tuple[str, ...]) -> Completion:
    return Completion(
        text=reply.text,
        finish_reason="length" if reply.ending == "length" else "stop",
        sampling=sampling,
        prompt_tokens=reply.prompt_tokens,
        completion_tokens=reply.completion_tokens,
        seconds=seconds,
        reasoning=reply.reasoning,
        reasoning_tokens=reply.reasoning_tokens,
        notes=notes,
    )


def _checked_thinking(thinking: Any) -> Thinking:
    return thinking if isinstance(thinking, bool) else require_int("thinking", thinking, 1)


def _checked_extra(given: Mapping[str, Any] | None, said: set[str]) -> dict[str, Any]:
    """Return more fields for every request, none of them said elsewhere."""
    extra = dict(given or {})
    refuse_secrets("extra_body", extra)
    try:
        json.dumps(extra, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInputError(
            f"extra_body cannot be sent: {error}. Give texts, numbers, lists and mappings.",
            field="extra_body",
        ) from None
    clash = sorted({*extra} & {*OURS, *said})
    require(
        not clash, f"extra_body has {clash}. Use sampling=Sampling(...), max_out_tokens and thinking.", "extra_body"
    )
    with within("extra_body"):
        sampling_sent(extra, Sampling())  # refuses values that no record could hold
    return extra


def _checked_url(given: Any) -> str:
    require_text("base_url", given)
    try:
        url = urllib.parse.urlsplit(given.strip())
        plain = given.strip().isprintable() and not set(given.strip()) & set(" \\")
        usable = plain and url.scheme in ("http", "https") and url.hostname and url.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        usable = False
    require(
        not set("@?#") & set(given),  # not repeated: what stands there may be a secret
        "base_url holds a user, a password, a question mark or a #. Give the bare address, and a key as api_key.",
        "base_url",
    )
    refuse_secrets("base_url", given)
    require(
        usable,
        f"base_url is {given!r}, but must be the address of a server, such as 'http://localhost:8000/v1'.",
        "base_url",
    )
    return str(given).strip().rstrip("/")
