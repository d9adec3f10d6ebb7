"""Keeping secrets out of settings: what is written to files, reprs and pages holds no key, token or password."""

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
"""Names of secrets; `eos_token`, `max_tokens` and `num_key_value_heads` are none."""

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
"""Where something stands: within which place, None for the outermost, and what is said of it there."""


def refuse_secrets(what: str, value: Any) -> None:
    """Raise `InvalidInputError` if a setting holds a key, a token or a password, at any depth.

    The error names the place, and never the value.

    Parameters
    ----------
    what : str
        What the setting is called.
    value : object
        Plain data: only names and texts in mappings and sequences are looked at.

    Examples
    --------
    >>> refuse_secrets("extra_body", {"min_p": 0.1, "stop_token_ids": [2]})
    >>> refuse_secrets("extra_body", {"headers": {"Authorization": "Bearer 123456"}})
    Traceback (most recent call last):
    syndisco_nb.errors.InvalidInputError: extra_body['headers']['Authorization'] looks like a secret...
    """
    place = next(_secrets(what, value), "")
    require(
        not place,
        f"{place} looks like a secret, which would be written to files and shown on pages. Give the key of a server as "
        "api_key, and others by an environment variable, as HF_TOKEN.",
        what,
    )


def is_secret(text: str) -> bool:
    """Return whether a text holds what looks like a key, a token or a password."""
    return bool(_SHAPES.search(text))


def _secrets(what: str, value: Any) -> Iterator[str]:
    """Yield the places of secrets; a stack instead of recursion bears any depth, and each object is visited once."""
    waiting: list[tuple[_Place, Any]] = [((None, what), value)]
    seen: set[int] = set()
    while waiting:
        place, held = waiting.pop()
        if isinstance(held, str | bytes):
            text = held if isinstance(held, str) else held.decode("latin-1")
            if is_secret(text):
                yield _written(place)
        elif isinstance(held, Mapping | Sequence | set | frozenset) and id(held) not in seen:
            seen.add(id(held))
            if not isinstance(held, Mapping):
                waiting.extend(((place, f"[{number}]"), entry) for number, entry in enumerate(held))
                continue
            for name, entry in held.items():
                if is_secret(str(name)):
                    yield f"A name in {_written(place)}"
                within = (place, f"[{name!r}]")
                if _named_secret(str(name), entry):
                    yield _written(within)
                waiting.append((within, entry))


def _written(place: _Place) -> str:
    """Return a place in words."""
    pieces = []
    rest: _Place | None = place
    while rest is not None:
        rest, piece = rest
        pieces.append(piece)
    return "".join(reversed(pieces))


def _named_secret(name: str, value: Any) -> bool:
    """Return whether a name says that its value is a secret; switches, numbers and nothing are none."""
    if value is None or isinstance(value, bool | int | float) or value in ("", b""):
        return False
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", name).lower()
    return bool(_NAMES.search(snake))
