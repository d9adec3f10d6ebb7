"""`Form`: named fields, and the object made of their content.

A form validates nothing itself: it passes the content to the constructor, and shows the object or the errors.
"""

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ipywidgets

from syndisco_nb.builder.documents import read_document, to_text
from syndisco_nb.display import bundle
from syndisco_nb.display.writers.safe_html import tag
from syndisco_nb.errors import InvalidInputError, SyndiscoError, suggestion
from syndisco_nb.field_labels import with_label
from syndisco_nb.runs.files import as_path, save_file
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.widgets.forms.controls import TitleControl
from syndisco_nb.widgets.forms.file_actions import FileActions
from syndisco_nb.widgets.forms.form_field import Faults, Field, Listener, faults_in_words, faults_within, joined
from syndisco_nb.widgets.forms.still_output import StillOutput


class Form(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Fields to fill in, and the object made of them.

    From entry to object: `given` (as entered), `_check` (validated), `_result` (the `value`). Subclasses override
    `_check` to make the object, and `_result` where each `value` must be a new one.

    Parameters
    ----------
    fields : mapping of str to Field
        In order.
    title, hint : str
        Shown above them.

    Examples
    --------
    >>> from syndisco_nb.builder.design import Moderator
    >>> from syndisco_nb.widgets.forms import form_of
    >>> form = form_of(Moderator)
    >>> form["instructions"].value = "Keep it civil."
    >>> form.value
    Moderator(instructions='Keep it civil.', name='Moderator', attributes=())
    """

    files: FileActions | None = None
    """Code, Save and Load; none in a form that is a part of another."""

    def __init__(self, fields: Mapping[str, Field] | None = None, title: str = "", hint: str = "") -> None:
        self.fields: dict[str, Field] = {}
        self.title = title
        self._listeners: list[Listener] = []
        self._asked = False  # whether faults of the form as a whole are shown until mended
        # The faults that the last button asked for, until they are mended.
        self._pending: Callable[[], Faults] = lambda: self.errors
        self._collecting_changes = False
        self._still = StillOutput(self)
        self._head = TitleControl(title, hint, self._shown)
        self._body = ipywidgets.Box()
        self._body.add_class("snb-fields")
        self._foot = ipywidgets.HTML()
        super().__init__()
        self.add_class("snb-form")
        for name, field in (fields or {}).items():
            self._add(name, field)
        self._arrange()

    # The content

    @property
    def given(self) -> Any:
        """The content as entered, unchecked: the arguments that Python code would pass."""
        return {name: field.given for name, field in self.fields.items()}

    @property
    def value(self) -> Any:
        """The object made of the content; assign an object, or a mapping of some settings, to fill the form in.

        Raises
        ------
        InvalidInputError
            With the fields at fault, and the fault of each.
        """
        return self._result(self._valid())

    @value.setter
    def value(self, value: Any) -> None:
        with self._one_change():
            self._fill(value)
            self.mark_untouched()

    @property
    def errors(self) -> Faults:
        """All faults, by the dotted path of the field; the path "" stands for the form as a whole."""
        return self._check_all()[1]

    def on_change(self, changed: Listener) -> None:
        """Register a function without arguments to call after every change; it must be fast."""
        self._listeners.append(changed)

    # Hooks of subclasses

    def _check(self, given: Any) -> tuple[Any, Faults]:
        """Return the object made of the content, and its faults; raising an error reports a single fault."""
        return given, {}

    def _result(self, checked: Any) -> Any:
        """Return the `value` for a result of `_check`."""
        return checked

    def _fill(self, value: Any) -> None:
        """Fill in an object, or a mapping of settings; other fields stay as they are."""
        settings = value if isinstance(value, Mapping) else {name: getattr(value, name) for name in self.fields}
        for name in settings:
            if name not in self.fields:
                raise InvalidInputError(self._no_field(name))
        for name, content in settings.items():
            self.fields[name].value = content

    def document(self) -> Any:
        """Return the plain data that `save` writes."""
        self._valid()
        return self.given

    def _rows(self) -> Sequence[Any]:
        """Return the widgets of the body."""
        return list(self.fields.values())

    def _screen_order(self) -> Sequence[str]:
        """Return the names of the fields as they stand on screen."""
        return list(self.fields)

    def _open_section(self, name: str) -> None:
        """Open the section in which a field stands."""

    # Code and files

    def code(self) -> str:
        """Return Python that makes an equal object."""
        return f"{self.value!r}\n"

    def save(self, path: PathLike) -> Path:
        """Write the content to a file, and return its path; the format is JSON if the name ends in .json, else YAML.

        Raises
        ------
        InvalidInputError
            If the content has faults.
        StorageError
            If the file cannot be written.
        """
        file = as_path("path", path)
        return save_file(file, to_text(self.document(), file))

    def load(self, path: PathLike) -> None:
        """Fill in the content of a file.

        Raises
        ------
        RecordError
            If it cannot be read.
        InvalidInputError
            If it holds fields that this form does not have.
        """
        file = as_path("path", path)
        self.value = read_document(file)
        self.guard_models(file)

    def guard_models(self, file: Path) -> None:
        """Require permission before models that came from this file run code or use other files."""
        for field in self.fields.values():
            if isinstance(field, Form):
                field.guard_models(file)

    # On screen

    def show(self, errors: Faults, everything: bool = False) -> None:
        """Show faults beside the fields that the user has changed, or beside all; arguments as in `Field.show`."""
        for name, field in self.fields.items():
            within = {
                path: text if path else with_label(text, name) for path, text in faults_within(name, errors).items()
            }
            field.show(within, everything)
        rest = [text for path, text in errors.items() if path.partition(".")[0] not in self.fields]
        self._asked = bool(rest) and (self._asked or everything)
        seen = rest and self.touched
        self._foot.value = tag("div", "\n".join(rest), class_="snb-fault", role="alert") if seen else ""

    def ready(self, faults: Callable[[], Faults] | None = None) -> bool:
        """Return whether there are no faults; show all of them until they are mended, and go to the first.

        Parameters
        ----------
        faults : callable, optional
            Returns the faults that matter; by default all `errors`.
        """
        self._pending = faults or (lambda: self.errors)
        errors = self._pending()
        self.show(errors, everything=True)
        if errors:
            self.focus_on(min(errors, key=self._place_of))
        return not errors

    def focus_on(self, path: str = "") -> None:
        """Move the focus to the field at a dotted path, or to the first field; sections around it open."""
        first, _, rest = path.partition(".")
        if first not in self.fields:
            first, rest = next(iter(self._screen_order()), ""), ""
        if first:
            self._open_section(first)
            self.fields[first].focus_on(rest)

    @property
    def touched(self) -> bool:
        """True if the user has changed any field, or was shown a fault of the form as a whole."""
        return self._asked or any(field.touched for field in self.fields.values())

    def mark_untouched(self) -> None:
        """Treat the content as initial: no field counts as changed by the user."""
        self._asked = False
        for field in self.fields.values():
            field.mark_untouched()

    def __getitem__(self, name: str | int) -> Any:
        """Return a field by its name, or an inner one by its dotted path: ``form["moderator.name"]``."""
        first, _, rest = str(name).partition(".")
        if first not in self.fields:
            raise KeyError(self._no_field(first))
        field: Any = self.fields[first]
        return field[rest] if rest else field

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {', '.join(self.fields)}>"

    def _ipython_display_(self) -> None:
        """Show the widget, and below it the page of its content, which a saved notebook shows."""
        display: Any = importlib.import_module("IPython.display").display
        data = super()._repr_mimebundle_()
        display({**data, "text/html": "", "text/plain": repr(self)}, raw=True)
        self._still.show()

    def _repr_html_(self) -> str:
        """Return the page of the content, for hosts that show no widgets of ipywidgets, such as marimo."""
        return bundle(self)["text/html"]

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Return the widget, and a static page for viewers without a kernel."""
        data = super()._repr_mimebundle_(**kwargs)
        return {**data, **bundle(self), "text/plain": repr(self)}

    def _check_all(self) -> tuple[Any, Faults]:
        """Check the content once; return what `_check` returned, and the faults of all fields."""
        by_field = {name: field.errors for name, field in self.fields.items()}
        faults = {joined(name, path): text for name, errors in by_field.items() for path, text in errors.items()}
        try:
            checked, own = self._check(self.given)
        except (SyndiscoError, TypeError) as error:
            checked, own = None, {getattr(error, "field", ""): str(error)}
        for path, text in own.items():
            # If a field reports a fault itself, that message is more precise.
            if not by_field.get(path.partition(".")[0]) and (path or not faults):
                faults[path] = text
        return checked, faults

    def _valid(self) -> Any:
        """Return what `_check` returned, or raise `InvalidInputError`."""
        checked, faults = self._check_all()
        if faults:
            raise InvalidInputError(faults_in_words(faults), field=next(iter(faults)) if len(faults) == 1 else "")
        return checked

    def _place_of(self, path: str) -> int:
        """Return the place of the field at a path on screen; faults of the form as a whole come last."""
        order, first = self._screen_order(), path.partition(".")[0]
        return order.index(first) if first in order else len(order)

    def _no_field(self, name: Any) -> str:
        near = suggestion(str(name), self.fields)
        return f"The form has no field {name!r}.{near} It has: {', '.join(self.fields)}."

    def _add(self, name: str, field: Field) -> None:
        self.fields[name] = field
        field.on_change(self._changed)

    def _arrange(self) -> None:
        self._body.children = tuple(self._rows())
        self._stack(self._body, *([self.files.row, self.files.below] if self.files else []))

    def _stack(self, *parts: ipywidgets.DOMWidget) -> None:
        """Set the widgets between the title and the message about the form as a whole."""
        self.children = (self._head, *parts, self._foot)

    def _shown(self) -> None:
        """Begin to keep the page of the content up to date: somebody fills in the form."""
        self._still.watched = True

    def _changed(self) -> None:
        if self._collecting_changes:
            return
        errors = self._pending()
        self.show(errors)
        if not errors:
            self._pending = lambda: self.errors
        if self.files:
            self.files.update()
        self._still.update()
        for changed in self._listeners:
            changed()

    @contextmanager
    def _one_change(self) -> Iterator[None]:
        """Call the listeners once for all changes in this context."""
        before, self._collecting_changes = self._collecting_changes, True
        try:
            yield
        finally:
            self._collecting_changes = before
        self._changed()
