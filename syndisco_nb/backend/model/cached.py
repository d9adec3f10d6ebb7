"""A cache of answers on disk: the same request is never asked twice.

The store is a JSON Lines file with one answer per line. Its key is a digest of everything that decides the answer:
the model's identity, the messages, the sampling settings, the seed and the labels. Draws with different seeds are
separate entries, so a store never hides that replies vary. Engine and precision are not part of the key: where
rounding would tip a near-tie the other way, the store keeps the text.

The commit of a model from the Hugging Face hub is stored beside the key, not in it: a computer that has never loaded
the model does not know the commit, and can still replay.
"""

import contextlib
import hashlib
import json
import logging
import math
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from pydantic import TypeAdapter, ValidationError

from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import CacheMissError, ModelError, RecordError, named_arguments, require
from syndisco_nb.runs.files import append_line, read_bounded
from syndisco_nb.runs.serialization import parse_object

logger = logging.getLogger(__name__)

Mode = Literal["auto", "record", "replay", "off"]
MODE_VARIABLE = "SYNDISCO_NB_CACHE"

_COMPLETION = TypeAdapter(Completion)
_KEY_VERSION = 2
_ENTRY = re.compile(rb'\s*\{"key": "[0-9a-f]{24}"')
_HEAD = 2**16  # bytes read to tell whether a file is a store

# The fields that every key of version 2 holds. A field added later enters a key only where it differs from its
# default, so that the answers recorded before it are still found.
_SAMPLING_FIELDS = ("temperature", "top_p", "top_k", "repetition_penalty", "max_tokens")
_REQUEST_FIELDS = ("messages", "seed", "sampling", "labels")
_NEUTRAL = ("trim", "situation")  # fields that do not decide an answer


class _StoredAnswer(NamedTuple):
    completion: Completion
    commit: str | None


