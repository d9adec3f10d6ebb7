"""Fingerprints of functions that a user hands over, and digests of settings."""

import functools
import hashlib
import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any


def function_fingerprint(function: Callable[..., Any]) -> str:
    """Return the name of a function and a digest that changes with its code; of another callable, those of its class.

    Examples
    --------
    >>> function_fingerprint(len)
    'builtins.len (...)'
    """
    code: Any = function if inspect.isroutine(function) else type(function)
    return _of_code(code)


@functools.lru_cache(maxsize=1024)  # finding the source takes milliseconds, at every turn
def _of_code(code: Any) -> str:
    name = f"{code.__module__}.{code.__qualname__}"
    try:
        source = inspect.getsource(code)
    except (OSError, TypeError):  # typed at a prompt, or not written in Python
        compiled = getattr(code, "__code__", None)
        source = f"{compiled.co_code!r} {compiled.co_names} {compiled.co_consts}" if compiled else ""
    return f"{name} ({hashlib.blake2b(source.encode(), digest_size=4).hexdigest()})"


def settings_digest(settings: Mapping[str, Any]) -> str:
    """Return a digest of plain data; equal settings have equal digests, whatever their order."""
    document = json.dumps(settings, sort_keys=True, default=str)
    return hashlib.blake2b(document.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
