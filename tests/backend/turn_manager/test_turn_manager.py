"""Rules that all turn managers follow: measured, not believed.

A law is refused at p < 1e-4 with fixed seeds; `fits` and `share_is` are themselves shown to refuse wrong laws.
"""

import itertools
import json
import random
from collections import Counter

import pytest
from support.speaking import NAMES, TURNS, WEIGHTS, choices, fits, said, share_is, speakers, uniform

import syndisco_nb as snb
from syndisco_nb import Hosted, RandomOther, RespondWithProbability, RoundRobin, TurnManager, Weighted
from syndisco_nb.errors import InvalidInputError, UnknownArgumentError
from syndisco_nb.records import Message
from syndisco_nb.seeds import generator


def test_the_yardsticks_take_right_laws_and_refuse_wrong_ones():
    rng = random.Random(1)
    dice = Counter(rng.choices("abc", [5, 3, 2], k=TURNS))
    assert fits(dice, {"a": 5, "b": 3, "c": 2})
    assert not fits(dice, {"a": 5.3, "b": 2.9, "c": 1.8})
    assert not fits(dice, uniform("abc"))
    assert not fits(dice, {"a": 5, "b": 5, "c": 0})
    assert not fits(dice, {"a": 5, "b": 3, "c": 2, "d": 0.1})
    assert share_is(dice["a"], TURNS, 0.5)
    assert not share_is(dice["a"], TURNS, 0.52)
    assert not share_is(dice["a"], TURNS, 0.48)
    assert share_is(0, TURNS, 0)
    assert not share_is(1, TURNS, 0)
    assert not share_is(TURNS - 1, TURNS, 1)


@pytest.mark.parametrize(
    "manager",
    [RandomOther(), RespondWithProbability(0.5), Weighted({}), Hosted(2, then=RandomOther())],
    ids=lambda manager: type(manager).__name__,
)
def test_the_first_speaker_is_uniform(manager):
    first = choices(manager, [])
    assert fits(first, uniform(NAMES))
    assert not fits(first, uniform(NAMES) | {"Ana": 2})


@pytest.mark.parametrize("kind", [RandomOther, RespondWithProbability], ids=lambda kind: kind.__name__)
def test_the_first_speaker_is_uniform_when_used_alone(kind):
    first = Counter(kind(names=NAMES, seed=seed).next() for seed in range(TURNS))
    assert fits(first, uniform(NAMES))


MANAGERS = [
    RoundRobin(),
    RandomOther(),
    RespondWithProbability(0),
    RespondWithProbability(0.5),
    RespondWithProbability(1),
    Weighted(WEIGHTS),
    Hosted(2, host="Ana"),
    Hosted(3, host="Cem", then=RandomOther()),
    Hosted(2, then=RespondWithProbability(0.5)),
]


@pytest.mark.parametrize("manager", MANAGERS, ids=repr)
@pytest.mark.parametrize("names", [NAMES, NAMES[:3]], ids=len)
def test_nobody_follows_themselves(manager, names):
    order = speakers(manager, 2000, names)
    assert all(one != other for one, other in itertools.pairwise(order))
    assert set(order) == set(names) or manager.settings().get("p") == 1


@pytest.mark.parametrize(
    ("history", "due"),
    [
        ([], False),
        (["Ana!"], False),
        (["Ana"], True),
        (["Ana", "(Ben)"], False),
        (["Ana", "[Mo]"], False),
        (["Ana", "[Mo]", "Ben"], True),
    ],
)
@pytest.mark.parametrize("manager", [RoundRobin(), RandomOther(), Hosted(3, host="Ana")], ids=repr)
def test_the_moderator_has_the_floor_after_every_kept_comment(manager, history, due):
    assert manager.moderates(said(*history)) is due


@pytest.mark.parametrize("manager", MANAGERS, ids=repr)
def test_one_manager_serves_interleaved_discussions_without_leaking(manager):
    first, second = said("Ana!"), said("Dia!", "Ben")
    names = {1: NAMES, 2: list(reversed(NAMES))}
    alone = {1: list(first), 2: list(second)}
    for seed, history in alone.items():
        for turn in range(40):
            history.append(Message(turn, turn, manager.choose(names[seed], history, generator(seed, turn)), "…", "m"))
    mixed = {1: first, 2: second}
    for turn in range(40):
        for seed, history in mixed.items():
            history.append(Message(turn, turn, manager.choose(names[seed], history, generator(seed, turn)), "…", "m"))
    assert mixed == alone


