"""Remove the request that a server repeats in an error, since it names every field, refused or not."""

import json
import re
from collections.abc import Iterator
from typing import Any

_ECHOES = ("input", "body", "ctx")
"""The names under which servers repeat a request."""

_ECHO = re.compile(rf"""['"]({"|".join(_ECHOES)})['"]\s*:""")
_SHORT_ECHO = re.compile(r"input_value=.*?, input_type=", re.DOTALL)  # as pydantic prints it
_TOKEN = re.compile(
    r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\[\](){},]|[^\[\](){},"']+|["']""",
    re.DOTALL,
)


def without_echo(text: str) -> str:
    """Return an error's text without the request that it repeats, as plain words.

    Parameters
    ----------
    text : str
        JSON, printed Python or prose.

    Examples
    --------
    >>> without_echo('{"loc": ["body", "seed"], "input": {"top_p": 0.9}}')
    'loc body seed'
    >>> without_echo("{'loc': ('body', 'seed'), 'input': {'top_p': 0.9}, 'msg': 'No.'}")
    "{'loc': ('body', 'seed'), , 'msg': 'No.'}"
    """
    try:
        return " ".join(_pieces(json.loads(text)))
    except (ValueError, RecursionError):
        return _cut(text)


def _pieces(answer: Any) -> Iterator[str]:
    """Yield the names and values in parsed JSON, except those of the repeated request."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            if name not in _ECHOES:
                yield name
                yield from _pieces(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from _pieces(value)
    else:
        yield _cut(str(answer))


def _cut(text: str) -> str:
    """Return a text without values such as `'input': ...`."""
    text = _SHORT_ECHO.sub("", text)
    kept, at = [], 0
    while echo := _ECHO.search(text, at):
        kept.append(text[at : echo.start()])
        at = _end_of_value(text, echo.end())
    return "".join([*kept, text[at:]])


def _end_of_value(text: str, start: int) -> int:
    """Return the end of a value: the comma or bracket after it, or the end of the text."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        if depth == 0 and token[0] in (",", ")", "]", "}"):
            return token.start()
        depth += (token[0] in ("(", "[", "{")) - (token[0] in (")", "]", "}"))
    return len(text)
