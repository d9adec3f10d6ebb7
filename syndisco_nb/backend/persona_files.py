"""Read people from files, from rows copied out of a spreadsheet, from a DataFrame or a list of dicts."""

import difflib
import itertools
import os
from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.cells import cell_text
from syndisco_nb.backend.persona import LLMPersona, People, duplicate_names, require_username
from syndisco_nb.backend.persona_entries import persona_entries
from syndisco_nb.backend.persona_fields import FIELDS
from syndisco_nb.backend.recoding import CodeLabels, Columns, Missing
from syndisco_nb.backend.tables import DataTable, read_table
from syndisco_nb.errors import PersonaError, RecordError, named_arguments, short_repr

if TYPE_CHECKING:
    import pandas as pd

FORMATS = (".csv", ".tsv", ".txt", ".xlsx", ".sav", ".zsav", ".dta", ".parquet", ".json", ".jsonl")
"""Endings of the files on offer in a form; files are told apart by their content."""

_OLD_NAMES = {"intent": "special_instructions"}
_TEXTS = set(FIELDS) - {"age", "personality_characteristics"}
_PERSONAHUB = "persona"  # the only field of its files
_NEAR = 0.75  # likeness of a column's name to "username" above which it is taken for misspelt


@named_arguments
def load_personas(
    path: "str | os.PathLike[str] | pd.DataFrame | Sequence[Mapping[str, Any]]",
    rename: bool = False,
    *,
    columns: Columns | None = None,
    labels: CodeLabels | None = None,
    missing: Missing = (),
    sheet: str | None = None,
) -> People:
    r"""Read people from a file, a DataFrame or a list of dicts.

    Files are told apart by their content. Tables are CSV (commas, semicolons or tabs), Excel (.xlsx), SPSS (.sav),
    Stata (.dta) and Parquet; everything in them is read as text, so that "None" and "NA" are answers and "02138" keeps
    its zero. Labels of SPSS and Stata replace their codes. Lists such as `personality_characteristics` are set apart
    by semicolons.

    JSON holds a list of objects, or a single object; comments and trailing commas are allowed, as are JSON Lines.
    Values within values are each kept under a name of their own. Persona files of TinyTroupe, EDSL, sdialog and
    PersonaHub are understood.

    `name` stands in for `username`, and `intent` for `special_instructions`; "Age" and "Education level" are the fields
    `age` and `education_level`. If nobody has a name, people are called "Person 1" and so on. Columns beside the fields
    of `LLMPersona` become attributes.

    Parameters
    ----------
    path : path, DataFrame or list of dict
    rename : bool
        Whether to number people with the same name ("Ana 2", "Ana 3") instead of raising an error.
    columns : mapping or list
        Field ← column, as in ``{"username": "ID", "age": "AGE"}``; the other columns keep their names. Or a list of
        columns: only these are taken.
    labels : mapping, optional
        By column, the label of each code, as in ``{"SEX": {1: "male", 2: "female"}}``.
    missing : list or mapping
        Values that mean no answer, such as ``[-9, "refused"]``; they are left out like empty cells. -9 also stands for
        "-9" and "-9.0". Or, by column: ``{"AGE": [98, 99]}``.
    sheet : str, optional
        Sheet of an Excel file; by default the first.

    Raises
    ------
    PersonaError
        If the file or an entry cannot be read; names the file, the entry (counted from 1) and the field.
    InvalidInputError
        If an argument cannot be used, or names a column that the table does not have.
    MissingDependencyError
        If the reader of an Excel, SPSS, Stata or Parquet file is not installed.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> file = Path(tempfile.mkdtemp(), "survey.csv")
    >>> _ = file.write_text("AGE,SEX,PARTY\n-9,2,None\n41,1,Greens\n")
    >>> sex = {1: "male", 2: "female"}
    >>> people = load_personas(file, columns={"age": "AGE", "sex": "SEX"}, labels={"SEX": sex}, missing=[-9])
    >>> people[0].to_attribute_list()
    ['username: Person 1', 'sex: female', 'PARTY: None']
    >>> load_personas([{"name": "Maya", "age": 41}, {"name": "Ben"}])
    <People: 2 personas (Maya, Ben)>
    """
    where = str(path) if isinstance(path, str | os.PathLike) else "The table"
    table = people_table(path, where, columns=columns, labels=labels, missing=missing, sheet=sheet)
    return _people(table, where, rename, chosen=columns is not None)


def read_personas(content: str | bytes, where: str = "The text", rename: bool = False, missing: Missing = ()) -> People:
    """Read people from the content of a file, or from rows copied out of a spreadsheet, as `load_personas` does.

    Parameters
    ----------
    content : str or bytes
    where : str
        The name of the content in errors.
    rename, missing
        As in `load_personas`.

    Raises
    ------
    PersonaError
        If an entry cannot be read; names the entry (counted from 1) and the field.
    """
    data = content.encode(errors="replace") if isinstance(content, str) else content
    return _people(people_table(data, where, missing=missing), where, rename)


