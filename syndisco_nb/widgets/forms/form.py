"""A form: controls and forms within, and what they make together.

It knows no rule of its own. What is filled in goes where code would send it, and what comes back, the object or the
error, is what the form has.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ipywidgets

from syndisco_nb.builder.documents import read_file
from syndisco_nb.display import bundle
from syndisco_nb.display.writers.safe_html import tag
from syndisco_nb.errors import InvalidInputError, SyndiscoError, suggestion
from syndisco_nb.runs.files import as_path, save_file
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.widgets.forms.controls import Changed, Head, Input
from syndisco_nb.widgets.forms.form_files import parse, write

Faults = dict[str, str]
"""What is wrong, in words, by the dotted name of each field; under "" what concerns the form as a whole."""


class Form(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Fields to fill in, and the object that they make.

    Parameters
    ----------
    fields : mapping of str to Input or Form
        In order.
    make : callable
        Makes the object of the fields' values, or raises a `SyndiscoError`.
    check : callable, optional
        Returns all that is wrong with the values at once, by name; by default what `make` finds first.
    title, hint : str
        What is asked for.

    Examples
    --------
    >>> from syndisco_nb.builder.design import Moderator
    >>> from syndisco_nb.widgets.forms import form_of
    >>> form = form_of(Moderator)
    >>> form["instructions"].value = "Keep it civil."
    >>> form.value
    Moderator(instructions='Keep it civil.', name='Moderator', attributes=())
    """

    def __init__(
        self,
        fields: Mapping[str, "Input | Form"],
        make: Callable[[dict[str, Any]], Any],
        check: Callable[[dict[str, Any]], Faults] | None = None,
        title: str = "",
        hint: str = "",
    ) -> None:
        self.fields: dict[str, Input | Form] = {}
        self.title = title
        self._make, self._check = make, check
        self._callbacks: list[Changed] = []
        self._held = False
        self._head = Head(title, hint)
        self._body = ipywidgets.Box()
        self._body.add_class("snb-fields")
        self._foot = ipywidgets.HTML()
        super().__init__()
        self.add_class("snb-form")
        for name, field in fields.items():
            self._take(name, field)
        self._arrange()

    # What it makes

    @property
    def given(self) -> Any:
        """What is filled in, as plain as code would give it, checked or not."""
        return {name: field.given for name, field in self.fields.items()}

    @property
    def value(self) -> Any:
        """The object, made of what is filled in.

        Raises
        ------
        InvalidInputError
            Naming the fields, and what is wrong with each.
        """
        errors = self.errors
        if errors:
            raise InvalidInputError(_listed(errors))
        return self._make(self.given)

    @value.setter
    def value(self, value: Any) -> None:
        with self._one_change():
            self.fill(value)

    @property
    def errors(self) -> Faults:
        """What is wrong, in words, by the dotted name of each field; under "" what concerns the form as a whole."""
        found: Faults = {
            _joined(name, place): message
            for name, field in self.fields.items()
            for place, message in field.errors.items()
        }
        for place, message in self._own_errors().items():
            # What a field says of itself is nearer to the cause.
            if not any(known == place or f"{known}.".startswith(f"{place}.") for known in found) and (
                place or not found
            ):
                found[place] = message
        return found

    def fill(self, value: Any) -> None:
        """Show an object, or the settings of one, in the fields; what it does not say stays."""
        settings = value if isinstance(value, Mapping) else self._settings(value)
        for name, one in settings.items():
            if name not in self.fields:
                raise InvalidInputError(
                    f"The form has no field {name!r}.{suggestion(str(name), self.fields)} It has: "
                    f"{', '.join(self.fields)}."
                )
            self.fields[name].value = one
        self.forget()

    def on_change(self, changed: Changed) -> None:
        """Have this called, without arguments, after every change; it must return at once."""
        self._callbacks.append(changed)

    # Written down

    def code(self) -> str:
        """Return Python that makes an equal object."""
        return f"{self.value!r}\n"

    def save(self, path: PathLike) -> Path:
        """Write what is filled in to a file, as YAML, or as JSON if its name ends in .json; return its path.

        Raises
        ------
        InvalidInputError
            If the form is not filled in right.
        StorageError
            If the file cannot be written.
        """
        file = as_path("path", path)
        return save_file(file, self._text(file))

    def load(self, path: PathLike) -> None:
        """Fill in what a file holds.

        Raises
        ------
        RecordError
            If it is no such file.
        InvalidInputError
            If it holds something else than this form asks for.
        """
        file = as_path("path", path)
        self.value = self._parsed(read_file(file), file)
        self.read_from(file)

    def read_from(self, file: Path) -> None:
        """Have parts that were loaded from a file ask for permission before they run code or touch anything."""
        for field in self.fields.values():
            if isinstance(field, Form):
                field.read_from(file)

    def _text(self, file: Path) -> str:
        _ = self.value  # raises if it is not filled in right
        return write(self.given, file)

    def _parsed(self, data: bytes, file: Path) -> Any:
        return parse(data, file)

    # On screen

    def show(self, errors: Faults, everything: bool = False) -> None:
        """Show what is wrong beside the fields: where somebody has been, or `everything`."""
        for name, field in self.fields.items():
            field.show(_within(name, errors), everything)
        rest = [text for place, text in errors.items() if place.partition(".")[0] not in self.fields]
        seen = rest and (everything or self.touched)
        self._foot.value = tag("div", "\n".join(rest), class_="snb-fault", role="alert") if seen else ""

    @property
    def touched(self) -> bool:
        """Whether anybody has filled something in."""
        return any(field.touched for field in self.fields.values())

    def forget(self) -> None:
        """Take what is filled in for what was there from the beginning."""
        for field in self.fields.values():
            if isinstance(field, Input):
                field.touched = False
            else:
                field.forget()

    def __getitem__(self, name: str | int) -> Any:
        """Return a field by its name, or by dots one of a form within: ``form["moderator.name"]``."""
        first, _, rest = str(name).partition(".")
        if first not in self.fields:
            raise KeyError(
                f"The form has no field {first!r}.{suggestion(first, self.fields)} It has: {', '.join(self.fields)}."
            )
        field = self.fields[first]
        return field[rest] if rest and isinstance(field, Form) else field

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {', '.join(self.fields)}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Return the widget, and what is shown of it where there is no kernel."""
        data = super()._repr_mimebundle_(**kwargs)
        return {**data, **bundle(self), "text/plain": repr(self)}

    # For those who build on it

    def _settings(self, value: Any) -> Mapping[str, Any]:
        """Return what an object says of each field."""
        return {name: getattr(value, name) for name in self.fields}

    def _own_errors(self) -> Faults:
        """Return what is wrong with the fields together."""
        try:
            given = self.given
            found = self._check(given) if self._check else {}
            if not found:
                self._make(given)
        except (SyndiscoError, TypeError) as error:
            message = str(error)
            return {place_of(message, list(self.fields)): message}
        return found

    def _take(self, name: str, field: "Input | Form") -> None:
        self.fields[name] = field
        field.on_change(self._changed)

    def _rows(self) -> Sequence[ipywidgets.DOMWidget]:
        """Return what the body shows."""
        return list(self.fields.values())

    def _arrange(self) -> None:
        self._body.children = tuple(self._rows())
        self._stack(self._body)

    def _stack(self, *parts: ipywidgets.DOMWidget) -> None:
        """Show these between the title and what is wrong with the form as a whole."""
        self.children = (self._head, *parts, self._foot)

    def _changed(self) -> None:
        if self._held:
            return
        self.show(self.errors)
        for changed in self._callbacks:
            changed()

    @contextmanager
    def _one_change(self) -> Iterator[None]:
        """Let many changes count as one."""
        held, self._held = self._held, True
        try:
            yield
        finally:
            self._held = held
        self._changed()


def place_of(message: str, names: Sequence[str]) -> str:
    """Return the field that an error speaks of: it begins with its name, as ours do; "" if it does not.

    Examples
    --------
    >>> place_of("low is 5 and high is 1, but low must be below high.", ["name", "low", "high"])
    'low'
    >>> place_of("In the condition 'none': turns is 0, but must be a whole number of 1 or more.", ["turns"])
    'turns'
    """
    first = re.match(r"(?:In the condition '.*?': |field )?(\w+)", message)
    return first[1] if first and first[1] in names else ""


def _joined(name: str, place: str) -> str:
    return f"{name}.{place}" if place else name


def _within(name: str, errors: Faults) -> Faults:
    """Return the errors of a field, by their names in there."""
    inside = {place.removeprefix(f"{name}."): text for place, text in errors.items() if place.startswith(f"{name}.")}
    return {**inside, "": errors[name]} if name in errors else inside


def _listed(errors: Faults) -> str:
    if len(errors) == 1:
        ((place, message),) = errors.items()
        return message if not place or message.startswith(place) else f"{place}: {message}"
    return " ".join(f"({number}) {place or 'all'}: {text}" for number, (place, text) in enumerate(errors.items(), 1))
