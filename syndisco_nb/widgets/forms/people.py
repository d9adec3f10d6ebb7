"""A form of people: a table to type into, filled by hand, from a file, or with variants of somebody."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from syndisco_nb.backend.persona import FIELDS, FORMATS, LLMPersona, People, read_personas
from syndisco_nb.errors import PersonaError, SyndiscoError, require
from syndisco_nb.widgets.forms.controls import Button, Changed, Input, Upload, choice_input, lines_input, text_input
from syndisco_nb.widgets.forms.form import Faults, Form
from syndisco_nb.widgets.forms.grid import Grid
from syndisco_nb.widgets.forms.sections import Section, box
from syndisco_nb.widgets.forms.specs import specs_of

_SHOWN = ("username", "age", "sex", "education_level", "current_employment", "personality_characteristics")
_HEADS = {"username": "Name", "education_level": "Education", "current_employment": "Occupation"} | {
    "personality_characteristics": "Characteristics"
}
_LISTS = ("personality_characteristics",)
_BETWEEN = "; "
_ENDINGS = (*FORMATS, ".tsv", ".txt")


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
        self._people: list[dict[str, Any]] = []
        self._typed: set[tuple[int, str]] = set()
        self._columns = list(_SHOWN)
        hints = {one.name: one.description for one in specs_of(LLMPersona)}
        self._hints = {**hints, "personality_characteristics": "Several are set apart by semicolons."}
        self.grid = Grid(none="Nobody yet.")
        self.grid.on_msg(self._heard)
        self.paste = Input("lines", "CSV, JSON, or rows copied from a spreadsheet", rows=4)
        self.paste.placeholder = "username,age,sex\nMaya,41,female"
        self.column = text_input("Another column", "What else is known of people, such as: hobby")
        self.person = choice_input("Variants of", "Who they are like in all else", [])
        self.attributes = tuple(
            (text_input(label), lines_input("Its values")) for label in ("Attribute", "And another, if need be")
        )
        super().__init__({}, lambda given: given, title=title, hint=hint)
        self.fill(people)

    # What it makes

    @property
    def given(self) -> Any:
        """The people; who is none yet, as what is filled in."""
        return tuple(_made(person) or person for person in self._people)

    @property
    def value(self) -> People:
        """The people.

        Raises
        ------
        InvalidInputError
            Naming whom, and what is wrong.
        """
        _ = super().value
        return People(LLMPersona(**person) for person in self._people)

    @value.setter
    def value(self, value: Any) -> None:
        with self._one_change():
            self.fill(value)

    @property
    def errors(self) -> Faults:
        """What is wrong, by row and column, as in "2.age"."""
        found: Faults = {}
        names: dict[str, int] = {}
        for row, person in enumerate(self._people):
            if error := _error(person):
                said = re.match(r"field (.+?) is ", error)
                found[f"{row}.{said[1] if said and said[1] in person else 'username'}"] = error
                continue
            name = str(person["username"]).strip()
            if name in names:
                found[f"{row}.username"] = f"The name {name!r} is that of row {names[name] + 1}, too. Give another."
            names.setdefault(name, row)
        return found

    def fill(self, value: Any) -> None:
        """Show these people, and no others."""
        self._people = [_attributes(person) for person in value or ()]
        self.forget()
        self._arrange()

    def add(self, person: LLMPersona | Mapping[str, Any] | None = None) -> None:
        """Add somebody; nobody yet, if not given."""
        self._replace([*self._people, _attributes(person or {"username": ""})])

    def edit(self, row: int, attribute: str, text: str) -> None:
        """Write something about somebody, as if typed into the table; rows count from 0."""
        person = self._people[self._row(row)]
        known = person.get(attribute)
        listed = attribute in _LISTS or isinstance(known, tuple)
        person[attribute] = tuple(part.strip() for part in text.split(";") if part.strip()) if listed else text
        self._typed.add((row, attribute))
        self._changed()

    def duplicate(self, row: int) -> None:
        """Add another like the one in this row, under a name of its own."""
        person = self._people[self._row(row)]
        name, number = re.fullmatch(r"(.*?)(?: (\d+))?", str(person.get("username", "")), re.S).groups()  # type: ignore[union-attr]
        taken = {one.get("username") for one in self._people}
        following = int(number or 1) + 1
        while f"{name} {following}" in taken:
            following += 1
        self._replace(
            [*self._people[: row + 1], {**person, "username": f"{name} {following}"}, *self._people[row + 1 :]]
        )

    def remove(self, row: int) -> None:
        """Take somebody away."""
        self._row(row)
        typed = {(one - (one > row), name) for one, name in self._typed if one != row}
        self._replace([*self._people[:row], *self._people[row + 1 :]])
        self._typed = typed

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
        ending = Path(name).suffix.lower()
        people = read_personas(text, name or "The text", ending if ending in FORMATS else None)
        here = [person for person in self._people if any(person.values())]
        self._replace([*here, *map(_attributes, people)])

    def add_variants(self, row: int, **values: Sequence[Any]) -> None:
        """Add variants of the person in this row: all combinations of these values.

        Parameters
        ----------
        row : int
        **values
            By attribute, as in ``age=[20, 70], sex=["female", "male"]``. They are named by them.
        """
        self._replace([*self._people, *map(_attributes, LLMPersona(**self._people[self._row(row)]).variants(**values))])

    # Told by the page

    def _heard(self, _: Any, content: Mapping[str, Any], __: Any) -> None:
        row = int(content["row"])
        if not row < len(self._people):
            return  # pressed twice
        if content["kind"] == "edit":
            self.edit(row, str(content["column"]), str(content["text"]))
        else:
            {"duplicate": self.duplicate, "remove": self.remove}[content["kind"]](row)

    def _add_one(self) -> None:
        self.add()
        self.grid.send({"kind": "focus", "row": len(self._people) - 1})

    def _add_column(self) -> None:
        name = self.column.text.strip()
        if name and name not in self._columns:
            self._columns.append(name)
            self.column.value = ""
            self._show_rows()

    def _add_pasted(self) -> None:
        self._tried(self.paste, lambda: self.take(self.paste.text))
        if not self.paste.message:
            self.paste.text = ""

    def _add_file(self, name: str, content: bytes) -> None:
        def read() -> None:
            try:
                text = content.decode("utf-8-sig")
            except UnicodeDecodeError:
                raise PersonaError(f"{name} is not UTF-8 text. Save it as UTF-8.") from None
            self.take(text, name)

        self._tried(self.paste, read)

    def _vary(self) -> None:
        chosen = {name.text.strip(): list(values.value) for name, values in self.attributes if name.text.strip()}

        def vary() -> None:
            require(chosen, "Name an attribute, such as age, and give its values, one on every line.")
            rows = [str(person.get("username")) for person in self._people]
            require(self.person.text in rows, "Choose somebody first.")
            self.add_variants(rows.index(self.person.text), **chosen)

        self._tried(self.person, vary)

    def _tried(self, field: Input, act: Changed) -> None:
        """Do it, or say beside a field why it cannot be done."""
        try:
            act()
        except SyndiscoError as error:
            field.message = str(error)
        else:
            field.message = ""

    # On screen

    def show(self, errors: Faults, everything: bool = False) -> None:
        """Show what is wrong, in the rows."""
        faults = []
        for place, message in errors.items():
            row, _, column = place.partition(".")
            if row.isdigit() and (everything or (int(row), column) in self._typed):
                faults.append([int(row), column, message])
        self.grid.faults = sorted(faults, reverse=True)
        super().show(
            {place: text for place, text in errors.items() if not place.partition(".")[0].isdigit()}, everything
        )

    @property
    def touched(self) -> bool:
        """Whether anybody has filled something in."""
        return bool(self._typed)

    def forget(self) -> None:
        """Take what is filled in for what was there from the beginning."""
        self._typed = set()

    def code(self) -> str:
        """Return Python that makes equal people."""
        people = "".join(f"    snb.{person!r},\n" for person in self.value)
        return f"import syndisco_nb as snb\n\npeople = [\n{people}]\n"

    def __len__(self) -> int:
        return len(self._people)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} {'person' if len(self) == 1 else 'people'}>"

    def _own_errors(self) -> Faults:
        return {}

    def _row(self, row: int) -> int:
        require(0 <= row < len(self), f"row is {row}, but there are {len(self)}, counted from 0.")
        return row

    def _replace(self, people: list[dict[str, Any]]) -> None:
        with self._one_change():
            self._people = people
            self._show_rows()

    def _changed(self) -> None:
        if not self._held:
            self._show_rows()
        super()._changed()

    def _show_rows(self) -> None:
        known = dict.fromkeys(name for person in self._people for name in person)
        self._columns = list(dict.fromkeys([*self._columns, *known]))
        with self.grid.hold_sync():
            self.grid.columns = [[name, _head(name), self._hints.get(name, "")] for name in self._columns]
            self.grid.rows = [[_text(person.get(name)) for name in self._columns] for person in self._people]
        names = [str(person.get("username")) for person in self._people]
        chosen = self.person.text if self.person.text in names else (names or [""])[0]
        self.person.options = [[name, name, False] for name in names]
        self.person.text = chosen

    def _arrange(self) -> None:
        self._show_rows()
        if self._body.children:
            return
        self.grid.add_class("snb-wide")
        (one, its), (other, others) = self.attributes
        unused = ", ".join(_head(name).lower() for name in FIELDS if name not in _SHOWN)
        self.column.placeholder = f"e.g. hobby, {unused}"[:40]
        known = [[Upload("Choose a file …", self._add_file, _ENDINGS), Button("Add these people", self._add_pasted)]]
        sections = [
            Section("From a file or a spreadsheet", [self.paste, *(box(row, "snb-row", "snb-wide") for row in known)]),
            Section(
                "Variants of a person",
                [
                    self.person,
                    box([one, its], "snb-pair", "snb-wide"),
                    box([other, others], "snb-pair", "snb-wide"),
                    Button("Add all combinations", self._vary),
                ],
            ),
            Section("More columns", [self.column, Button("Add column", self._add_column)]),
        ]
        add = box([Button("Add a person", self._add_one)], "snb-row", "snb-wide")
        self._body.children = (self.grid, add, *sections)
        self.children = (*([self._head] if self._head.value else []), self._body, self._foot)


def _attributes(person: LLMPersona | Mapping[str, Any]) -> dict[str, Any]:
    return person.attributes if isinstance(person, LLMPersona) else dict(person)


def _made(person: Mapping[str, Any]) -> LLMPersona | None:
    try:
        return LLMPersona(**person)
    except (PersonaError, TypeError):
        return None


def _error(person: Mapping[str, Any]) -> str:
    """Return why this is no person, or nothing."""
    try:
        LLMPersona(**{"username": "", **person})
    except PersonaError as error:
        return str(error)
    return ""


def _text(value: Any) -> str:
    return _BETWEEN.join(value) if isinstance(value, tuple | list) else "" if value is None else str(value)


def _head(name: str) -> str:
    words = name.replace("_", " ")
    return _HEADS.get(name) or words[:1].upper() + words[1:]
