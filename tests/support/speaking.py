"""Long discussions of turn managers, and tests of whether their speakers follow a law."""

from collections import Counter

from scipy.stats import binomtest, chisquare

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
