"""One after the other."""

import random

import pytest
from support.speaking import NAMES, said

from syndisco_nb import RoundRobbin, RoundRobin


def test_both_spellings_are_one_class():
    assert RoundRobbin is RoundRobin


def test_the_guides_way_of_setting_names_works():
    manager = RoundRobbin()
    manager.initialize_names(["Ana", "Ben", "Cem"])
    assert [manager.next() for _ in range(7)] == ["Ana", "Ben", "Cem", "Ana", "Ben", "Cem", "Ana"]


def test_setting_names_again_starts_over():
    manager = RoundRobin(["Ana", "Ben"])
    manager.next()
    manager.initialize_names(["Cem", "Ana"])
    assert [manager.next() for _ in range(3)] == ["Cem", "Ana", "Cem"]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([], "Ana"),
        (["Ana!"], "Ben"),
        (["Eva!"], "Ana"),
        (["Ana", "Ben"], "Cem"),
        (["Ana", "(Ben)"], "Cem"),
        (["Ana", "[Mo]"], "Ben"),
        (["Ana", "(Ben)", "[Mo]"], "Cem"),
        (["Ana", "Stranger"], "Ben"),
    ],
)
def test_round_robin_follows_whoever_last_had_the_floor(history, expected):
    assert RoundRobin().choose(NAMES, said(*history), random.Random(1)) == expected
