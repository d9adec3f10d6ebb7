"""Permission for a design that was read from a file: it runs code, uses files and contacts servers only if allowed.

A file may come from anybody. Whatever is typed in Python is the user's own and needs no permission.

====================  =====================================================================
``"code"``            run code that comes with a model (`trust_remote_code`), or load it in a way that could
``"paths"``           read or write files outside the design's own folder
``"server:HOST"``     send requests to this server, with its key if the environment holds it
====================  =====================================================================
"""

import os
import urllib.parse
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from syndisco_nb.backend.kinds import kinds_of
from syndisco_nb.backend.model import Model
from syndisco_nb.builder.parts import Part, from_plain
from syndisco_nb.errors import InvalidInputError, TrustError, require, short_repr, suggestion

VOCABULARY = ("code", "paths", "server:HOST")

HARMLESS = {
    "batch_tokens",
    "cache_gb",
    "chat_template_kwargs",
    "date",
    "device",
    "dtype",
    "engine",
    "extra_body",
    "generation_kwargs",
    "max_concurrency",
    "max_out_tokens",
    "max_retries",
    "max_wait_s",
    "model_name",
    "name",
    "patience_s",
    "sampling",
    "script",
    "thinking",
    "timeout_s",
}
"""Arguments of models that touch nothing; one that is neither here nor below needs permission for code."""

PATHS = {"model_path", "path"}
SERVERS = {"base_url"}
NESTED = {"model"}
LOADING: Mapping[str, Mapping[str, Collection[Any] | None]] = {
    "model_kwargs": {
        "attn_implementation": ("eager", "sdpa", "flash_attention_2", "flash_attention_3", "flex_attention"),
        "device_map": None,
        "dtype": None,
        "local_files_only": None,
        "low_cpu_mem_usage": None,
        "revision": None,
        "torch_dtype": None,
        "trust_remote_code": (False, None),
        "use_safetensors": (True, None),
    },
    "tokenizer_kwargs": {
        "add_bos_token": None,
        "add_eos_token": None,
        "chat_template": None,
        "clean_up_tokenization_spaces": None,
        "legacy": None,
        "local_files_only": None,
        "model_max_length": None,
        "padding_side": None,
        "revision": None,
        "trust_remote_code": (False, None),
        "truncation_side": None,
        "use_fast": None,
    },
}
"""Arguments for loading that run no code and name no file, each with its harmless values (None: all of them)."""

_DEEDS = {
    "code": "load a model with arguments that can run code or use files:",
    "paths": "use files outside its folder:",
    "server": "send requests to",
}


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing outside of itself that a design would touch.

    Attributes
    ----------
    kind : {"code", "paths", "server"}
    what : str
        The argument that runs code, the path, or the host.
    where : str
        The setting that asks for it, by dots.
    """

    kind: str
    what: str
    where: str = field(default="", compare=False)

    @property
    def word(self) -> str:
        """The word that allows it."""
        return f"server:{self.what}" if self.kind == "server" else self.kind

    def __str__(self) -> str:
        return f"{self.what} (in {self.where})" if self.where else self.what


def deeds(touched: Iterable[Touch]) -> list[str]:
    """Return what these touches do, in words: a deed of each kind."""
    found = list(touched)
    listed = {kind: [str(touch) for touch in found if touch.kind == kind] for kind in _DEEDS}
    return [f"{_DEEDS[kind]} {', '.join(these)}" for kind, these in listed.items() if these]


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses what a document has asked for and its reader has not allowed.

    Attributes
    ----------
    source : str
        The document, as errors call it.
    folder : Path or None
        The folder whose files the document may use.
    remedy : str
        How to allow it.
    refused : tuple of Touch
    """

    source: str
    folder: Path | None
    remedy: str
    refused: tuple[Touch, ...]

    def asked(self, *things: Any) -> list[Touch]:
        """Return each touch of these things that is refused, once."""
        found = (touch for thing in things for touch in touches(thing, self.folder))
        return list(dict.fromkeys(touch for touch in found if touch in self.refused))

    def check(self, *things: Any) -> None:
        """Raise `TrustError` if these things, such as a design, would do something that is refused."""
        asked = self.asked(*things)
        if asked:
            words = ", ".join(dict.fromkeys(f'"{touch.word}"' for touch in asked))
            raise TrustError(
                f"The design in {self.source} would {'; '.join(deeds(asked))}. If you trust it with that, "
                f"{self.remedy.format(words)}."
            )

    def without(self, thing: Any) -> "Guard":
        """Return a guard that allows what this thing touches, since the user has given it."""
        given = list(touches(thing, self.folder))
        return replace(self, refused=tuple(touch for touch in self.refused if touch not in given))


