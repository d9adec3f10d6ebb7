"""Answers on file: the same request is never asked twice.

A store is a JSON Lines file, one answer a line, under a key made of everything that decides the answer:
the model's identity, the messages, the sampling settings and the seed. Two draws with different seeds are
two entries, so a store never hides that replies vary. What engine or precision computed an answer is not
part of the key: where arithmetic would tip a near-tie the other way, the store keeps the text.
"""

import contextlib
import hashlib
import json
import logging
import os
from pathlib import Path
from typing import Literal, get_args

from pydantic import TypeAdapter

from syndisco_nb.backend.model.base import Completion, Model, Request
from syndisco_nb.errors import CacheMissError, ModelError, RecordError, named_arguments, require
from syndisco_nb.files import append_line, read_bounded
from syndisco_nb.serialization import parse_object, validated

logger = logging.getLogger(__name__)

Mode = Literal["auto", "record", "replay", "off"]
MODE_VARIABLE = "SYNDISCO_NB_CACHE"

_COMPLETION = TypeAdapter(Completion)
_KEY_VERSION = 1


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
    CacheMissError
        When asked, in "replay", for what is not on file.
    """

    @named_arguments
    def __init__(self, model: Model, path: str | os.PathLike[str], mode: Mode | None = None) -> None:
        super().__init__(model.name)
        self.sampling = model.sampling
        chosen = mode or os.environ.get(MODE_VARIABLE) or "auto"
        require(
            chosen in get_args(Mode),
            f"The cache's mode is {chosen!r}, but must be one of: {', '.join(get_args(Mode))}.",
        )
        self.model = model
        self.path = Path(path)
        self.mode = chosen
        self._answers: dict[str, Completion] | None = None

    async def complete(self, request: Request) -> Completion:
        """Answer from the store or by the model, as the mode says."""
        if self.mode == "off":
            return await self.model.complete(request)
        key = self.key(request)
        known = None if self.mode == "record" else self._stored().get(key)
        if known is not None:
            return known
        if self.mode == "replay":
            raise CacheMissError(
                f"{self.path} holds no answer of {self.name!r} to this request (seed {request.seed}): "
                f"{request.messages[-1].content[-300:]!r}. Record it with mode 'auto', or {MODE_VARIABLE}=auto."
            )
        completion = await self.model.complete(request)
        self._keep(key, completion)
        return completion

    def key(self, request: Request) -> str:
        """Return the request's key: BLAKE2b over model identity, messages, sampling and seed."""
        document = {
            "version": _KEY_VERSION,
            "model": self.model.identity(),
            "messages": [[message.role, message.content] for message in request.messages],
            "sampling": repr(request.sampling or self.sampling),
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

    def _stored(self) -> dict[str, Completion]:
        if self._answers is None:
            self._answers = {}
            for number, line in enumerate(self._lines(), start=1):
                try:
                    entry = parse_object(line, str(self.path))
                    key = str(entry.pop("key"))
                    self._answers[key] = validated(_COMPLETION, entry, str(self.path))
                except (RecordError, KeyError):
                    logger.warning("line %d of %s is broken; it will be asked again", number, self.path)
        return self._answers

    def _lines(self) -> list[bytes]:
        try:
            return read_bounded(self.path).splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ModelError(f"{self.path} cannot be read: {error.strerror}. Give another path, or mend it.") from None

    def _keep(self, key: str, completion: Completion) -> None:
        self._stored()[key] = completion
        line = json.dumps({"key": key, **_COMPLETION.dump_python(completion, exclude_none=True)}, ensure_ascii=False)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        append_line(self.path, line.encode())
