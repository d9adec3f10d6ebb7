"""The store of a `CachedModel`: a JSON Lines file with one answer per line."""

import json
import logging
import math
import re
import stat
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from syndisco_nb.backend.model.request import Completion
from syndisco_nb.errors import ModelError, RecordError, require
from syndisco_nb.runs.files import append_line, read_bounded
from syndisco_nb.runs.serialization import parse_object

logger = logging.getLogger(__name__)

_COMPLETION = TypeAdapter(Completion)
_ENTRY = re.compile(rb'\s*\{"key": "[0-9a-f]{24}"')
_HEAD = 2**16  # bytes read to tell whether a file is a store


class StoredAnswer(NamedTuple):
    """An answer, and the commit of the model that gave it; None if it has none."""

    completion: Completion
    commit: str | None


class AnswerStore:
    """Answers in a file, by their keys; read at the first use.

    Parameters
    ----------
    path : Path
        Created with the first answer.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._loaded: dict[str, StoredAnswer] | None = None

    def check(self) -> None:
        """Raise `InvalidInputError` if the file holds something else, before anything is appended to it."""
        try:
            mode = self.path.stat().st_mode
            is_file = stat.S_ISREG(mode)
            head = b""
            if is_file:
                with self.path.open("rb") as file:
                    head = file.read(_HEAD)
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unreadable(error) from None
        kind = "a folder" if stat.S_ISDIR(mode) else "not an ordinary file"
        example = self.path / "answers.jsonl"
        require(is_file, f"{self.path} is {kind}. Give CachedModel the path of a file, such as {example}.", "path")
        require(
            not head.strip() or any(_ENTRY.match(line) for line in head.splitlines()),
            f"{self.path} holds something other than answers of a CachedModel. Give the path of a new file.",
            "path",
        )

    def get(self, key: str) -> StoredAnswer | None:
        """Return the last answer of a key; None if there is none."""
        return self._answers().get(key)

    def add(self, key: str, completion: Completion, commit: str | None) -> None:
        """Append an answer.

        Parameters
        ----------
        key : str
        completion : Completion
        commit : str, optional
            The commit of the model.

        Raises
        ------
        RecordError
            If the answer could not be read back; nothing is written then.
        """
        content = {"key": key, "commit": commit, **_COMPLETION.dump_python(completion, warnings=False)}
        entry = {name: value for name, value in content.items() if value is not None}
        line = json.dumps(entry, ensure_ascii=False, default=repr).encode("utf-8", "surrogatepass")
        _parse_line(line, "The answer")
        answers = self._answers()
        self.check()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        append_line(self.path, line)
        answers[key] = StoredAnswer(completion, commit)

    def _answers(self) -> dict[str, StoredAnswer]:
        if self._loaded is None:
            self.check()
            self._loaded = {}
            for number, line in enumerate(self._lines(), start=1):
                try:
                    key, stored = _parse_line(line, str(self.path))
                    self._loaded[key] = stored
                except RecordError as error:
                    logger.warning("line %d of %s is broken (%s); it will be asked again", number, self.path, error)
        return self._loaded

    def _lines(self) -> list[bytes]:
        try:
            return read_bounded(self.path).splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: OSError) -> ModelError:
        return ModelError(f"{self.path} cannot be read: {error.strerror}. Repair it, or give another path.")


def _parse_line(line: bytes, where: str) -> tuple[str, StoredAnswer]:
    """Return the key and the answer in a line of the store, or raise `RecordError`."""
    entry = parse_object(line, where)
    key, commit = entry.pop("key", None), entry.pop("commit", None)
    if not isinstance(key, str) or not isinstance(commit, str | None):
        raise RecordError(f"{where} has no key.")
    try:
        completion = _COMPLETION.validate_json(json.dumps(entry), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        raise RecordError(f"{where} cannot be read: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
    numbers: list[Any] = [completion.seconds, completion.mass or 0, *(completion.probabilities or {}).values()]
    if not all(map(math.isfinite, numbers)):
        raise RecordError(f"{where} cannot be read: one of its numbers is infinite or NaN.")
    return key, StoredAnswer(completion, commit)
