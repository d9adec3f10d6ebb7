"""The sections of `PeopleForm` that add people: from a file or a spreadsheet, or as variants."""

from collections.abc import Sequence
from typing import Any, Protocol

from syndisco_nb.backend.persona_files import FORMATS
from syndisco_nb.errors import SyndiscoError, require
from syndisco_nb.field_labels import with_label
from syndisco_nb.widgets.forms.controls import Button, Upload
from syndisco_nb.widgets.forms.fold_section import Section, box
from syndisco_nb.widgets.forms.form_field import Listener
from syndisco_nb.widgets.forms.inputs import Input, choice_input, lines_input, text_input


class PeopleTable(Protocol):
    """The part of `PeopleForm` that the sections use."""

    @property
    def names(self) -> list[str]:
        """The user names, row by row."""
        ...

    def take(self, content: str | bytes, name: str = ..., missing: Sequence[str] = ...) -> None:
        """Add the people of a file or text."""
        ...

    def add_variants(self, row: int, **values: Sequence[Any]) -> None:
        """Add variants of the person in a row."""
        ...

    def add_column(self, attribute: str) -> None:
        """Show another column."""
        ...


class FileSection(Section):
    """People of a file, uploaded, or of a text, pasted."""

    def __init__(self, table: PeopleTable) -> None:
        self._table = table
        self.paste = text_input("Rows to import", "From a spreadsheet, CSV or JSON; headings are optional", rows=4)
        self.paste.placeholder = "Name,Age,Sex\nMaya,41,female"
        self.missing = text_input("Values that mean no answer", "Codes of a survey, separated by commas", optional=True)
        self.missing.placeholder = "e.g. -9, 98, refused"
        buttons = [
            Button("Import these rows", self.add),
            Upload("Import a file (CSV, Excel, JSON, SPSS, Stata) …", self.upload, FORMATS),
        ]
        super().__init__(
            "Import from a spreadsheet or file", [self.paste, self.missing, box(buttons, "snb-row", "snb-wide")]
        )

    def add(self) -> None:
        """Add the people that were pasted."""
        if _attempt(self.paste, lambda: self._table.take(self.paste.text, missing=self._codes())):
            self.paste.text = ""

    def upload(self, name: str, content: bytes) -> None:
        """Add the people of a file.

        Parameters
        ----------
        name : str
        content : bytes
        """
        _attempt(self.paste, lambda: self._table.take(content, name, self._codes()))

    def _codes(self) -> list[str]:
        """Return the values that mean no answer."""
        return [code.strip() for code in self.missing.text.split(",") if code.strip()]


class VariantsSection(Section):
    """Variants of a person: all combinations of the values of one or two attributes."""

    def __init__(self, table: PeopleTable) -> None:
        self._table = table
        self.person = choice_input("Person to vary", "Everything else is copied", [])
        labels = ("Attribute", "Second attribute (optional)")
        self.attributes = [(text_input(label), lines_input("Values", "One per line")) for label in labels]
        pairs = [box(pair, "snb-pair", "snb-wide") for pair in self.attributes]
        super().__init__("Variants of a person", [self.person, *pairs, Button("Add all combinations", self.add)])

    def add(self) -> None:
        """Add the variants."""

        def vary() -> None:
            chosen = {name.text.strip(): values.value for name, values in self.attributes if name.text.strip()}
            require(chosen, "Give an attribute, such as age, and its values, one per line.")
            require(self.person.text in self._table.names, "There are no people yet. Add a person first.")
            self._table.add_variants(self._table.names.index(self.person.text), **chosen)

        _attempt(self.person, vary)

    def update(self) -> None:
        """Offer the current people."""
        super().update()
        names = [name for name in self._table.names if name]
        chosen = self.person.text if self.person.text in names else (names or [""])[0]
        self.person.options = [[name, name, False] for name in names]
        self.person.text = chosen


def columns_section(table: PeopleTable) -> Section:
    """Return the section that adds a column."""
    name = text_input("New column", "Any other attribute of people")
    name.placeholder = "e.g. hobby"

    def add() -> None:
        table.add_column(name.text.strip())
        name.text = ""

    return Section("Add a column", [name, Button("Add column", add)])


def _attempt(field: Input, act: Listener) -> bool:
    """Call a function, or show its error beside a field; return whether it succeeded."""
    try:
        act()
    except SyndiscoError as error:
        field.message = with_label(str(error), error.field)
        return False
    field.message = ""
    return True
