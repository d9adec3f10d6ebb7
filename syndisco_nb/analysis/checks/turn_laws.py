"""The laws of turn managers: how probable each next speaker is, and when the moderator is due.

They are written down here once more, apart from the classes that draw, so that a mistake there is found.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syndisco_nb.backend.turn_manager import TurnManager
from syndisco_nb.backend.turn_manager.speakers import last_two_speakers, without
from syndisco_nb.records import Message, Transcript

Settings = Mapping[str, Any]
History = Sequence[Message]

SIMULATED = 200
"""Draws from which the law of a turn manager of the user's own is estimated, for one turn."""


@dataclass(frozen=True, slots=True)
class NextSpeaker:
    """The law of one turn.

    Attributes
    ----------
    reply : tuple of str and float, or None
        The last-but-one speaker, and the probability with which they answer; None where the rule knows no such thing.
    chances : mapping of str to float
        The probability of each participant, unless the last-but-one speaker answers.
    """

    reply: tuple[str, float] | None
    chances: Mapping[str, float]

    def is_possible(self, name: str) -> bool:
        """Return whether the rule allows this speaker."""
        replies = self.reply is not None and self.reply[0] == name and self.reply[1] > 0
        joins = self.chances.get(name, 0.0) > 0 and (self.reply is None or self.reply[1] < 1)
        return replies or joins


def next_speaker(settings: Settings, names: Sequence[str], history: History) -> NextSpeaker | None:
    """Return the law of the next turn; None if the rule is a user's own.

    Parameters
    ----------
    settings : mapping
        `TurnManager.settings`, as recorded.
    names : sequence of str
        The participants, in order.
    history : sequence of Message
        All messages before the turn but guests', silences included: the turn manager sees these.

    Examples
    --------
    >>> talk = [Message(n, n, name, "Hm.", "m") for n, name in enumerate(["Ana", "Ben"])]
    >>> next_speaker({"type": "RespondWithProbability", "p": 0.5}, ["Ana", "Ben", "Cem", "Dia"], talk)
    NextSpeaker(reply=('Ana', 0.5), chances={'Cem': 0.5, 'Dia': 0.5})
    """
    rule = _LAWS.get(str(settings.get("type")))
    return rule(settings, names, history) if rule else None


def moderator_is_due(settings: Settings, history: History) -> bool | None:
    """Return whether the moderator has the floor now; None if the rule is a user's own.

    Parameters
    ----------
    settings, history
        As in `next_speaker`.
    """
    kind = str(settings.get("type"))
    if kind not in _LAWS:
        return None
    if not history or history[-1].role == "moderator":
        return False
    if kind != "Hosted":
        return history[-1].role == "participant" and not history[-1].silent
    if settings.get("host") is not None:
        return moderator_is_due(settings["then"], history)
    rule = settings.get("rule")
    if not isinstance(rule, int):
        return None
    return _comments_since(history, lambda message: message.role == "moderator") >= rule


def own_manager(settings: Settings) -> TurnManager | None:
    """Return the turn manager of the user's own with these settings, if its class is at hand in this process."""
    name = settings.get("type")
    for kind in _subclasses(TurnManager):  # type: ignore[type-abstract]  # classes below it may be concrete
        if kind.__name__ == name and name not in _LAWS:
            try:
                made = kind.from_settings(settings)
            except Exception:  # noqa: S112 - a class of the user's own may fail in any way
                continue
            if made.settings() == dict(settings):
                return made
    return None


def simulated_speaker(manager: TurnManager, names: Sequence[str], history: History, turn: Message) -> NextSpeaker:
    """Return the law of a turn as estimated from draws, the speaker on record among them.

    If that speaker was drawn by the same law, it is one draw like the others (an exact Monte Carlo argument).

    Parameters
    ----------
    manager : TurnManager
    names, history
        As in `next_speaker`.
    turn : Message
        The turn; its index is the seed of the draws.
    """
    rng = random.Random(turn.index)
    drawn = [manager.choose(list(names), list(history), random.Random(rng.random())) for _ in range(SIMULATED)]
    counts = Counter([*drawn, turn.name])
    return NextSpeaker(None, {name: number / counts.total() for name, number in counts.items()})


def turns(transcript: Transcript) -> Iterator[tuple[Message, list[Message]]]:
    """Yield each participant's turn, a comment or a silence, with the history that the turn manager saw."""
    history: list[Message] = []
    for message in transcript.messages:
        if message.role == "participant":
            yield message, history
        if message.role != "guest":
            history.append(message)


def _round_robin(settings: Settings, names: Sequence[str], history: History) -> NextSpeaker:
    held = next((m.name for m in reversed(history) if m.role != "moderator" and m.name in names), None)
    return NextSpeaker(None, {names[0 if held is None else (names.index(held) + 1) % len(names)]: 1.0})


def _random_other(settings: Settings, names: Sequence[str], history: History) -> NextSpeaker:
    last, _ = last_two_speakers(names, history)
    return NextSpeaker(None, _uniform(without(names, last)))


def _respond_with_probability(settings: Settings, names: Sequence[str], history: History) -> NextSpeaker:
    last, before = last_two_speakers(names, history)
    others = without(names, last, before)
    if before is None or before in others:  # nobody to answer, or nobody else who could join in
        return NextSpeaker(None, _uniform(others))
    return NextSpeaker((before, float(settings["p"])), _uniform(others))


def _weighted(settings: Settings, names: Sequence[str], history: History) -> NextSpeaker:
    last, _ = last_two_speakers(names, history)
    others = without(names, last)
    weights = {name: float(settings["weights"].get(name, 1.0)) for name in others}
    total = sum(weights.values())
    return NextSpeaker(None, {name: weight / total for name, weight in weights.items()} if total else _uniform(others))


def _hosted(settings: Settings, names: Sequence[str], history: History) -> NextSpeaker | None:
    host, then, rule = settings.get("host"), settings["then"], settings.get("rule")
    if host is None:
        return next_speaker(then, names, history)
    if not isinstance(rule, int):
        return None
    others = without(names, host)
    was_host = bool(history) and history[-1].name == host
    due = not was_host and _comments_since(history, lambda message: message.name == host) >= rule
    if others == list(names) or due:
        return NextSpeaker(None, {host: 1.0})
    return next_speaker(then, others, [message for message in history if message.name != host])


_LAWS = {
    "RoundRobin": _round_robin,
    "RandomOther": _random_other,
    "RespondWithProbability": _respond_with_probability,
    "Weighted": _weighted,
    "Hosted": _hosted,
}


def _comments_since(history: History, hosts: Callable[[Message], bool]) -> int:
    """Return the number of comments, moderators' apart, since the last message of the host."""
    comments = 0
    for message in reversed(history):
        if hosts(message):
            break
        comments += not message.silent and message.role != "moderator"
    return comments


def _uniform(names: Sequence[str]) -> dict[str, float]:
    return {name: 1 / len(names) for name in names}


def _subclasses(kind: type[TurnManager]) -> Iterator[type[TurnManager]]:
    for one in kind.__subclasses__():
        yield one
        yield from _subclasses(one)
