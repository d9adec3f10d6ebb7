"""How speakers look: a name has one colour wherever that is free, and up to eight in one talk have eight colours.

Eight colours, each in a variant for light and for dark grounds. They were found by search: with normal
vision, protanopia and deuteranopia (simulated after Machado et al., 2009), any two differ by 20 or more
(CIE 1976 colour difference), and each has a contrast of 4.5:1 or more to its grounds. The tests measure both.

A reader who goes from one discussion to the next, or from a table to a transcript, finds Ana by her colour: so it
follows from her name, unless another has it who comes before her in the alphabet. Then she has the next one that is
free. The others are those of the same talk or, where the display knows the run and eight colours are enough for all
who may take part in it, those of the run. From the ninth speaker on, the colours are used again with a dotted line and
a ring around the initials, then with a double one.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

LIGHT = ("#0606db", "#631603", "#117438", "#607411", "#04619f", "#4d1924", "#214963", "#117460")
DARK = ("#9292fc", "#fb7756", "#4ce68a", "#c7e64c", "#afdefd", "#db94a2", "#66a3cc", "#b8f5e9")
BETWEEN = ("#6a6af0", "#c9543a", "#1f9a55", "#7d9122", "#2f89c9", "#b0606f", "#4a83a8", "#2f9c85")
"""For lines (3:1 or more on both grounds), where a host has stripped the style sheet and with it the theme."""

GREY = "#808080"
LINES = ("solid", "dotted", "double")
"""The lines of the first eight speakers, the next eight and so on, seen also without a style sheet; then anew."""


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
    """Return the look of each name; those who come later change none before them.

    Examples
    --------
    >>> looks(["Ana", "Ben"])
    {'Ana': Look(colour=0, line=0), 'Ben': Look(colour=1, line=0)}
    >>> looks(["Ben"])  # whose own colour is Ana's
    {'Ben': Look(colour=0, line=0)}
    """
    found: dict[str, Look] = {}
    free: list[int] = []
    for place, name in enumerate(dict.fromkeys(names)):
        free = free or list(range(len(LIGHT)))
        own = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=2).digest()[0] % len(LIGHT)
        colour = (own + min((one - own) % len(LIGHT) for one in free)) % len(LIGHT)
        free.remove(colour)
        found[name] = Look(colour, place // len(LIGHT) % len(LINES))
    return found


def cast_order(cast: Iterable[str], pool: Iterable[str] = ()) -> list[str]:
    """Return those who take part in a talk in the order for `looks`, which is that of no single talk.

    Parameters
    ----------
    cast : iterable of str
    pool : iterable of str
        All who may take part in the run. They count if there are colours for all.

    Examples
    --------
    >>> cast_order(["Ben", "Ana"], ["Ana", "Ben", "Aron"])
    ['Ana', 'Aron', 'Ben']
    """
    everybody = {*cast, *pool}
    return sorted(everybody if len(everybody) <= len(LIGHT) else set(cast))


def pool_of(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of all who may take part in a run, from `Run.spec`."""
    users = spec.get("users")
    return tuple(str(one.get("name")) for one in users) if isinstance(users, list) else ()
