"""Seeds: a number for every purpose, the same on every machine."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from syndisco_nb import seeds
from syndisco_nb.seeds import (
    SEED_LIMIT,
    annotation_seed,
    derive,
    discussion_seed,
    generator,
    given_or_drawn,
    label_seed,
    message_seed,
)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [((7, "topic"), 2031779234256455), ((7,), 4529759442210690), ((0, "sampling", "participant", 4), 2650575303436736)],
)
def test_derived_seeds_never_change_between_versions_or_machines(arguments, expected):
    assert derive(*arguments) == expected


@pytest.mark.parametrize(
    ("seed", "purpose"),
    [
        (discussion_seed(7, 3), ("discussion", 3)),
        (message_seed(7, "participant", 2), ("sampling", "participant", 2)),
        (annotation_seed(7, "discussion-00003", 1), ("annotation", "discussion-00003", 1)),
        (label_seed(7, "comment", 4, "toxicity"), ("label", 4, "toxicity")),
        (label_seed(7, "comment", 4, ""), ("label", 4)),
        (label_seed(7, "participant", "Ana", "toxicity"), ("unit label", "participant", "Ana", "toxicity")),
        (label_seed(7, "discussion", "", "toxicity"), ("unit label", "discussion", "", "toxicity")),
    ],
)
def test_the_seeds_of_what_is_drawn_are_those_of_their_purpose(seed, purpose):
    assert seed == derive(7, *purpose)


@settings(deadline=None)
@given(st.integers(0, 2**64), st.lists(st.text() | st.integers(), max_size=3))
def test_every_seed_is_an_integer_that_json_readers_keep_exactly(seed, purpose):
    found = derive(seed, *purpose)
    assert type(found) is int
    assert 0 <= found < SEED_LIMIT == 2**53
    assert int(float(found)) == found


def test_seeds_and_purposes_do_not_collide():
    found = {derive(seed, what, turn) for seed in range(50) for what in ("speaker", "topic") for turn in range(50)}
    assert len(found) == 50 * 2 * 50


def test_the_parts_of_a_purpose_do_not_run_together():
    assert len({derive(1, "a", "b"), derive(1, "ab"), derive(1, "b", "a"), derive(11, "a"), derive(1, "1a")}) == 5


def test_first_draws_of_neighbouring_seeds_are_uniform():
    draws = Counter(generator(seed, "opener").choice("abcde") for seed in range(20_000))
    assert chisquare(list(draws.values())).pvalue > 1e-4
    assert len(draws) == 5


def test_a_generator_belongs_to_its_purpose_alone():
    alone = [generator(3, "topic").random() for _ in range(2)]
    generator(3, "users").random()
    assert alone == [generator(3, "topic").random()] * 2
    assert alone[0] != generator(3, "users").random()


def test_the_global_generator_is_neither_read_nor_seeded():
    random.seed(1)
    before = random.getstate()
    first = generator(3, "topic").random()
    given_or_drawn(None)
    assert random.getstate() == before
    random.seed(2)
    assert generator(3, "topic").random() == first


def test_drawn_seeds_are_fresh_even_with_the_global_generator_seeded():
    drawn = set()
    for _ in range(200):
        random.seed(1)
        drawn.add(given_or_drawn(None))
    assert len(drawn) >= 199
    assert all(0 <= seed < SEED_LIMIT for seed in drawn)


def test_a_drawn_seed_has_32_bits_and_comes_from_the_operating_system(monkeypatch):
    asked = []
    monkeypatch.setattr(seeds.secrets, "randbelow", lambda limit: asked.append(limit) or 5)
    assert given_or_drawn(None) == 5
    assert asked == [2**32]


def test_a_given_seed_may_be_zero():
    assert given_or_drawn(0) == 0
