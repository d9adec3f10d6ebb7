"""Anyone but the last speaker."""

import itertools
from collections import Counter

from support.speaking import NAMES, fits, speakers, uniform

from syndisco_nb import RandomOther


def test_random_other_is_uniform_over_the_others_given_the_last():
    steps = Counter(itertools.pairwise(speakers(RandomOther())))
    for last in NAMES:
        after = Counter({name: count for (before, name), count in steps.items() if before == last})
        others = [name for name in NAMES if name != last]
        assert fits(after, uniform(others))
        assert not fits(after, uniform(others) | {others[0]: 1.3})
        assert not fits(after, uniform(NAMES))


def test_starting_over_repeats_the_order():
    manager = RandomOther(NAMES, seed=4)
    order = [manager.next() for _ in range(20)]
    manager.initialize_names(NAMES)
    assert [manager.next() for _ in range(20)] == order
