"""The files, and other texts, that people come from."""

import csv
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from syndisco_nb.backend.persona import LLMPersona, People, duplicate_names, named
from syndisco_nb.errors import PersonaError, suggestion
from syndisco_nb.files import read_bounded

_OLD_NAMES = {"intent": "special_instructions"}
FORMATS = (".json", ".jsonl", ".csv")


def load_personas(path: str | os.PathLike[str]) -> People:
    """Read personas from a JSON, JSON Lines or CSV file.

    JSON holds an array of objects, or a single object. In CSV the first row names the fields, and lists
    such as `personality_characteristics` are separated by semicolons. Further fields are kept as
    attributes; `intent`, the older name of `special_instructions`, is understood.

    Parameters
    ----------
    path : str or path-like
        A file whose name ends in .json, .jsonl or .csv.

    Raises
    ------
    PersonaError
        Naming the file, the entry (counted from 1) and the field.
    """
    file = Path(path).expanduser()
    try:
        text = read_bounded(file).decode("utf-8-sig")
    except OSError as error:
        raise PersonaError(f"{file} cannot be read: {error.strerror}. Give a file that exists.") from None
    except UnicodeDecodeError:
        raise PersonaError(f"{file} is not UTF-8 text. Save it as UTF-8.") from None
    return read_personas(text, str(file), file.suffix)


def read_personas(text: str, where: str = "The text", ending: str | None = None) -> People:
    """Read personas from the text of such a file, or from rows copied from a spreadsheet.

    Parameters
    ----------
    text : str
    where : str
        What errors call it.
    ending : str, optional
        Of the file's name; if not given, the text itself shows what it is.

    Raises
    ------
    PersonaError
        Naming the entry (counted from 1) and the field.
    """
    try:
        entries = _entries(text, _looks_like(text) if ending is None else ending.lower())
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
            raise PersonaError(f"{where}, entry {number}: {error}") from None
        name = persona.username
        if name in people:
            raise PersonaError(f"{where}, field username: {duplicate_names(name, places[name], number)}")
        people[name], places[name] = persona, number
    return People(people.values())


def _looks_like(text: str) -> str:
    """Return the ending that a file with this text would have."""
    first, _, rest = text.strip().partition("\n")
    if first.startswith("["):
        return ".json"
    if first.startswith("{"):
        return ".jsonl" if first.endswith("}") and rest.startswith("{") else ".json"
    return ".csv"


def _entries(text: str, ending: str) -> list[Any]:
    if ending == ".json":
        document = json.loads(text)
        return document if isinstance(document, list) else [document]
    if ending == ".jsonl":
        return [_json_line(line, number) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if ending == ".csv":
        return _csv_rows(text)
    raise ValueError(f"its name ends in {ending!r}. Give a file that ends in {', '.join(FORMATS)}.")


def _json_line(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise ValueError(f"line {number}: {error}") from None


def _csv_rows(text: str) -> list[dict[str, Any]]:
    first = text.strip().partition("\n")[0]
    between = "\t" if "\t" in first and "," not in first else ","  # rows copied from a spreadsheet have tabs
    reader = csv.DictReader(io.StringIO(text, newline=None), restkey="", delimiter=between)
    rows = []
    for row in reader:
        if "" in row:
            raise ValueError(f"line {reader.line_num} has more cells than the first line has names")
        rows.append(dict(row))
    return rows


def _from_entry(entry: Any) -> LLMPersona:
    if not isinstance(entry, Mapping):
        raise PersonaError(f"it is {entry!r}, but must be an object with fields such as username and age.")
    fields = {str(name).strip(): value for name, value in entry.items()}
    for old, new in _OLD_NAMES.items():
        if old in fields and not fields.get(new):
            fields[new] = fields.pop(old)
    if "username" not in fields:
        raise PersonaError(f"field username is missing.{suggestion('username', fields)}")
    traits = fields.get("personality_characteristics")
    if isinstance(traits, str):
        fields["personality_characteristics"] = [trait.strip() for trait in traits.split(";") if trait.strip()]
    return named(LLMPersona(**fields))
