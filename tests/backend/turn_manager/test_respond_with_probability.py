"""The last-but-one speaker answers with probability p."""

import itertools
from collections import Counter

import pytest
from support.speaking import NAMES, TURNS, choices, fits, said, share_is, speakers, uniform

from syndisco_nb import RespondWithProbability
from syndisco_nb.errors import InvalidInputError


@pytest.mark.parametrize("p", [0, 0.3, 0.5, 1])
def test_the_last_but_one_speaker_answers_with_probability_p(p):
    order = speakers(RespondWithProbability(p))
    answered = sum(order[i] == order[i - 2] for i in range(2, TURNS))
    assert share_is(answered, TURNS - 2, p)
    wrong_laws = {0.171, 0.167, 0.2, p + 0.03, p - 0.03} - {p}
    assert not any(share_is(answered, TURNS - 2, wrong) for wrong in wrong_laws if 0 <= wrong <= 1)


@pytest.mark.parametrize("p", [0, 0.3, 0.5])
def test_if_nobody_answers_anyone_else_joins_in_uniformly(p):
    order = speakers(RespondWithProbability(p), seed=2)
    joined = Counter()
    for before, last, now in zip(order, order[1:], order[2:], strict=False):
        others = [name for name in NAMES if name not in (before, last)]
        if now != before:
            joined[others.index(now)] += 1
    assert fits(joined, uniform(range(3)))
    assert not fits(joined, {0: 1.3, 1: 1, 2: 1})


def test_who_answers_does_not_depend_on_where_the_names_stand():
    order = speakers(RespondWithProbability(0.5), seed=3)
    answers = Counter(now for before, now in zip(order, order[2:], strict=False) if before == now)
    turns = Counter(order[:-2])
    assert all(share_is(answers[name], turns[name], 0.5) for name in NAMES)


@pytest.mark.parametrize("p", [0, 0.5, 1])
def test_after_one_comment_anyone_but_its_author_may_respond(p):
    for history in (said("Ana!"), said("Ana"), said("Ana", "(Ben)", "[Mo]")):
        assert fits(choices(RespondWithProbability(p), history, 5000), uniform(NAMES[1:]))


@pytest.mark.parametrize("p", [0, 0.5, 1])
def test_two_people_alternate(p):
    order = speakers(RespondWithProbability(p), 100, names=["Ana", "Ben"])
    assert all(one != other for one, other in itertools.pairwise(order))


def test_a_moderator_with_the_name_of_a_user_does_not_count_as_that_user():
    assert choices(RespondWithProbability(1), said("Ana", "Ben", "[Cem]"), 100) == {"Ana": 100}


@pytest.mark.parametrize("p", [2, -0.1, 1.0001, float("nan"), "0.5", None, ["Ana", "Ben"]])
def test_what_is_no_probability_is_refused(p):
    with pytest.raises(InvalidInputError) as caught:
        RespondWithProbability(p)
    assert f"p is {p!r}" in str(caught.value)
    assert "from 0 to 1" in str(caught.value)
