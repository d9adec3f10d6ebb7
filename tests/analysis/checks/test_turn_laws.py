import random

import pytest
from support.speaking import NAMES, WEIGHTS, choices, fits, said

import syndisco_nb as snb
from syndisco_nb.analysis.checks.turn_laws import (
    SIMULATED,
    moderator_is_due,
    next_speaker,
    own_manager,
    simulated_speaker,
    turns,
)
from syndisco_nb.records import Message

MANAGERS = [
    snb.RoundRobin(),
    snb.RandomOther(),
    snb.RespondWithProbability(0.3),
    snb.RespondWithProbability(0),
    snb.Weighted(WEIGHTS),
    snb.Weighted(dict.fromkeys(NAMES, 0)),
    snb.Hosted(2, host="Ben", then=snb.RespondWithProbability(0.3)),
    snb.Hosted(3, then=snb.RandomOther()),
]
HISTORIES = [
    said(),
    said("Ana!"),
    said("Ana!", "Ben"),
    said("Ana!", "Ben", "(Ana)", "[Mo]", "Cem"),
    said("Ana", "Ben", "(Ben)", "(Dia)"),
    said("Ben", "Ana", "[Mo]", "Cem", "(Eva)", "Ana"),
    said("Gast!", "Ben", "Ana"),
]


class Echo(snb.TurnManager):
    """A user's own: the last speaker again, in half of the turns."""

    def choose(self, names, history, rng):
        return history[-1].name if history and rng.random() < 0.5 else rng.choice(names)


def law_of(manager, names, history):
    law = next_speaker(manager.settings(), names, history)
    if law.reply is None:
        return dict(law.chances)
    who, p = law.reply
    return {**{name: (1 - p) * chance for name, chance in law.chances.items()}, who: p}


@pytest.mark.parametrize("manager", MANAGERS, ids=repr)
@pytest.mark.parametrize("names", [NAMES, NAMES[:3], NAMES[:2]], ids=len)
def test_the_law_is_that_of_the_class(manager, names):
    if isinstance(manager, snb.Weighted):
        manager = snb.Weighted({name: weight for name, weight in manager.weights.items() if name in names})
    for history in HISTORIES:
        law = law_of(manager, names, history)
        assert sum(law.values()) == pytest.approx(1)
        drawn = choices(manager, history, 300, names)
        assert drawn.keys() == {name for name, chance in law.items() if chance}
        assert len(drawn) == 1 or fits(drawn, law)


def test_a_reply_is_told_apart_from_the_others():
    law = next_speaker({"type": "RespondWithProbability", "p": 0.5}, NAMES, said("Ana", "Ben"))
    assert law.reply == ("Ana", 0.5)
    assert [name for name in NAMES if law.is_possible(name)] == ["Ana", "Cem", "Dia", "Eva"]
    always = next_speaker({"type": "RespondWithProbability", "p": 1.0}, NAMES, said("Ana", "Ben"))
    assert [name for name in NAMES if always.is_possible(name)] == ["Ana"]


@pytest.mark.parametrize("manager", [*MANAGERS, snb.Hosted(2), snb.Hosted(1)], ids=repr)
def test_the_moderator_is_due_when_the_class_says_so(manager):
    rng = random.Random(3)
    for _ in range(40):
        words = [
            f"{rng.choice(NAMES)}!",
            *(rng.choice(["Ana", "Ben", "(Cem)", "[Mo]"]) for _ in range(rng.randint(0, 6))),
        ]
        history = said(*words)
        expected = manager.moderates(history) and not (history and history[-1].role == "moderator")
        assert moderator_is_due(manager.settings(), history) == expected, words


def test_a_rule_of_the_users_own_is_not_known():
    assert next_speaker(snb.Hosted(lambda history: True, host="Ana").settings(), NAMES, said("Ana")) is None
    for manager in (Echo(), snb.Hosted(2, then=Echo())):
        assert next_speaker(manager.settings(), NAMES, said("Ana")) is None
    assert moderator_is_due({"type": "Unheard"}, said("Ana")) is None
    assert moderator_is_due(snb.Hosted(lambda history: True).settings(), said("Ana")) is None


def test_the_law_of_a_class_that_is_at_hand_is_simulated():
    manager = own_manager({"type": "Echo"})
    assert isinstance(manager, Echo)
    law = simulated_speaker(manager, NAMES, said("Ana"), Message(1, 1, "Ben", "Hm.", "m"))
    assert law.chances["Ana"] == pytest.approx(0.6, abs=0.12)
    assert law.is_possible("Ben")
    stranger = simulated_speaker(manager, NAMES, said("Ana"), Message(1, 1, "Zoe", "Hm.", "m"))
    assert stranger.chances["Zoe"] == 1 / (SIMULATED + 1)
    assert own_manager({"type": "Unheard"}) is None
    assert own_manager({"type": "Echo", "p": 0.5}) is None


def test_a_turn_comes_with_what_the_turn_manager_saw():
    users = [snb.LLMActor(snb.ScriptedModel("Hm."), name) for name in NAMES[:2]]
    talk = snb.Discussion(users, topic="Tax?", num_turns=2, seed=1, moderator="Calm.")
    talk.step()
    talk.inject("Hello")
    talk.run()
    seen = [(turn.turn, [one.role for one in history]) for turn, history in turns(talk.transcript)]
    assert [turn for turn, _ in seen] == [1, 2]
    assert "guest" not in seen[1][1]
