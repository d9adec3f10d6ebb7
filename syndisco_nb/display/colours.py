"""Speakers' colours: the same for a name wherever it appears, told apart by the colour-blind.

Eight colours, each in a variant for light and for dark grounds. They were found by search: with normal
vision, protanopia and deuteranopia (simulated after Machado et al., 2009), any two differ by 20 or more
(CIE 1976 colour difference), and each has a contrast of 4.5:1 or more to its grounds. The tests measure both.
"""

import hashlib
from collections.abc import Iterable

LIGHT = ("#0606db", "#631603", "#117438", "#607411", "#04619f", "#4d1924", "#214963", "#117460")
DARK = ("#9292fc", "#fb7756", "#4ce68a", "#c7e64c", "#afdefd", "#db94a2", "#66a3cc", "#b8f5e9")
BETWEEN = ("#6a6af0", "#c9543a", "#1f9a55", "#7d9122", "#2f89c9", "#b0606f", "#4a83a8", "#2f9c85")
"""For lines (3:1 or more on both grounds), where a host has stripped the style sheet and with it the theme."""

MODERATOR = 8
"""Everyone else's colour: grey."""
GREY = "#808080"


def colours(names: Iterable[str]) -> dict[str, int]:
    """Return the number of each name's colour.

    It follows from the name alone, unless an earlier one has it and another is free.
    """
    found: dict[str, int] = {}
    for name in names:
        if name in found:
            continue
        first = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=2).digest()[0] % len(LIGHT)
        order = [(first + step) % len(LIGHT) for step in range(len(LIGHT))]
        free = [number for number in order if number not in found.values()]
        found[name] = (free or order)[0]
    return found


def line(colour: int) -> str:
    """Return a colour for lines on any ground, as hex."""
    return GREY if colour == MODERATOR else BETWEEN[colour]
