"""The endpoints of batches: upload a file, create a batch, find it again, look at it, fetch its files."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from syndisco_nb.backend.model.server.connection import Connection
from syndisco_nb.backend.model.server.faults import Fault
from syndisco_nb.backend.model.server.first_tokens import mapping
from syndisco_nb.backend.model.server.server_answer import loaded_json

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")

URL: Final = "/v1/chat/completions"
"""The address of each request of a batch, as the protocol spells it on every server."""

_WINDOW: Final = "24h"
_MARK = "syndisco_nb_job"  # the name of the job's id in the metadata of its batch
_PAGE = 100
_ASK_S, _TRANSFER_S = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class BatchState:
    """A batch as the server describes it.

    Attributes
    ----------
    id : str
    status : str
        "validating", "in_progress", "finalizing", "completed", "failed", "expired", "cancelling" or "cancelled".
    done, failed : int
        Requests with an answer, and with an error.
    output_file, error_file : str
        The ids of the files with the answers and the errors; "" if there are none.
    problem : str
        The reasons for which the batch failed.
    mark : str
        The id of the job in its metadata.
    """

    id: str
    status: str
    done: int
    failed: int
    output_file: str
    error_file: str
    problem: str
    mark: str


class BatchEndpoint:
    """The batches of one server. Each call sends one request, and returns a fault instead of raising it.

    Parameters
    ----------
    connection : Connection
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def check(self) -> Fault | None:
        """Ask for the list of batches; return the fault of a server that has none."""
        page = await self._list({"limit": 1})
        return page if isinstance(page, Fault) else None

    async def upload(self, name: str, content: bytes) -> str | Fault:
        """Upload a file of requests, and return its id.

        Parameters
        ----------
        name : str
            Its name on the server.
        content : bytes
        """
        return await self._once(
            lambda client: client.files.with_raw_response.create(file=(name, content), purpose="batch"),
            lambda answer: _text(mapping(loaded_json(answer)), "id", needed=True),
            _TRANSFER_S,
        )

    async def create(self, file: str, mark: str) -> BatchState | Fault:
        """Create the batch of an uploaded file.

        Parameters
        ----------
        file : str
            The id of the file.
        mark : str
            The id of the job, for the metadata.
        """
        return await self._once(
            lambda client: client.batches.with_raw_response.create(
                input_file_id=file, endpoint=URL, completion_window=_WINDOW, metadata={_MARK: mark}
            ),
            lambda answer: _state(loaded_json(answer)),
        )

    async def look(self, batch: str) -> BatchState | Fault:
        """Return a batch as it is now, by its id."""
        return await self._once(
            lambda client: client.batches.with_raw_response.retrieve(batch), lambda answer: _state(loaded_json(answer))
        )

    async def find(self, mark: str) -> BatchState | Fault | None:
        """Return the batch with a job's id in its metadata; None if the server lists none.

        Parameters
        ----------
        mark : str
            The id of the job.
        """
        query: dict[str, Any] = {"limit": _PAGE}
        while True:
            page = await self._list(query)
            if isinstance(page, Fault):
                return page
            states, has_more = page
            found = [state for state in states if state.mark == mark]
            if found or not has_more or not states:
                return found[0] if found else None
            query["after"] = states[-1].id

    async def fetch(self, file: str) -> bytes | Fault:
        """Return the content of a file, by its id."""
        return await self._once(lambda client: client.files.with_raw_response.content(file), bytes, _TRANSFER_S)

    async def _list(self, query: dict[str, Any]) -> tuple[list[BatchState], bool] | Fault:
        return await self._once(lambda client: client.batches.with_raw_response.list(**query), _page)

    async def _once(
        self,
        call: "Callable[[AsyncOpenAI], Awaitable[Any]]",
        read: Callable[[bytes], T | Fault],
        timeout_s: float = _ASK_S,
    ) -> T | Fault:
        return await self._connection.once(call, read, timeout_s)


def _page(answer: bytes) -> tuple[list[BatchState], bool]:
    """Return the batches on a page of the list, and whether there are more pages."""
    document = mapping(loaded_json(answer))
    return [_state(entry) for entry in document.get("data") or ()], bool(document.get("has_more"))


def _state(document: Any) -> BatchState:
    fields = mapping(document)
    counts = mapping(fields.get("request_counts"))
    return BatchState(
        id=_text(fields, "id", needed=True),
        status=_text(fields, "status").lower(),
        done=_number(counts.get("completed")),
        failed=_number(counts.get("failed")),
        output_file=_text(fields, "output_file_id"),
        error_file=_text(fields, "error_file_id"),
        problem=_problem(fields.get("errors")),
        mark=_text(mapping(fields.get("metadata")), _MARK),
    )


def _problem(errors: Any) -> str:
    """Return the reasons for which a batch failed: at most three, each on its line of the input."""
    listed = errors.get("data") if isinstance(errors, dict) else errors
    words = []
    for error in listed if isinstance(listed, list) else [listed] if listed else []:
        fields = error if isinstance(error, dict) else {"message": error}
        said = " ".join(str(fields.get("message") or json.dumps(fields)).split())[:300].rstrip(".")
        line = fields.get("line")
        words.append(f"{said} (line {line})" if isinstance(line, int) else said)
    left = f"; {len(words) - 3} more" if len(words) > 3 else ""
    return "; ".join(words[:3]) + left


def _text(fields: dict[str, Any], name: str, needed: bool = False) -> str:
    value = fields.get(name)
    if needed and not (isinstance(value, str) and value):
        raise ValueError(f"no {name}")
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0
