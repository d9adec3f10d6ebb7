"""`PersonRow`, one row of the table of people."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syndisco_nb.backend.persona import LLMPersona, require_username
from syndisco_nb.errors import PersonaError
from syndisco_nb.field_labels import with_label
from syndisco_nb.widgets.forms.form_field import Faults

LISTS = ("personality_characteristics",)
"""Attributes whose values are lists, separated by semicolons."""


@dataclass(eq=False)
class PersonRow:
    """The attributes of one person, valid or not.

    Attributes
    ----------
    attributes : dict
    typed : set of str
        The attributes that the user typed into the table; the faults of others are not shown yet.
    """

    attributes: dict[str, Any]
    typed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, person: LLMPersona | Mapping[str, Any]) -> "PersonRow":
        """Return the row of a person, or of attributes."""
        return cls(person.attributes if isinstance(person, LLMPersona) else dict(person))

    @property
    def name(self) -> str:
        """The user name."""
        return str(self.attributes.get("username", "")).strip()

    @property
    def blank(self) -> bool:
        """True if nothing is filled in: then the row is nobody."""
        return not any(str(value).strip() for value in self.attributes.values() if value not in (None, ()))

    @functools.cached_property
    def faults(self) -> Faults:
        """The first fault, by its attribute; empty if this is a person."""
        try:
            require_username(LLMPersona(**{"username": "", **self.attributes}))
        except PersonaError as error:
            name = error.field if error.field in self.attributes else "username"
            return {name: with_label(str(error), name)}
        return {}

    @functools.cached_property
    def given(self) -> Any:
        """The person, or the attributes if these have a fault."""
        return self.attributes if self.faults else LLMPersona(**self.attributes)

    def cell(self, attribute: str) -> str:
        """Return the text of a cell."""
        value = self.attributes.get(attribute)
        return "; ".join(value) if isinstance(value, tuple | list) else "" if value is None else str(value)

    def filled(self, texts: Mapping[str, str]) -> "PersonRow":
        """Return the row with other texts in some cells, by attribute; see `edited`."""
        row = self
        for attribute, text in texts.items():
            row = row.edited(attribute, text)
        return row

    def edited(self, attribute: str, text: str) -> "PersonRow":
        """Return the row with another text in a cell.

        Parameters
        ----------
        attribute : str
        text : str
            Items of a list are separated by semicolons.
        """
        listed = attribute in LISTS or isinstance(self.attributes.get(attribute), tuple)
        value = tuple(part.strip() for part in text.split(";") if part.strip()) if listed else text
        return PersonRow({**self.attributes, attribute: value}, {*self.typed, attribute})
