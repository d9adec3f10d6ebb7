"""Forms that hold an optional form, any number of fields, or named fields."""

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets

from syndisco_nb.errors import require
from syndisco_nb.widgets.forms.controls import Button
from syndisco_nb.widgets.forms.form import Form
from syndisco_nb.widgets.forms.form_field import Faults, Field
from syndisco_nb.widgets.forms.inputs import check_input, text_input


class OptionalForm(Form):
    """A form with a checkbox: unticked, the value is None.

    Parameters
    ----------
    form : Form
    label, hint : str
        Of the checkbox.

    Attributes
    ----------
    present : Input
        The checkbox; filling in a field ticks it.
    """

    def __init__(self, form: Form, label: str, hint: str = "") -> None:
        self.form = form
        self.present = check_input(label, hint)
        super().__init__()
        form.add_class("snb-nested")
        form.on_change(self._filled)
        self.present.on_change(self._ticked)
        self.fields = form.fields
        self._arrange()

    def focus_on(self, path: str = "") -> None:
        """Move the focus to the field at a dotted path, or to the checkbox; as in `Field.focus_on`."""
        (self.form if path and self.present.value else self.present).focus_on(path)

    @property
    def given(self) -> Any:
        """The content of the form, unchecked, or None."""
        return self.form.given if self.present.value else None

    def show(self, errors: Faults, everything: bool = False) -> None:
        """Show faults; arguments as in `Field.show`."""
        self.form.show(errors, everything)

    @property
    def touched(self) -> bool:
        """True if the user has changed the checkbox or any field."""
        return self.present.touched or super().touched

    def mark_untouched(self) -> None:
        """Treat the content as initial: no field counts as changed by the user."""
        self.present.mark_untouched()
        super().mark_untouched()

    def _check_all(self) -> tuple[Any, Faults]:
        return self.form._check_all() if self.present.value else (None, {})

    def _result(self, checked: Any) -> Any:
        return self.form._result(checked) if self.present.value else None

    def _fill(self, value: Any) -> None:
        if value is not None:
            self.form.value = value
        self.present.value = value is not None

    def _filled(self) -> None:
        if not self._collecting_changes and not self.present.value:
            self.present.value = True
        self._changed()

    def _ticked(self) -> None:
        self._arrange()
        self._changed()

    def _arrange(self) -> None:
        self.children = (self.present, *([self.form] if self.present.value else []))


class ListForm(Form):
    """Any number of fields of one kind.

    Parameters
    ----------
    new : callable
        Returns an empty field.
    title, hint : str
    noun : str
        The name of one, for the button that adds it.
    """

    def __init__(self, new: Callable[[], Field], title: str = "", hint: str = "", noun: str = "") -> None:
        self._new = new
        self._noun = noun
        self._add_button = Button(f"Add {noun}".strip(), self._add_empty, hint)
        self._items: dict[
            Field, ipywidgets.DOMWidget
        ] = {}  # what shows a field, made once: else it would lose the focus
        super().__init__(title=title, hint=hint)

    @property
    def given(self) -> Any:
        """The contents of the fields, unchecked."""
        return tuple(field.given for field in self.fields.values())

    def add(self, value: Any = None) -> Any:
        """Add a field, filled in with a value if one is given, and return it."""
        field = self._new()
        with self._one_change():
            if value is not None:
                field.value = value
            self._add(str(len(self.fields)), field)
            self._arrange()
        return field

    def remove(self, place: int) -> None:
        """Remove a field by its place, from 0."""
        kept = list(self.fields.values())
        require(0 <= place < len(kept), f"place is {place}, but there are {len(kept)}, counted from 0.", "place")
        with self._one_change():
            del kept[place]
            self.fields = {str(number): field for number, field in enumerate(kept)}
            self._arrange()

    def focus_on(self, path: str = "") -> None:
        """Move the focus to the field at a dotted path, or to the button that adds one; as in `Field.focus_on`."""
        if path.partition(".")[0] in self.fields:
            super().focus_on(path)
        else:
            self._add_button.focus_on()

    def __len__(self) -> int:
        return len(self.fields)

    def _result(self, checked: Any) -> Any:
        return [field.value for field in self.fields.values()]

    def _fill(self, value: Any) -> None:
        self.fields = {}
        for item in value or ():
            self.add(item)
        self._arrange()

    def _add_empty(self) -> None:
        self.add().focus_on()

    def _rows(self) -> list[Any]:
        self._items = {field: self._items.get(field) or self._item(field) for field in self.fields.values()}
        return [*self._items.values(), self._add_button]

    def _item(self, field: Field) -> ipywidgets.DOMWidget:
        def remove() -> None:
            place = list(self.fields.values()).index(field)
            self.remove(place)
            self.focus_on(str(min(place, len(self) - 1)))  # what is left there, or the button that adds one

        item = ipywidgets.VBox([field, Button("Remove", remove, f"Remove this {self._noun}".strip())])
        item.add_class("snb-item")
        item.add_class("snb-wide")
        return item


class MapForm(ListForm):
    """Any number of fields of one kind, each under a name.

    Parameters
    ----------
    new : callable
        Returns an empty field.
    title, hint : str
    noun : str
        The name of one, for the button that adds it.
    """

    def __init__(self, new: Callable[[], Field], title: str = "", hint: str = "", noun: str = "") -> None:
        def named() -> Form:
            form = Form({"name": text_input("Name"), "value": new()})
            form.add_class("snb-named")
            return form

        super().__init__(named, title, hint, noun)

    @property
    def given(self) -> Any:
        """The contents of the fields by name, unchecked."""
        return {named["name"]: named["value"] for named in super().given}

    def add(self, value: Any = None, name: str = "") -> Any:
        """Add a field under a name, filled in with a value if one is given, and return both as a form.

        Parameters
        ----------
        value : Any
        name : str
        """
        return super().add({"name": name, "value": value} if name or value is not None else None)

    def _check(self, given: Any) -> tuple[Any, Faults]:
        names = [named["name"] for named in super().given]
        return given, {
            f"{place}.name": f"The name {name!r} is given twice. Choose another name."
            for place, name in enumerate(names)
            if name in names[:place]
        }

    def _result(self, checked: Any) -> Any:
        return {self[place]["name"].value: self[place]["value"].value for place in self.fields}

    def _fill(self, value: Mapping[str, Any] | None) -> None:
        super()._fill(())
        for name, content in (value or {}).items():
            self.add(content, name)
