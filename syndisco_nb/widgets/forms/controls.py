"""The controls of a form other than its inputs: title, button, fold, file chooser and code.

Their HTML elements are our own, so that a screen reader finds the label and the message of each.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import traitlets

from syndisco_nb.display.writers.stylesheet import minified
from syndisco_nb.field_labels import field_place
from syndisco_nb.widgets.background_work import in_words
from syndisco_nb.widgets.forms.form_field import Listener
from syndisco_nb.widgets.javascript import join_modules
from syndisco_nb.widgets.messaging import MessagingWidget
from syndisco_nb.wording import count, more

FILES = Path(__file__).parent
_MOST_LINKS = 8


class FormControl(MessagingWidget):
    """One control, of a kind that `control.js` draws: head, line, prose, lines, choice, check, button, fold, upload,
    code, faults.

    Attributes
    ----------
    focused : bool
        Set to move the focus here: the page does so once the control is in sight, and sets it back.
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
    focused = traitlets.Bool(default_value=False).tag(sync=True)

    def focus_on(self, path: str = "") -> None:
        """Move the focus here, whatever the path."""
        self.focused = True

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.label!r}>"


class TitleControl(FormControl):
    """The title of a form, and its style sheet, which the browser then loads once for the whole form.

    Parameters
    ----------
    label, hint : str
    shown : callable
        Called when a page shows it.
    """

    _css = minified((FILES / "forms.css").read_text(encoding="utf-8"))

    def __init__(self, label: str, hint: str = "", shown: Listener = lambda: None) -> None:
        super().__init__(kind="head", label=label, hint=hint)
        self.on_msg(lambda *_: shown())


class Button(FormControl):
    """A button.

    Parameters
    ----------
    label : str
    pressed : callable
        Called without arguments; must return at once.
    hint : str
    main : bool
        Whether it is the form's main button.
    """

    def __init__(self, label: str, pressed: Listener, hint: str = "", *, main: bool = False) -> None:
        self._pressed = pressed
        super().__init__(kind="button", label=label, hint=hint, main=main)
        self.on_msg(lambda _, content, __: self._clicked())

    def press(self) -> None:
        """Do the same as a click, but raise its errors."""
        if not self.disabled:
            self._pressed()

    def _clicked(self) -> None:
        """Show an error below the button: an exception in a message handler would be seen nowhere."""
        try:
            self.press()
        except Exception as error:
            self.message = in_words(error)
        else:
            self.message = ""


class FoldButton(FormControl):
    """The head of a section, which opens and closes it; its `note` sums up the content."""

    def __init__(self, label: str, hint: str = "", *, opened: bool = True) -> None:
        super().__init__(kind="fold", label=label, hint=hint, text="yes" if opened else "")


class Upload(FormControl):
    """A button to choose a file.

    Parameters
    ----------
    label : str
    chosen : callable
        Called with the file's name and content.
    endings : iterable of str
        The endings of the files on offer.
    """

    def __init__(self, label: str, chosen: Callable[[str, bytes], None], endings: Iterable[str] = ()) -> None:
        super().__init__(kind="upload", label=label, placeholder=",".join(endings))
        self.on_msg(lambda _, content, buffers: chosen(str(content["name"]), bytes(buffers[0])))


class FaultLinks(FormControl):
    """The number of errors of a form, with a link to the field of each; empty if there are none.

    Attributes
    ----------
    follow : callable
        Called with the path of the field whose link was pressed.
    """

    def __init__(self) -> None:
        self.follow: Callable[[str], None] = lambda path: None
        super().__init__(kind="faults")
        self.on_msg(lambda _, content, __: self.follow(str(content["path"])))

    def update(self, paths: Sequence[str]) -> None:
        """List the fields at these dotted paths."""
        self.options = [[path, field_place(path), False] for path in paths[:_MOST_LINKS]]
        self.note = more(len(paths) - _MOST_LINKS)
        self.hint = "Fix the errors above, then run again." if paths else ""
        self.label = count(len(paths), "error") if paths else ""


class CodeBlock(FormControl):
    """Code with a button that copies it."""

    def __init__(self, text: str) -> None:
        super().__init__(kind="code", label="Copy", text=text)
