"""The last speakers, as every turn manager counts them."""

import itertools
import random

import pytest
from support.speaking import NAMES, WEIGHTS, choices, fits, said, uniform

from syndisco_nb import RandomOther, RespondWithProbability, Weighted
from syndisco_nb.records import Message
from syndisco_nb.seeds import generator


def test_silences_and_moderators_do_not_count_as_speaking():
    history = said("Ana", "Ben", "(Cem)", "[Mo]", "(Dia)")
    assert fits(choices(RandomOther(), history, 5000), uniform(["Ana", "Cem", "Dia", "Eva"]))
    assert choices(RespondWithProbability(1), history, 500) == {"Ana": 500}
    assert fits(choices(RespondWithProbability(0), history, 5000), uniform(["Cem", "Dia", "Eva"]))
    assert fits(choices(Weighted(WEIGHTS), history, 5000), WEIGHTS | {"Eva": 1, "Ben": 0})


def test_the_opening_counts_as_speaking():
    assert fits(choices(RandomOther(), said("Ana!"), 5000), uniform(NAMES[1:]))
    assert choices(RespondWithProbability(1), said("Ana!", "Ben"), 500) == {"Ana": 500}
    assert "Ana" not in choices(Weighted({"Ana": 100}), said("Ana!"), 500)


@pytest.mark.parametrize("manager", [RandomOther(), RespondWithProbability(0.5), Weighted(WEIGHTS)], ids=repr)
def test_nobody_follows_themselves_across_silences_and_moderation(manager):
    rng, history = random.Random(5), said("Ana!")
    for turn in range(1, 3000):
        name = manager.choose(NAMES, history[-30:], generator(5, "speaker", turn))
        history.append(Message(turn, turn, name, "…", "m", silent=rng.random() < 0.4))
        if rng.random() < 0.3:
            history.append(Message(turn, turn, "Mo", "…", "m", "moderator"))
    spoken = [message.name for message in history if message.role != "moderator" and not message.silent]
    assert len(spoken) > 1000
    assert all(one != other for one, other in itertools.pairwise(spoken))
