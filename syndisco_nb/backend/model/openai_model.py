"""Models behind a server that speaks OpenAI's protocol: OpenAI, vLLM, Ollama, llama.cpp, transformers serve."""

import asyncio
import math
import os
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from pydantic_core import from_json

from syndisco_nb.backend.model.api_key import ApiKey
from syndisco_nb.backend.model.base import Completion, Model, Request
from syndisco_nb.backend.model.openai_connection import LOADING_PATIENCE_S, Answer, Connection
from syndisco_nb.backend.model.retrying import Retrying, Throttle
from syndisco_nb.backend.model.server_faults import Fault
from syndisco_nb.errors import ModelError, named_arguments, require, require_int, require_number, require_text
from syndisco_nb.loop import run_async
from syndisco_nb.records import ChatMessage, Sampling
from syndisco_nb.seeds import derive

_OPENAI = "https://api.openai.com/v1"
_SEED_LIMIT = 2**31  # llama.cpp keeps 32 bits of a seed, and the highest number means "draw one" to it
_LABEL_TRIES = 3
_JSON_TOKENS = 32  # what a label in JSON needs beside the label
_OURS = (
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "model",
    "n",
    "repetition_penalty",
    "response_format",
    "seed",
    "stream",
    "temperature",
    "top_k",
    "top_p",
)


