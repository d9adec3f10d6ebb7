"""Put a streamed chat completion together, into the answer that the server would have sent in one piece."""

import json
from typing import Any

from syndisco_nb.backend.model.server.server_answer import loaded_json, words

_EVENT = b"data:"
_END = b"[DONE]"


class AnswerStream:
    """A chat completion that arrives as server-sent events (WHATWG, *HTML Living Standard*, 9.2).

    Each event holds what has been added to the message. Comments (which keep a connection alive) and events of
    other kinds are skipped. Servers differ in how they end a stream: an answer is whole once one of its events told the
    reason for its end, or with the mark of the end.

    Attributes
    ----------
    broken_by : str
        The name of the error that broke the stream off, set by its reader; "" without one.
    """

    def __init__(self) -> None:
        self.broken_by = ""
        self._line = b""  # so far
        self._outside: list[bytes] = []  # the lines that are no events
        self._fields: dict[str, list[Any]] = {}  # pieces of each field of the message
        self._about: dict[str, Any] = {}  # the reasons for the end
        self._usage: Any = None
        self._error: Any = None
        self._begun = self._ended = False

    def feed(self, data: bytes) -> None:
        """Read some bytes of the stream, which may end anywhere."""
        *lines, self._line = (self._line + data).split(b"\n")
        for line in lines:
            self._read(line)

    @property
    def content(self) -> bytes:
        """The whole answer; where the server did not stream, all that it sent."""
        if not self.broken_by:  # else the last line is half a one
            self._read(self._line)
            self._line = b""
        if self._error is not None:
            return _encoded({"error": self._error})
        if not (self._begun or self._ended):
            return b"\n".join(self._outside)
        if not self._ended:
            reason = f" ({self.broken_by})" if self.broken_by else ""
            return _encoded({"error": f"the answer broke off before its end{reason}"})
        choices = [{**self._about, "message": self._message()}] if self._begun else []
        return _encoded({"choices": choices, "usage": self._usage})

    def text(self) -> str:
        """Return the answer so far, without thoughts; callable from any thread."""
        try:
            return words(self._message())[0]
        except ValueError:
            return ""

    def _read(self, line: bytes) -> None:
        if not line.startswith(_EVENT):
            self._outside.append(line)
            return
        data = line.removeprefix(_EVENT).strip()
        if data == _END:
            self._ended = True
            return
        try:
            event = loaded_json(data)
        except ValueError:
            self._error = self._error or f"an event that cannot be read, {data[:200].decode(errors='replace')!r}"
            return
        if isinstance(event, dict):
            self._add(event)

    def _add(self, event: dict[str, Any]) -> None:
        self._error = event.get("error") or self._error
        self._usage = event.get("usage") or _field(event, "x_groq", "usage") or self._usage
        choices = event.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return
        self._begun = True
        for name in ("finish_reason", "native_finish_reason", "error"):
            if choice.get(name):
                self._about[name] = choice[name]
                self._ended = True
        delta = choice.get("delta")
        for name, piece in delta.items() if isinstance(delta, dict) else ():
            if piece:
                self._fields.setdefault(name, []).append(piece)

    def _message(self) -> dict[str, Any]:
        return {"content": None, **{name: _joined(list(pieces)) for name, pieces in self._fields.copy().items()}}


def _joined(pieces: list[Any]) -> Any:
    """Return the pieces of a field as one text, or as one list where some of them are lists."""
    if all(isinstance(piece, str) for piece in pieces):
        return "".join(pieces)
    return [part for piece in pieces for part in (piece if isinstance(piece, list) else [piece])]


def _field(event: dict[str, Any], *names: str) -> Any:
    """Return a field inside others; None if one of them is missing."""
    value: Any = event
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _encoded(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer).encode()
