"""`Assumption`: a condition under which a contrast may be believed, and whether the data keep it."""

from dataclasses import dataclass, field

from syndisco_nb.shown import Shown


@dataclass(frozen=True, slots=True)
class Assumption(Shown):
    """A condition under which a contrast may be believed.

    Attributes
    ----------
    name : str
    text : str
        The figures behind it.
    holds : bool or None
        Whether the data keep it; None where they cannot tell.
    """

    name: str
    text: str
    holds: bool | None = field(kw_only=True)

    @property
    def status(self) -> str:
        """The answer in a word: "holds", "broken" or "cannot tell"."""
        return {True: "holds", False: "broken", None: "cannot tell"}[self.holds]

    def __repr__(self) -> str:
        return f"<Assumption {self.name}: {self.status}. {self.text}>"
