"""Exports to the formats of other tools."""

from syndisco_nb.analysed import Analysed
from syndisco_nb.exchanged import Exchanged


def test_whatever_holds_discussions_can_be_exported():
    assert issubclass(Analysed, Exchanged)
