"""The next label that a person is asked for."""

from dataclasses import replace

import pytest

import syndisco_nb as snb
from syndisco_nb.experiments.open_label import OpenLabel
from syndisco_nb.jobs.labelled_units import LabelledUnit
from syndisco_nb.records import Message, Transcript

COMMENTS = tuple(Message(place, place, "Ana", f"{place}.", "m") for place in range(3))
TALK = Transcript("x", 4, 0, "", (), comments=COMMENTS)


@pytest.mark.parametrize(
    ("unit", "place", "to_the_blind"),
    [
        (LabelledUnit("comment", "Ana", "2.", 2, "participant", 2), "comment 2", "turn 2"),
        (LabelledUnit("participant", "Ana", "1.", role="participant"), "Ana", "Ana"),
        (LabelledUnit("discussion", "", "0."), "the whole discussion", "the whole discussion"),
    ],
)
def test_the_title_names_what_is_labelled_and_to_the_blind_no_condition(unit, place, to_the_blind):
    asked = OpenLabel("none.discussion-00004", TALK, COMMENTS, unit, snb.Flag("rude", unit=unit.unit), {})
    assert repr(asked) == f"<OpenLabel: rude of {place}, none, discussion 4>"
    assert repr(replace(asked, blind=True)) == f"<OpenLabel: rude of {to_the_blind}>"
    assert asked.key == unit.key(asked.scale)
    assert asked.comment == (COMMENTS[2] if unit.unit == "comment" else None)