def guarded(
    thing: Any, source: str, folder: Path | None, trust: str | Iterable[str], remedy: str = "give trust=[{}]"
) -> Guard | None:
    """Return the guard of what was read from a document, or None if all that it touches is allowed.

    Parameters
    ----------
    thing : Design or Part
        What was read.
    source : str
        The document, as errors call it.
    folder : Path or None
        The folder whose files it may use.
    trust : str or iterable of str
        Words of `VOCABULARY` with which the reader allows more.
    remedy : str
        How to allow the rest; ``{}`` stands for the words.

    Raises
    ------
    InvalidInputError
        If there is no such word.
    """
    allowed = _words(trust)
    refused = tuple(touch for touch in touches(thing, folder) if touch.word not in allowed)
    return Guard(source, folder, remedy, refused) if refused else None


def touches(thing: Any, folder: Path | None = None, where: str = "") -> Iterator[Touch]:
    """Yield what a design, or anything in it, would touch outside of itself.

    Parameters
    ----------
    thing : Design, Part or any value in them
    folder : Path, optional
        The folder whose files are no matter.
    where : str
        The place of the thing, by dots.

    Examples
    --------
    >>> part = Part(type="OpenAIModel", arguments={"model_name": "gpt", "base_url": "http://localhost:8000/v1"})
    >>> deeds(touches(part, where="model"))
    ['send requests to localhost:8000 (in model)']
    """
    if isinstance(thing, Part):
        yield from _touches_of(thing, folder, where) if thing.type in kinds_of(Model) else ()
    elif isinstance(thing, BaseModel):
        for name in type(thing).model_fields:
            yield from touches(getattr(thing, name), folder, _joined(where, name))
    elif isinstance(thing, Mapping):
        for name, one in thing.items():
            yield from touches(one, folder, _joined(where, name))
    elif isinstance(thing, tuple | list):
        for place, one in enumerate(thing):
            yield from touches(one, folder, _joined(where, place))


def beside(path: str, folder: Path | None, what: str) -> Path:
    """Return the file in a document's folder that the document reads, or raise `TrustError`.

    Parameters
    ----------
    path : str
        As in the document; a relative one begins at the folder.
    folder : Path or None
        None for a document that is in no folder.
    what : str
        The setting.
    """
    if folder is not None and _is_within(file := folder / os.path.expanduser(path), folder):
        return file
    raise TrustError(
        f"{what} is {short_repr(path)}, a file outside the folder of the design, which a design may not read. Put the "
        f"file beside the design, write its content into it, or call .{what.rpartition('.')[2]}(...) with the path."
    )


def _touches_of(part: Part, folder: Path | None, where: str) -> Iterator[Touch]:
    for name, value in part.arguments.items():
        if value is None or name in HARMLESS:
            continue
        if name in NESTED:
            yield from touches(from_plain(value, name, Model), folder, _joined(where, name))
        elif name in LOADING and isinstance(value, Mapping):
            for key, one in value.items():
                if not _is_harmless(LOADING[name], key, one):
                    yield Touch("code", _argument(part, key, one), where)
        elif name in SERVERS:
            yield Touch("server", _host(str(value)), where)
        elif name not in PATHS:
            yield Touch("code", _argument(part, name, value), where)
        elif not _is_hub_id(name, str(value)) and not _is_within(Path(os.path.expanduser(str(value))), folder):
            yield Touch("paths", str(value), where)


def _argument(part: Part, name: str, value: Any) -> str:
    model = part.arguments.get("model_path")
    return f"{name}={short_repr(value)}" + (f" of {short_repr(model)}" if model else "")


def _is_harmless(known: Mapping[str, Collection[Any] | None], key: str, value: Any) -> bool:
    values = known.get(key, ())
    return values is None or any(value is one or (isinstance(value, str) and value == one) for one in values)


def _is_hub_id(name: str, path: str) -> bool:
    """Return whether a model's path can only be a name on the hub."""
    local = path.startswith((".", "~", os.sep)) or path.count("/") > 1 or "\\" in path or ":" in path
    return name == "model_path" and not local and not os.path.lexists(path)


def _is_within(path: Path, folder: Path | None) -> bool:
    """Return whether a path leads into a folder, to nothing that is hidden there."""
    if folder is None:
        return False
    try:
        inside = path.resolve().relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # elsewhere, or no path at all
        return False
    return not any(part.startswith(".") for part in inside.parts)


def _host(url: str) -> str:
    """Return the host of a URL, with its port if it names one; any other text as it is."""
    return urllib.parse.urlsplit(url).netloc.rpartition("@")[2].lower() or url


def _words(trust: str | Iterable[str]) -> set[str]:
    given = [trust] if isinstance(trust, str) else trust
    if not isinstance(given, Iterable):
        raise InvalidInputError(f"trust is {trust!r}, but must be a list of: {', '.join(VOCABULARY)}.", field="trust")
    words = set(given)
    for word in words:
        known = isinstance(word, str) and (word in ("code", "paths") or word.startswith("server:"))
        require(
            known,
            f"trust has {word!r}, but takes: {', '.join(VOCABULARY)}.{suggestion(str(word), ('code', 'paths'))}",
            "trust",
        )
    return words


def _joined(where: str, name: object) -> str:
    return f"{where}.{name}" if where else str(name)
