"""Checks of turn taking: who speaks next, who speaks first, and whether the moderator is asked when due."""

from collections import Counter
from collections.abc import Hashable, Iterator

from syndisco_nb.analysis.checks.condition_records import ConditionRecords
from syndisco_nb.analysis.checks.finding import RANGE_LEVEL, Finding, exact, strongest, undecided
from syndisco_nb.analysis.checks.tally import Tally
from syndisco_nb.analysis.checks.turn_laws import (
    NextSpeaker,
    moderator_is_due,
    next_speaker,
    own_manager,
    simulated_speaker,
    turns,
)
from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.records import Message, Transcript
from syndisco_nb.wording import count, more

_SIMULATED_TURNS = 300  # turns of a user's own turn manager whose law is simulated
_NOTICED = 0.25  # departure from a respond probability that the data must suffice to notice, with power .8
_POWER = 0.8
_LEAST_DUE = 10  # times with the floor after which a moderator who never spoke is a failure, and not only a warning
_OWN = "The turn manager ({}) has a rule of your own that is not defined here. Define its class, then check again."


def turn_taking(records: ConditionRecords) -> Finding | None:
    """Check whether speakers follow the law of the turn manager, first turns apart.

    The share of turns in which the last-but-one speaker answers is compared with a respond probability by an exact
    binomial test; other draws with their chances by chi-square, or by simulated draws where counts are small. A
    speaker whom the rule excludes is a failure by itself.
    """
    replies: dict[float, Counter[bool]] = {}
    tally = Tally(1)
    wrong: list[str] = []
    n, unknown = 0, ""
    for transcript, turn, law in _laws(records):
        if law is None:
            unknown = _manager_type(transcript)
            continue
        n += 1
        answers = law.reply is not None and turn.name == law.reply[0]
        if not law.is_possible(turn.name):
            wrong.append(f"turn {turn.turn} of discussion {transcript.index} ({turn.name})")
            continue
        if turn.turn > 1 and law.reply:
            replies.setdefault(law.reply[1], Counter())[answers] += 1
        if turn.turn > 1 and not answers:
            tally.add(tuple(law.chances), tuple(law.chances.values()), turn.name)
    if wrong:
        reason = f"The rule excludes the speaker of {_some(wrong)}. The class of the turn manager breaks its own rule."
        return exact(len(wrong), n, reason)
    if not n:
        return undecided(_OWN.format(unknown)) if unknown else None
    tests = [_respond_probability(p, outcomes) for p, outcomes in replies.items()]
    tests += [_shares(tally)] if tally.n else []
    return strongest(tests) if tests else exact(0, n, "")


def first_speaker(records: ConditionRecords) -> Finding | None:
    """Check whether all participants, and all places in their order, are equally likely to begin.

    Counts the poster of an opening without an author, and the speaker of turn 1 where the turn manager draws them.
    """
    tallies = {"posts the opening": (Tally(2), Tally(3)), "speaks first": (Tally(4), Tally(5))}

    def add(part: str, names: list[str], law: NextSpeaker, name: str) -> None:
        of_names, of_places = tallies[part]
        options = [one for one in names if one in law.chances]
        chances = [law.chances[one] for one in options]
        of_names.add(options, chances, name)
        of_places.add(range(1, len(options) + 1), chances, options.index(name) + 1)

    without_author = _topics_without_author(records)
    for transcript in records.own:
        names = [user.name for user in transcript.users]
        opening = [message for message in transcript.comments if message.role == "opening"]
        if len(opening) == 1 and opening[0].name in names and transcript.topic in without_author:
            add("posts the opening", names, NextSpeaker(None, dict.fromkeys(names, 1 / len(names))), opening[0].name)
        turn, history = next(turns(transcript), (None, []))
        law = next_speaker(transcript.settings.get("turn_manager", {}), names, history) if turn else None
        if turn and law and not law.reply and turn.name in law.chances:
            add("speaks first", names, law, turn.name)
    tests = [_beginner(part, tally) for part, pair in tallies.items() for tally in pair if tally.n]
    return strongest(tests) if tests else None


