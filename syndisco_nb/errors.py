"""All errors of the package, in one tree.

Every message names the value that was given, the values that are allowed, and a remedy::

    SyndiscoError
    ├── InvalidInputError        (also a ValueError)   an argument has a value that cannot work
    ├── UnknownArgumentError     (also a TypeError)    a keyword that does not exist, or one that is missing
    ├── UnknownNameError         (also an AttributeError)  a method, attribute or part that does not exist
    ├── PersonaError             (also a ValueError)   a persona file, entry or field that cannot be read
    ├── RecordError              (also a ValueError)   a file that is not one of ours, broken, or too new
    │   └── NewerVersionError                          a file of a newer version of this package
    ├── TrustError                                     a design from a file that would do more than was allowed
    ├── UnknownItemError         (also a KeyError and an IndexError)  a condition or discussion that does not exist
    ├── RunFolderError                                 a run folder that holds a different experiment, or is in use
    │   └── StorageError                               a run folder that cannot be written: full, read-only, gone
    ├── RunFailedError                                 a run in which nothing works: a wrong key, no memory
    ├── ModelError               (also a RuntimeError) a model that cannot be loaded, or cannot answer
    │   ├── CacheMissError                             an answer that had to be on file, and is not
    │   └── UnavailableError                           a server or worker that cannot answer now, perhaps later
    └── MissingDependencyError   (also an ImportError) an optional part that is not installed
"""

import contextlib
import difflib
import functools
import inspect
import math
import numbers
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec, TypeVar

from syndisco_nb.tracebacks import notebook_lines

P = ParamSpec("P")
R = TypeVar("R")

_LONGEST = 10_000  # characters of an error's text: some quote all their input


class SyndiscoError(Exception):
    """The root of all errors that this package raises on purpose.

    A notebook shows the user's line and the message. ``%tb Verbose`` in the next cell shows the full traceback.

    Parameters
    ----------
    *args : str
        The message.
    field : str
        The argument or setting at fault, as a dotted path: ``"turns"``, ``"participants.2.age"``; "" if the error is
        about no single one. A form shows the message beside that field.

    Examples
    --------
    >>> import syndisco_nb as snb
    >>> try:
    ...     snb.Likert("toxicity", low=5, high=1)
    ... except snb.SyndiscoError as error:
    ...     print(error)
    low is 5 and high is 1, but low must be below high.
    """

    def __init__(self, *args: Any, field: str = "") -> None:
        super().__init__(*args)
        self.field = field

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython, which calls this, shows."""
        return notebook_lines(self)


class InvalidInputError(SyndiscoError, ValueError):
    """An argument has a value that cannot work."""


class UnknownArgumentError(SyndiscoError, TypeError):
    """A keyword was given that does not exist, or an argument is missing or one too many."""


class UnknownNameError(SyndiscoError, AttributeError):
    """A method, attribute or part of the package was asked for that does not exist."""


class PersonaError(SyndiscoError, ValueError):
    """A persona file, or one entry or field in it, cannot be read."""


class RecordError(SyndiscoError, ValueError):
    """A file is not one of ours, is broken, or was written by a newer version."""


class NewerVersionError(RecordError):
    """A file was written by a newer version; it is whole, and stays as it is."""


class TrustError(SyndiscoError):
    """A design that was read from a file would run code, use files or contact a server without permission."""


class UnknownItemError(SyndiscoError, KeyError, IndexError):
    """A condition, discussion or annotation set was asked for that does not exist."""

    __str__ = Exception.__str__  # a KeyError would show its message in quotes


class RunFolderError(SyndiscoError):
    """A run folder holds a different experiment than the one that was asked for, or is in use."""


class StorageError(RunFolderError):
    """A run folder cannot be written or read: the disk is full, read-only or gone."""


class RunFailedError(SyndiscoError):
    """A run was stopped, because one discussion after the other failed and none got on."""


class ModelError(SyndiscoError, RuntimeError):
    """A model cannot be loaded, or cannot answer a request."""


class CacheMissError(ModelError):
    """A request was replayed whose answer is not on file."""


class UnavailableError(ModelError):
    """A model cannot answer now, but perhaps later: its server is down or overloaded, or its worker has died.

    Parameters
    ----------
    *args : str
        The message.
    wait_s : float
        The pause that the server asks for before the next request, in seconds.
    """

    def __init__(self, *args: Any, wait_s: float = 0.0) -> None:
        super().__init__(*args)
        self.wait_s = wait_s


class MissingDependencyError(SyndiscoError, ImportError):
    """An optional part is not installed; the message names the command that installs it."""


def named_arguments(function: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function so that a misspelt or missing argument raises an error that names the right ones.

    Examples
    --------
    >>> @named_arguments
    ... def experiment(num_turns=10): ...
    >>> experiment(num_turn=3)
    Traceback (most recent call last):
    syndisco_nb.errors.UnknownArgumentError: experiment has no argument 'num_turn'. Did you mean \
'num_turns'? It takes: num_turns.
    """
    signature = inspect.signature(function)
    names = [name for name in signature.parameters if name not in ("self", "cls")]
    alone = [name for name in names if signature.parameters[name].kind is inspect.Parameter.KEYWORD_ONLY]
    by_name = f" By name alone: {', '.join(alone)}." if alone else ""

    def refusal(text: str, *args: Any) -> UnknownArgumentError:
        owner = type(args[0]).__name__ if function.__name__ == "__init__" else function.__name__
        return UnknownArgumentError(f"{owner}{text} It takes: {', '.join(names)}.")

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        for name in kwargs:
            if name not in names:
                raise refusal(f" has no argument {name!r}.{suggestion(name, names)}", *args)
        try:
            return function(*args, **kwargs)
        except TypeError:
            try:
                signature.bind(*args, **kwargs)
            except TypeError as error:
                raise refusal(f": {error}.{by_name}", *args) from None
            raise  # raised inside the function: not about its arguments

    return checked


