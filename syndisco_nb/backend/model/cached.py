"""Answers on file: the same request is never asked twice.

A store is a JSON Lines file, one answer a line, under a key made of everything that decides the answer:
the model's identity, the messages, the sampling settings and the seed. Two draws with different seeds are
two entries, so a store never hides that replies vary. What engine or precision computed an answer is not
part of the key: where arithmetic would tip a near-tie the other way, the store keeps the text.

The commit of a model from the hub stands beside the key, not in it: a computer that has never loaded the model
cannot know it, and can still replay.
"""

import contextlib
import hashlib
import json
import logging
import math
import os
import re
import stat
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from pydantic import TypeAdapter, ValidationError

from syndisco_nb.backend.model.base import Completion, Model, Request
from syndisco_nb.errors import CacheMissError, ModelError, RecordError, named_arguments, require
from syndisco_nb.runs.files import append_line, read_bounded
from syndisco_nb.runs.serialization import parse_object

logger = logging.getLogger(__name__)

Mode = Literal["auto", "record", "replay", "off"]
MODE_VARIABLE = "SYNDISCO_NB_CACHE"

_COMPLETION = TypeAdapter(Completion)
_KEY_VERSION = 2
_ENTRY = re.compile(rb'\s*\{"key": "[0-9a-f]{24}"')
_HEAD = 2**16  # bytes that tell whether a file is a store


class _Kept(NamedTuple):
    completion: Completion
    commit: str | None


class CachedModel(Model):
    """A model whose answers are kept on file.

    Parameters
    ----------
    model : Model
        Who answers what is not on file.
    path : str or path-like
        The store; made when the first answer is kept.
    mode : {"auto", "record", "replay", "off"}, optional
        "auto" answers from the store, and asks the model for the rest and keeps it. "record" asks for
        everything anew. "replay" answers from the store alone, without ever loading the model. "off" never
        looks at the store. By default what the environment variable ``SYNDISCO_NB_CACHE`` says, or "auto".

    Raises
    ------
    InvalidInputError
        If the path is taken by something that is not a store.
    CacheMissError
        When asked, in "replay", for what is not on file.
    """

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
        self._answers: dict[str, _Kept] | None = None
        if chosen != "off":
            _check_store(self.path)

    async def complete(self, request: Request) -> Completion:
        """Answer from the store or by the model, as the mode says."""
        if self.mode == "off":
            return await self.model.complete(request)
        key = self.key(request)
        known = None if self.mode == "record" else self._known(key)
        if known is not None:
            return self._served(known, request)
        if self.mode == "replay":
            raise CacheMissError(
                f"{self.path} holds no answer of {self.name!r} to this request (seed {request.seed}): "
                f"{request.messages[-1].content[-300:]!r}. Record it with mode 'auto', or {MODE_VARIABLE}=auto."
            )
        completion = await self.model.complete(request)
        self._keep(key, completion)
        return completion

    def key(self, request: Request) -> str:
        """Return the request's key: BLAKE2b over model identity, messages, sampling, seed and labels."""
        sampling = request.sampling or self.sampling
        settings = asdict(sampling) if sampling else {}
        settings.pop("trim", None)  # that is up to whoever reads the answer
        document = {
            "version": _KEY_VERSION,
            "model": {name: value for name, value in self.model.identity().items() if name != "commit"},
            "messages": [[message.role, message.content] for message in request.messages],
            "sampling": {name: value if value is None else float(value) for name, value in settings.items()},
            "seed": request.seed,
            "labels": request.labels,
        }
        return hashlib.blake2b(json.dumps(document, sort_keys=True).encode(), digest_size=12).hexdigest()

    def settings(self) -> dict[str, object]:
        """Return the settings of the model behind; where an answer was kept does not distinguish a run."""
        return self.model.settings()

    def __repr__(self) -> str:
        return f"CachedModel({self.model!r}, {str(self.path)!r})"

    async def load(self) -> None:
        """Do nothing: the model loads when it is first needed."""

    def in_use(self) -> contextlib.AbstractContextManager[None]:
        """Return that of the model behind."""
        return self.model.in_use()

    def _known(self, key: str) -> Completion | None:
        """Return the answer on file, unless it is known to be one of other weights."""
        kept = self._stored().get(key)
        commit = kept and kept.commit and self.model.identity().get("commit")
        return kept.completion if kept and (not commit or commit == kept.commit) else None

    def _served(self, completion: Completion, request: Request) -> Completion:
        """Return the answer with the request's own wish for how it is trimmed."""
        asked = request.sampling or self.sampling
        if not completion.sampling or not asked:
            return completion
        return replace(completion, sampling=replace(completion.sampling, trim=asked.trim))

    def _stored(self) -> dict[str, _Kept]:
        if self._answers is None:
            _check_store(self.path)
            self._answers = {}
            for number, line in enumerate(self._lines(), start=1):
                try:
                    key, kept = _read(line, str(self.path))
                    self._answers[key] = kept
                except RecordError as error:
                    logger.warning("line %d of %s is broken (%s); it will be asked again", number, self.path, error)
        return self._answers

    def _lines(self) -> list[bytes]:
        try:
            return read_bounded(self.path).splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ModelError(f"{self.path} cannot be read: {error.strerror}. Give another path, or mend it.") from None

    def _keep(self, key: str, completion: Completion) -> None:
        commit = self.model.identity().get("commit")
        content = {"key": key, "commit": commit, **_COMPLETION.dump_python(completion, warnings=False)}
        entry = {name: value for name, value in content.items() if value is not None}
        try:
            line = json.dumps(entry, ensure_ascii=False, default=repr).encode("utf-8", "surrogatepass")
            _read(line, "The answer")
        except RecordError as error:
            logger.warning("an answer of %r is not kept in %s: %s", self.name, self.path, error)
            return
        stored = self._stored()
        _check_store(self.path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        append_line(self.path, line)
        stored[key] = _Kept(completion, commit)


def _check_store(path: Path) -> None:
    """Refuse a path whose file is not a store, before anything is appended to it."""
    try:
        found = path.stat()
        regular = stat.S_ISREG(found.st_mode)
        head = b""
        if regular:
            with path.open("rb") as file:
                head = file.read(_HEAD)
    except FileNotFoundError:
        return
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}. Give another path, or mend it.") from None
    ours = not head.strip() or any(_ENTRY.match(line) for line in head.splitlines())
    kind = "a folder" if stat.S_ISDIR(found.st_mode) else "no ordinary file"
    require(
        regular, f"{path} is {kind}. Give CachedModel the path of a file, such as {path / 'answers.jsonl'}.", "path"
    )
    require(ours, f"{path} holds something other than answers of a CachedModel. Give the path of a new file.", "path")


def _read(line: bytes, where: str) -> tuple[str, _Kept]:
    """Read a line of the store, or say what is wrong with it."""
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
        raise RecordError(f"{where} cannot be read: it holds a number that is none.")
    return key, _Kept(completion, commit)