class OpenAIModel(Model):
    """A model behind an OpenAI-compatible server.

    Requests are sent as they come, many at once, and fewer where the server is congested. Whatever passes
    (time-outs, 429, 5xx, broken connections, cut or foreign answers, a restart of the server) is waited out;
    what does not pass (a wrong key, an unknown model) is an error at once.

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
        what the environment variable ``OPENAI_API_KEY`` says. A key never shows in a repr, an error, a log
        or a run folder; but a notebook keeps what is typed into its cells, so better type none.
    name : str, optional
        What transcripts call the model; `model_name` by default.
    max_out_tokens : int
        The longest reply, in tokens.
    sampling : Sampling, optional
        How replies are drawn; its `max_tokens` gives way to `max_out_tokens`. By default from the model's
        unchanged probabilities, as every server can. `top_k` and `repetition_penalty` are sent only where
        they ask for something; vLLM knows both, OpenAI refuses them.
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
        every run, so no place for secrets.

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

    sampling: Sampling

    @named_arguments
    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | Callable[[], str] | None = None,
        name: str | None = None,
        max_out_tokens: int = Sampling().max_tokens,
        sampling: Sampling | None = None,
        max_concurrency: int = 32,
        timeout_s: float = 300.0,
        max_retries: int = 10,
        patience_s: float = 300.0,
        max_wait_s: float = 30.0,
        extra_body: Mapping[str, Any] | None = None,
    ) -> None:
        require_text("model_name", model_name)
        require(model_name.strip(), "model_name is empty. Give the name that the server knows the model by.")
        super().__init__(name or model_name)
        self.model_name = model_name
        self.base_url = _checked_url(base_url or os.environ.get("OPENAI_BASE_URL") or _OPENAI)
        key = ApiKey(api_key, needed=self.base_url == _OPENAI)
        del api_key  # from here on no traceback can show it
        limit = require_int("max_out_tokens", max_out_tokens, 1)
        self.sampling = replace(sampling or Sampling(), max_tokens=limit)
        for what, value in {"timeout_s": timeout_s, "patience_s": patience_s, "max_wait_s": max_wait_s}.items():
            require_number(what, value, "above 0", lambda seconds: seconds > 0)
        self.extra_body = dict(extra_body or {})
        clash = sorted(set(self.extra_body) & set(_OURS))
        require(not clash, f"extra_body has {clash}. Use sampling=Sampling(...) and max_out_tokens.")
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
        self._limit_field = "max_tokens"
        self._takes_schema = True
        self._checking = asyncio.Lock()
        self._checked = False

    def settings(self) -> dict[str, Any]:
        """Return server, model and sampling, as given; never the key."""
        return {**super().settings(), **self.identity(), "sampling": asdict(self.sampling)}

    def identity(self) -> dict[str, Any]:
        """Return the server, the model's name there, and what else every request says."""
        return {"model_name": self.model_name, "base_url": self.base_url, "extra_body": self.extra_body}

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
        for number in range(_LABEL_TRIES):
            seed = derive(request.seed, "label", number) if number else request.seed
            completion = await self._label(replace(request, seed=seed))
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
            await self._chat(hello, replace(self.sampling, max_tokens=1), LOADING_PATIENCE_S)
        self._checked = True

    async def _label(self, request: Request) -> Completion:
        sampling = request.sampling or self.sampling
        room = max(map(len, request.labels)) + _JSON_TOKENS
        roomy = replace(sampling, max_tokens=max(sampling.max_tokens, room))
        completion = await self._reply(replace(request, sampling=roomy))
        label = _label_in(completion.text)
        return replace(completion, text=label) if label in request.labels else completion

    async def _reply(self, request: Request) -> Completion:
        sampling = request.sampling or self.sampling
        answer, seconds = await self._chat(request, sampling)
        said, finish = answer.choices[0].message, answer.choices[0].finish_reason
        text = said.content or said.refusal or ""
        if finish == "content_filter":
            raise ModelError(f"{self._server} withheld an answer: its content filter struck. Change the prompt.")
        if finish == "length" and not text:  # not a silence: it did not come to speak
            raise ModelError(
                f"{self._server} used up all {sampling.max_tokens} tokens before it said anything, as models do that "
                "think first. Raise max_out_tokens, or turn thinking off with extra_body."
            )
        return Completion(
            text=text,
            finish_reason="length" if finish == "length" else "stop",
            sampling=sampling,
            prompt_tokens=answer.usage.prompt_tokens or 0,
            completion_tokens=answer.usage.completion_tokens or 0,
            seconds=seconds,
        )

    async def _chat(self, request: Request, sampling: Sampling, patience_s: float = math.inf) -> tuple[Answer, float]:
        """Return the server's answer; where it refuses a field that there is another way for, take that."""
        fields = self._fields(request, sampling)
        answer = await self._connection.chat(fields, patience_s)
        if isinstance(answer, Fault) and "max_completion_tokens" in answer.what and "max_tokens" in fields:
            self._limit_field = "max_completion_tokens"  # what OpenAI calls it for models that think
            fields = self._fields(request, sampling)
            answer = await self._connection.chat(fields, patience_s)
        if isinstance(answer, Fault) and answer.status in (400, 422) and "response_format" in fields:
            del fields["response_format"]
            answer = await self._connection.chat(fields, patience_s)
            if not isinstance(answer, Fault):  # if it fails all the same, that was not it
                self._takes_schema = False
        if isinstance(answer, Fault):
            raise self._refusal(answer)
        return answer

    def _fields(self, request: Request, sampling: Sampling) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "model": self.model_name,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": request.seed % _SEED_LIMIT,
            self._limit_field: sampling.max_tokens,
            "extra_body": dict(self.extra_body),
        }
        if sampling.top_k:
            fields["extra_body"]["top_k"] = sampling.top_k
        if sampling.repetition_penalty != 1:
            fields["extra_body"]["repetition_penalty"] = sampling.repetition_penalty
        if request.labels and self._takes_schema:
            fields["response_format"] = _schema(request.labels)
        return fields

    def _refusal(self, fault: Fault) -> ModelError:
        return ModelError(f"{self._server} refused: {fault.what}. {fault.remedy}")


def _schema(labels: tuple[str, ...]) -> dict[str, Any]:
    """Return the form of an answer that can hold one of the labels, and nothing else."""
    properties = {"label": {"type": "string", "enum": list(labels)}}
    schema = {"type": "object", "properties": properties, "required": ["label"], "additionalProperties": False}
    return {"type": "json_schema", "json_schema": {"name": "label", "strict": True, "schema": schema}}


def _label_in(text: str) -> str:
    """Return what an answer gives as its label, in the form asked for or bare."""
    try:
        answer = from_json(text)
    except ValueError:
        return text.strip()
    return str(answer.get("label")) if isinstance(answer, dict) else text.strip()


def _checked_url(given: Any) -> str:
    require_text("base_url", given)
    url = urllib.parse.urlsplit(given.strip())
    require(
        not (url.username or url.password or url.query),  # not repeated: it may be a secret
        "base_url holds a user, a password or a question mark. Give the bare address, and a key as api_key.",
    )
    require(
        url.scheme in ("http", "https") and url.hostname,
        f"base_url is {given!r}, but must be the address of a server, such as 'http://localhost:8000/v1'.",
    )
    return str(given).strip().rstrip("/")
