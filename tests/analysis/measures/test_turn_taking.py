import math

import pytest
from support.talks import talk_of

from syndisco_nb.analysis.measures.measure_registry import MEASURES
from syndisco_nb.analysis.measures.turn_taking import comments_by_speaker, entropy, gini


def talk_by(letters, **given):
    names = {"a": "Ana", "b": "Ben", "c": "Cem", "o": "Op", "m": "Mo"}
    return talk_of(*(f"{names[letter]}: yes" for letter in letters), **given)


def test_speaker_returns():
    assert MEASURES["speaker_returns"](talk_by("abacb")) == 1 / 3
    assert MEASURES["speaker_returns"](talk_by("obamca")) == 1 / 2  # b a c a, without opening and moderator
    assert math.isnan(MEASURES["speaker_returns"](talk_by("ab")))


def test_gap():
    assert MEASURES["gap"](talk_by("abcaab")) == (2 + 0 + 3) / 3
    assert math.isnan(MEASURES["gap"](talk_by("abc")))


def test_entropy_of_shares():
    assert entropy([4, 3, 3, 2]) == pytest.approx(1.95915, abs=5e-6)
    assert entropy([4, 3, 3, 2]) / 2 == pytest.approx(0.97957, abs=6e-6)
    assert math.isnan(entropy([0, 0]))


def test_gini():
    assert gini([6, 3, 1]) == pytest.approx(1 / 3, abs=1e-9)
    assert gini([0, 0, 3]) == pytest.approx(2 / 3)
    assert math.isnan(gini([0, 0]))
    assert math.isnan(gini([]))


def test_shares_of_a_discussion():
    talk = talk_by("aaaaaabbbc")
    assert MEASURES["evenness"](talk) == pytest.approx(0.817345, abs=5e-7)
    assert MEASURES["gini"](talk) == pytest.approx(1 / 3)
    assert MEASURES["entropy"](talk) == pytest.approx(0.817345 * math.log2(3), abs=1e-6)
    assert MEASURES["evenness"](talk_by("ab", users=["Ana", "Ben"])) == 1
    assert math.isnan(MEASURES["evenness"](talk_by("aa", users=["Ana"])))


def test_participants_who_say_nothing_count():
    talk = talk_by("ab")
    assert comments_by_speaker(talk) == {"Ana": 1, "Ben": 1, "Cem": 0}
    assert MEASURES["evenness"](talk) == pytest.approx(1 / math.log2(3))
