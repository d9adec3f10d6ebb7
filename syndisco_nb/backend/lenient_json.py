"""Read JSON as people write it: with comments and trailing commas, or one value on every line."""

import json
import re
from collections.abc import Mapping
from typing import Any

_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)  # or a string, left alone
_TRAILING_COMMA = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])', re.DOTALL)
_ABOUT_THE_FILE = re.compile("^_|version$")  # names of values about a file, not about its content
_BRACKETS = {"{": "}", "[": "]"}


def looks_like_json(text: str) -> bool:
    """Return whether a text is JSON, or meant to be: its first character, after comments, is a bracket."""
    return re.sub(r"^(\s|//[^\n]*|/\*.*?\*/)+", "", text[:10_000], flags=re.DOTALL)[:1] in tuple(_BRACKETS)


def read_json(text: str) -> Any:
    r"""Return the value of a JSON text, or a list of the values of JSON Lines.

    Raises
    ------
    ValueError
        If it is neither; names the line.

    Examples
    --------
    >>> read_json('{"name": "Ana"}\n{"name": "Ben"}')
    [{'name': 'Ana'}, {'name': 'Ben'}]
    """
    if _is_lines(text):
        return [_line(line, number) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    try:
        return json.loads(text)
    except ValueError:
        uncommented = _COMMENT.sub(lambda match: match[0] if match[0].startswith('"') else " ", text)
        plain = _TRAILING_COMMA.sub(lambda match: match[0] if match[0].startswith('"') else "", uncommented)
        if plain == text:
            raise
    return json.loads(plain)


def only_list(document: Any) -> Any:
    """Return the list of an object that holds nothing but one list, and perhaps a version; else the document itself.

    Examples
    --------
    >>> only_list({"people": [{"name": "Ana"}], "version": 1})
    [{'name': 'Ana'}]
    """
    if not isinstance(document, Mapping):
        return document
    values = [value for name, value in document.items() if not _ABOUT_THE_FILE.search(str(name))]
    return values[0] if len(values) == 1 and isinstance(values[0], list) else document


def refuse_nested(document: Any) -> None:
    """Raise a ValueError for an object of objects, such as pandas' ``to_json`` writes by default."""
    if isinstance(document, Mapping) and document and all(isinstance(value, Mapping) for value in document.values()):
        raise ValueError(
            f"it is JSON, but an object of objects, {', '.join(map(str, [*document][:5]))}. Give a list of objects; "
            'pandas writes one with frame.to_json(orient="records")'
        )


def _is_lines(text: str) -> bool:
    first, _, rest = text.strip().partition("\n")
    opening, rest = first[:1], rest.lstrip()
    return rest.startswith(opening) and first.rstrip().endswith(_BRACKETS.get(opening, "\n"))


def _line(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise ValueError(f"line {number}: {error}") from None
