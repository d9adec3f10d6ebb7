"""Turn managers: measured, not believed.

A law is refused at p < 1e-4 with fixed seeds; `fits` and `share_is` are themselves shown to refuse wrong laws.
"""

import itertools
import json
import random
from collections import Counter

import pytest
from scipy.stats import binomtest, chisquare

import syndisco_nb as snb
from syndisco_nb import (
    Hosted,
    RandomOther,
    RespondWithProbability,
    RoundRobbin,
    RoundRobin,
    TurnManager,
    Weighted,
)
from syndisco_nb.errors import InvalidInputError, UnknownArgumentError
from syndisco_nb.records import Message
from syndisco_nb.seeds import generator

NAMES = ["Ana", "Ben", "Cem", "Dia", "Eva"]
WEIGHTS = {"Ana": 3, "Ben": 1, "Cem": 0.5, "Dia": 2}
TURNS = 20_000
LEVEL = 1e-4


def fits(counts, law):
    """Return whether counts fit a law, both by outcome; the law's numbers need not add up to 1."""
    possible = [outcome for outcome, share in law.items() if share]
    if set(counts) - set(possible):
        return False
    trials, whole = sum(counts.values()), sum(law.values())
    expected = [trials * law[outcome] / whole for outcome in possible]
    return chisquare([counts[outcome] for outcome in possible], expected).pvalue >= LEVEL


def share_is(hits, trials, p):
    return binomtest(hits, trials, p).pvalue >= LEVEL


def uniform(names):
    return dict.fromkeys(names, 1)


def said(*speakers):
    """Return a history; "Ana" comments, "(Ana)" is silent, "Ana!" opens, "[Mo]" moderates."""
    history = []
    for index, speaker in enumerate(speakers):
        role = "opening" if speaker.endswith("!") else "moderator" if speaker.startswith("[") else "participant"
        silent = speaker.startswith("(")
        history.append(Message(index, index, speaker.strip("()[]!"), "" if silent else "…", "m", role, silent))
    return history


def speakers(manager, turns=TURNS, names=NAMES, seed=1):
    """Return who speaks in one long talk, with the chances that a discussion would deal out."""
    history = []
    for turn in range(turns):
        name = manager.choose(names, history[-8:], generator(seed, "speaker", turn))
        history.append(Message(turn, turn, name, "…", "m"))
    return [message.name for message in history]


def choices(manager, history, draws=TURNS, names=NAMES):
    """Return how often each name is chosen after a history, over many seeds."""
    return Counter(manager.choose(names, history, generator(seed, "speaker", 1)) for seed in range(draws))


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


def test_both_spellings_are_one_class():
    assert RoundRobbin is RoundRobin


def test_the_guides_way_of_setting_names_works():
    manager = RoundRobbin()
    manager.initialize_names(["Ana", "Ben", "Cem"])
    assert [manager.next() for _ in range(7)] == ["Ana", "Ben", "Cem", "Ana", "Ben", "Cem", "Ana"]


def test_setting_names_again_starts_over():
    manager = RoundRobin(["Ana", "Ben"])
    manager.next()
    manager.initialize_names(["Cem", "Ana"])
    assert [manager.next() for _ in range(3)] == ["Cem", "Ana", "Cem"]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([], "Ana"),
        (["Ana!"], "Ben"),
        (["Eva!"], "Ana"),
        (["Ana", "Ben"], "Cem"),
        (["Ana", "(Ben)"], "Cem"),
        (["Ana", "[Mo]"], "Ben"),
        (["Ana", "(Ben)", "[Mo]"], "Cem"),
        (["Ana", "Stranger"], "Ben"),
    ],
)
def test_round_robin_follows_whoever_last_had_the_floor(history, expected):
    assert RoundRobin().choose(NAMES, said(*history), random.Random(1)) == expected


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


def test_random_other_is_uniform_over_the_others_given_the_last():
    steps = Counter(itertools.pairwise(speakers(RandomOther())))
    for last in NAMES:
        after = Counter({name: count for (before, name), count in steps.items() if before == last})
        others = [name for name in NAMES if name != last]
        assert fits(after, uniform(others))
        assert not fits(after, uniform(others) | {others[0]: 1.3})
        assert not fits(after, uniform(NAMES))


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


def test_the_first_weighted_speaker_follows_the_weights():
    first = choices(Weighted(WEIGHTS), [])
    assert fits(first, WEIGHTS | {"Eva": 1})
    assert not fits(first, uniform(NAMES))


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


def test_silences_and_moderators_do_not_count_as_speaking():
    history = said("Ana", "Ben", "(Cem)", "[Mo]", "(Dia)")
    assert fits(choices(RandomOther(), history, 5000), uniform(["Ana", "Cem", "Dia", "Eva"]))
    assert choices(RespondWithProbability(1), history, 500) == {"Ana": 500}
    assert fits(choices(RespondWithProbability(0), history, 5000), uniform(["Cem", "Dia", "Eva"]))
    assert fits(choices(Weighted(WEIGHTS), history, 5000), WEIGHTS | {"Eva": 1, "Ben": 0})


def test_a_moderator_with_the_name_of_a_user_does_not_count_as_that_user():
    assert choices(RespondWithProbability(1), said("Ana", "Ben", "[Cem]"), 100) == {"Ana": 100}


def test_the_opening_counts_as_speaking():
    assert fits(choices(RandomOther(), said("Ana!"), 5000), uniform(NAMES[1:]))
    assert choices(RespondWithProbability(1), said("Ana!", "Ben"), 500) == {"Ana": 500}
    assert "Ana" not in choices(Weighted({"Ana": 100}), said("Ana!"), 500)


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


def test_starting_over_repeats_the_order():
    manager = RandomOther(NAMES, seed=4)
    order = [manager.next() for _ in range(20)]
    manager.initialize_names(NAMES)
    assert [manager.next() for _ in range(20)] == order


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
    again = eval(repr(manager), vars(snb))  # noqa: S307
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


@pytest.mark.parametrize("p", [2, -0.1, 1.0001, float("nan"), "0.5", None, ["Ana", "Ben"]])
def test_what_is_no_probability_is_refused(p):
    with pytest.raises(InvalidInputError) as caught:
        RespondWithProbability(p)
    assert f"p is {p!r}" in str(caught.value)
    assert "from 0 to 1" in str(caught.value)


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf"), "heavy", None])
def test_what_is_no_weight_is_refused_by_name(weight):
    with pytest.raises(InvalidInputError, match=r"weights\.Ana is "):
        Weighted({"Ana": weight})


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
