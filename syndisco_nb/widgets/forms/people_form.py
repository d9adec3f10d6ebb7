"""A form of people: a table to type into."""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from syndisco_nb.backend.persona import LLMPersona, People, named
from syndisco_nb.backend.persona_files import FORMATS, read_personas
from syndisco_nb.errors import PersonaError, RecordError, require
from syndisco_nb.widgets.forms.controls import Button
from syndisco_nb.widgets.forms.fold_section import box
from syndisco_nb.widgets.forms.form import Faults, Form
from syndisco_nb.widgets.forms.form_files import write
from syndisco_nb.widgets.forms.grid import Grid
from syndisco_nb.widgets.forms.people_import import FileSection, VariantsSection, columns_section
from syndisco_nb.widgets.forms.specs import specs_of

_SHOWN = ("username", "age", "sex", "education_level", "current_employment", "personality_characteristics")
_HEADS = {"username": "Name", "education_level": "Education", "current_employment": "Occupation"} | {
    "personality_characteristics": "Characteristics"
}
_LISTS = ("personality_characteristics",)
_SEVERAL = "Several are set apart by semicolons."


@dataclass(eq=False)
class _Row:
    """What is filled in about one person, and which of it was typed: only then is it time to say what is wrong."""

    attributes: dict[str, Any]
    typed: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return str(self.attributes.get("username", "")).strip()

    @functools.cached_property
    def error(self) -> str:
        """Why this is no person, or nothing."""
        try:
            named(LLMPersona(**{"username": "", **self.attributes}))
        except PersonaError as error:
            return str(error)
        return ""

    @functools.cached_property
    def given(self) -> Any:
        """The person, or what is filled in, if that is none."""
        return self.attributes if self.error else LLMPersona(**self.attributes)

    def edited(self, attribute: str, text: str) -> "_Row":
        """Return the row with something written into it."""
        known = self.attributes.get(attribute)
        listed = attribute in _LISTS or isinstance(known, tuple)
        value = tuple(part.strip() for part in text.split(";") if part.strip()) if listed else text
        return _Row({**self.attributes, attribute: value}, {*self.typed, attribute})


