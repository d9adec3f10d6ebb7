"""Who speaks next.

A turn manager is a rule, not a process: it looks at what has happened and names the next speaker, drawing
from the generator it is handed. All that it could remember is in the history, so one rule serves any
number of discussions at once without anything leaking between them, and a discussion that was cut off
goes on exactly where it was.

Only participants' *comments* count as speaking, openings included: who was asked and stayed silent has
not spoken (though in a round robin their turn is over), and moderators stand outside the order.
"""

import abc
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from syndisco_nb.backend.fingerprint import fingerprint
from syndisco_nb.errors import InvalidInputError, named_arguments, require, require_int, require_number
from syndisco_nb.records import Message
from syndisco_nb.seeds import given_or_drawn
from syndisco_nb.shown import Shown

History = Sequence[Message]


class TurnManager(Shown, abc.ABC):
    """The base of all rules; a new one needs only `choose`.

    Parameters
    ----------
    names : iterable of str, optional
        The participants, for using the rule by itself, with `next`. A discussion hands over its own.
    seed : int, optional
        The seed of `next` alone; drawn if not given. In a discussion, its seed decides.

    Examples
    --------
    >>> manager = RoundRobin(["Ana", "Ben"])
    >>> [manager.next() for _ in range(3)]
    ['Ana', 'Ben', 'Ana']
    """

    @named_arguments
    def __init__(self, names: Iterable[str] = (), seed: int | None = None) -> None:
        self.names: tuple[str, ...] = ()
        self.seed = given_or_drawn(seed)
        if names != ():
            self.initialize_names(names)

    @abc.abstractmethod
    def choose(self, names: Sequence[str], history: History, rng: random.Random) -> str:
        """Return the next speaker.

        Parameters
        ----------
        names : sequence of str
            The participants of this discussion, in order.
        history : sequence of Message
            All that has happened, silences and the moderator's messages included.
        rng : random.Random
            The only source of chance; a fresh one for each turn.
        """

    def moderates(self, history: History) -> bool:
        """Return whether the moderator, if there is one, has the floor now: here, after every kept comment."""
        return bool(history) and history[-1].role == "participant" and not history[-1].silent

    def names_needed(self) -> tuple[str, ...]:
        """Return the participants without whom the rule makes no sense; an experiment always lets them take part."""
        return ()

    def names_known(self) -> tuple[str, ...]:
        """Return all participants that the rule speaks of; an experiment checks that they exist."""
        return self.names_needed()

    def settings(self) -> dict[str, Any]:
        """Return what distinguishes this rule, as plain data."""
        return {"type": type(self).__name__}

    def initialize_names(self, names: Iterable[str]) -> None:
        """Set the participants for `next`, and start over."""
        require(not isinstance(names, str), f"names is the text {names!r}, but must be a list of names.")
        self.names = tuple(names)
        require(self.names, "A turn manager needs at least one name, but was given none.")
        repeated = sorted({name for name in self.names if self.names.count(name) > 1})
        require(not repeated, f"The names {repeated} are given more than once. Give every participant one name.")
        self._history: list[Message] = []
        self._rng = random.Random(self.seed)

    def next(self) -> str:
        """Return the next speaker of a talk in which everyone who has the floor says something."""
        require(self.names, "This turn manager has no names yet. Call initialize_names([...]) first.")
        name = self.choose(self.names, self._history, self._rng)
        self._history.append(Message(len(self._history), len(self._history) + 1, name, "…", ""))
        return name

    def __repr__(self) -> str:
        settings = {name: value for name, value in self.settings().items() if name != "type"}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in settings.items())})"


class RoundRobin(TurnManager):
    """One after the other, in the order given; after the opening, whoever follows its poster."""

    def choose(self, names: Sequence[str], history: History, rng: random.Random) -> str:
        """Return the name that follows the last one that had the floor, silent or not."""
        for message in reversed(history):
            if message.role != "moderator" and message.name in names:
                return names[(names.index(message.name) + 1) % len(names)]
        return names[0]


RoundRobbin = RoundRobin
"""`RoundRobin`, in the guide's spelling."""


class RandomOther(TurnManager):
    """Anyone but the last speaker, each with equal probability."""

    def choose(self, names: Sequence[str], history: History, rng: random.Random) -> str:
        """Return a uniformly random participant other than the last speaker."""
        last, _ = _last_two(names, history)
        return rng.choice(_without(names, last))


class RespondWithProbability(TurnManager):
    """The one who was just replied to answers with probability p, otherwise someone else joins in.

    With three or more participants, P(speaker i = speaker i − 2) is exactly `p`: "someone else" is
    uniform over all but the last two speakers. With two, they alternate.

    Parameters
    ----------
    p : float
        The probability, in [0, 1], that the last-but-one speaker answers.
    names, seed
        See `TurnManager`.
    """

    @named_arguments
    def __init__(self, p: float = 0.5, names: Iterable[str] = (), seed: int | None = None) -> None:
        require_number("p", p, "from 0 to 1: it is a probability", lambda value: 0 <= value <= 1)
        self.p = float(p)
        super().__init__(names, seed)

    def choose(self, names: Sequence[str], history: History, rng: random.Random) -> str:
        """Return the last-but-one speaker with probability p, otherwise a random other."""
        last, before = _last_two(names, history)
        if before is not None and rng.random() < self.p:
            return before
        return rng.choice(_without(names, last, before))

    def settings(self) -> dict[str, Any]:
        """Return the type and p."""
        return {**super().settings(), "p": self.p}


