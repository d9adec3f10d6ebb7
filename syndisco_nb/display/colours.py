"""How speakers look: a name has one colour everywhere, and who shares it in one talk is drawn another way.

Eight colours, each in a variant for light and for dark grounds. They were found by search: with normal
vision, protanopia and deuteranopia (simulated after Machado et al., 2009), any two differ by 20 or more
(CIE 1976 colour difference), and each has a contrast of 4.5:1 or more to its grounds. The tests measure both.

A reader who goes from one discussion to the next, or from a table to a transcript, finds Ana by her colour: so it
follows from her name alone. Eight colours cannot tell all names apart; in a talk in which two share one, the second
has a dotted line and a ring around the initials, the third a double one.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

LIGHT = ("#0606db", "#631603", "#117438", "#607411", "#04619f", "#4d1924", "#214963", "#117460")
DARK = ("#9292fc", "#fb7756", "#4ce68a", "#c7e64c", "#afdefd", "#db94a2", "#66a3cc", "#b8f5e9")
BETWEEN = ("#6a6af0", "#c9543a", "#1f9a55", "#7d9122", "#2f89c9", "#b0606f", "#4a83a8", "#2f9c85")
"""For lines (3:1 or more on both grounds), where a host has stripped the style sheet and with it the theme."""

GREY = "#808080"
LINES = ("solid", "dotted", "double")
"""How those who share a colour in one talk are told apart, also without a style sheet; after three it begins anew."""


class Look(NamedTuple):
    """The number of a speaker's colour, and of the line that tells those apart who share it."""

    colour: int
    line: int = 0

    @property
    def fill(self) -> str:
        """The colour of a bar or a line, on any ground, as hex: 3:1 or more."""
        return GREY if self == MODERATOR else BETWEEN[self.colour]

    @property
    def border(self) -> str:
        """The line at the side of what they say, as CSS, for any ground."""
        return f"3px {LINES[self.line]} {self.fill}"

    @property
    def classes(self) -> str:
        """The classes of what is theirs; none for a moderator."""
        if self == MODERATOR:
            return ""
        return f"snb-c{self.colour} snb-l{self.line}" if self.line else f"snb-c{self.colour}"


MODERATOR = Look(len(LIGHT), LINES.index("double"))
"""The moderator's: a double line in grey."""


def looks(names: Iterable[str]) -> dict[str, Look]:
    """Return the look of each name in one talk; the colour follows from the name alone.

    Examples
    --------
    >>> looks(["Ana", "Ben"])["Ben"].colour == looks(["Ben", "Cem", "Dia"])["Ben"].colour
    True
    """
    found: dict[str, Look] = {}
    shared = [0] * len(LIGHT)
    for name in dict.fromkeys(names):
        colour = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=2).digest()[0] % len(LIGHT)
        found[name] = Look(colour, shared[colour] % len(LINES))
        shared[colour] += 1
    return found
