"""Keep keys, tokens and passwords out of settings, which are written to files and shown in reprs and pages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from syndisco_nb.errors import require

_NAMES = re.compile(
    r"secret|passw(or)?d|passphrase|authorization|credential|bearer"
    r"|^(key|auth|jwt|cookie)$"
    r"|(^|_)(use_)?(api|access|auth|private|subscription|account|licen[cs]e|service|x)_?keys?$"
    r"|^tokens?$|(^|_)(api|access|auth|bearer|csrf|github|hf|hub|id|private|refresh|security|service|session|user)_?token$"
)
"""Names of secrets, but not `eos_token`, `max_tokens` or `num_key_value_heads`."""

_SHAPES = re.compile(
    r"\b[prs]k-(?=[\w-]*\d)[\w-]{8,}"  # OpenAI, Anthropic, OpenRouter, DeepSeek
    r"|\b(hf|gsk|gh[oprsu]|github_pat|glpat|xai|pplx|nvapi)[_-][\w-]{16,}"
    r"|\bxox[abeprs]-[\w-]{10,}"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\bAIza[\w-]{30,}"
    r"|\beyJ[\w-]{8,}\.eyJ"
    r"|\bBearer\s+\S{6,}"
    r"|\bBasic\s+[\w+/]{8,}={0,2}$"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|://[^/\s:@]*:[^/\s@]+@"  # the password in an address
)


_Place = tuple[Any, str]
"""The path to a value: the enclosing place, None for the outermost, and the last piece of the path."""


def refuse_secrets(settings: Mapping[str, Any]) -> None:
    """Raise `InvalidInputError` if a setting holds a key, a token or a password, at any depth.

    The error names the place, and never the value. Its `field` is the setting.

    Parameters
    ----------
    settings : mapping of str to object
        Plain data by the name of the setting. Only names and texts in mappings and sequences are searched.

    Examples
    --------
    >>> refuse_secrets({"extra_body": {"min_p": 0.1, "stop_token_ids": [2]}})
    >>> refuse_secrets({"extra_body": {"headers": {"Authorization": "Bearer 123456"}}})
    Traceback (most recent call last):
    syndisco_nb.errors.InvalidInputError: extra_body['headers']['Authorization'] looks like a secret...
    """
    for name, value in settings.items():
        place = next(_secrets({name: value}), "")
        require(
            not place,
            f"{place} looks like a secret, which would be written to files and shown on pages. Give the key of a "
            "server as api_key, and others by an environment variable, as HF_TOKEN.",
            "" if is_secret(name) else name,
        )


def is_secret(text: str) -> bool:
    """Return True if a text seems to hold a key, a token or a password."""
    return bool(_SHAPES.search(text))


def _secrets(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield the places of secrets, at any depth (hence the stack) and in structures that contain themselves."""
    waiting: list[tuple[_Place | None, Any]] = [(None, settings)]
    visited: set[int] = set()
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str | bytes):
            text = value if isinstance(value, str) else value.decode("latin-1")
            if is_secret(text):
                yield _path(place)
        elif isinstance(value, Mapping | Sequence | set | frozenset) and id(value) not in visited:
            visited.add(id(value))
            if not isinstance(value, Mapping):
                waiting.extend(((place, f"[{number}]"), entry) for number, entry in enumerate(value))
                continue
            for name, entry in value.items():
                if is_secret(str(name)):
                    yield f"A name in {_path(place) or 'the settings'}"
                inner = (place, f"[{name!r}]" if place else name)
                if _named_secret(str(name), entry):
                    yield _path(inner)
                waiting.append((inner, entry))


def _path(place: _Place | None) -> str:
    """Return a place as it is written in Python: "extra_body['headers'][0]"; "" for the whole."""
    pieces = []
    rest = place
    while rest is not None:
        rest, piece = rest
        pieces.append(piece)
    return "".join(reversed(pieces))


def _named_secret(name: str, value: Any) -> bool:
    """Return True if the name is that of a secret and the value can be one: not a switch, a number or empty."""
    if value is None or isinstance(value, bool | int | float) or value in ("", b""):
        return False
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", name).lower()
    return bool(_NAMES.search(snake))
