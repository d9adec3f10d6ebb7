"""Mixin that gives a class its exports to the formats of other tools."""


class Exchanged:
    """An object whose discussions, and labels, can be written in the formats of other tools."""

    __slots__ = ()
