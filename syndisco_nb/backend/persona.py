"""Who the people are: personas, and the files they come from."""

import csv
import io
import itertools
import json
import keyword
import math
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

from syndisco_nb.errors import PersonaError, suggestion
from syndisco_nb.files import read_bounded
from syndisco_nb.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

AttributeValue = str | int | float | bool | tuple[str, ...]

_TEXT_FIELDS = (
    "sex",
    "sexual_orientation",
    "demographic_group",
    "current_employment",
    "education_level",
    "special_instructions",
)
FIELDS = ("username", "age", *_TEXT_FIELDS, "personality_characteristics")
_OLD_NAMES = {"intent": "special_instructions"}
FORMATS = (".json", ".jsonl", ".csv")
_OLDEST = 150


class LLMPersona(Shown):
    """A person: a user name and whatever else is known.

    Parameters
    ----------
    username : str
        The name in the discussion; unique among its participants.
    age : int or str, optional
        Years, or a range such as "25-34". -1, as some files have it, means unknown.
    sex, sexual_orientation, demographic_group, current_employment, education_level : str, optional
        Empty means unknown, and is not told to the model.
    special_instructions : str, optional
        What this person in particular is to do.
    personality_characteristics : list of str, optional
        For example ``["curious", "impatient"]``.
    **attributes
        Anything else: text, numbers, or lists of text.

    Raises
    ------
    PersonaError
        If a field has a value that cannot be used.

    Examples
    --------
    >>> LLMPersona(username="Maya", age=41, hobby="chess").to_attribute_list()
    ['username: Maya', 'age: 41', 'hobby: chess']
    """

    __slots__ = ("_attributes",)

    def __init__(
        self,
        /,
        username: str,
        age: int | str | None = None,
        sex: str = "",
        education_level: str = "",
        sexual_orientation: str = "",
        demographic_group: str = "",
        current_employment: str = "",
        special_instructions: str = "",
        personality_characteristics: Iterable[str] | str = (),
        **attributes: Any,
    ) -> None:
        given = {
            "username": username,
            "age": age,
            "sex": sex,
            "sexual_orientation": sexual_orientation,
            "demographic_group": demographic_group,
            "current_employment": current_employment,
            "education_level": education_level,
            "special_instructions": special_instructions,
            "personality_characteristics": personality_characteristics,
            **attributes,
        }
        checked = {name: _checked(name, value) for name, value in given.items()}
        self._attributes = {name: value for name, value in checked.items() if value not in (None, "", ())}

    @property
    def username(self) -> str:
        """The name in the discussion."""
        return str(self._attributes["username"])

    @property
    def attributes(self) -> dict[str, AttributeValue]:
        """All that is known, user name included, in order; unknown fields are absent."""
        return dict(self._attributes)

    def __getattr__(self, name: str) -> AttributeValue | None:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._attributes:
            return self._attributes[name]
        if name in FIELDS:
            return None
        raise AttributeError(f"{self!r} has no attribute {name!r}.{suggestion(name, self._attributes)}")

    def variants(self, **values: Iterable[Any]) -> "People":
        """Return people like this one, but for these attributes: all combinations of their values.

        Parameters
        ----------
        **values : iterable
            By attribute. They are named by them.

        Raises
        ------
        PersonaError
            If an attribute cannot have a value, or is given one twice.

        Examples
        --------
        >>> [person.username for person in LLMPersona(username="Maya").variants(age=[20, 70], sex=["female"])]
        ['Maya age 20, sex female', 'Maya age 70, sex female']
        """
        made = []
        for combination in itertools.product(*values.values()):
            own = dict(zip(values, combination, strict=True))
            said = ", ".join(f"{name.replace('_', ' ')} {_as_text(value)}" for name, value in own.items())
            made.append(LLMPersona(**self._attributes | {"username": f"{self.username} {said}"} | own))
        return People(made)

    def to_attribute_list(self) -> list[str]:
        """Return what is known as "field: value" strings, the form that `LLMActor` takes."""
        return [f"{name}: {_as_text(value)}" for name, value in self._attributes.items()]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LLMPersona) and self._attributes == other._attributes

    def __hash__(self) -> int:
        return hash(frozenset(self._attributes.items()))

    def __repr__(self) -> str:
        known = self._attributes
        if all(name.isidentifier() and not keyword.iskeyword(name) for name in known):
            return f"LLMPersona({', '.join(f'{name}={value!r}' for name, value in known.items())})"
        return f"LLMPersona(**{known!r})"


