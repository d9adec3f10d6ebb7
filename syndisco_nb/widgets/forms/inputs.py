"""`Input`, a single value to type, choose or tick, and its kinds.

An input keeps the text as typed, valid or not. Its `value` is that text read as far as possible; the form around it
checks the value.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import yaml

from syndisco_nb.builder.documents import load_yaml
from syndisco_nb.errors import RecordError
from syndisco_nb.widgets.forms.controls import FormControl
from syndisco_nb.widgets.forms.form_field import Faults, Listener


class Input(FormControl):
    """A single value to fill in.

    Parameters
    ----------
    kind : str
        As in `FormControl`.
    label, hint : str
    write : callable
        Returns the text that shows a value.
    read : callable
        Returns the value of a text, or the text itself if it holds none: the check of the form then says why.
    optional : bool
        Whether an empty text means None.
    **traits
        Others of `FormControl`.

    Attributes
    ----------
    touched : bool
        Whether the content has changed since it was made: only then is it time to show faults.
    """

    def __init__(
        self,
        kind: str,
        label: str,
        hint: str = "",
        write: Callable[[Any], str] = str,
        read: Callable[[str], Any] = str,
        optional: bool = False,
        **traits: Any,
    ) -> None:
        self._write, self._read, self._optional = write, read, optional
        self._set: tuple[str, Any] = ("", None if optional else read(""))
        self._listeners: list[Listener] = []
        self.touched = False
        super().__init__(kind=kind, label=label, hint=hint, **traits)
        self.observe(self._typed, "text")

    @property
    def value(self) -> Any:
        """The text, read as far as possible; a value that was set stays exact until the user types."""
        if self.text == self._set[0]:
            return self._set[1]
        if self._optional and not self.text.strip():
            return None
        return self._read(self.text)

    @value.setter
    def value(self, value: Any) -> None:
        text = "" if value is None else self._write(value)
        before, self._set = self.value, (text, value)
        self.touched = True
        if self.text != text:
            self.text = text
        elif before != value:
            self._notify()

    @property
    def given(self) -> Any:
        """The value: an input does not check it."""
        return self.value

    @property
    def errors(self) -> Faults:
        """No faults: the form around it finds them."""
        return {}

    def mark_untouched(self) -> None:
        """Treat the content as initial: no field counts as changed by the user."""
        self.touched = False

    def show(self, errors: Faults, everything: bool = False) -> None:
        """Show the faults of the value, or of items in it, if it has changed; as in `Field.show`."""
        self.touched = self.touched or (everything and bool(errors))  # so that they are shown until mended
        self.message = "\n".join(errors.values()) if self.touched else ""

    def on_change(self, changed: Listener) -> None:
        """Register a function to call after every change."""
        self._listeners.append(changed)

    def _typed(self, _: Any) -> None:
        self.touched = True
        self._notify()

    def _notify(self) -> None:
        for changed in self._listeners:
            changed()


def text_input(label: str, hint: str = "", *, optional: bool = False, rows: int = 1, **traits: Any) -> Input:
    """Return an input of text, one or more rows high.

    Parameters
    ----------
    label, hint : str
    optional : bool
        Whether an empty text means None.
    rows : int
    **traits
        Others of `FormControl`.
    """
    return Input("prose" if rows > 1 else "line", label, hint, optional=optional, rows=rows, **traits)


def number_input(label: str, hint: str = "", *, optional: bool = False) -> Input:
    """Return an input of a number; parameters as in `text_input`."""
    return Input("line", label, hint, write_number, read_number, optional)


def check_input(label: str, hint: str = "") -> Input:
    """Return a checkbox; parameters as in `text_input`."""
    return Input("check", label, hint, lambda value: "yes" if value is True else "", lambda text: text == "yes")


def choice_input(
    label: str,
    hint: str,
    choices: Sequence[Any],
    *,
    optional: bool = False,
    none: str = "—",
    disabled: Iterable[str] = (),
    words: Mapping[str, str] | None = None,
) -> Input:
    """Return a choice of values.

    Parameters
    ----------
    label, hint : str
    choices : sequence
    optional : bool
        Whether None may be chosen.
    none : str
        The text of that choice.
    disabled : iterable of str
        Texts of further options, which can be seen but not chosen.
    words : mapping of str to str, optional
        The texts of choices, where they are not `str(choice)`.
    """
    by_text = {str(choice): choice for choice in choices}
    options = [["", none, False]] if optional else []
    options += [[text, (words or {}).get(text, text), False] for text in by_text]
    options += [[text, text, True] for text in disabled]
    return Input("choice", label, hint, str, lambda text: by_text.get(text, text), optional, options=options)


def lines_input(label: str, hint: str = "", *, optional: bool = False) -> Input:
    """Return an input of several texts, one on every line; parameters as in `text_input`."""
    traits = {"rows": 3, "placeholder": "One per line"}
    return Input("lines", label, hint, join_lines, split_lines, optional, **traits)


def yaml_input(label: str, hint: str = "", *, optional: bool = False) -> Input:
    """Return an input of YAML, for types that have no input of their own; parameters as in `text_input`."""
    traits = {"rows": 2, "placeholder": "name: value"}
    return Input("lines", label, hint, write_yaml, read_yaml, optional, **traits)


def write_number(value: Any) -> str:
    """Return a number as it is typed; of anything else, its text."""
    return repr(value) if isinstance(value, int | float) else str(value)


def read_number(text: str) -> Any:
    """Return the number in a text, or the text if there is none."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def join_lines(value: Any) -> str:
    """Return texts, one on every line."""
    return value if isinstance(value, str) else "\n".join(map(str, value))


def split_lines(text: str) -> tuple[str, ...]:
    """Return the lines that are not empty."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def write_yaml(value: Any) -> str:
    """Return a value as YAML."""
    if not value:
        return ""
    try:
        return yaml.safe_dump(value, sort_keys=False, allow_unicode=True).removesuffix("...\n").strip()
    except yaml.YAMLError:
        return str(value)


def read_yaml(text: str) -> Any:
    """Return the value of a YAML text, or the text if it is no YAML."""
    try:
        return load_yaml(text, "The text") if text.strip() else {}
    except RecordError:
        return text
