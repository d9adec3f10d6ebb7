from dataclasses import replace

import pytest

import syndisco_nb as snb
from examples import talk
from syndisco_nb.display.comparison import comparison_page
from syndisco_nb.display.options import Limits
from syndisco_nb.display.sections import Sides, Table
from syndisco_nb.errors import InvalidInputError


def test_turns_stand_beside_each_other_and_the_first_difference_is_named():
    left = talk()
    changed = replace(left.comments[2], text="Something else.")
    right = replace(left, seed=8, comments=(*left.comments[:2], changed, *left.comments[3:]))
    page = comparison_page(snb.compare(left, right), Limits())
    (sides,) = [block for block in page.blocks if isinstance(block, Sides)]
    assert [(turn, same) for turn, _, _, same in sides.rows] == [
        ("opening", True),
        ("1", True),
        ("2", False),
        ("3", True),
        ("4", True),
        ("5", True),
    ]
    assert dict(page.facts) == {"the same": "5 of 6 turns", "first difference": "turn 2"}


def test_what_differs_in_how_they_were_made_is_listed_and_nothing_else():
    left = talk()
    right = replace(left, seed=8, moderator=None, settings={**left.settings, "num_turns": 9})
    (table,) = [
        block for block in comparison_page(snb.compare(left, right), Limits()).blocks if isinstance(block, Table)
    ]
    assert {row[0]: row[1:] for row in table.rows} == {
        "seed": ("7", "8"),
        "num turns": ("6", "9"),
        "moderator": ("Mo", "none"),
    }


def test_the_same_one_twice_has_no_difference():
    page = comparison_page(snb.compare(talk(), talk()), Limits())
    assert dict(page.facts)["first difference"] == "none"
    assert not [block for block in page.blocks if isinstance(block, Table)]


def test_a_name_has_one_colour_on_both_sides():
    left, right = talk(names=("Ana", "Ben", "Cem")), talk(names=("Zoe", "Cem", "Ana"))
    (sides,) = [
        block for block in comparison_page(snb.compare(left, right), Limits()).blocks if isinstance(block, Sides)
    ]
    colours = {}
    for _, *both, _ in sides.rows:
        for entry in [*both[0], *both[1]]:
            colours.setdefault(entry.name, set()).add(entry.colour)
    assert {len(found) for found in colours.values()} == {1}


def test_only_transcripts_can_be_compared():
    with pytest.raises(InvalidInputError, match="right is 3, but must be a Transcript"):
        snb.compare(talk(), 3)
