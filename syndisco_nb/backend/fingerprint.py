"""What is recorded of a function that a user hands over: its name, and a digest that changes with its code."""

import hashlib
import inspect
from collections.abc import Callable
from typing import Any


def fingerprint(function: Callable[..., Any]) -> str:
    """Return name and digest of a function; of another callable, of its class.

    Examples
    --------
    >>> fingerprint(len)
    'builtins.len (...)'
    """
    code = function if inspect.isroutine(function) else type(function)
    name = f"{code.__module__}.{code.__qualname__}"
    try:
        source = inspect.getsource(code)
    except (OSError, TypeError):  # typed at a prompt, or not written in Python
        compiled = getattr(code, "__code__", None)
        source = f"{compiled.co_code!r} {compiled.co_names} {compiled.co_consts}" if compiled else ""
    return f"{name} ({hashlib.blake2b(source.encode(), digest_size=4).hexdigest()})"