def unknown_name(thing: object, name: str) -> AttributeError:
    """Return the error for an attribute that an object does not have, for its ``__getattr__`` to raise.

    Parameters
    ----------
    thing : object
    name : str
        Name of the attribute.
    """
    if name.startswith("_"):  # Python and notebooks probe for optional methods so
        return AttributeError(name)
    known = [one for one in dir(thing) if not one.startswith("_")]
    near = suggestion(name, known) or f" It has: {', '.join(known)}."
    return UnknownNameError(f"{type(thing).__name__} has no {name!r}.{near}")


def said(error: BaseException) -> str:
    """Return the text of an error as a file can keep it: at most 10,000 characters, and never an exception."""
    try:
        words = str(error)
    except Exception as second:
        words = f"(it cannot say what it is: that raises {type(second).__name__})"
    words = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}… ({len(words):,} characters)"
    return words.encode(errors="backslashreplace").decode()


def suggestion(given: str, allowed: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" with the allowed word nearest to the given one; "" if none is near.

    Parameters
    ----------
    given : str
    allowed : iterable of str
    """
    near = difflib.get_close_matches(given, list(allowed), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


@contextlib.contextmanager
def within(*path: str | int) -> Iterator[None]:
    """Put the name of a setting before the `field` of an error about something inside it.

    Examples
    --------
    >>> try:
    ...     with within("participants", 2):
    ...         require_int("age", -1, 0)
    ... except InvalidInputError as error:
    ...     print(error.field)
    participants.2.age
    """
    try:
        yield
    except SyndiscoError as error:
        error.field = ".".join(map(str, (*path, *([error.field] if error.field else []))))
        raise


def require(condition: Any, message: str, field: str = "") -> None:
    """Raise `InvalidInputError` with this message, about this field, unless the condition holds."""
    if not condition:
        raise InvalidInputError(message, field=field)


def short_repr(value: Any, length: int = 200) -> str:
    """Return the repr of a value for an error message, cut if it is long.

    Examples
    --------
    >>> short_repr("a" * 1000, 10)
    "'aaaaaaaa…"
    >>> short_repr(10**5000)
    'an int'
    """
    try:
        text = repr(value[: length + 1] if isinstance(value, str | bytes) else value)
    except Exception:  # a number with more digits than Python writes, or a repr of the user's own
        return f"an {type(value).__name__}" if type(value).__name__[:1] in "aeiou" else f"a {type(value).__name__}"
    return text if len(text) <= length else f"{text[: length - 1]}…"


def require_int(name: str, value: Any, minimum: int, maximum: int | None = None) -> int:
    """Return a whole number in these limits, numpy's too, as an int, or raise `InvalidInputError`."""
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not whole or value < minimum:
        raise InvalidInputError(
            f"{name} is {short_repr(value)}, but must be a whole number of {minimum} or more.", field=name
        )
    if maximum is not None and value > maximum:
        raise InvalidInputError(
            f"{name} is {short_repr(value, 40)}, but may be {maximum:,} at most. Lower it.", field=name
        )
    return int(value)


def require_number(name: str, value: Any, allowed: str, holds: Callable[[float], bool] = lambda _: True) -> None:
    """Raise `InvalidInputError` unless the value is a finite number of the kind that `allowed` describes."""
    number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    require(
        number and math.isfinite(value) and holds(value), f"{name} is {value!r}, but must be a number {allowed}.", name
    )


def require_bool(name: str, value: Any) -> None:
    """Raise `InvalidInputError` unless the value is True or False."""
    require(isinstance(value, bool), f"{name} is {short_repr(value)}, but must be True or False.", name)


def require_text(name: str, value: Any) -> None:
    """Raise `InvalidInputError` unless the value is text that a file can hold."""
    if not isinstance(value, str):  # not by `require`, which would have every text shown in words
        raise InvalidInputError(f"{name} is {value!r}, but must be text.", field=name)
    if value.isascii():
        return
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInputError(
            f"{name} is {value!r}, which holds half a character. Write the character whole.", field=name
        ) from None
