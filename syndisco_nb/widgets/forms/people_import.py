"""How people come into a form of people, other than by typing: from a file, from a spreadsheet, as variants."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from syndisco_nb.backend.persona_files import FORMATS
from syndisco_nb.errors import PersonaError, SyndiscoError, require
from syndisco_nb.widgets.forms.controls import Button, Input, Upload, choice_input, lines_input, text_input
from syndisco_nb.widgets.forms.fold_section import Section, box

_ENDINGS = (*FORMATS, ".tsv", ".txt")


class Crowd(Protocol):
    """What takes people in."""

    @property
    def names(self) -> list[str]:
        """Who is there already."""
        ...

    def take(self, text: str, name: str = "") -> None:
        """Add the people in a text."""
        ...

    def add_variants(self, row: int, **values: Sequence[Any]) -> None:
        """Add variants of one of them."""
        ...

    def add_column(self, attribute: str) -> None:
        """Ask for something else, too."""
        ...


class FileSection(Section):
    """CSV or JSON, to be pasted or uploaded."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self.paste = text_input("CSV, JSON, or rows copied from a spreadsheet", rows=4)
        self.paste.placeholder = "username,age,sex\nMaya,41,female"
        buttons = [Upload("Choose a file …", self.upload, _ENDINGS), Button("Add these people", self.add)]
        super().__init__("From a file or a spreadsheet", [self.paste, box(buttons, "snb-row", "snb-wide")])

    def add(self) -> None:
        """Add who was pasted."""
        if _tried(self.paste, lambda: self._crowd.take(self.paste.text)):
            self.paste.text = ""

    def upload(self, name: str, content: bytes) -> None:
        """Add who is in a file."""

        def read() -> None:
            try:
                text = content.decode("utf-8-sig")
            except UnicodeDecodeError:
                raise PersonaError(f"{name} is not UTF-8 text. Save it as UTF-8.") from None
            self._crowd.take(text, name)

        _tried(self.paste, read)


class VariantsSection(Section):
    """All combinations of the values of one or two attributes."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self.person = choice_input("Variants of", "Who they are like in all else", [])
        labels = ("Attribute", "And another, if need be")
        self.attributes = [(text_input(label), lines_input("Its values")) for label in labels]
        pairs = [box(pair, "snb-pair", "snb-wide") for pair in self.attributes]
        super().__init__("Variants of a person", [self.person, *pairs, Button("Add all combinations", self.add)])

    def add(self) -> None:
        """Add them."""

        def vary() -> None:
            chosen = {name.text.strip(): values.value for name, values in self.attributes if name.text.strip()}
            require(chosen, "Name an attribute, such as age, and give its values, one on every line.")
            require(self.person.text in self._crowd.names, "There is nobody yet to vary. Add a person first.")
            self._crowd.add_variants(self._crowd.names.index(self.person.text), **chosen)

        _tried(self.person, vary)

    def update(self) -> None:
        """Offer whoever is there by now."""
        super().update()
        names = self._crowd.names
        chosen = self.person.text if self.person.text in names else (names or [""])[0]
        self.person.options = [[name, name, False] for name in names]
        self.person.text = chosen


def columns_section(crowd: Crowd) -> Section:
    """Return where a further column is asked for."""
    name = text_input("Another column", "What else is known of people")
    name.placeholder = "Such as: hobby"

    def add() -> None:
        crowd.add_column(name.text.strip())
        name.text = ""

    return Section("More columns", [name, Button("Add column", add)])


def _tried(field: Input, act: Callable[[], None]) -> bool:
    """Do it, or say beside a field why it cannot be done; return whether it was."""
    try:
        act()
    except SyndiscoError as error:
        field.message = str(error)
        return False
    field.message = ""
    return True
