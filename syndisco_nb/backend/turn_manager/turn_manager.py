"""Base of all turn managers.

A turn manager is a rule without state. It reads the history and names the next speaker; its only source of chance is
the random generator that it gets. So one object serves any number of discussions at once, and an interrupted discussion
continues exactly where it stopped.

A participant has spoken if there is a *comment* of theirs; an opening counts, too. A participant who had the floor and
stayed silent has not spoken, but in a round robin their turn is over. Moderators are not in the order of speakers.
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
        The participants, for use without a discussion, by `next`. A discussion passes its own names.
    seed : int, optional
        The seed for `next`; drawn at random if not given. A discussion uses its own seed.

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
        """Return True if the moderator has the floor now; by default, after every participant's comment."""
        return bool(history) and history[-1].role == "participant" and not history[-1].silent

    def names_needed(self) -> tuple[str, ...]:
        """Return the participants that the rule cannot do without; an experiment puts them into every discussion."""
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
        index = len(self._history)
        self._history.append(Message(index=index, turn=index + 1, name=name, text="…", model=""))
        return name