def moderator_due(records: ConditionRecords) -> Finding | None:
    """Check whether the moderator had the floor whenever the rule says so, and no other time, and ever spoke."""
    moderated = [transcript for transcript in records.own if transcript.moderator]
    wrong: list[str] = []
    due, spoken = 0, 0
    for transcript in moderated:
        for message, history in _steps(transcript):
            is_due = moderator_is_due(transcript.settings.get("turn_manager", {}), history)
            if is_due is None:
                return undecided(_OWN.format(_manager_type(transcript)))
            has_floor = message is not None and message.role == "moderator"
            due += is_due
            spoken += message is not None and has_floor and not message.silent
            if is_due != has_floor:
                place = f"turn {history[-1].turn if history else 0} of discussion {transcript.index}"
                wrong.append(f"{'not asked' if is_due else 'asked'} after {place}")
    if not moderated:
        return None
    if wrong:
        return exact(len(wrong), due, f"The rule of the turn manager was not kept: the moderator was {_some(wrong)}.")
    if due and not spoken:
        explanation = (
            f"The moderator had the floor {count(due, 'time')} and never said anything, so nobody was moderated."
        )
        return Finding(0, "above 0", due, explanation, "fail" if due >= _LEAST_DUE else "warn")
    return exact(0, due, "")


def _steps(transcript: Transcript) -> Iterator[tuple[Message | None, list[Message]]]:
    """Yield each message after the opening with the messages before it, guests' apart; None where it went on no more.

    A discussion that a stop condition ended, or that is under way, has no such end.
    """
    history: list[Message] = []
    for message in transcript.messages:
        if message.role == "guest":
            continue
        if message.role != "opening":
            yield message, history
        history.append(message)
    is_over = history and history[-1].turn == transcript.settings.get("num_turns")
    if is_over and transcript.ended is None:
        yield None, history


def _laws(records: ConditionRecords) -> Iterator[tuple[Transcript, Message, NextSpeaker | None]]:
    """Yield each participant's turn with the law of its speaker; None where the law is not known."""
    managers: dict[str, TurnManager | None] = {}
    left = _SIMULATED_TURNS
    for transcript in records.own:
        names = [user.name for user in transcript.users]
        settings = transcript.settings.get("turn_manager", {})
        for turn, history in turns(transcript):
            law = next_speaker(settings, names, history)
            if law is None and left:
                key = repr(settings)
                manager = managers[key] if key in managers else managers.setdefault(key, own_manager(settings))
                if manager:
                    left -= 1
                    law = simulated_speaker(manager, names, history, turn)
            yield transcript, turn, law


def _respond_probability(p: float, outcomes: Counter[bool]) -> Finding:
    """Test the share of turns in which the last-but-one speaker answers."""
    from scipy.stats import binom, binomtest, norm

    n, hits = outcomes.total(), outcomes[True]
    low, high = (float(binom.ppf(level, n, p)) / n for level in (RANGE_LEVEL / 2, 1 - RANGE_LEVEL / 2))
    needed = ((norm.isf(RANGE_LEVEL / 2) + norm.isf(1 - _POWER)) * 0.5 / _NOTICED) ** 2
    return Finding(
        figure=hits / n,
        expected=f"{p:g} ({low:.3g} to {high:.3g})",
        n=n,
        explanation=f"The last-but-one speaker answers in {hits / n:.1%} of {count(n, 'turn')}; configured are {p:.0%}."
        " The respond probability has another effect than configured, or none.",
        p=float(binomtest(hits, n, p).pvalue),
        enough=n >= needed,
    )


def _beginner(part: str, tally: Tally) -> Finding:
    def words(name: Hashable, share: float, expected: float) -> str:
        who = f"Place {name} in the order of participants" if isinstance(name, int) else str(name)
        discussions = count(tally.n, "discussion")
        return f"{who} {part} in {share:.0%} of {discussions}; by chance it would be {expected:.0%}."

    return tally.finding(words)


def _shares(tally: Tally) -> Finding:
    return tally.finding(
        lambda name, share, expected: (
            f"{name} speaks in {share:.1%} of {count(tally.n, 'turn')}; the turn manager's chances give {expected:.1%}."
        )
    )


def _topics_without_author(records: ConditionRecords) -> list[str]:
    """Return the topics whose poster is drawn: texts alone."""
    topics = records.spec["topics"] if records.spec else []
    return [topic for topic in topics if isinstance(topic, str)]


def _manager_type(transcript: Transcript) -> str:
    return str(transcript.settings.get("turn_manager", {}).get("type", "not on record"))


def _some(places: list[str]) -> str:
    """Return the first places, and the number of the others."""
    return "; ".join(places[:3]) + (f"; and {more(len(places) - 3)}" if len(places) > 3 else "")
