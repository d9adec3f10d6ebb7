"""Forms that may hold nothing, or several of a kind."""

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from syndisco_nb.errors import InvalidInputError, require
from syndisco_nb.widgets.forms.controls import Button, Input, check_input, text_input
from syndisco_nb.widgets.forms.form import Faults, Form


class OptionalForm(Form):
    """A form that may be left out: then its value is None.

    Parameters
    ----------
    form : Form
        What is filled in if it is not.
    label, hint : str
    """

    def __init__(self, form: Form, label: str, hint: str = "") -> None:
        self.form = form
        self.present = check_input(label, hint)
        super().__init__({}, lambda given: given)
        form.add_class("snb-nested")
        form.on_change(self._filled)
        self.present.on_change(self._ticked)
        self.fields = form.fields
        self._arrange()

    @property
    def given(self) -> Any:
        """What is filled in, or None."""
        return self.form.given if self.present.value else None

    @property
    def value(self) -> Any:
        """The object, or None."""
        return self.form.value if self.present.value else None

    @value.setter
    def value(self, value: Any) -> None:
        with self._one_change():
            self.fill(value)

    @property
    def errors(self) -> Faults:
        """What is wrong, if there is to be one."""
        return self.form.errors if self.present.value else {}

    def fill(self, value: Any) -> None:
        """Show an object, or that there is none."""
        if value is not None:
            self.form.value = value
        self.present.value = value is not None
        self.forget()
        self._arrange()

    def show(self, errors: Faults, everything: bool = False) -> None:
        """Show what is wrong."""
        self.form.show(errors, everything)

    @property
    def touched(self) -> bool:
        """Whether anybody has filled something in."""
        return self.present.touched or self.form.touched

    def forget(self) -> None:
        """Take what is filled in for what was there from the beginning."""
        self.present.touched = False
        self.form.forget()

    def _filled(self) -> None:
        """Whoever fills it in wants it."""
        if not self._held and not self.present.value:
            self.present.value = True
        self._changed()

    def _ticked(self) -> None:
        self._arrange()
        self._changed()

    def _rows(self) -> list[ipywidgets.DOMWidget]:
        return [self.present, *([self.form] if self.present.value else [])]

    def _arrange(self) -> None:
        self.children = tuple(self._rows())


class ListForm(Form):
    """Any number of fields of one kind.

    Parameters
    ----------
    new : callable
        Returns an empty one.
    title, hint : str
    noun : str
        What one of them is called.
    """

    def __init__(self, new: Callable[[], Input | Form], title: str = "", hint: str = "", noun: str = "") -> None:
        self._new = new
        self._added = Button(f"Add {noun}".strip(), self._add_empty, hint)
        super().__init__({}, lambda given: given, title=title, hint=hint)

    @property
    def given(self) -> Any:
        """What is filled in, one after the other."""
        return tuple(field.given for field in self.fields.values())

    @property
    def value(self) -> Any:
        """The objects, one after the other."""
        errors = self.errors
        if errors:
            raise InvalidInputError("; ".join(f"{place}: {message}" for place, message in errors.items()))
        return [field.value for field in self.fields.values()]

    @value.setter
    def value(self, value: Any) -> None:
        with self._one_change():
            self.fill(value)

    def add(self, value: Any = None) -> Any:
        """Add one, filled in with what is given, and return its field."""
        field = self._new()
        with self._one_change():
            if value is not None:
                field.value = value
            self._take(str(len(self.fields)), field)
            self._arrange()
        return field

    def remove(self, place: int) -> None:
        """Take one away."""
        kept = list(self.fields.values())
        require(0 <= place < len(kept), f"place is {place}, but there are {len(kept)}, counted from 0.")
        with self._one_change():
            del kept[place]
            self.fields = {str(number): field for number, field in enumerate(kept)}
            self._arrange()

    def fill(self, value: Any) -> None:
        """Show these, and no others."""
        self.fields = {}
        for one in value or ():
            self.add(one)
        self._arrange()
        self.forget()

    def __len__(self) -> int:
        return len(self.fields)

    def _own_errors(self) -> Faults:
        return {}

    def _add_empty(self) -> None:
        self.add()

    def _rows(self) -> list[ipywidgets.DOMWidget]:
        return [*(self._row(field) for field in self.fields.values()), self._added]

    def _row(self, field: Input | Form) -> ipywidgets.DOMWidget:
        def remove() -> None:
            self.remove(list(self.fields.values()).index(field))

        row = ipywidgets.VBox([field, Button("Remove", remove)])
        row.add_class("snb-item")
        row.add_class("snb-wide")
        return row


class MapForm(ListForm):
    """Any number of fields of one kind, each under a name.

    Parameters
    ----------
    new : callable
        Returns an empty one.
    title, hint : str
    noun : str
        What one of them is called.
    """

    def __init__(self, new: Callable[[], Input | Form], title: str = "", hint: str = "", noun: str = "") -> None:
        def named() -> Form:
            form = Form({"name": text_input("Name"), "value": new()}, lambda given: given)
            form.add_class("snb-named")
            return form

        super().__init__(named, title, hint, noun)

    @property
    def given(self) -> Any:
        """What is filled in, by name."""
        return {one["name"].given: one["value"].given for one in self.fields.values() if isinstance(one, Form)}

    @property
    def value(self) -> Any:
        """The objects, by name."""
        errors = self.errors
        if errors:
            raise InvalidInputError("; ".join(f"{place}: {message}" for place, message in errors.items()))
        return {one["name"].value: one["value"].value for one in self.fields.values() if isinstance(one, Form)}

    @value.setter
    def value(self, value: Any) -> None:
        with self._one_change():
            self.fill(value)

    def add(self, value: Any = None, name: str = "") -> Any:
        """Add one under a name, and return its field."""
        return super().add({"name": name, "value": value} if name or value is not None else None)

    def fill(self, value: Mapping[str, Any] | None) -> None:
        """Show these, and no others."""
        self.fields = {}
        for name, one in (value or {}).items():
            self.add(one, name)
        self._arrange()
        self.forget()

    def _own_errors(self) -> Faults:
        names = [one["name"].given for one in self.fields.values()]
        return {
            f"{place}.name": f"name is {name!r}, which stands here twice. Give each a name of its own."
            for place, name in enumerate(names)
            if name in names[:place]
        }
