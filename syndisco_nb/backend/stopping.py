"""When a discussion ends before all its turns were held.

A condition looks at what has happened, and at nothing else: so a discussion that was cut off, and goes on, ends where
it would have ended anyway. It is asked before every turn, and before the moderator has the floor.
"""

import abc
import itertools
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from syndisco_nb.backend.turn_manager import History
from syndisco_nb.errors import InvalidInputError, named_arguments, require, require_int, require_text
from syndisco_nb.shown import Shown

By = Literal["anyone", "moderator", "participant"]


class StopCondition(Shown, abc.ABC):
    """The base of all conditions; a new one needs only `holds`, and `settings` if it has any."""

    @abc.abstractmethod
    def holds(self, history: History) -> bool:
        """Return whether the discussion is over.

        Parameters
        ----------
        history : sequence of Message
            All that has happened, silences included.
        """

    def settings(self) -> dict[str, Any]:
        """Return what distinguishes this condition, as plain data."""
        return {"type": type(self).__name__}

    def __repr__(self) -> str:
        settings = {name: value for name, value in self.settings().items() if name != "type"}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in settings.items())})"

    def __str__(self) -> str:
        return repr(self)


class AfterSilences(StopCondition):
    """Participants were asked so many times in a row, and said nothing.

    A moderator, who stands outside the order, neither makes nor breaks the row.

    Parameters
    ----------
    silences : int
        How many.

    Examples
    --------
    >>> str(AfterSilences(3))
    '3 silences in a row'
    """

    @named_arguments
    def __init__(self, silences: int) -> None:
        self.silences = require_int("silences", silences, 1)

    def holds(self, history: History) -> bool:
        """Return whether the last turns were all silent."""
        turns = (message for message in reversed(history) if message.role == "participant")
        last = list(itertools.takewhile(lambda message: message.silent, itertools.islice(turns, self.silences)))
        return len(last) == self.silences

    def settings(self) -> dict[str, Any]:
        """Return the type and the number."""
        return {**super().settings(), "silences": self.silences}

    def __str__(self) -> str:
        return "1 silence" if self.silences == 1 else f"{self.silences} silences in a row"


class AfterPhrase(StopCondition):
    """Somebody has just said a certain phrase; openings do not count.

    Parameters
    ----------
    phrase : str
        Part of a comment; capitals and line breaks make no difference.
    by : {"anyone", "moderator", "participant"}
        Who has to say it.

    Examples
    --------
    >>> str(AfterPhrase("we agree", by="moderator"))
    '“we agree” was said by the moderator'
    """

    @named_arguments
    def __init__(self, phrase: str, by: By = "anyone") -> None:
        require_text("phrase", phrase)
        require(phrase.strip(), "phrase is empty. Give the words that end a discussion.")
        require(by in get_args(By), f"by is {by!r}, but must be one of: {', '.join(get_args(By))}.")
        self.phrase = phrase
        self.by = by

    def holds(self, history: History) -> bool:
        """Return whether the last comment has the phrase."""
        if not history or history[-1].role not in (get_args(By) if self.by == "anyone" else (self.by,)):
            return False
        return _folded(self.phrase) in _folded(history[-1].text)

    def settings(self) -> dict[str, Any]:
        """Return the type, the phrase and by whom."""
        return {**super().settings(), "phrase": self.phrase, "by": self.by}

    def __str__(self) -> str:
        who = {"anyone": "", "moderator": " by the moderator", "participant": " by a participant"}[self.by]
        return f"“{' '.join(self.phrase.split())}” was said{who}"


STOP_CONDITIONS: Mapping[str, type[StopCondition]] = {kind.__name__: kind for kind in (AfterPhrase, AfterSilences)}


def check_stop(stop: Any) -> tuple[StopCondition, ...]:
    """Return the conditions, or raise `InvalidInputError` unless they are some; one alone is as good as a list."""
    given = [stop] if isinstance(stop, StopCondition) else stop
    if not isinstance(given, Iterable) or isinstance(given, str | Mapping):
        raise InvalidInputError(f"stop is {stop!r}, but must be conditions, such as [AfterSilences(3)].")
    found = tuple(given)
    for one in found:
        require(
            isinstance(one, StopCondition),
            f"stop has {one!r}, which is no condition. Give some, such as [AfterSilences(3)].",
        )
    return found


def made_again(settings: Iterable[Mapping[str, Any]]) -> list[StopCondition]:
    """Return the conditions that have these settings, as far as they are of this package.

    Raises
    ------
    InvalidInputError, TypeError
        If such settings cannot be.
    """
    return [
        STOP_CONDITIONS[one["type"]](**{name: value for name, value in one.items() if name != "type"})
        for one in settings
        if one.get("type") in STOP_CONDITIONS
    ]


def ended(stop: Iterable[StopCondition], history: History) -> str | None:
    """Return, in words, the first of the conditions that holds; None if the discussion goes on."""
    return next((str(condition) for condition in stop if condition.holds(list(history))), None)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
