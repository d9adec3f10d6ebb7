"""The lines of a batch's files: a request, and its answer or its fault.

The key of a request stands on its line as `custom_id`. It is a digest of the server and of all fields that were asked
for, the seed included even where the server refuses it, so two draws never share an answer.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from syndisco_nb.backend.model.batch.batch_endpoint import URL
from syndisco_nb.backend.model.server.faults import Fault, reported, unusable
from syndisco_nb.backend.model.server.server_answer import ServerAnswer, loaded_json, read_answer
from syndisco_nb.backend.model.server.workarounds import Body

Reply = ServerAnswer | Fault


def key_of(server: str, body: Body) -> str:
    """Return the key of a request.

    Parameters
    ----------
    server : str
        Its address.
    body : dict
        All fields that were asked for.
    """
    text = json.dumps([server, body], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def request_line(key: str, body: Body) -> bytes:
    """Return the line of a request, with its line break.

    Parameters
    ----------
    key : str
    body : dict
        The fields to send.
    """
    line = {"custom_id": key, "method": "POST", "url": URL, "body": body}
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def keys_in(path: Path) -> set[str]:
    """Return the keys of the requests in a file."""
    with path.open("rb") as file:
        return {key for content in file for key, _ in _parsed(content)}


def replies_in(path: Path) -> Iterator[tuple[str, int, Reply]]:
    """Yield the key of each request in a file of answers, the place of its line, and the answer or fault."""
    place = 0
    with path.open("rb") as file:
        for content in file:
            for key, line in _parsed(content):
                yield key, place, _reply(line)
            place += len(content)


def reply_at(path: Path, place: int) -> Reply:
    """Return the answer or fault on a line, which `replies_in` yielded.

    Parameters
    ----------
    path : Path
    place : int
    """
    with path.open("rb") as file:
        file.seek(place)
        ((_, line),) = _parsed(file.readline())
        return _reply(line)


def _parsed(content: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Return key and fields of a line, if it has a key; the request of a broken line counts as not answered."""
    try:
        line = loaded_json(content)
    except ValueError:
        return []
    key = line.get("custom_id") if isinstance(line, dict) else None
    return [(key, line)] if isinstance(key, str) else []


def _reply(line: dict[str, Any]) -> Reply:
    response = line.get("response")
    fields = response if isinstance(response, dict) else {}
    status, body = fields.get("status_code"), fields.get("body")
    error = line.get("error") or (body.get("error") if isinstance(body, dict) else None)
    if error or status not in (200, None):
        return _fault(status if isinstance(status, int) and status != 200 else 0, error or body)
    try:
        return read_answer(json.dumps(body).encode())
    except ValueError:
        return unusable("an answer in a batch that cannot be read", "Look into the output file of the batch.")


def _fault(status: int, error: Any) -> Fault:
    fields = error if isinstance(error, dict) else {"message": error}
    return reported(
        status,
        str(fields.get("message") or json.dumps(error)),
        f"an error in a batch{f', {status}' if status else ''}",
        json.dumps(error),
        exhausted=fields.get("code") == "insufficient_quota",
    )
