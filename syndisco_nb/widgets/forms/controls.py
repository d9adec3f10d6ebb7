"""The controls of a form: what is typed, chosen, ticked and pressed.

Their elements are our own, so label and message belong to what they are about for every reader. A control keeps what
was typed, whether that can be used or not; whoever asks for its `value` gets it read as far as it can be.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import traitlets
import yaml

from syndisco_nb.builder.documents import load_yaml
from syndisco_nb.errors import RecordError
from syndisco_nb.widgets.background_work import in_words
from syndisco_nb.widgets.javascript import join_modules
from syndisco_nb.widgets.messaging import MessagingWidget

FILES = Path(__file__).parent
Changed = Callable[[], None]


class Control(MessagingWidget):
    """One control, of a kind that the page knows: head, line, prose, lines, choice, check, button, fold,
    upload, code.
    """

    _esm = join_modules(FILES / "control.js")

    kind = traitlets.Unicode("line").tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    hint = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    placeholder = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    options: Any = traitlets.List().tag(sync=True)
    rows = traitlets.Int(1).tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)
    main = traitlets.Bool(default_value=False).tag(sync=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.label!r}>"


class Head(Control):
    """What a form says above its fields; it also brings the style sheet, once for all that is in the form."""

    _css = (FILES / "forms.css").read_text(encoding="utf-8")

    def __init__(self, label: str, hint: str = "") -> None:
        super().__init__(kind="head", label=label, hint=hint)


class Button(Control):
    """Something to press.

    Parameters
    ----------
    label : str
    pressed : callable
        Called without arguments; must return at once.
    hint : str
    main : bool
        Whether it is what the form is there for.
    """

    def __init__(self, label: str, pressed: Changed, hint: str = "", *, main: bool = False) -> None:
        self._pressed = pressed
        super().__init__(kind="button", label=label, hint=hint, main=main)
        self.on_msg(lambda _, content, __: self._clicked())

    def press(self) -> None:
        """Do what a click does."""
        if not self.disabled:
            self._pressed()

    def _clicked(self) -> None:
        """Do it, and say below the button what goes wrong: whoever clicks sees no exception anywhere else."""
        try:
            self.press()
        except Exception as error:
            self.message = in_words(error)
        else:
            self.message = ""


class Fold(Control):
    """The head of a section, which opens and closes it; its `note` says in a line what is in there."""

    def __init__(self, label: str, hint: str = "", *, opened: bool = True) -> None:
        super().__init__(kind="fold", label=label, hint=hint, text="yes" if opened else "")


class Upload(Control):
    """A file to choose.

    Parameters
    ----------
    label : str
    chosen : callable
        Called with the file's name and content.
    endings : iterable of str
        Of the names of the files that are offered.
    """

    def __init__(self, label: str, chosen: Callable[[str, bytes], None], endings: Iterable[str] = ()) -> None:
        super().__init__(kind="upload", label=label, placeholder=",".join(endings))
        self.on_msg(lambda _, content, buffers: chosen(str(content["name"]), bytes(buffers[0])))


class Code(Control):
    """Text to copy."""

    def __init__(self, text: str) -> None:
        super().__init__(kind="code", label="Copy", text=text)


class Input(Control):
    """Something to fill in.

    Parameters
    ----------
    kind : str
        As in `Control`.
    label, hint : str
    write : callable
        Returns the text that shows a value.
    read : callable
        Returns the value in a text, or the text itself if it holds none: whoever checks it says why.
    optional : bool
        Whether nothing typed is None.

    Attributes
    ----------
    touched : bool
        Whether anybody has changed it since it was made: only then is it time to say what is wrong.
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
        self._shown: tuple[str, Any] = ("", None if optional else read(""))
        self._changed: list[Changed] = []
        self.touched = False
        super().__init__(kind=kind, label=label, hint=hint, **traits)
        self.observe(self._typed, "text")

    @property
    def value(self) -> Any:
        """What was typed, read as far as it can be; what was set, as long as nobody types."""
        if self.text == self._shown[0]:
            return self._shown[1]
        if self._optional and not self.text.strip():
            return None
        return self._read(self.text)

    @value.setter
    def value(self, value: Any) -> None:
        text = "" if value is None else self._write(value)
        before, self._shown = self.value, (text, value)
        self.touched = True
        if self.text != text:
            self.text = text
        elif before != value:
            self._tell()

    @property
    def given(self) -> Any:
        """What a form hands on to be checked: the value."""
        return self.value

    @property
    def errors(self) -> dict[str, str]:
        """Nothing: what is right is for the form to say."""
        return {}

    def show(self, errors: dict[str, str], everything: bool = False) -> None:
        """Show what is wrong, once somebody has typed, or if `everything` is to be shown."""
        self.message = errors.get("", "") if everything or self.touched else ""

    def on_change(self, changed: Changed) -> None:
        """Have this called after every change."""
        self._changed.append(changed)

    def _typed(self, _: Any) -> None:
        self.touched = True
        self._tell()

    def _tell(self) -> None:
        for changed in self._changed:
            changed()


def text_input(label: str, hint: str = "", *, optional: bool = False, rows: int = 1, **traits: Any) -> Input:
    """Return an input of text, on so many rows."""
    return Input("prose" if rows > 1 else "line", label, hint, optional=optional, rows=rows, **traits)


def number_input(label: str, hint: str = "", *, optional: bool = False) -> Input:
    """Return an input of a number."""
    return Input("line", label, hint, repr_of_number, read_number, optional)


def check_input(label: str, hint: str = "") -> Input:
    """Return something to tick."""
    return Input("check", label, hint, lambda value: "yes" if value is True else "", lambda text: text == "yes")


def choice_input(
    label: str,
    hint: str,
    choices: Sequence[Any],
    *,
    optional: bool = False,
    none: str = "—",
    off: Iterable[str] = (),
    words: Mapping[str, str] | None = None,
) -> Input:
    """Return a choice of values, shown by their text, or in `words`; those `off` can be seen, but not chosen."""
    by_text = {str(choice): choice for choice in choices}
    options = [["", none, False]] if optional else []
    options += [[text, (words or {}).get(text, text), False] for text in by_text] + [[text, text, True] for text in off]
    return Input("choice", label, hint, str, lambda text: by_text.get(text, text), optional, options=options)


def lines_input(label: str, hint: str = "", *, optional: bool = False) -> Input:
    """Return an input of texts, one on every line."""
    traits = {"rows": 3, "placeholder": "One on every line"}
    return Input("lines", label, hint, write_lines, read_lines, optional, **traits)


def yaml_input(label: str, hint: str = "", *, optional: bool = False) -> Input:
    """Return an input of whatever YAML can say, for what has no form of its own."""
    traits = {"rows": 2, "placeholder": "name: value"}
    return Input("lines", label, hint, write_yaml, read_yaml, optional, **traits)


def repr_of_number(value: Any) -> str:
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


def write_lines(value: Any) -> str:
    """Return texts on a line each."""
    return value if isinstance(value, str) else "\n".join(map(str, value))


def read_lines(text: str) -> tuple[str, ...]:
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
    """Return the value in YAML, or the text if it is none."""
    try:
        return load_yaml(text, "The text") if text.strip() else {}
    except RecordError:
        return text
