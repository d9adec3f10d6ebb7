"""Some speak more often than others."""

import itertools
import random
from collections import Counter

import pytest
from support.speaking import NAMES, WEIGHTS, choices, fits, said, speakers, uniform

from syndisco_nb import Weighted
from syndisco_nb.errors import InvalidInputError


def test_weighted_follows_the_weights_given_the_last():
    law = WEIGHTS | {"Eva": 1}
    steps = Counter(itertools.pairwise(speakers(Weighted(WEIGHTS))))
    for last in NAMES:
        after = Counter({name: count for (before, name), count in steps.items() if before == last})
        others = {name: weight for name, weight in law.items() if name != last}
        assert fits(after, others)
        assert not fits(after, uniform(others))
        assert not fits(after, others | {"Ben": 1.5, "Cem": 1})


def test_a_weight_of_zero_means_never_while_another_can_speak():
    assert set(speakers(Weighted({"Ana": 0}), 1000)) == set(NAMES[1:])
    only_ana_left = Weighted({"Ana": 0, "Ben": 1})
    assert only_ana_left.choose(["Ana", "Ben"], said("Ben"), random.Random(1)) == "Ana"


def test_the_first_weighted_speaker_follows_the_weights():
    first = choices(Weighted(WEIGHTS), [])
    assert fits(first, WEIGHTS | {"Eva": 1})
    assert not fits(first, uniform(NAMES))


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf"), "heavy", None])
def test_what_is_no_weight_is_refused_by_name(weight):
    with pytest.raises(InvalidInputError, match=r"weights\.Ana is "):
        Weighted({"Ana": weight})
