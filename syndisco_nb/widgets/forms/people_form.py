"""`PeopleForm`, an editable table of people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syndisco_nb.backend.lenient_json import looks_like_json
from syndisco_nb.backend.persona import LLMPersona, People
from syndisco_nb.backend.persona_files import load_personas, read_personas
from syndisco_nb.builder.documents import load_yaml, read_file
from syndisco_nb.errors import InvalidInputError, RecordError, require
from syndisco_nb.field_labels import field_label
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.widgets.forms.controls import Button
from syndisco_nb.widgets.forms.field_specs import field_specs
from syndisco_nb.widgets.forms.file_actions import FileActions
from syndisco_nb.widgets.forms.fold_section import box
from syndisco_nb.widgets.forms.form import Form
from syndisco_nb.widgets.forms.form_field import Faults, joined
from syndisco_nb.widgets.forms.grid import Grid
from syndisco_nb.widgets.forms.pasted_cells import with_headings
from syndisco_nb.widgets.forms.pasted_rows import pasted_rows
from syndisco_nb.widgets.forms.people_import import FileSection, VariantsSection, columns_section
from syndisco_nb.widgets.forms.people_rows import filled_places, people_faults, with_copy
from syndisco_nb.widgets.forms.person_row import LISTS, PersonRow
from syndisco_nb.widgets.forms.unfinished_code import comments

_ALWAYS_SHOWN = (
    "username",
    "age",
    "sex",
    "education_level",
    "current_employment",
    "personality_characteristics",
)
_LIST_HINT = "Separate several with semicolons."
_UNDONE = 50  # changes that can be undone


class PeopleForm(Form):
    """An editable table of people; its value is `People`.

    People can also be added from a file that `load_personas` reads, from rows of a spreadsheet (pasted), or as variants
    of a person. Rows in which nothing is filled in are nobody.

    Parameters
    ----------
    people : iterable of LLMPersona
        The initial content.
    title, hint : str
    nested : bool
        Whether it is a part of another form, which has Code, Save and Load for all.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> form = snb.PeopleForm()
    >>> form.add(snb.LLMPersona(username="Maya", age=41))
    >>> form.add_variants(0, age=[20, 70])
    >>> form.value
    <People: 3 personas (Maya, Maya age 20, Maya age 70)>
    """

    def __init__(
        self, people: Iterable[LLMPersona] = (), title: str = "", hint: str = "", nested: bool = False
    ) -> None:
        if not nested:
            self.files = FileActions(self, "People file", "people.yaml")
        self._people: list[PersonRow] = []
        self._before: list[list[PersonRow]] = []  # the rows before each of the last changes
        self._assigned: Any = ()
        self._columns = list(_ALWAYS_SHOWN)
        self._hints = {spec.name: spec.description for spec in field_specs(LLMPersona)}
        self._hints |= dict.fromkeys(LISTS, _LIST_HINT)
        self.grid = Grid(none="No people yet.")
        self.grid.on_msg(self._receive)
        self.grid.add_class("snb-wide")
        self.add_button = Button("Add a person", self._add_empty)
        self.undo_button = Button("Undo", self.undo, "Undo the last change")
        self.file = FileSection(self)
        self.variants = VariantsSection(self)
        super().__init__(title=title, hint=hint)
        self._fill(people)

    @property
    def given(self) -> Any:
        """The people (a row with a fault gives its attributes), or the assigned `Sample` until it is changed."""
        people = tuple(row.given for row in self._people if not row.blank)
        return self._assigned if people == self._assigned else people

    @property
    def names(self) -> list[str]:
        """The user names, row by row."""
        return [row.name for row in self._people]

    # The rows

    def add(self, person: LLMPersona | Mapping[str, Any] | None = None) -> None:
        """Add a person, or an empty row."""
        self._replace([*self._people, PersonRow.of(person or {"username": ""})])

    def edit(self, row: int, attribute: str, text: str) -> None:
        """Edit a cell, as if typed into the table.

        Parameters
        ----------
        row : int
            Counted from 0.
        attribute, text : str
        """
        edited = self._row(row).edited(attribute, text)
        self._replace([*self._people[:row], edited, *self._people[row + 1 :]])

    def paste(self, row: int, attribute: str, text: str) -> None:
        r"""Fill in cells copied out of a spreadsheet, from a cell on; rows are added as needed.

        With headings in their first row, they are people of their own, added at the end.

        Parameters
        ----------
        row : int
            Counted from 0.
        attribute : str
            The column of the first cell.
        text : str
            As a spreadsheet copies it, such as ``"Ana\t41\nBen\t30"``, or CSV.

        Raises
        ------
        InvalidInputError
            If there are more cells in a row than columns.
        """
        self._row(row)
        self._replace(pasted_rows(self._people, self._columns, (row, attribute), text))

    def undo(self) -> None:
        """Undo the last change."""
        if self._before:
            self._set(self._before.pop())

    def duplicate(self, row: int) -> None:
        """Add a copy of a row below it, under a new name."""
        self._row(row)
        self._replace(with_copy(self._people, row))

    def remove(self, row: int) -> None:
        """Remove a row."""
        removed = self._row(row)
        self._replace([person for person in self._people if person is not removed])

    def take(self, content: str | bytes, name: str = "", missing: Sequence[str] = ()) -> None:
        """Add people from a file that `load_personas` reads, or from rows copied from a spreadsheet.

        People with the same name are numbered; empty rows of the form are removed. Pasted rows may have headings, as on
        screen or in code, or none, in the order of the columns.

        Parameters
        ----------
        content : str or bytes
        name : str
            The name of the file, if the content comes from one.
        missing : sequence of str
            Values that mean no answer.

        Raises
        ------
        PersonaError, InvalidInputError
            If a row cannot be read; the message names it.
        """
        kept = [row for row in self._people if not row.blank]
        if isinstance(content, str) and not looks_like_json(content):
            content = with_headings(content, self._columns)
        read = read_personas(content, name, rename=True, missing=missing)
        self._replace([*kept, *map(PersonRow.of, read)])

    def add_variants(self, row: int, **values: Sequence[Any]) -> None:
        """Add variants of the person in a row: all combinations of these values.

        Parameters
        ----------
        row : int
        **values
            By attribute, as in ``age=[20, 70], sex=["female", "male"]``; they are added to the names.
        """
        variants = LLMPersona(**self._row(row).attributes).variants(**values)
        self._replace([*self._people, *map(PersonRow.of, variants)])

    def add_column(self, attribute: str) -> None:
        """Add an empty column for another attribute."""
        if attribute and attribute not in self._columns:
            self._columns.append(attribute)
            self._show_rows()

    def focus_on(self, path: str = "") -> None:
        """Move the focus to a cell, such as "0.age", or to the button that adds a person; as in `Field.focus_on`."""
        person, _, column = path.partition(".")
        filled = filled_places(self._people)
        if person.isdigit() and int(person) < len(filled):
            self.grid.focus_row(filled[int(person)], column)
        else:
            self.add_button.focus_on()

    def __len__(self) -> int:
        return len(self._people)

    # Code and files

    def code(self) -> str:
        """Return Python that makes equal people; without those whose rows have faults, as comments say."""
        faults, given = self.errors, {"participants": self.given}
        wrong = {int(path.partition(".")[0]) for path in faults if path[:1].isdigit()}
        people = "".join(f"    snb.{one!r},\n" for row, one in enumerate(self.given) if row not in wrong)
        notes = comments({joined("participants", path): text for path, text in faults.items()}, given)
        return f"{notes}import syndisco_nb as snb\n\npeople = [\n{people}]\n"

    def load(self, path: PathLike) -> None:
        """Replace the people by those of a file: YAML, or any format that `load_personas` reads."""
        file = as_path("path", path)
        if file.suffix.lower() not in (".yaml", ".yml"):
            self.value = load_personas(file)
            return
        try:
            self.value = People(LLMPersona(**attributes) for attributes in load_yaml(read_file(file), str(file)))
        except TypeError as error:
            raise RecordError(f"{file} holds no people: {error}.") from None

    def document(self) -> Any:
        """Return the plain data that `save` writes: the attributes of each person."""
        return [person.attributes for person in self.value]

    # On screen

    def show(self, errors: Faults, everything: bool = False) -> None:
        """Show faults in the rows, of cells that the user has typed into, or of all; as in `Field.show`."""
        faults, rest = [], {}
        filled = filled_places(self._people)
        for path, message in errors.items():
            row, _, column = path.partition(".")
            if not row.isdigit():
                rest[path] = message
                continue
            person = self._people[filled[int(row)]]
            if everything:
                person.typed.add(column)  # so that the fault is shown until mended
            if column in person.typed:
                faults.append([filled[int(row)], column, message])
        self.grid.faults = sorted(faults, reverse=True)
        super().show(rest, everything)

    @property
    def touched(self) -> bool:
        """True if the user has typed into any cell, or was shown a fault of the table as a whole."""
        return super().touched or any(row.typed for row in self._people)

    def mark_untouched(self) -> None:
        """Treat the content as initial: no field counts as changed by the user."""
        super().mark_untouched()
        for row in self._people:
            row.typed = set()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.number_text}>"

    @property
    def number_text(self) -> str:
        """The number of people, as "1 person" or "2 people"."""
        number = len(filled_places(self._people))
        return f"{number:,} {'person' if number == 1 else 'people'}"

    def _check(self, given: Any) -> tuple[Any, Faults]:
        return given, people_faults(self._people)

    def _result(self, checked: Any) -> People:
        return People(checked)

    def _fill(self, value: Any) -> None:
        self._assigned = value if isinstance(value, People) else ()
        self._people, self._before = [PersonRow.of(person) for person in value or ()], []
        self._show_rows()

    def _receive(self, _: Any, content: Mapping[str, Any], __: Any) -> None:
        row, kind = int(content["row"]), content["kind"]
        if row >= len(self):
            return  # the button of a removed row was pressed twice
        self.grid.message = ""
        if kind == "edit":
            self.edit(row, str(content["column"]), str(content["text"]))
        elif kind == "paste":
            self._paste(row, str(content["column"]), str(content["text"]))
        elif kind == "add":
            self._add_empty()
        elif kind == "duplicate":
            self.duplicate(row)
            self.grid.focus_row(row + 1)
        else:
            self.remove(row)
            self._focus_near(row)

    def _paste(self, row: int, attribute: str, text: str) -> None:
        try:
            self.paste(row, attribute, text)
        except InvalidInputError as error:
            self.grid.message = str(error)

    def _focus_near(self, row: int) -> None:
        """Move the focus to the row that took the place of another; to the button, if none is left."""
        if self._people:
            self.grid.focus_row(min(row, len(self) - 1))
        else:
            self.add_button.focus_on()

    def _add_empty(self) -> None:
        self.add()
        self.grid.focus_row(len(self) - 1)

    def _row(self, row: int) -> PersonRow:
        require(0 <= row < len(self), f"row is {row}, but there are {len(self)}, counted from 0.", "row")
        return self._people[row]

    def _replace(self, people: list[PersonRow]) -> None:
        self._before = [*self._before, self._people][-_UNDONE:]
        self._set(people)

    def _set(self, people: list[PersonRow]) -> None:
        with self._one_change():
            self._people = people
            self._show_rows()

    def _show_rows(self) -> None:
        known = (name for row in self._people for name in row.attributes)
        self._columns = list(dict.fromkeys([*self._columns, *known]))
        with self.grid.hold_sync():
            self.grid.columns = [[name, field_label(name), self._hints.get(name, "")] for name in self._columns]
            self.grid.rows = [[row.cell(name) for name in self._columns] for row in self._people]
        self.undo_button.disabled = not self._before
        self.variants.update()

    def _rows(self) -> list[Any]:
        buttons = box([self.add_button, self.undo_button], "snb-row", "snb-wide")
        return [self.grid, buttons, self.file, self.variants, columns_section(self)]