class CachedModel(Model):
    """A model with a cache of its answers on disk.

    Parameters
    ----------
    model : Model
        Answers the requests that are not in the store.
    path : str or path-like
        The store; created with the first answer.
    mode : {"auto", "record", "replay", "off"}, optional
        "auto" answers from the store, asks the model for the rest and stores its answers. "record" asks the model for
        everything anew. "replay" answers from the store alone and never loads the model. "off" ignores the store.
        The default is the environment variable ``SYNDISCO_NB_CACHE``, or else "auto".

    Raises
    ------
    InvalidInputError
        If the path holds something other than a store.
    CacheMissError
        In "replay", if the answer to a request is not in the store.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> CachedModel(snb.ScriptedModel("Yes."), "answers.jsonl")
    CachedModel(ScriptedModel('scripted', 1 replies), 'answers.jsonl')
    """

    form_label = "A model whose answers are kept on file"
    form_rank = 7  # a form holds the fields of another model's form here, so its first choice must be another

    @named_arguments
    def __init__(self, model: Model, path: str | os.PathLike[str], mode: Mode | None = None) -> None:
        require(
            not isinstance(path, Model),
            f"path is {path!r}. The model comes first: CachedModel(model, path).",
            "path",
        )
        require(isinstance(model, Model), f"model is {model!r}, but must be a model, such as bundled_model().", "model")
        require(isinstance(path, str | os.PathLike) and str(path), f"path is {path!r}, but must name a file.", "path")
        super().__init__(model.name)
        self.sampling = model.sampling
        chosen = mode or os.environ.get(MODE_VARIABLE) or "auto"
        require(
            chosen in get_args(Mode),
            f"The cache's mode is {chosen!r}, but must be one of: {', '.join(get_args(Mode))}.",
            "mode",
        )
        self.model = model
        self.path = Path(path)
        self.mode = chosen
        self._answers: dict[str, _StoredAnswer] | None = None
        if chosen != "off":
            _check_store(self.path)

    async def complete(self, request: Request) -> Completion:
        """Answer from the store or by the model, depending on the mode."""
        if self.mode == "off":
            return await self.model.complete(request)
        key = self.key(request)
        stored = None if self.mode == "record" else self._lookup(key)
        if stored is not None:
            return self._with_trim_of(request, stored)
        if self.mode == "replay":
            raise CacheMissError(
                f"{self.path} holds no answer of {self.name!r} to this request (seed {request.seed}): "
                f"{request.messages[-1].content[-300:]!r}. Record it with mode 'auto', or {MODE_VARIABLE}=auto."
            )
        completion = await self.model.complete(request)
        self._store(key, completion)
        return completion

    def key(self, request: Request) -> str:
        """Return the request's key: BLAKE2b over model identity, messages, sampling, seed and labels."""
        sampling = request.sampling or self.sampling
        settings: dict[str, Any] = {}
        if sampling:
            settings = {name: getattr(sampling, name) for name in _SAMPLING_FIELDS}
            settings |= _added_settings(sampling, type(sampling)(), _SAMPLING_FIELDS)
        document = {
            "version": _KEY_VERSION,
            "model": {name: value for name, value in self.model.identity().items() if name != "commit"},
            "messages": [[message.role, message.content] for message in request.messages],
            "sampling": {name: _as_float(value) for name, value in settings.items()},
            "seed": request.seed,
            "labels": request.labels,
            **_added_settings(request, type(request)(request.messages, request.seed), _REQUEST_FIELDS),
        }
        return hashlib.blake2b(json.dumps(document, sort_keys=True).encode(), digest_size=12).hexdigest()

    def settings(self) -> dict[str, object]:
        """Return the settings of the cached model: a run does not depend on where its answers are stored."""
        return self.model.settings()

    def __repr__(self) -> str:
        return f"CachedModel({self.model!r}, {str(self.path)!r})"

    async def load(self) -> None:
        """Do nothing: the model is loaded with the first request that is not in the store."""

    def in_use(self) -> contextlib.AbstractContextManager[None]:
        """Return the context of the cached model."""
        return self.model.in_use()

    def _lookup(self, key: str) -> Completion | None:
        """Return the stored answer; None also if other weights gave it."""
        stored = self._load_store().get(key)
        commit = stored and stored.commit and self.model.identity().get("commit")
        return stored.completion if stored and (not commit or commit == stored.commit) else None

    def _with_trim_of(self, request: Request, completion: Completion) -> Completion:
        """Return the answer with the request's own `trim`, which is not part of the key."""
        sampling = request.sampling or self.sampling
        if not completion.sampling or not sampling:
            return completion
        return replace(completion, sampling=replace(completion.sampling, trim=sampling.trim))

    def _load_store(self) -> dict[str, _StoredAnswer]:
        if self._answers is None:
            _check_store(self.path)
            self._answers = {}
            for number, line in enumerate(self._lines(), start=1):
                try:
                    key, stored = _parse_line(line, str(self.path))
                    self._answers[key] = stored
                except RecordError as error:
                    logger.warning("line %d of %s is broken (%s); it will be asked again", number, self.path, error)
        return self._answers

    def _lines(self) -> list[bytes]:
        try:
            return read_bounded(self.path).splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ModelError(
                f"{self.path} cannot be read: {error.strerror}. Repair it, or give another path."
            ) from None

    def _store(self, key: str, completion: Completion) -> None:
        commit = self.model.identity().get("commit")
        content = {"key": key, "commit": commit, **_COMPLETION.dump_python(completion, warnings=False)}
        entry = {name: value for name, value in content.items() if value is not None}
        try:
            line = json.dumps(entry, ensure_ascii=False, default=repr).encode("utf-8", "surrogatepass")
            _parse_line(line, "The answer")
        except RecordError as error:
            logger.warning("an answer of %r is not kept in %s: %s", self.name, self.path, error)
            return
        answers = self._load_store()
        _check_store(self.path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        append_line(self.path, line)
        answers[key] = _StoredAnswer(completion, commit)


def _added_settings(settings: Any, defaults: Any, known: Sequence[str]) -> dict[str, Any]:
    """Return the fields added to a dataclass after these were known, where they differ from the defaults."""
    added = {field.name for field in fields(settings)} - {*known, *_NEUTRAL}
    values = {name: getattr(settings, name) for name in added}
    return {name: value for name, value in values.items() if value != getattr(defaults, name)}


def _as_float(value: Any) -> Any:
    """Return a number as a float, so that 1 and 1.0 have the same key; other values as they are."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _check_store(path: Path) -> None:
    """Refuse a path whose file is not a store, before anything is appended to it."""
    try:
        mode = path.stat().st_mode
        regular = stat.S_ISREG(mode)
        head = b""
        if regular:
            with path.open("rb") as file:
                head = file.read(_HEAD)
    except FileNotFoundError:
        return
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}. Repair it, or give another path.") from None
    ours = not head.strip() or any(_ENTRY.match(line) for line in head.splitlines())
    kind = "a folder" if stat.S_ISDIR(mode) else "not an ordinary file"
    require(
        regular, f"{path} is {kind}. Give CachedModel the path of a file, such as {path / 'answers.jsonl'}.", "path"
    )
    require(ours, f"{path} holds something other than answers of a CachedModel. Give the path of a new file.", "path")


def _parse_line(line: bytes, where: str) -> tuple[str, _StoredAnswer]:
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
    return key, _StoredAnswer(completion, commit)
