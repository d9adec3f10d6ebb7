"""The wire to an OpenAI-compatible server: what goes out, what is read of what comes back."""

import asyncio
import math
import time
import weakref
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, Field
from pydantic_core import from_json

from syndisco_nb.backend.model.api_key import ApiKey
from syndisco_nb.backend.model.retrying import Retrying
from syndisco_nb.backend.model.server_faults import Fault, of_connection, of_status, too_slow, unusable
from syndisco_nb.errors import MissingDependencyError
from syndisco_nb.loop import private_loop

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")

INSTALL = 'pip install "syndisco-nb[openai]"'

_CONNECT_S = 10.0
_LIST_S = 15.0  # with the patience below, a dead server is told in under a minute
LOADING_PATIENCE_S = 30.0
"""How long a server may be silent before it has answered for the first time."""


class Said(BaseModel):
    """The message in a `Choice`."""

    content: str | None = None
    refusal: str | None = None


class Choice(BaseModel):
    """One of the replies in an `Answer`; we only ever ask for one."""

    message: Said
    finish_reason: str | None = None


class Usage(BaseModel):
    """What an `Answer` cost; not every server says."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Answer(BaseModel):
    """What we need of a chat completion; whatever holds less is none."""

    choices: list[Choice] = Field(min_length=1)
    usage: Usage = Usage()


class Connection:
    """The way to one server: its key, its client, and the patience to ask again.

    Parameters
    ----------
    base_url : str
        The server.
    key : ApiKey
        Looked up anew for every request.
    retrying : Retrying
        Decides what is asked when, and how often.
    timeout_s : float
        How long one answer may take, in seconds.
    """

    def __init__(self, base_url: str, key: ApiKey, retrying: Retrying, timeout_s: float) -> None:
        self._base_url = base_url
        self._key = key
        self._retrying = retrying
        self._timeout_s = timeout_s
        self._opened: AsyncOpenAI | None = None

    async def model_names(self) -> set[str] | Fault:
        """Return the models that the server lists; a fault also where it only fails to do that."""
        self._retrying.forgive()
        listed = await self._ask(
            lambda client: client.models.with_raw_response.list(),
            _model_names,
            min(self._timeout_s, _LIST_S),
            LOADING_PATIENCE_S,
            optional=True,
        )
        return listed if isinstance(listed, Fault) else listed[0]

    async def chat(self, fields: Mapping[str, Any], patience_s: float = math.inf) -> tuple[Answer, float] | Fault:
        """Return the answer to a chat completion request, and in how many seconds it came."""
        return await self._ask(
            lambda client: client.chat.completions.with_raw_response.create(**fields),
            Answer.model_validate_json,
            self._timeout_s,
            patience_s,
        )

    async def _ask(
        self,
        call: "Callable[[AsyncOpenAI], Awaitable[Any]]",
        read: Callable[[bytes], T],
        timeout_s: float,
        patience_s: float,
        optional: bool = False,
    ) -> tuple[T, float] | Fault:
        async def attempt() -> tuple[T, float] | Fault:
            await self._key.refresh()
            started = time.perf_counter()
            answer = await _tried(self._client(), call, read, timeout_s)
            if isinstance(answer, Fault):
                done_without = optional and bool(answer.status) and not answer.congested
                retried = answer.retried and not done_without
                return replace(answer, what=self._key.hide(answer.what), retried=retried)
            return answer, round(time.perf_counter() - started, 3)

        return await self._retrying.ask(attempt, patience_s)

    def _client(self) -> "AsyncOpenAI":
        if self._opened is None:
            openai = _import_openai()
            self._opened = openai.AsyncOpenAI(
                api_key=self._key.current,
                base_url=self._base_url,
                max_retries=0,  # ours know of one another
                timeout=openai.Timeout(None, connect=_CONNECT_S),
            )
            weakref.finalize(self, _close, self._opened).atexit = False
        return self._opened


async def _tried(
    client: "AsyncOpenAI", call: "Callable[[AsyncOpenAI], Awaitable[Any]]", read: Callable[[bytes], T], timeout_s: float
) -> T | Fault:
    """Ask once.

    What goes wrong becomes a value here: an exception would carry the client's frames along, and in their
    local variables the key.
    """
    import openai

    try:
        async with asyncio.timeout(timeout_s):
            content = (await call(client)).content
    except TimeoutError:
        return too_slow(timeout_s)
    except openai.APIStatusError as error:
        return of_status(error)
    except openai.APIConnectionError as error:
        return of_connection(error)
    try:
        return read(content)
    except ValueError:
        start = " ".join(content[:200].decode(errors="replace").split())
        return unusable(f"an answer that is none, {start!r}" if start else "an empty answer")


def _model_names(content: bytes) -> set[str]:
    """Return the ids in a list of models; some servers send the list itself, some an object around it."""
    listed = from_json(content)
    entries = listed.get("data") if isinstance(listed, dict) else listed
    return {str(entry.get("id")) for entry in entries or () if isinstance(entry, dict)}


def _close(client: "AsyncOpenAI") -> None:
    asyncio.run_coroutine_threadsafe(client.close(), private_loop())


def _import_openai() -> Any:
    try:
        import openai
    except ImportError:
        raise MissingDependencyError(f"The openai package is not installed. Run: {INSTALL}") from None
    return openai
