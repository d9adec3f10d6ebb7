"""The base of the forms that fill in a design: of a study, a discussion or an annotation."""

import functools
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from syndisco_nb.builder import ExperimentBuilder
from syndisco_nb.builder.design import Design
from syndisco_nb.builder.design_file import save_design
from syndisco_nb.builder.documents import as_document
from syndisco_nb.builder.fields import validate
from syndisco_nb.errors import InvalidInputError, SyndiscoError
from syndisco_nb.runs.files import as_path
from syndisco_nb.runs.layout import PathLike
from syndisco_nb.widgets.forms.action_bar import ActionBar
from syndisco_nb.widgets.forms.fold_section import Section, box
from syndisco_nb.widgets.forms.form import Form
from syndisco_nb.widgets.forms.form_field import Faults, Field, faults_in_words
from syndisco_nb.widgets.forms.permission import REMEDY, Permission
from syndisco_nb.widgets.forms.summaries import summary
from syndisco_nb.widgets.forms.unfinished_code import as_far_as_it_goes, comments
from syndisco_nb.wording import count


class DesignForm(Form):
    """The fields of a design in sections that fold, and an action bar below them.

    Parameters
    ----------
    fields, title, hint
        As in `Form`.
    sections : mapping of str to sequence of str
        The names of the fields in each; fields in none of them go into the last.
    stage : ActionBar
    """

    def __init__(
        self,
        fields: Mapping[str, Field],
        sections: Mapping[str, Sequence[str]],
        title: str,
        hint: str,
        stage: ActionBar,
    ) -> None:
        self._members = {name: [member for member in members if member in fields] for name, members in sections.items()}
        placed = {member for members in self._members.values() for member in members}
        list(self._members.values())[-1].extend(name for name in fields if name not in placed)
        self.stage = stage
        stage.faults.follow = self.focus_on
        self.permission = Permission(self.allow)
        self._seen: Faults = {}
        self._listing = False  # whether the errors are listed below the buttons
        self.sections: dict[str, Section] = {}
        super().__init__(fields, title, hint)

    # Hooks of subclasses

    @abstractmethod
    def _made(self, builder: ExperimentBuilder) -> Any:
        """Return the `value`, made of a builder of the design."""

    def _settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings of the design, of the content of the fields."""
        return dict(given)

    def _missing(self, given: Mapping[str, Any]) -> Faults:
        """Return the faults that make any others irrelevant, such as empty fields."""
        return {}

    def _unfinished(self) -> Faults:
        """Return all that stands against the main button: the `errors`, and what only a run needs."""
        return self.errors

    @abstractmethod
    def _code_of(self, design: Design) -> str:
        """Return Python that makes the value of a design."""

    # The content

    def _check(self, given: Any) -> tuple[ExperimentBuilder | None, Faults]:
        if missing := self._missing(given):
            return None, missing
        design, faults = validate(Design, self._settings(given))
        if design is None:
            return None, faults
        builder = ExperimentBuilder.from_design(design, self["model"].models)
        self._made(builder)  # raises if the settings do not fit together
        return builder, {}

    def _result(self, checked: ExperimentBuilder) -> Any:
        return self._made(checked)

    def _design(self) -> Design:
        """Return the design alone, even if `value` could not be made of it."""
        design, faults = validate(Design, self._settings(self.given))
        if design is None:
            raise InvalidInputError(faults_in_words(faults))
        return design

    def _fill(self, value: Any) -> None:
        if isinstance(value, ExperimentBuilder):
            self["model"].models = value.models
            value = value.design
        super()._fill(value)

    def document(self) -> Any:
        """Return the whole design as plain data."""
        return as_document(self._design())

    def save(self, path: PathLike) -> Path:
        """Write the design to a file, as `ExperimentBuilder.save` does; return its path.

        Raises
        ------
        InvalidInputError
            If the content has faults.
        StorageError
            If the file cannot be written.
        """
        return save_design(self._design(), as_path("path", path))

    def code(self) -> str:
        """Return Python that makes an equal object; where the form is not finished, as far as it goes."""
        given, faults = self.given, self._unfinished()
        design, _ = as_far_as_it_goes(functools.partial(validate, Design), self._settings(given))
        return comments(faults, given) + self._code_of(design or Design())

    # From a file

    def load(self, path: PathLike) -> None:
        """Fill in the design of a file that `save` wrote, or that was written by hand.

        Anything that it would touch beyond this form and its folder is shown, and refused until `allow`.
        """
        builder = ExperimentBuilder.load(path)
        if builder.models.guard:
            builder.models.guard = replace(builder.models.guard, remedy=REMEDY)
        self.value = builder

    def allow(self) -> None:
        """Allow all that a loaded design asks for, as the button does."""
        self["model"].models.guard = None
        self.stage.say("")
        self._changed()

    # On screen

    def show(self, errors: Faults, everything: bool = False) -> None:
        """Show faults beside the fields and at the head of their section, and the permission to be given.

        Arguments as in `Field.show`.
        """
        super().show(errors, everything)
        guard = self["model"].models.guard
        self.permission.update(guard, guard.refused_of(self.given) if guard else [])
        self._seen = {
            path: text
            for path, text in errors.items()
            if (first := path.partition(".")[0]) in self.fields and (everything or self.fields[first].touched)
        }
        for section in self.sections.values():
            section.update()
        self._listing = self._listing and bool(errors)
        shown = sorted(self._seen, key=self._place_of) if self._listing else []
        self.stage.faults.update(shown + [path for path in errors if self._listing and path not in self._seen])

    def ready(self, faults: Callable[[], Faults] | None = None) -> bool:
        """Return whether there are no faults; else list them until they are mended; as in `Form.ready`."""
        self._listing = True
        self.stage.say("")
        return super().ready(faults)

    def __repr__(self) -> str:
        try:
            content = repr(self.value)
        except SyndiscoError:
            content = f"{count(len(self.errors), 'error')}"
        return f"<{type(self).__name__}: {content}>"

    def _arrange(self) -> None:
        for name, members in self._members.items():
            fields = [self.fields[member] for member in members]
            content, faults = functools.partial(self._summary, members), functools.partial(self._faults_in, members)
            self.sections[name] = Section(name, fields, content, faults, opened=not self.sections)
        self._stack(box(list(self.sections.values()), "snb-sections"), self.permission, self.stage)

    def _summary(self, members: Sequence[str]) -> str:
        texts = (summary(member, self.fields[member].given) for member in members)
        return " · ".join(filter(None, texts)) or "none"

    def _faults_in(self, members: Sequence[str]) -> str:
        number = sum(path.partition(".")[0] in members for path in self._seen)
        return count(number, "error") if number else ""

    def _screen_order(self) -> Sequence[str]:
        return [member for members in self._members.values() for member in members]

    def _open_section(self, name: str) -> None:
        next(self.sections[title] for title, members in self._members.items() if name in members).unfold()