@pytest.mark.parametrize("manager", MANAGERS, ids=repr)
def test_choosing_changes_neither_the_manager_nor_the_history(manager):
    history = said("Ana!", "Ben", "(Cem)")
    before = dict(vars(manager))
    state = random.getstate()
    manager.choose(NAMES, tuple(history), random.Random(1))
    assert dict(vars(manager)) == before
    assert random.getstate() == state


RANDOM = {
    "RandomOther": lambda seed: RandomOther(NAMES, seed=seed),
    "RespondWithProbability": lambda seed: RespondWithProbability(0.5, NAMES, seed=seed),
    "Weighted": lambda seed: Weighted(WEIGHTS, NAMES, seed=seed),
    "Hosted": lambda seed: Hosted(2, host="Ana", then=RandomOther(), names=NAMES, seed=seed),
}


@pytest.mark.parametrize("make", RANDOM.values(), ids=RANDOM.keys())
def test_the_same_seed_gives_the_same_order_and_another_seed_another(make):
    def order(manager):
        return [manager.next() for _ in range(50)]

    assert order(make(4)) == order(make(4))
    assert order(make(4)) != order(make(5))
    assert order(make(None)) != order(make(None))


@pytest.mark.parametrize("make", RANDOM.values(), ids=RANDOM.keys())
def test_managers_of_one_seed_do_not_share_a_generator(make):
    one, other = make(4), make(4)
    expected = [one.next() for _ in range(10)]
    make(9).next()
    assert [other.next() for _ in range(10)] == expected


def test_a_new_rule_needs_only_choose():
    class Last(TurnManager):
        def choose(self, names, history, rng):
            return names[-1]

    assert Last(["Ana", "Ben"]).next() == "Ben"
    assert Last().settings() == {"type": "Last"}


@pytest.mark.parametrize("manager", MANAGERS, ids=repr)
def test_settings_are_plain_data_that_tell_rules_apart(manager):
    assert json.loads(json.dumps(manager.settings())) == manager.settings()
    assert sum(manager.settings() == other.settings() for other in MANAGERS) == 1


@pytest.mark.parametrize("manager", [manager for manager in MANAGERS if not isinstance(manager, Hosted)], ids=repr)
def test_the_repr_makes_the_manager_again(manager):
    name = type(manager).__name__
    again = eval(repr(manager), {name: getattr(snb, name)})  # noqa: S307
    assert again.settings() == manager.settings()


KINDS = {
    "RoundRobin": RoundRobin,
    "RandomOther": RandomOther,
    "RespondWithProbability": RespondWithProbability,
    "Weighted": lambda **keywords: Weighted({}, **keywords),
    "Hosted": lambda **keywords: Hosted(2, **keywords),
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS.keys())
def test_a_name_given_twice_is_refused(make):
    with pytest.raises(InvalidInputError, match=r"'Ana'.* more than once"):
        make(names=["Ana", "Ben", "Ana"])
    with pytest.raises(InvalidInputError, match=r"'Ana'.* more than once"):
        make().initialize_names(["Ana", "Ben", "Ana"])


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS.keys())
def test_no_names_are_refused(make):
    with pytest.raises(InvalidInputError, match="at least one name"):
        make().initialize_names([])
    with pytest.raises(InvalidInputError, match="initialize_names"):
        make().next()


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS.keys())
def test_one_text_for_several_names_is_refused(make):
    with pytest.raises(InvalidInputError, match="names"):
        make().initialize_names("Eva")


@pytest.mark.parametrize("name", KINDS)
def test_a_misspelt_keyword_is_refused_with_the_class_and_the_right_one(name):
    with pytest.raises(UnknownArgumentError, match=rf"^{name} has no argument 'nmaes'\. Did you mean 'names'\?"):
        KINDS[name](nmaes=["Ana"])