class PeopleForm(Form):
    """People in a table: add, duplicate, remove, and type into it.

    People come also from CSV or JSON, uploaded or pasted (from a spreadsheet, too), and as variants of somebody.

    Parameters
    ----------
    people : iterable of LLMPersona
        Who is there at first.
    title, hint : str

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> form = snb.PeopleForm()
    >>> form.add(snb.LLMPersona(username="Maya", age=41))
    >>> form.add_variants(0, age=[20, 70])
    >>> form.value
    <People: 3 personas (Maya, Maya age 20, Maya age 70)>
    """

    def __init__(self, people: Iterable[LLMPersona] = (), title: str = "", hint: str = "") -> None:
        self._people: list[_Row] = []
        self._filled: Any = ()
        self._columns = list(_SHOWN)
        self._hints = {one.name: one.description for one in specs_of(LLMPersona)} | dict.fromkeys(_LISTS, _SEVERAL)
        self.grid = Grid(none="Nobody yet.")
        self.grid.on_msg(self._heard)
        self.file = FileSection(self)
        self.variants = VariantsSection(self)
        super().__init__({}, lambda given: given, title=title, hint=hint)
        add = box([Button("Add a person", self._add_one)], "snb-row", "snb-wide")
        self.grid.add_class("snb-wide")
        self._body.children = (self.grid, add, self.file, self.variants, columns_section(self))
        self.fill(people)

    # What it makes

    @property
    def given(self) -> Any:
        """The people; who is none yet, as what is filled in. A sample stays one, until somebody changes it."""
        people = tuple(row.given for row in self._people)
        return self._filled if people == self._filled else people

    @property
    def value(self) -> People:
        """The people.

        Raises
        ------
        InvalidInputError
            Naming whom, and what is wrong.
        """
        return People(super().value)

    @value.setter
    def value(self, value: Any) -> None:
        with self._one_change():
            self.fill(value)

    @property
    def errors(self) -> Faults:
        """What is wrong, by row and column, as in "2.age"."""
        found: Faults = {}
        names: dict[str, int] = {}
        for place, row in enumerate(self._people):
            if error := row.error:
                said = re.match(r"field (.+?) is ", error)
                found[f"{place}.{said[1] if said and said[1] in row.attributes else 'username'}"] = error
            elif row.name in names:
                found[f"{place}.username"] = (
                    f"The name {row.name!r} is that of row {names[row.name] + 1}, too. Give another."
                )
            names.setdefault(row.name, place)
        return found

    @property
    def names(self) -> list[str]:
        """The user names, row by row."""
        return [row.name for row in self._people]

    def fill(self, value: Any) -> None:
        """Show these people, and no others."""
        self._filled = value if isinstance(value, People) else ()
        self._people = [_row(person) for person in value or ()]
        self._show_rows()

    def add(self, person: LLMPersona | Mapping[str, Any] | None = None) -> None:
        """Add somebody; nobody yet, if not given."""
        self._replace([*self._people, _row(person or {"username": ""})])

    def edit(self, row: int, attribute: str, text: str) -> None:
        """Write something about somebody, as if typed into the table; rows count from 0."""
        edited = self._row(row).edited(attribute, text)
        self._replace([*self._people[:row], edited, *self._people[row + 1 :]])

    def duplicate(self, row: int) -> None:
        """Add another like the one in this row, under a name of its own."""
        person = self._row(row)
        stem = re.sub(r" \d+$", "", person.name)
        number = next(n for n in range(2, len(self) + 3) if f"{stem} {n}" not in self.names)
        other = _Row({**person.attributes, "username": f"{stem} {number}"}, set(person.typed))
        self._replace([*self._people[: row + 1], other, *self._people[row + 1 :]])

    def remove(self, row: int) -> None:
        """Take somebody away."""
        gone = self._row(row)
        self._replace([one for one in self._people if one is not gone])

    def take(self, text: str, name: str = "") -> None:
        """Add the people in CSV, JSON, JSON Lines, or rows copied from a spreadsheet.

        Parameters
        ----------
        text : str
        name : str
            Of the file, if it comes from one.

        Raises
        ------
        PersonaError
            Naming the entry, and what is wrong with it.
        """
        here = [row for row in self._people if any(row.attributes.values())]
        self._replace([*here, *map(_row, _read(text, name))])

    def add_variants(self, row: int, **values: Sequence[Any]) -> None:
        """Add variants of the person in this row: all combinations of these values.

        Parameters
        ----------
        row : int
        **values
            By attribute, as in ``age=[20, 70], sex=["female", "male"]``. They are named by them.
        """
        variants = LLMPersona(**self._row(row).attributes).variants(**values)
        self._replace([*self._people, *map(_row, variants)])

    def add_column(self, attribute: str) -> None:
        """Show a column for something that nobody has yet."""
        if attribute and attribute not in self._columns:
            self._columns.append(attribute)
            self._show_rows()

    def code(self) -> str:
        """Return Python that makes equal people."""
        people = "".join(f"    snb.{person!r},\n" for person in self.value)
        return f"import syndisco_nb as snb\n\npeople = [\n{people}]\n"

    # On screen

    def show(self, errors: Faults, everything: bool = False) -> None:
        """Show what is wrong, in the rows."""
        faults = []
        for place, message in errors.items():
            row, _, column = place.partition(".")
            if row.isdigit() and (everything or column in self._people[int(row)].typed):
                faults.append([int(row), column, message])
        self.grid.faults = sorted(faults, reverse=True)
        rest = {place: text for place, text in errors.items() if not place.partition(".")[0].isdigit()}
        super().show(rest, everything)

    @property
    def touched(self) -> bool:
        """Whether anybody has filled something in."""
        return any(row.typed for row in self._people)

    def forget(self) -> None:
        """Take what is filled in for what was there from the beginning."""
        for row in self._people:
            row.typed = set()

    def __len__(self) -> int:
        return len(self._people)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} {'person' if len(self) == 1 else 'people'}>"

    def _heard(self, _: Any, content: Mapping[str, Any], __: Any) -> None:
        row = int(content["row"])
        if row >= len(self):
            return  # pressed twice
        if content["kind"] == "edit":
            self.edit(row, str(content["column"]), str(content["text"]))
        else:
            {"duplicate": self.duplicate, "remove": self.remove}[content["kind"]](row)

    def _add_one(self) -> None:
        self.add()
        self.grid.send({"kind": "focus", "row": len(self) - 1})

    def _row(self, row: int) -> _Row:
        require(0 <= row < len(self), f"row is {row}, but there are {len(self)}, counted from 0.")
        return self._people[row]

    def _replace(self, people: list[_Row]) -> None:
        with self._one_change():
            self._people = people
            self._show_rows()

    def _show_rows(self) -> None:
        known = (name for row in self._people for name in row.attributes)
        self._columns = list(dict.fromkeys([*self._columns, *known]))
        with self.grid.hold_sync():
            self.grid.columns = [[name, _head(name), self._hints.get(name, "")] for name in self._columns]
            self.grid.rows = [[_text(row.attributes.get(name)) for name in self._columns] for row in self._people]
        self.variants.update()

    def _arrange(self) -> None:
        self._stack(self._body)

    def _own_errors(self) -> Faults:
        return {}

    def _text(self, file: Path) -> str:
        return write([person.attributes for person in self.value], file)

    def _parsed(self, data: bytes, file: Path) -> Any:
        text = data.decode("utf-8-sig", "replace")
        if file.suffix.lower() not in (".yaml", ".yml"):
            return _read(text, str(file))
        try:
            return People(LLMPersona(**one) for one in yaml.safe_load(text))
        except (yaml.YAMLError, TypeError) as error:
            raise RecordError(f"{file} holds no people: {' '.join(str(error).split())}.") from None


def _read(text: str, name: str) -> People:
    ending = Path(name).suffix.lower()
    return read_personas(text, name or "The text", ending if ending in FORMATS else None)


def _row(person: LLMPersona | Mapping[str, Any]) -> _Row:
    return _Row(person.attributes if isinstance(person, LLMPersona) else dict(person))


def _text(value: Any) -> str:
    return "; ".join(value) if isinstance(value, tuple | list) else "" if value is None else str(value)


def _head(name: str) -> str:
    words = name.replace("_", " ")
    return _HEADS.get(name) or words[:1].upper() + words[1:]