class People(tuple[LLMPersona, ...], Shown):
    """Personas with different user names, in order.

    Raises
    ------
    PersonaError
        If two have the same user name.
    """

    def __init__(self, personas: Iterable[LLMPersona] = ()) -> None:
        first: dict[str, int] = {}
        for number, persona in enumerate(self, start=1):
            if not isinstance(persona, LLMPersona):
                raise PersonaError(f"Entry {number} is {persona!r}, but must be an LLMPersona.")
            if persona.username in first:
                raise PersonaError(_duplicate(persona.username, first[persona.username], number))
            first[persona.username] = number

    @overload
    def __getitem__(self, key: SupportsIndex) -> LLMPersona: ...
    @overload
    def __getitem__(self, key: slice) -> "People": ...
    def __getitem__(self, key: SupportsIndex | slice) -> "LLMPersona | People":
        found = super().__getitem__(key)
        return found if isinstance(found, LLMPersona) else People(found)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return one row per person, one column per field that anyone has."""
        import pandas as pd

        return pd.DataFrame([persona.attributes for persona in self])

    def __repr__(self) -> str:
        return f"<People: {len(self)} personas ({', '.join(p.username for p in self[:4])}{', …' * (len(self) > 4)})>"


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
            raise PersonaError(f"{where}, field username: {_duplicate(name, places[name], number)}")
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
    return LLMPersona(**fields)


def _checked(name: str, value: Any) -> AttributeValue | None:
    """Return the value as it is kept, or raise an error that names the field."""
    _refuse_half_characters(name, value)
    if name == "username":
        return _username(value)
    if value is None:
        return None
    if name == "age":
        return _age(value)
    if name == "personality_characteristics" and isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, str):
        return value.strip()
    if name in _TEXT_FIELDS:
        raise PersonaError(f"field {name} is {value!r}, but must be text.")
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        if all(isinstance(item, str) for item in items):
            return tuple(item.strip() for item in items if item.strip())
    if isinstance(value, bool | int | float) and math.isfinite(value) and name != "personality_characteristics":
        return value
    allowed = "a list of texts" if name == "personality_characteristics" else "text, a number or a list of texts"
    raise PersonaError(f"field {name} is {value!r}, but must be {allowed}.")


def _refuse_half_characters(name: str, value: Any) -> None:
    """Raise an error at half a character, as JSON's escapes can write it: no file could keep it."""
    for text in value if isinstance(value, list | tuple | set | frozenset) else (name, value):
        if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
            raise PersonaError(f"field {name} is {text!r}, which is not valid text. Write the character whole.")


def _username(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise PersonaError(f"field username is {value!r}, but must be a name that is not empty.")
    if len(value.strip().splitlines()) > 1:
        raise PersonaError(f"field username is {value!r}, but must be a single line.")
    return value.strip()


def _age(value: Any) -> int | str | None:
    years: int | None = None
    if isinstance(value, str):
        if not re.fullmatch(r"\s*-*[0-9]+\s*", value):
            return value.strip()
        years = int(value) if re.fullmatch(r"\s*-?[0-9]{1,9}\s*", value) else None
    elif isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        years = int(value)
    if years == -1:
        return None
    if years is None or not 0 <= years <= _OLDEST:
        raise PersonaError(
            f'field age is {value!r}, but must be years (0 to {_OLDEST}), a range such as "25-34", or -1.'
        )
    return years


def _duplicate(name: str, first: int, second: int) -> str:
    return (
        f"the name {name!r} is used by entry {first} and again by entry {second}. Give every person a name of "
        "their own."
    )


def _as_text(value: AttributeValue) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