def people_table(data: Any, where: str, **reading: Any) -> DataTable:
    """Return a table of people; numbers of JSON, a DataFrame or a list of dicts stay numbers.

    Parameters
    ----------
    data : DataFrame, list of dict, path, or bytes of a file
    where : str
        Its name in errors.
    **reading
        Arguments of `load_personas`: columns, labels, missing, sheet.

    Raises
    ------
    PersonaError, InvalidInputError, MissingDependencyError
        As in `load_personas`.
    """
    try:
        table = read_table(data, where=where, text=False, objects=persona_entries, **reading)
    except RecordError as error:
        raise PersonaError(str(error), field="path") from None
    except PersonaError as error:
        raise PersonaError(f"{where}, {error}", field=error.field) from None
    rows = [_named(row) for row in table.rows]
    if not table.typed:
        rows = [{name: cell_text(value) for name, value in row.items()} for row in rows]
    if not isinstance(data, str | os.PathLike | bytes):  # a table in memory may hold codes as numbers
        rows = [
            {name: cell_text(value) if _field(name, row) in _TEXTS else value for name, value in row.items()}
            for row in rows
        ]
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    return DataTable(columns or table.columns, rows, table.typed)


def persona_of(row: Mapping[str, Any], name: str) -> LLMPersona:
    """Return the person in a row of a table.

    Parameters
    ----------
    row : mapping
        Fields and attributes.
    name : str
        User name, if the row has none.
    """
    fields: dict[str, Any] = {"username": name}
    for heading, value in row.items():
        field = _field(heading, row)
        fields[heading if field in fields and field != "username" else field] = value
    traits = fields.get("personality_characteristics")
    if isinstance(traits, str):
        fields["personality_characteristics"] = [trait.strip() for trait in traits.split(";") if trait.strip()]
    return require_username(LLMPersona(**fields))


def renamed(persona: LLMPersona, taken: Container[str]) -> LLMPersona:
    """Return the person with the next free number after their name.

    Parameters
    ----------
    persona : LLMPersona
    taken : container of str
        Names that others have.
    """
    names = (f"{persona.username} {number}" for number in itertools.count(2))
    known: dict[str, Any] = {**persona.attributes, "username": next(name for name in names if name not in taken)}
    return LLMPersona(**known)


def _people(table: DataTable, where: str, rename: bool, *, chosen: bool = False) -> People:
    if not any(table.rows):
        only = f", only the names of columns: {', '.join(table.columns)}" if table.columns else ""
        raise PersonaError(f"{where} cannot be read: it holds no persona{only}.", field="path")
    named = "username" in table.columns
    if not named:
        _refuse_nameless(table, where, chosen)
    people: dict[str, LLMPersona] = {}
    places: dict[str, int] = {}
    for number, row in enumerate(table.rows, start=1):
        try:
            if named and "username" not in row:
                raise PersonaError(
                    "field username is '' or None, but must be a name that is not empty.", field="username"
                )
            persona = persona_of(row, f"Person {number}")
        except PersonaError as error:
            age = next((value for heading, value in row.items() if _field(heading, row) == "age"), None)
            code = f" If that is a code, say so: missing=[{age!r}]." if error.field == "age" else ""
            raise PersonaError(
                f"{where}, entry {number}: {error}{code}", field=f"{number - 1}.{error.field}".rstrip(".")
            ) from None
        if rename and persona.username in people:
            persona = renamed(persona, people)
        name = persona.username
        if name in people:
            raise PersonaError(
                f"{where}, field username: {duplicate_names(name, places[name], number)} Or have them numbered: "
                "load_personas(..., rename=True).",
                field=f"{number - 1}.username",
            )
        people[name], places[name] = persona, number
    return People(people.values())


def _field(heading: str, row: Container[str]) -> str:
    """Return the field of a persona that a heading means, in any case; other headings as they are."""
    plain = "_".join(heading.casefold().split())
    return plain if plain in FIELDS and plain not in row else heading


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with today's names of fields."""
    for name in list(row):
        new = "username" if name.casefold() in ("name", "username") else _OLD_NAMES.get(name)
        if new and new not in row:
            row[new] = row.pop(name)
    return row


def _refuse_nameless(table: DataTable, where: str, chosen: bool) -> None:
    """Raise an error for a table without names that is meant to have them, or has no line of headings.

    Parameters
    ----------
    table : DataTable
    where : str
    chosen : bool
        Whether columns were chosen by their headings, which therefore exist.
    """
    near = difflib.get_close_matches("username", table.columns, n=1, cutoff=_NEAR)
    if near:
        raise PersonaError(
            f"{where}, entry 1: field username is missing. Did you mean {near[0]!r}? Say so: "
            f'columns={{"username": {near[0]!r}}}.',
            field="0.username",
        )
    alone = len(table.columns) == 1 and table.columns[0] not in (*FIELDS, _PERSONAHUB)
    data = any(name.isdecimal() or any(row.get(name) == name for row in table.rows) for name in table.columns)
    if not (table.typed or chosen) and (alone or data):
        raise PersonaError(
            f"{where} cannot be read: the first line must name the columns, such as name and age, but is "
            f"{short_repr(', '.join(table.columns))}.",
            field="path",
        )
