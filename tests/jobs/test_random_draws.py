"""Topics and participants are drawn uniformly, from the discussion's seed."""

from collections import Counter
from itertools import permutations

import pytest
from scipy.stats import chi2_contingency, chisquare
from support.experiments import discuss, person

import syndisco_nb as snb


def uniform(counts, kinds):
    """Return whether these counts look like draws from a uniform distribution over so many kinds."""
    return len(counts) == kinds and chisquare(list(counts.values())).pvalue > 1e-4


def test_users_are_drawn_without_replacement(users):
    experiment = discuss(users, num_active_users=3)
    for seed in range(200):
        assert {user.name for user in experiment.discussion(0, seed).transcript.users} == {"Ana", "Ben", "Cem"}


def test_topics_are_drawn_uniformly_and_apart_from_users(users):
    experiment = discuss(users, num_active_users=1)
    drawn = [experiment.discussion(0, seed).transcript for seed in range(3000)]
    pairs = Counter((transcript.topic, transcript.users[0].name) for transcript in drawn)
    assert uniform(Counter(transcript.topic for transcript in drawn), 3)
    table = [[pairs[topic, user.name] for user in users] for topic in experiment.topics]
    assert chi2_contingency(table).pvalue > 1e-4


@pytest.mark.parametrize("by", ["index", "seed"])
def test_active_users_and_their_order_are_drawn_uniformly(users, by):
    experiment = discuss([*users, person("Dan", model="other")])
    counts = Counter()
    for number in range(4000):
        discussion = experiment.discussion(number, 0) if by == "index" else experiment.discussion(0, number)
        counts[tuple(user.name for user in discussion.transcript.users)] += 1
    assert set(counts) == set(permutations(["Ana", "Ben", "Cem", "Dan"], 2))
    assert uniform(counts, 12)


def test_a_host_takes_part_in_every_discussion(users):
    hosted = discuss(users, turn_manager=snb.Hosted(2, host="Ben"), num_active_users=2)
    drawn = [[user.name for user in hosted.discussion(0, seed).users] for seed in range(600)]
    assert all("Ben" in names and len(set(names)) == 2 for names in drawn)
    assert chisquare([sum(name in names for names in drawn) for name in ("Ana", "Cem")]).pvalue > 1e-4
    assert chisquare([sum(names[place] == "Ben" for names in drawn) for place in (0, 1)]).pvalue > 1e-4