class Weighted(TurnManager):
    """Anyone but the last speaker, in proportion to given weights.

    Since nobody follows themselves, a participant's share of the comments is near, not equal to, their
    share of the weights.

    Parameters
    ----------
    weights : mapping of str to float
        How readily each participant speaks; whoever is not named has weight 1. A weight of 0 means never,
        as long as anyone else can speak.
    names, seed
        See `TurnManager`.
    """

    @named_arguments
    def __init__(self, weights: Mapping[str, float], names: Iterable[str] = (), seed: int | None = None) -> None:
        require(isinstance(weights, Mapping), f"weights is {weights!r}, but must map names to numbers.")
        for name, weight in weights.items():
            require_number(f"The weight of {name!r}", weight, "of 0 or more", lambda value: value >= 0)
        self.weights = dict(weights)
        super().__init__(names, seed)

    def choose(self, names: Sequence[str], history: History, rng: random.Random) -> str:
        """Return a participant other than the last speaker, by weight."""
        last, _ = _last_two(names, history)
        others = _without(names, last)
        weights = [self.weights.get(name, 1.0) for name in others]
        return rng.choices(others, weights)[0] if any(weights) else rng.choice(others)

    def names_known(self) -> tuple[str, ...]:
        """Return the names that have a weight."""
        return tuple(self.weights)

    def settings(self) -> dict[str, Any]:
        """Return the type and the weights."""
        return {**super().settings(), "weights": self.weights}


class Hosted(TurnManager):
    """A host, or the moderator, has the floor when a rule says so; otherwise another manager decides.

    Parameters
    ----------
    rule : int or callable
        A number n gives the floor after every n comments that others made since the host last had it. A
        callable gets the history and returns whether it is the host's turn.
    host : str, optional
        The participant who hosts. Without one, the rule is about the discussion's moderator.
    then : TurnManager, optional
        Who decides among the others; `RoundRobin` by default.
    names, seed
        See `TurnManager`.

    Examples
    --------
    >>> manager = Hosted(2, host="Ana", names=["Ana", "Ben", "Cem"])
    >>> [manager.next() for _ in range(6)]
    ['Ben', 'Cem', 'Ana', 'Ben', 'Cem', 'Ana']
    """

    @named_arguments
    def __init__(
        self,
        rule: int | Callable[[History], bool],
        host: str | None = None,
        then: TurnManager | None = None,
        names: Iterable[str] = (),
        seed: int | None = None,
    ) -> None:
        require(
            then is None or isinstance(then, TurnManager),
            f"then is {then!r}, but must be a turn manager, such as RandomOther().",
        )
        self.rule = rule if callable(rule) else require_int("rule", rule, 1)
        self.host = host
        self.then = then or RoundRobin()
        super().__init__(names, seed)

    def choose(self, names: Sequence[str], history: History, rng: random.Random) -> str:
        """Return the host if the rule says so (never twice in a row), otherwise the other manager's choice."""
        if self.host is None:
            return self.then.choose(names, history, rng)
        if self.host not in names:
            raise InvalidInputError(f"The host {self.host!r} is not among the participants: {', '.join(names)}.")
        others = _without(names, self.host)
        hosted_last = bool(history) and self._was_host(history[-1])
        if others == list(names) or (not hosted_last and self._is_due(history, self._was_host)):
            return self.host
        return self.then.choose(others, [m for m in history if m.name != self.host], rng)

    def moderates(self, history: History) -> bool:
        """Return whether the rule gives the moderator the floor (never twice in a row)."""
        if self.host is not None:
            return self.then.moderates(history)
        if history and history[-1].role == "moderator":
            return False
        return self._is_due(history, lambda message: message.role == "moderator")

    def names_needed(self) -> tuple[str, ...]:
        """Return the host, and whom the other manager needs."""
        return (*([self.host] if self.host is not None else []), *self.then.names_needed())

    def names_known(self) -> tuple[str, ...]:
        """Return the host, and whom the other manager knows."""
        return (*([self.host] if self.host is not None else []), *self.then.names_known())

    def settings(self) -> dict[str, Any]:
        """Return the type, the rule (a callable by its fingerprint), the host, and the other manager's settings."""
        rule = self.rule if isinstance(self.rule, int) else fingerprint(self.rule)
        return {**super().settings(), "rule": rule, "host": self.host, "then": self.then.settings()}

    def _was_host(self, message: Message) -> bool:
        return message.name == self.host

    def _is_due(self, history: History, hosts: Callable[[Message], bool]) -> bool:
        if not isinstance(self.rule, int):
            return bool(self.rule(history))
        since = 0
        for message in reversed(history):
            if hosts(message):
                break
            since += not message.silent and message.role != "moderator"
        return since >= self.rule


def _last_two(names: Sequence[str], history: History) -> tuple[str | None, str | None]:
    """Return the last speaker and the last one before who is someone else, among these names."""
    last: str | None = None
    for message in reversed(history):
        if message.silent or message.role == "moderator" or message.name not in names:
            continue
        if last is None:
            last = message.name
        elif message.name != last:
            return last, message.name
    return last, None


def _without(names: Sequence[str], *taken: str | None) -> list[str]:
    """Return the names without those taken; if none would be left, the first taken one may stay out alone."""
    for count in range(len(taken), -1, -1):
        left = [name for name in names if name not in taken[:count]]
        if left:
            return left
    return list(names)
