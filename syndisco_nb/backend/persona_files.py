"""Read personas from files, or from text copied out of a spreadsheet."""

import csv
import itertools
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from syndisco_nb.backend.delimited import decoded
from syndisco_nb.backend.persona import LLMPersona, People, duplicate_names, require_username
from syndisco_nb.backend.tables import read_table
from syndisco_nb.errors import PersonaError, named_arguments, suggestion
from syndisco_nb.runs.files import read_bounded

_OLD_NAMES = {"intent": "special_instructions", "name": "username"}
FORMATS = (".json", ".jsonl", ".csv", ".tsv")
_BOOKKEEPING = ("_meta", "schema_version")  # of other tools' files; not about the person
_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)  # or a string, left alone
_TRAILING_COMMA = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])', re.DOTALL)


@named_arguments
def load_personas(path: str | os.PathLike[str], rename: bool = False) -> People:
    """Read personas from a JSON, JSON Lines or CSV file.

    JSON holds an array of objects, or a single object; comments and trailing commas are allowed. In CSV the first
    row names the fields; cells are separated by commas, semicolons or tabs, and lists such as
    `personality_characteristics` by semicolons. Further fields are kept as attributes, values within values each
    under a name of its own; `name` stands in for `username`, and `intent` is the older name of
    `special_instructions`. Persona files of TinyTroupe are understood.

    Parameters
    ----------
    path : str or path-like
        A file whose name ends in .json, .jsonl, .csv or .tsv; UTF-8, UTF-16, or Windows-1252 (with a warning).
    rename : bool
        Whether to number people with the same name ("Ana 2", "Ana 3") instead of raising an error.

    Raises
    ------
    PersonaError
        If the file or an entry cannot be read; names the file, the entry (counted from 1) and the field.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "people.json")
    >>> _ = file.write_text('[{"username": "Maya", "age": 41}, {"username": "Ben"}]')
    >>> load_personas(file)
    <People: 2 personas (Maya, Ben)>
    """
    file = Path(path).expanduser()
    try:
        text = decoded(read_bounded(file), str(file))
    except OSError as error:
        raise PersonaError(f"{file} cannot be read: {error.strerror}. Give a file that exists.", field="path") from None
    except ValueError as error:
        raise PersonaError(f"{file} cannot be read: {error}.", field="path") from None
    return read_personas(text, str(file), file.suffix, rename)


def read_personas(text: str, where: str = "The text", ending: str | None = None, rename: bool = False) -> People:
    """Read personas from the text of a file, or from rows copied out of a spreadsheet.

    Parameters
    ----------
    text : str
    where : str
        The name of the text in errors.
    ending : str, optional
        The ending of the file's name; by default the format is recognised from the text.
    rename : bool
        As in `load_personas`.

    Raises
    ------
    PersonaError
        If an entry cannot be read; names the entry (counted from 1) and the field.
    """
    try:
        entries = _entries(text, _likely_ending(text) if ending is None else ending.lower())
    except (ValueError, csv.Error, RecursionError) as error:
        raise PersonaError(f"{where} cannot be read: {error}") from None
    if not entries:
        raise PersonaError(f"{where} holds no persona.")
    people: dict[str, LLMPersona] = {}
    places: dict[str, int] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            persona = _from_entry(entry)
        except PersonaError as error:
            raise PersonaError(
                f"{where}, entry {number}: {error}", field=f"{number - 1}.{error.field}".rstrip(".")
            ) from None
        if rename and persona.username in people:
            persona = _renamed(persona, people)
        name = persona.username
        if name in people:
            raise PersonaError(
                f"{where}, field username: {duplicate_names(name, places[name], number)} Or have them numbered: "
                "load_personas(..., rename=True).",
                field=f"{number - 1}.username",
            )
        people[name], places[name] = persona, number
    return People(people.values())


def _likely_ending(text: str) -> str:
    """Return the ending of a file with this text."""
    first, _, rest = text.strip().partition("\n")
    if first.startswith("["):
        return ".json"
    if first.startswith("{"):
        return ".jsonl" if first.endswith("}") and rest.startswith("{") else ".json"
    return ".csv"


def _entries(text: str, ending: str) -> list[Any]:
    if ending == ".json":
        document = _json(text)
        return document if isinstance(document, list) else [document]
    if ending == ".jsonl":
        return [_json_line(line, number) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if ending in (".csv", ".tsv"):
        return read_table((text or "\n").encode()).rows
    raise ValueError(f"its name ends in {ending!r}. Give a file that ends in {', '.join(FORMATS)}.")


def _json_line(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise ValueError(f"line {number}: {error}") from None


def _json(text: str) -> Any:
    """Parse JSON, which may have comments and trailing commas."""
    try:
        return json.loads(text)
    except ValueError:
        uncommented = _COMMENT.sub(lambda match: match[0] if match[0].startswith('"') else " ", text)
        plain = _TRAILING_COMMA.sub(lambda match: match[0] if match[0].startswith('"') else "", uncommented)
        if plain == text:
            raise
    return json.loads(plain)


def _from_entry(entry: Any) -> LLMPersona:
    if not isinstance(entry, Mapping):
        raise PersonaError(f"it is {entry!r}, but must be an object with fields such as username and age.")
    inner = entry.get("persona")
    fields = dict(_flat(inner if isinstance(inner, Mapping) and "username" not in entry else entry))
    for old, new in _OLD_NAMES.items():
        if old in fields and not fields.get(new):
            fields[new] = fields.pop(old)
    if "username" not in fields:
        raise PersonaError(f"field username is missing.{suggestion('username', fields)}", field="username")
    traits = fields.get("personality_characteristics")
    if isinstance(traits, str):
        fields["personality_characteristics"] = [trait.strip() for trait in traits.split(";") if trait.strip()]
    return require_username(LLMPersona(**fields))


def _flat(entry: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield names and values; those of an inner mapping with both names, as in "occupation title"."""
    for name, value in entry.items():
        full_name = f"{above} {str(name).strip()}".lstrip()
        if isinstance(value, Mapping) and value:
            yield from _flat(value, full_name)
        elif full_name not in _BOOKKEEPING:
            yield full_name, _texts(value)


def _texts(value: Any) -> Any:
    """Return a list of objects as a list of texts; other values as they are."""
    if not (isinstance(value, list) and any(isinstance(item, Mapping) for item in value)):
        return value
    return [
        ", ".join(f"{name}: {part}" for name, part in _flat(item)) if isinstance(item, Mapping) else str(item)
        for item in value
    ]


def _renamed(persona: LLMPersona, people: Mapping[str, LLMPersona]) -> LLMPersona:
    """Return the person with the next free number after their name."""
    names = (f"{persona.username} {number}" for number in itertools.count(2))
    known: dict[str, Any] = {**persona.attributes, "username": next(name for name in names if name not in people)}
    return LLMPersona(**known)
