"""The models of a design as live objects: a design holds only their parts, plain data."""

from typing import Any

from syndisco_nb.backend.model.base import Model
from syndisco_nb.builder.parts import Part, as_part
from syndisco_nb.builder.trust import Guard


class LiveModels:
    """The models of a design as live objects: those that the user gave, and those made from parts.

    Each is made once, so that weights are not loaded twice, and a key that was given to one is kept.

    Attributes
    ----------
    guard : Guard or None
        Refuses code, files and servers to a design that was read from a file.
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
        """Raise `TrustError` if a thing, such as a design, needs a permission that its reader has not given."""
        if self.guard:
            self.guard.check(thing)

    def __repr__(self) -> str:
        return f"<LiveModels: {len(self._made)}>"
