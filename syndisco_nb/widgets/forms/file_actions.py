"""`FileActions`, the buttons Code, Save and Load of a form."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import ipywidgets

from syndisco_nb.display.writers.safe_html import tag
from syndisco_nb.errors import InvalidInputError, SyndiscoError
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.widgets.forms.controls import Button, CodeBlock
from syndisco_nb.widgets.forms.fold_section import box
from syndisco_nb.widgets.forms.inputs import text_input
from syndisco_nb.widgets.forms.unfinished_code import comment


class Filed(Protocol):
    """The part of a form that its buttons use."""

    def code(self) -> str:
        """Return the Python that makes the same."""

    def document(self) -> object:
        """Return the plain data that `save` writes."""

    def save(self, path: PathLike) -> Path:
        """Write the content to a file."""

    def load(self, path: PathLike) -> None:
        """Fill in the content of a file."""

    def ready(self) -> bool:
        """Show all faults, and go to the first."""


class FileActions:
    """The buttons Code, Save and Load of a form, and the input of the file.

    Nothing is disabled while the form is at work, and the code stands in a place of its own: it never takes that of
    results.

    Parameters
    ----------
    form : Filed
    label : str
        Of the input.
    name : str
        The initial name of the file.

    Attributes
    ----------
    file : Input
    row, below : Box
        The controls, and what they show.
    """

    def __init__(self, form: Filed, label: str, name: str) -> None:
        self._form = form
        self._code: CodeBlock | None = None
        self.file = text_input(label, "YAML, or JSON if its name ends in .json")
        self.file.value = name
        self._code_button = Button("Code", self.switch_code, "The same in Python")
        self._save_button = Button("Save", self.save, "Save the form to the file")
        load = Button("Load", lambda: self._attempt(self._load), "Fill the form from the file")
        self._question = ipywidgets.HTML()
        self._cancel = Button("Cancel", self._end_question)
        self._asked = box([self._question, Button("Overwrite", self._overwrite), self._cancel], "snb-row", "snb-asked")
        self._status = ipywidgets.HTML()
        self._status.add_class("snb-status")
        self.row = box([self._code_button, self.file, self._save_button, load], "snb-row", "snb-group")
        self.below = box([], "snb-below")

    @property
    def shown_code(self) -> str:
        """The code that is shown; "" if none is."""
        return self._code.text if self._code else ""

    @property
    def said(self) -> str:
        """The question or the outcome of the last button, as HTML."""
        return "".join(one.value for one in (self._question, self._status))

    def switch_code(self) -> None:
        """Show the code, or hide it."""
        self._code = None if self._code else CodeBlock(self._code_text())
        self._code_button.label = "Hide code" if self._code else "Code"
        self._show()

    def update(self) -> None:
        """Bring the code that is shown up to date."""
        if self._code:
            self._code.text = self._code_text()

    def save(self) -> None:
        """Save the form to the file; if the file exists, ask first."""
        self._attempt(self._ask_or_write)

    def _ask_or_write(self) -> None:
        file = as_path("path", self.file.text)
        self._form.document()  # raises if there is nothing to write
        if not file.exists():
            self._write()
            return
        self._say("")
        self._question.value = tag("div", f"{file} exists.", role="alert")
        self._show(self._asked)
        self._cancel.focus_on()

    def _overwrite(self) -> None:
        self._end_question()
        self._attempt(self._write)

    def _end_question(self) -> None:
        self._say("")
        self._save_button.focus_on()

    def _write(self) -> None:
        self._say(f"Saved as {self._form.save(self.file.text)}.")

    def _load(self) -> None:
        self._form.load(self.file.text)
        self._say(f"Loaded {self.file.text}.")

    def _attempt(self, act: Callable[[], None]) -> None:
        try:
            act()
        except SyndiscoError as error:
            self._say(str(error), wrong=True)
            if isinstance(error, InvalidInputError):
                self._form.ready()

    def _code_text(self) -> str:
        try:
            return self._form.code()
        except SyndiscoError as error:
            return comment(str(error))

    def _say(self, text: str, *, wrong: bool = False) -> None:
        role, name = ("alert", "snb-fault") if wrong else ("status", None)
        self._question.value = ""
        self._status.value = tag("div", text, class_=name, role=role) if text else ""
        self._show(self._status)

    def _show(self, *things: ipywidgets.DOMWidget) -> None:
        self.below.children = [*things, *([self._code] if self._code else [])]
