"""Colours of speakers: the same name has the same colour wherever it is free; eight speakers have eight colours.

The eight are purple, brown (orange on dark grounds), green, olive (yellow), blue, red, pink and teal, each in a variant
for light and for dark grounds. They were found by search: with normal vision, protanopia and deuteranopia (simulated
after Machado et al., 2009), any two differ by 10.5 on light and 14.5 on dark grounds (CIEDE2000 colour difference),
with tritanopia by 6 and 7.5. Each has a contrast of 4.5:1 or more to its grounds, and enough chroma to be seen as a
colour. The tests measure all of it.

A reader who goes from one discussion to the next, or from a table to a transcript, finds Ana by her colour. It follows
from her name, unless somebody before her in the cast has it; then she gets the next free one. The cast are all who may
take part in the run, study or corpus (`Transcript.cast`), so she has one look in all of it. Each group of eight in the
cast has all eight colours and a line of its own, beside the comments and around the initials: the first eight a thin
one, the next eight a dotted one, and so on. Up to 64 have looks that nobody else has.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

LIGHT = ("#6a02a2", "#7d3300", "#076535", "#796d00", "#0c57fb", "#ac4e54", "#961f5a", "#007881")
DARK = ("#a36aff", "#ef6200", "#71e19f", "#d4d823", "#71c4ff", "#cf706c", "#ff3f9e", "#00a5ad")
THEMELESS = ("#7355d6", "#b94600", "#0e8448", "#af910c", "#5c93e3", "#e27076", "#d63583", "#148c97")
"""Colours of lines, 3:1 or more on both grounds, for hosts that strip the style sheet and with it the theme."""

GREY = "#808080"
_TEXT = 17
"""Pixels from the outer side of a line to the text beside it."""
LINES = (
    (3, "solid"),
    (4, "dotted"),
    (5, "double"),
    (9, "solid"),
    (9, "dotted"),
    (11, "double"),
    (9, "ridge"),
    (9, "dashed"),
)
"""Pixels and style of the lines of the first eight of a cast, of the next eight and so on; no style sheet is needed."""


class Look(NamedTuple):
    """Number of a speaker's colour, and of the line that tells speakers of one colour apart."""

    colour: int
    line: int = 0

    @property
    def fill(self) -> str:
        """The hex colour of a bar or a line, 3:1 or more on any ground."""
        return GREY if self == MODERATOR else THEMELESS[self.colour]

    @property
    def border(self) -> str:
        """The CSS of the line beside a message, for any ground."""
        width, style = self._line
        return f"{width}px {style} {self.fill}"

    @property
    def beside(self) -> str:
        """The CSS of what stands beside the line; the text begins at the same place, however wide the line is."""
        return f"border-left:{self.border};padding:0 0 0 {_TEXT - self._line[0]}px"

    @property
    def _line(self) -> tuple[int, str]:
        return (3, "double") if self == MODERATOR else LINES[self.line]

    @property
    def classes(self) -> str:
        """The CSS classes of a speaker's elements; none for a moderator."""
        if self == MODERATOR:
            return ""
        return f"snb-c{self.colour} snb-l{self.line}" if self.line else f"snb-c{self.colour}"


MODERATOR = Look(len(LIGHT))
"""Look of a moderator: a double line in grey."""


def looks(names: Iterable[str]) -> dict[str, Look]:
    """Return the look of each name; a later name never changes the look of an earlier one.

    Examples
    --------
    >>> looks(["Ana", "Ben"])
    {'Ana': Look(colour=0, line=0), 'Ben': Look(colour=1, line=0)}
    >>> looks(["Ben"])  # alone, Ben has Ana's colour
    {'Ben': Look(colour=0, line=0)}
    """
    by_name: dict[str, Look] = {}
    free: list[int] = []
    for place, name in enumerate(dict.fromkeys(names)):
        free = free or list(range(len(LIGHT)))
        own = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=2).digest()[0] % len(LIGHT)
        colour = (own + min((colour - own) % len(LIGHT) for colour in free)) % len(LIGHT)
        free.remove(colour)
        by_name[name] = Look(colour, place // len(LIGHT) % len(LINES))
    return by_name
