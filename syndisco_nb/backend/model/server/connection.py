"""The connection to an OpenAI-compatible server: send a request, with retries, and read the answer."""

import asyncio
import math
import time
import weakref
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from syndisco_nb.backend.model.request import Draft
from syndisco_nb.backend.model.server.answer_stream import AnswerStream
from syndisco_nb.backend.model.server.api_key import ApiKey
from syndisco_nb.backend.model.server.client import open_client, proxy_variable
from syndisco_nb.backend.model.server.faults import Fault, of_connection, of_status, too_slow, unusable
from syndisco_nb.backend.model.server.retrying import Retrying
from syndisco_nb.backend.model.server.server_answer import ServerAnswer, loaded_json, read_answer
from syndisco_nb.loop import private_loop

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")

_LIST_S = 15.0  # short, so that with the patience below a dead server is reported in under a minute
LOADING_PATIENCE_S = 30.0
"""The longest silence of a server, in seconds, while a model is loaded."""


class Connection:
    """The connection to one server: its key, its client and its retries.

    Parameters
    ----------
    base_url : str
        The server.
    key : ApiKey
        Looked up again for every request.
    retrying : Retrying
        Decides when a request is sent, and how often.
    timeout_s : float
        The longest time for one answer, in seconds.
    """

    def __init__(self, base_url: str, key: ApiKey, retrying: Retrying, timeout_s: float) -> None:
        self.base_url = base_url
        self._key = key
        self._retrying = retrying
        self._timeout_s = timeout_s
        self._opened: AsyncOpenAI | None = None

    async def model_names(self, patience_s: float = LOADING_PATIENCE_S) -> set[str] | Fault:
        """Return the names of the models that the server lists; a fault also if it answers without a list.

        Parameters
        ----------
        patience_s : float, optional
            As in `Retrying.ask`.
        """
        self._retrying.forgive()
        listed = await self._ask(
            lambda client: client.models.with_raw_response.list(),
            _model_names,
            min(self._timeout_s, _LIST_S),
            patience_s,
            lambda fault: bool(fault.status) and not fault.congested,  # it answers, but has no list
        )
        return listed if isinstance(listed, Fault) else listed[0]

    async def chat(
        self,
        body: Mapping[str, Any],
        patience_s: float = math.inf,
        no_retry: Callable[[Fault], bool] = lambda fault: False,
        draft: Draft | None = None,
    ) -> tuple[ServerAnswer, float] | Fault:
        """Return the reply to a chat completion request, and the seconds it took.

        Parameters
        ----------
        body : mapping
            The fields of the request.
        patience_s, no_retry
            As in `Retrying.ask`.
        draft : Draft, optional
            Shows the text so far of a reply that is streamed, as the field "stream" asks for.
        """
        fields = {name: value for name, value in body.items() if name not in ("model", "messages")}
        asked: dict[str, Any] = {"model": body["model"], "messages": body["messages"], "extra_body": fields}
        return await self._ask(
            lambda client: (
                _streamed(client, asked, draft, self._key.hide)
                if body.get("stream")
                else client.chat.completions.with_raw_response.create(**asked)
            ),
            read_answer,
            self._timeout_s,
            patience_s,
            no_retry,
        )

    async def once(
        self, call: "Callable[[AsyncOpenAI], Awaitable[Any]]", read: Callable[[bytes], T | Fault], timeout_s: float
    ) -> T | Fault:
        """Send a request once, without retries, and return the answer.

        Parameters
        ----------
        call : callable
            Sends the request by a client; returns the raw answer.
        read : callable
            Returns the answer in the content; raises ValueError if there is none.
        timeout_s : float
            The longest time for the answer, in seconds.
        """
        await self._key.refresh()
        answer = await _send_once(self._client(), call, lambda content: read(self._key.hide_in(content)), timeout_s)
        return self._explained(answer) if isinstance(answer, Fault) else answer

    async def _ask(
        self,
        call: "Callable[[AsyncOpenAI], Awaitable[Any]]",
        read: Callable[[bytes], T | Fault],
        timeout_s: float,
        patience_s: float,
        no_retry: Callable[[Fault], bool],
    ) -> tuple[T, float] | Fault:
        async def attempt() -> tuple[T, float] | Fault:
            started = time.perf_counter()
            answer = await self.once(call, read, timeout_s)
            return answer if isinstance(answer, Fault) else (answer, round(time.perf_counter() - started, 3))

        return await self._retrying.ask(attempt, patience_s, no_retry)

    def _explained(self, fault: Fault) -> Fault:
        """Return a fault without the key in its text, and with a remedy that knows of missing keys and of proxies."""
        absence = self._key.absence() if fault.status in (401, 403) else ""
        proxy = "" if fault.status or not fault.unreached else proxy_variable(self.base_url)
        detour = f"Requests go through the proxy that {proxy} names; check it, or unset it." if proxy else ""
        remedy = " ".join(filter(None, (absence or fault.remedy, detour)))
        return replace(fault, cause=self._key.hide(fault.cause), remedy=remedy)

    def _client(self) -> "AsyncOpenAI":
        if self._opened is None:
            self._opened = open_client(self.base_url, self._key)
            weakref.finalize(self, _close, self._opened).atexit = False
        return self._opened


async def _send_once(
    client: "AsyncOpenAI",
    call: "Callable[[AsyncOpenAI], Awaitable[Any]]",
    read: Callable[[bytes], T | Fault],
    timeout_s: float,
) -> T | Fault:
    """Send a request once and read the answer.

    Errors become values here: an exception's traceback would hold the client's frames, whose local variables hold
    the key.
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
    except (ValueError, RecursionError):
        start = " ".join(content[:200].decode(errors="replace").split())
        return unusable(f"an answer that cannot be read, {start!r}" if start else "an empty answer")


async def _streamed(
    client: "AsyncOpenAI", asked: Mapping[str, Any], draft: Draft | None, hide: Callable[[str], str]
) -> AnswerStream:
    """Send a chat completion request whose answer is streamed, and return the answer, broken off or not."""
    stream = AnswerStream()
    if draft:
        draft.read = lambda: hide(stream.text())
    async with client.chat.completions.with_streaming_response.create(**asked) as response:
        try:
            async for data in response.iter_bytes():
                stream.feed(data)
        except Exception as error:  # of the HTTP library, which differs between versions of the client
            stream.broken_by = type(error).__name__
    return stream


def _model_names(content: bytes) -> set[str]:
    """Return the ids in a list of models; some servers send the list itself, some an object around it."""
    listed = loaded_json(content)
    entries = listed.get("data") if isinstance(listed, dict) else listed
    return (
        {str(entry.get("id")) for entry in entries if isinstance(entry, dict)} if isinstance(entries, list) else set()
    )


def _close(client: "AsyncOpenAI") -> None:
    asyncio.run_coroutine_threadsafe(client.close(), private_loop())
