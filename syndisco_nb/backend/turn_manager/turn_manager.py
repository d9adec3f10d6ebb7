"""Base of all turn managers.

A turn manager is a rule, not a process. It reads the history and names the next speaker, with a generator that it is
handed as the only source of chance. It remembers nothing: one object serves any number of discussions at once, and a
discussion that was cut off goes on exactly where it was.

Only participants' *comments* count as speaking, openings included. A participant who was asked and stayed silent has
not spoken, though in a round robin their turn is over. Moderators stand outside the order.
"""

import abc
import random
from collections.abc import Iterable, Sequence

from syndisco_nb.backend.kinds import Kind
from syndisco_nb.errors import named_arguments, require
from syndisco_nb.records import Message
from syndisco_nb.seeds import given_or_drawn

History = Sequence[Message]


class TurnManager(Kind):
    """Base of all turn managers; a new one needs only `choose`.

    Parameters
    ----------
    names : iterable of str, optional
        The participants, for using the rule by itself, with `next`. A discussion hands over its own.
    seed : int, optional
        The seed of `next` alone; drawn if not given. In a discussion, its seed decides.

    Examples
    --------
    >>> class LeastHeard(TurnManager):
    ...     def choose(self, names, history, rng):
    ...         return min(names, key=[message.name for message in history].count)
    >>> manager = LeastHeard(["Ana", "Ben"])
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
            All messages so far, silences and the moderator's included.
        rng : random.Random
            The only source of chance; a fresh one for each turn.
        """

    def moderates(self, history: History) -> bool:
        """Return True if a moderator, where there is one, has the floor now: after every comment, unless overridden."""
        return bool(history) and history[-1].role == "participant" and not history[-1].silent

    def names_needed(self) -> tuple[str, ...]:
        """Return the participants without whom the rule makes no sense; an experiment always lets them take part."""
        return ()

    def names_mentioned(self) -> tuple[str, ...]:
        """Return all participants that the rule mentions; an experiment checks that they exist."""
        return self.names_needed()

    def initialize_names(self, names: Iterable[str]) -> None:
        """Set the participants for `next`, and start over."""
        require(not isinstance(names, str), f"names is the text {names!r}, but must be a list of names.", "names")
        self.names = tuple(names)
        require(self.names, "A turn manager needs at least one name, but was given none.", "names")
        repeated = sorted({name for name in self.names if self.names.count(name) > 1})
        require(
            not repeated, f"The names {repeated} are given more than once. Give every participant one name.", "names"
        )
        self._history: list[Message] = []
        self._rng = random.Random(self.seed)

    def next(self) -> str:
        """Return the next speaker of a discussion in which nobody stays silent."""
        require(self.names, "This turn manager has no names yet. Call initialize_names([...]) first.", "names")
        name = self.choose(self.names, self._history, self._rng)
        self._history.append(Message(len(self._history), len(self._history) + 1, name, "…", ""))
        return name
