"""A host, or the moderator, has the floor after every few comments."""

import itertools
import random
from collections import Counter

import pytest
from support.speaking import NAMES, fits, said, speakers, uniform

from syndisco_nb import Hosted, RandomOther, RoundRobin, TurnManager
from syndisco_nb.errors import InvalidInputError
from syndisco_nb.records import Message


def test_a_host_has_the_floor_after_every_n_comments_of_others():
    order = speakers(Hosted(2, host="Cem"), 9)
    assert order == ["Ana", "Ben", "Cem", "Dia", "Eva", "Cem", "Ana", "Ben", "Cem"]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_hosted_talk_is_otherwise_the_other_managers(n):
    order = speakers(Hosted(n, host="Cem", then=RandomOther()), 6000)
    hosted = [i for i, name in enumerate(order) if name == "Cem"]
    assert hosted == list(range(n, 6000, n + 1))
    others = [name for name in order if name != "Cem"]
    assert fits(Counter(others), uniform(["Ana", "Ben", "Dia", "Eva"]))
    assert all(one != other for one, other in itertools.pairwise(others))


def test_the_other_manager_knows_nothing_of_the_host():
    class LeastHeard(TurnManager):
        def choose(self, names, history, rng):
            assert "Ana" not in {*names, *(message.name for message in history)}
            return min(names, key=[message.name for message in history].count)

    order = speakers(Hosted(4, host="Ana", then=LeastHeard()), 10)
    assert order == ["Ben", "Cem", "Dia", "Eva", "Ana"] * 2


def test_silences_and_moderators_do_not_bring_the_host_closer():
    manager, rng = Hosted(2, host="Ana"), random.Random(1)
    assert manager.choose(NAMES, said("Ana", "Ben", "(Cem)", "[Mo]"), rng) != "Ana"
    assert manager.choose(NAMES, said("Ana", "Ben", "(Cem)", "[Mo]", "Dia"), rng) == "Ana"


def test_an_opening_by_another_brings_the_host_closer():
    assert Hosted(2, host="Ana").choose(NAMES, said("Ben!", "Cem"), random.Random(1)) == "Ana"


def test_a_host_who_opened_or_stayed_silent_has_had_the_floor():
    manager, rng = Hosted(2, host="Ana"), random.Random(1)
    assert manager.choose(NAMES, said("Ana!", "Ben"), rng) != "Ana"
    assert manager.choose(NAMES, said("Ben", "Cem", "(Ana)"), rng) == "Dia"


def test_a_function_may_say_when_the_host_has_the_floor():
    def after_ben(history):
        return bool(history) and history[-1].name == "Ben"

    assert speakers(Hosted(after_ben, host="Eva"), 7) == ["Ana", "Ben", "Eva", "Cem", "Dia", "Ana", "Ben"]


def test_a_function_sees_the_whole_history():
    seen = []
    history = said("Ana!", "(Ben)", "[Mo]", "Cem")
    Hosted(seen.append, host="Eva").choose(NAMES, history, random.Random(1))
    assert seen == [history]


def test_a_host_whose_function_always_holds_does_not_follow_themselves():
    order = speakers(Hosted(lambda history: True, host="Ana"), 20)
    assert all(one != other for one, other in itertools.pairwise(order))


def test_a_number_gives_the_moderator_the_floor_after_every_n_comments():
    manager, history, moderated = Hosted(3), [], []
    for turn in range(1, 13):
        history.append(Message(len(history), turn, NAMES[turn % 5], "…", "m", silent=turn == 5))
        if manager.moderates(history):
            moderated.append(turn)
            history.append(Message(len(history), turn, "Mo", "…", "m", "moderator"))
    assert moderated == [3, 7, 10]


def test_a_silent_moderator_has_had_the_floor():
    silent = Message(2, 2, "Mo", "", "m", "moderator", silent=True)
    assert not Hosted(2).moderates([*said("Ana", "Ben"), silent])
    assert not Hosted(2).moderates([*said("Ana", "Ben"), silent, *said("Ana")])


def test_a_function_gives_the_moderator_the_floor_but_never_twice_in_a_row():
    manager = Hosted(lambda history: True)
    assert manager.moderates(said("Ana"))
    assert manager.moderates([])
    assert not manager.moderates(said("Ana", "[Mo]"))
    assert not Hosted(lambda history: False).moderates(said("Ana"))


def test_the_moderator_form_leaves_the_order_to_the_other_manager():
    assert speakers(Hosted(2), 6) == speakers(RoundRobin(), 6)
    assert speakers(Hosted(2, then=RandomOther()), 100) == speakers(RandomOther(), 100)


@pytest.mark.parametrize("rule", [0, -1, True, 1.5, "often", None])
def test_what_is_no_rule_is_refused(rule):
    with pytest.raises(InvalidInputError, match="rule is "):
        Hosted(rule)


def test_a_host_who_does_not_take_part_is_refused_with_those_who_do():
    with pytest.raises(InvalidInputError, match="'Anna' is not among the participants: Ana, Ben"):
        Hosted(2, host="Anna", names=["Ana", "Ben"]).next()


def test_what_is_no_turn_manager_cannot_decide_for_the_others():
    with pytest.raises(InvalidInputError, match="then is "):
        Hosted(2, then="RandomOther")
