"""Base of all stop conditions.

A condition looks at the history alone. So a discussion that was cut off, and goes on, ends where it would have ended
anyway. It is asked before every turn, and before the moderator has the floor.
"""

import abc
from collections.abc import Iterable, Mapping
from typing import Any

from syndisco_nb.backend.kinds import Kind
from syndisco_nb.backend.turn_manager import History
from syndisco_nb.errors import InvalidInputError, require


class StopCondition(Kind):
    """Base of all stop conditions; a new one needs only `holds`, and `settings` if it has any.

    Examples
    --------
    >>> class AfterQuestion(StopCondition):
    ...     def holds(self, history):
    ...         return bool(history) and history[-1].text.endswith("?")
    >>> AfterQuestion().holds([])
    False
    """

    @abc.abstractmethod
    def holds(self, history: History) -> bool:
        """Return True if the discussion is over.

        Parameters
        ----------
        history : sequence of Message
            All messages so far, silences included.
        """

    def __str__(self) -> str:
        return repr(self)


def check_stop(stop: Any) -> tuple[StopCondition, ...]:
    """Return a tuple of conditions; a single one is wrapped.

    Raises
    ------
    InvalidInputError
        If something else was given.
    """
    given = [stop] if isinstance(stop, StopCondition) else stop
    if not isinstance(given, Iterable) or isinstance(given, str | Mapping):
        raise InvalidInputError(f"stop is {stop!r}, but must be conditions, such as [AfterSilences(3)].", field="stop")
    conditions = tuple(given)
    for condition in conditions:
        require(
            isinstance(condition, StopCondition),
            f"stop has {condition!r}, which is no condition. Give conditions, such as [AfterSilences(3)].",
            "stop",
        )
    return conditions


def ended(stop: Iterable[StopCondition], history: History) -> str | None:
    """Return, in words, the first of the conditions that holds; None if the discussion goes on.

    Parameters
    ----------
    stop : iterable of StopCondition
    history : sequence of Message
        All messages so far, silences included.
    """
    return next((str(condition) for condition in stop if condition.holds(list(history))), None)
