"""Limits of experiments."""

import pytest
from support.experiments import discuss

import syndisco_nb as snb
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.experiments.limits import MAX_CONCURRENCY, MAX_COUNT


@pytest.mark.parametrize("name", ["num_discussions", "num_turns"])
def test_numbers_end_where_a_plan_no_longer_fits_memory(users, name):
    discuss(users, **{name: MAX_COUNT})
    with pytest.raises(InvalidInputError, match=f"{name} is 1000001, but may be 1,000,000 at most") as caught:
        discuss(users, **{name: MAX_COUNT + 1})
    assert caught.value.field == name


def test_both_experiments_have_the_same_default_concurrency(users, annotator):
    both = discuss(users), snb.AnnotationExperiment([annotator])
    assert [experiment.max_concurrency for experiment in both] == [MAX_CONCURRENCY] * 2
