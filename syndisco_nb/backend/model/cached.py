"""A cache of answers on disk: the same request is never asked twice.

The key of an answer is a digest of everything that decides it: the model's identity, the messages, the sampling
settings, the seed and the labels. Draws with different seeds are separate entries, so a store never hides that replies
vary. Engine and precision are not part of the key: their rounding may tip a near-tie, and then the
stored text stands.

The commit of a model from the Hugging Face hub is stored beside the key, not in it: a computer that has never loaded
the model does not know the commit, and can still replay.
"""

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import weakref
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from syndisco_nb.backend.model.answer_store import AnswerStore
from syndisco_nb.backend.model.base import Model
from syndisco_nb.backend.model.request import Completion, Request
from syndisco_nb.errors import CacheMissError, RecordError, named_arguments, require
from syndisco_nb.loop import run_async

logger = logging.getLogger(__name__)

Mode = Literal["auto", "record", "replay", "off"]
MODE_VARIABLE = "SYNDISCO_NB_CACHE"

_KEY_VERSION = 2

# The fields that every key of version 2 holds. A field added later enters a key only where it differs from its
# default, so that the answers recorded before it are still found.
_SAMPLING_FIELDS = ("temperature", "top_p", "top_k", "repetition_penalty", "max_tokens")
_REQUEST_FIELDS = ("messages", "seed", "sampling", "labels")
_WITHOUT_EFFECT = ("trim", "situation")  # fields that do not change the model's answer


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

    form_label = "Model with recorded answers"
    form_rank = 7  # not the first choice in a form: its own field `model` is a form that opens with the first choice

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
        self.in_batches = model.in_batches
        chosen = mode or os.environ.get(MODE_VARIABLE) or "auto"
        require(
            chosen in get_args(Mode),
            f"The cache's mode is {chosen!r}, but must be one of: {', '.join(get_args(Mode))}.",
            "mode",
        )
        self.model = model
        self.path = Path(path)
        self.mode = chosen
        self._store = AnswerStore(self.path)
        self._under_way: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        if chosen != "off":
            self._store.check()

    @property
    def min_concurrency(self) -> int:
        """The number of units that a run keeps under way for the cached model."""
        return self.model.min_concurrency

    async def complete(self, request: Request) -> Completion:
        """Answer from the store or by the model, depending on the mode."""
        if self.mode == "off":
            return await self.model.complete(request)
        key = self.key(request)
        if self.mode == "record":
            return await self._asked(request, key)
        stored = self._lookup(key)
        if stored is None and self.mode == "replay":
            raise CacheMissError(
                f"{self.path} holds no answer of {self.name!r} to this request (seed {request.seed}): "
                f"{request.messages[-1].content[-300:]!r}. Record it with mode 'auto', or {MODE_VARIABLE}=auto."
            )
        if stored is None:
            return await run_async(self._asked_once(request, key))
        return self._with_trim_of(request, stored)

    async def _asked_once(self, request: Request, key: str) -> Completion:
        """Ask the model, unless the same request is under way: then wait for its answer."""
        lock = self._under_way.setdefault(key, asyncio.Lock())
        async with lock:
            stored = self._lookup(key)
            return await self._asked(request, key) if stored is None else self._with_trim_of(request, stored)

    async def _asked(self, request: Request, key: str) -> Completion:
        completion = await self.model.complete(request)
        try:
            self._store.add(key, completion, self.model.identity().get("commit"))
        except RecordError as error:
            logger.warning("an answer of %r is not kept in %s: %s", self.name, self.path, error)
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
        """Return the settings of the cached model; the path is not among them, since it does not change a run."""
        return self.model.settings()

    def __repr__(self) -> str:
        return f"CachedModel({self.model!r}, {str(self.path)!r})"

    async def load(self) -> None:
        """Do nothing: the model is loaded with the first request that is not in the store."""

    def in_use(self, folder: Path) -> contextlib.AbstractContextManager[None]:
        """Return the context of the cached model."""
        return self.model.in_use(folder)

    def _lookup(self, key: str) -> Completion | None:
        """Return the stored answer; None if there is none, or another commit of the model gave it."""
        stored = self._store.get(key)
        if stored is None:
            return None
        commit = self.model.identity().get("commit")
        outdated = commit and stored.commit and commit != stored.commit
        return None if outdated else stored.completion

    def _with_trim_of(self, request: Request, completion: Completion) -> Completion:
        """Return the answer with the request's own `trim`, which is not part of the key."""
        sampling = request.sampling or self.sampling
        if not completion.sampling or not sampling:
            return completion
        return replace(completion, sampling=replace(completion.sampling, trim=sampling.trim))


def _added_settings(settings: Any, defaults: Any, known: Sequence[str]) -> dict[str, Any]:
    """Return the fields that are not among the known ones, where they differ from the defaults."""
    added = {field.name for field in fields(settings)} - {*known, *_WITHOUT_EFFECT}
    values = {name: getattr(settings, name) for name in added}
    return {name: value for name, value in values.items() if value != getattr(defaults, name)}


def _as_float(value: Any) -> Any:
    """Return a number as a float, so that 1 and 1.0 have the same key; other values as they are."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
