"""Read people from files, from rows copied out of a spreadsheet, from a DataFrame or a list of dicts."""

import difflib
import itertools
import os
from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from syndisco_nb.backend.cells import cell_text
from syndisco_nb.backend.persona import LLMPersona, People, duplicate_names, require_username
from syndisco_nb.backend.persona_entries import persona_entries
from syndisco_nb.backend.persona_fields import FIELDS, field_of_heading
from syndisco_nb.backend.recoding import CodeLabels, Columns, Missing
from syndisco_nb.backend.tables import DataTable, read_table
from syndisco_nb.errors import PersonaError, RecordError, named_arguments, short_repr
from syndisco_nb.field_labels import with_label

if TYPE_CHECKING:
    import pandas as pd

FORMATS = (".csv", ".tsv", ".txt", ".xlsx", ".sav", ".zsav", ".dta", ".parquet", ".json", ".jsonl")
"""Endings of the files on offer in a form; files are told apart by their content."""

_TEXTS = set(FIELDS) - {"age", "personality_characteristics"}
_PERSONAHUB = "persona"  # the only field of its files
_NEAR = 0.75  # likeness of a column's name to "username" above which it is taken for misspelt
_IN_CODE = {
    "age": " If that is a code, say so: missing=[{!r}].",
    "username": ' Say so: columns={{"username": {!r}}}.',
}
_IN_FORM = {
    "age": " If that is a code, list it under Values that mean no answer.",
    "username": " Call that column Name.",
}
"""Remedies for a value of a field, or for a column that may be meant, in code and in a form."""


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

    Headings are fields in any case, by name or by their label on screen: "AGE" is `age`, "Name" `username`,
    "Occupation" `current_employment`, "Education" `education_level`. `intent` is `special_instructions`. Other columns
    become attributes. If nobody has a name, people are called "Person 1" and so on.

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


def read_personas(content: str | bytes, where: str = "", rename: bool = False, missing: Missing = ()) -> People:
    """Read people from the content of a file, or from rows copied out of a spreadsheet, as `load_personas` does.

    Errors are written for a form: with the labels on screen, and remedies that a form has.

    Parameters
    ----------
    content : str or bytes
    where : str
        The name of the file, if the content comes from one.
    rename, missing
        As in `load_personas`.

    Raises
    ------
    PersonaError
        If an entry cannot be read; names the entry (counted from 1) and the field.
    """
    data = content.encode(errors="replace") if isinstance(content, str) else content
    table = people_table(data, where or "The text", missing=missing)
    try:
        return _people(table, where, rename, _IN_FORM)
    except PersonaError as error:
        raise PersonaError(with_label(str(error), error.field.rpartition(".")[2]), field=error.field) from None


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


def _people(
    table: DataTable, where: str, rename: bool, remedies: Mapping[str, str] = _IN_CODE, *, chosen: bool = False
) -> People:
    noun = "entry" if table.typed else "row"
    if not any(table.rows):
        only = f", only the names of columns: {', '.join(table.columns)}" if table.columns else ""
        raise PersonaError(f"{where or 'The text'} cannot be read: it holds no persona{only}.", field="path")
    named = "username" in table.columns
    if not named:
        _refuse_nameless(table, where, remedies, chosen)
    people: dict[str, LLMPersona] = {}
    places: dict[str, int] = {}
    for number, row in enumerate(table.rows, start=1):
        place = f"{where}, {noun} {number}" if where else f"{noun.capitalize()} {number}"
        if named and "username" not in row:
            raise PersonaError(f"{place} has no name. Give every person a name.", field=f"{number - 1}.username")
        try:
            persona = persona_of(row, f"Person {number}")
        except PersonaError as error:
            age = next((value for heading, value in row.items() if _field(heading, row) == "age"), None)
            remedy = remedies["age"].format(age) if error.field == "age" else ""
            raise PersonaError(f"{place}: {error}{remedy}", field=f"{number - 1}.{error.field}".rstrip(".")) from None
        if rename and persona.username in people:
            persona = renamed(persona, people)
        name = persona.username
        if name in people:
            raise PersonaError(
                f"{where or 'The text'}: {duplicate_names(name, places[name], number, noun)} Or have them numbered: "
                "load_personas(..., rename=True).",
                field=f"{number - 1}.username",
            )
        people[name], places[name] = persona, number
    return People(people.values())


def _field(heading: str, row: Container[str]) -> str:
    """Return the field of a persona that a heading means, unless the row has that field, too."""
    meant = field_of_heading(heading)
    return heading if meant in row else meant


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with today's names of the fields that have other names in files."""
    for name in list(row):
        new = field_of_heading(name)
        if new in ("username", "special_instructions") and new not in row:
            row[new] = row.pop(name)
    return row


def _refuse_nameless(table: DataTable, where: str, remedies: Mapping[str, str], chosen: bool) -> None:
    """Raise an error for a table without names that is meant to have them, or has no line of headings.

    Parameters
    ----------
    table : DataTable
    where : str
    remedies : mapping
        By field.
    chosen : bool
        Whether columns were chosen by their headings, which therefore exist.
    """
    noun = "entry" if table.typed else "row"
    place = f"{where}, {noun} 1" if where else f"{noun.capitalize()} 1"
    near = difflib.get_close_matches("username", table.columns, n=1, cutoff=_NEAR)
    if near:
        raise PersonaError(
            f"{place} has no name. Did you mean {near[0]!r}?{remedies['username'].format(near[0])}", field="0.username"
        )
    alone = len(table.columns) == 1 and table.columns[0] not in (*FIELDS, _PERSONAHUB)
    data = any(name.isdecimal() or any(row.get(name) == name for row in table.rows) for name in table.columns)
    if not (table.typed or chosen) and (alone or data):
        raise PersonaError(
            f"{place} has no name. The first line must name the columns: name, age, …; it is "
            f"{short_repr(', '.join(table.columns))}.",
            field="path",
        )
