"""Measures by name.

To add one, decorate a function of a transcript, in any module of this package::

    @measure("questions", "share of comments", "Comments that ask something", per_comment=True)
    def questions(talk: Transcript) -> list[bool]:
        return ["?" in comment.text for comment in talk.comments]

A measure is given a transcript that holds only the comments and silences that count; see
`syndisco_nb.analysis.counted`.
"""

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from syndisco_nb.analysis.counted import check_roles, counted
from syndisco_nb.errors import InvalidInputError, require, short_repr, suggestion
from syndisco_nb.records import Transcript
from syndisco_nb.records.unit_names import discussion_name

Roles = str | Collection[str] | None
Function = TypeVar("Function", bound=Callable[[Transcript], Any])


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, or a word, that describes one discussion.

    Attributes
    ----------
    name : str
    unit : str
        The unit of its values, for axes and tables; "" of a user's own.
    description : str
    function : callable
        Takes a transcript that holds only what counts. Returns the value, None where it is not defined; or, if
        `per_comment`, one value for each of `Transcript.comments`, whose mean is the value of the discussion.
    per_comment : bool
    kind : type
        Type of its values: float, int or str.
    """

    name: str
    unit: str
    description: str
    function: Callable[[Transcript], Any]
    per_comment: bool = False
    kind: type = float

    def __call__(self, talk: Transcript, roles: Roles = None) -> float:
        """Return the value for a discussion; NaN where it is not defined.

        Parameters
        ----------
        talk : Transcript
        roles : str or collection of str, optional
            Whose comments count; by default participants'. See `check_roles`.

        Raises
        ------
        InvalidInputError
            If the measure fails, or returns no number.
        """
        return self._number(self.result(talk, roles), talk)

    def of_comments(self, talk: Transcript, roles: Roles = None) -> list[float]:
        """Return one value for each comment that counts; NaN where it is not defined.

        Parameters
        ----------
        talk, roles
            As for a call.

        Raises
        ------
        InvalidInputError
            If the measure has one value for the whole discussion alone.
        """
        require(
            self.per_comment,
            f"{self.name} has one value for a whole discussion. Of a comment, there are: "
            f"{', '.join(name for name, one in MEASURES.items() if one.per_comment)}.",
            "measure",
        )
        return [self._number(value, talk) for value in self._called(talk, roles)]

    def result(self, talk: Transcript, roles: Roles = None) -> Any:
        """Return what the function returns for a discussion, or the mean of its values for comments.

        Parameters
        ----------
        talk, roles
            As for a call.
        """
        return mean(self.of_comments(talk, roles)) if self.per_comment else self._called(talk, roles)

    def _called(self, talk: Transcript, roles: Roles) -> Any:
        counting = only_counted(talk, roles)
        try:
            return self.function(counting)
        except Exception as error:
            raise InvalidInputError(
                f"The measure {self.name} failed for {discussion_name(talk.index)}: {type(error).__name__}: {error}",
                field="measure",
            ) from error

    def _number(self, value: Any, talk: Transcript) -> float:
        number = as_number(value)
        if number is None:
            raise InvalidInputError(
                f"The measure {self.name} is {short_repr(value, 60)} for {discussion_name(talk.index)}, but must be "
                "one number, or None.",
                field="measure",
            )
        return number


MEASURES: dict[str, Measure] = {}
"""All measures that are built in, by name."""


def measure(
    name: str, unit: str, description: str, *, per_comment: bool = False, kind: type = float
) -> Callable[[Function], Function]:
    """Decorate a function so that it becomes a measure; it stays as it is.

    Parameters
    ----------
    name, unit, description : str
    per_comment : bool
    kind : type
        All as in `Measure`.
    """

    def register(function: Function) -> Function:
        MEASURES[name] = Measure(name, unit, description, function, per_comment, kind)
        return function

    return register


def find_measure(given: Any) -> Measure:
    """Return a measure by its name, or that of a user's own function.

    Parameters
    ----------
    given : str or callable
        A name in `MEASURES`, or a function of a transcript.

    Raises
    ------
    InvalidInputError
        If there is no such measure.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> users = [snb.LLMActor(snb.ScriptedModel("Why? Oh."), name) for name in ("Ana", "Ben")]
    >>> talk = snb.Discussion(users, num_turns=2, seed=1).run()
    >>> find_measure("length")(talk)
    2.0
    >>> find_measure(lambda talk: sum(comment.text.count("?") for comment in talk.comments))(talk)
    2.0
    """
    if isinstance(given, Measure):
        return given
    if callable(given):
        name = getattr(given, "__name__", type(given).__name__)
        return Measure(name, "", (given.__doc__ or name).strip().split("\n")[0], given)
    if given not in MEASURES:
        raise InvalidInputError(
            f"There is no measure {short_repr(given)}.{suggestion(str(given), MEASURES)} There are: "
            f"{', '.join(MEASURES)}; or give a function of a transcript.",
            field="measure",
        )
    return MEASURES[given]


def only_counted(talk: Transcript, roles: Roles = None) -> Transcript:
    """Return a transcript with the comments and silences of some roles alone.

    Parameters
    ----------
    talk : Transcript
    roles : str or collection of str, optional
        See `check_roles`.
    """
    wanted = check_roles(roles)
    silences = tuple(silence for silence in talk.silences if silence.role in wanted)
    return replace(talk, comments=tuple(counted(talk.comments, wanted)[0]), silences=silences)


def as_number(value: Any) -> float | None:
    """Return a value as a number, NaN if it is None; or None, if it is no number."""
    if value is None:
        return math.nan
    if isinstance(value, str):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def mean(values: Iterable[float]) -> float:
    """Return the mean of the values that are defined; NaN if none is."""
    defined = [value for value in values if not math.isnan(value)]
    return math.fsum(defined) / len(defined) if defined else math.nan
