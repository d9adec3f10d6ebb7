"""Touches: the code, files and servers outside a design that it would use when it runs."""

import os
import urllib.parse
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from syndisco_nb.backend.kinds import kinds_of
from syndisco_nb.backend.model import Model
from syndisco_nb.builder.parts import Part, from_plain
from syndisco_nb.errors import short_repr

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
"""Arguments of models that touch nothing. One that is neither here nor below needs permission for code."""

PATHS = {"model_path", "path"}
SERVERS = {"base_url"}
NESTED = {"model", "models"}
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

_IN_WORDS = {
    "code": "load a model with arguments that can run code or use files:",
    "paths": "use files outside its folder:",
    "server": "send requests to",
}


@dataclass(frozen=True, slots=True)
class Touch:
    """A piece of code, a file or a server outside a design that it would use.

    Attributes
    ----------
    kind : {"code", "paths", "server"}
    what : str
        The argument that runs code, the path, or the host.
    where : str
        The setting that asks for it, as a dotted path.
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


def touches_in_words(touched: Iterable[Touch]) -> list[str]:
    """Return touches in words, those of one kind together."""
    listed: dict[str, list[str]] = {kind: [] for kind in _IN_WORDS}
    for touch in touched:
        listed[touch.kind].append(str(touch))
    return [f"{_IN_WORDS[kind]} {', '.join(touches)}" for kind, touches in listed.items() if touches]


def touches(thing: Any, folder: Path | None = None, where: str = "") -> Iterator[Touch]:
    """Yield the touches of a design, or of anything in it.

    Parameters
    ----------
    thing : Design, Part or any value in them
    folder : Path, optional
        The design's own folder; files in it are no touch.
    where : str
        The dotted path of the thing in the design.

    Examples
    --------
    >>> part = Part(type="OpenAIModel", arguments={"model_name": "gpt", "base_url": "http://localhost:8000/v1"})
    >>> touches_in_words(touches(part, where="model"))
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


def is_within(path: Path, folder: Path | None) -> bool:
    """Return whether a path leads into a folder, and not to a hidden file there.

    Parameters
    ----------
    path : Path
    folder : Path or None
        None contains nothing.
    """
    if folder is None:
        return False
    try:
        inside = path.resolve().relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # elsewhere, or no path at all
        return False
    return not any(part.startswith(".") for part in inside.parts)


def _touches_of(part: Part, folder: Path | None, where: str) -> Iterator[Touch]:
    for name, value in part.arguments.items():
        if value is None or name in HARMLESS:
            continue
        if name in NESTED:
            listed = isinstance(value, list)
            inner = [from_plain(one, name, Model) for one in value] if listed else from_plain(value, name, Model)
            yield from touches(inner, folder, _joined(where, name))
        elif name in LOADING and isinstance(value, Mapping):
            for key, one in value.items():
                if not _is_harmless(LOADING[name], key, one):
                    yield Touch("code", _argument(part, key, one), where)
        elif name in SERVERS:
            yield Touch("server", _host(str(value)), where)
        elif name not in PATHS:
            yield Touch("code", _argument(part, name, value), where)
        elif not _is_hub_id(name, str(value)) and not is_within(Path(os.path.expanduser(str(value))), folder):
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


def _host(url: str) -> str:
    """Return the host of a URL, with its port if it names one; any other text as it is."""
    return urllib.parse.urlsplit(url).netloc.rpartition("@")[2].lower() or url


def _joined(where: str, name: object) -> str:
    return f"{where}.{name}" if where else str(name)
