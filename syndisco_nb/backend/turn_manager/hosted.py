"""`Hosted`: a host, or the moderator, has the floor after every few comments."""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from syndisco_nb.backend.fingerprint import function_fingerprint
from syndisco_nb.backend.turn_manager.round_robin import RoundRobin
from syndisco_nb.backend.turn_manager.speakers import without
from syndisco_nb.backend.turn_manager.turn_manager import History, TurnManager
from syndisco_nb.errors import InvalidInputError, named_arguments, require, require_int
from syndisco_nb.records import Message


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

    form_label = "Host after every few comments"
    form_rank = 5

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
            "then",
        )
        self.rule = rule if callable(rule) else require_int("rule", rule, 1)
        self.host = host
        self.then = then or RoundRobin()
        super().__init__(names, seed)

    def choose(self, names: Sequence[str], history: History, rng: random.Random) -> str:
        """Return the host if the rule says so (never twice in a row), otherwise the other manager's choice.

        Parameters are as in `TurnManager.choose`.
        """
        if self.host is None:
            return self.then.choose(names, history, rng)
        if self.host not in names:
            raise InvalidInputError(
                f"The host {self.host!r} is not among the participants: {', '.join(names)}.", field="host"
            )
        others = without(names, self.host)
        hosted_last = bool(history) and self._was_host(history[-1])
        if others == list(names) or (not hosted_last and self._is_due(history, self._was_host)):
            return self.host
        return self.then.choose(others, [m for m in history if m.name != self.host], rng)

    def moderates(self, history: History) -> bool:
        """Return True if the rule gives the moderator the floor (never twice in a row)."""
        if self.host is not None:
            return self.then.moderates(history)
        if history and history[-1].role == "moderator":
            return False
        return self._is_due(history, lambda message: message.role == "moderator")

    def names_needed(self) -> tuple[str, ...]:
        """Return the host, and the participants that the other manager needs."""
        return (*([self.host] if self.host is not None else []), *self.then.names_needed())

    def names_mentioned(self) -> tuple[str, ...]:
        """Return the host, and the participants that the other manager mentions."""
        return (*([self.host] if self.host is not None else []), *self.then.names_mentioned())

    def settings(self) -> dict[str, Any]:
        """Return the type, the rule (a callable by its fingerprint), the host, and the other manager's settings."""
        rule = self.rule if isinstance(self.rule, int) else function_fingerprint(self.rule)
        return {**super().settings(), "rule": rule, "host": self.host, "then": self.then.settings()}

    def __str__(self) -> str:
        host = "moderator" if self.host is None else f"{self.host} as host"
        number = self.rule if isinstance(self.rule, int) else None
        after = "by a rule" if number is None else f"after every {'comment' if number == 1 else f'{number} comments'}"
        return f"{host} {after}, otherwise {self.then}"

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
