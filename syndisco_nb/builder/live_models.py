"""The live models of a design."""

from typing import Any

from syndisco_nb.backend.model.base import Model
from syndisco_nb.builder.parts import Part, as_part
from syndisco_nb.builder.trust import Guard


class Models:
    """The live models of a design: those that the user gave, and those made from parts.

    Each is made once, so that weights are not loaded twice and a key that was given is kept.

    Attributes
    ----------
    guard : Guard or None
        Refuses touches of the parts, if they were read from a file.
    """

    def __init__(self, guard: Guard | None = None) -> None:
        self.guard = guard
        self._made: dict[str, Model] = {}

    def keep(self, value: Any) -> Any:
        """Keep a live model and return its part; return any other value as it is."""
        if not isinstance(value, Model):
            return value
        part = as_part("model", value, Model)
        self._made[part.key] = value
        return part

    def make(self, part: Part) -> Model:
        """Return the model of a part."""
        if part.key not in self._made:
            self._made[part.key] = part.make()
        return self._made[part.key]

    def check_trust(self, thing: Any) -> None:
        """Raise `TrustError` if a thing, such as a design, would do something that its reader has not allowed."""
        if self.guard:
            self.guard.check(thing)

    def __repr__(self) -> str:
        return f"<Models: {len(self._made)}>"
