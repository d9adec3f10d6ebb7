"""Limits of what is shown at once: `options`, checked on assignment."""

from dataclasses import dataclass, fields, replace
from typing import Any

from syndisco_nb.errors import InvalidInputError, UnknownNameError, require_int, suggestion

_UNBOUNDED = 2**62


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is shown of an object.

    Attributes
    ----------
    max_messages : int
        Messages of a transcript; a longer one shows its beginning and its end.
    max_bytes : int
        Size of the HTML. Prompts are left out first, then messages in the middle.
    max_text : int
        Characters of one comment; a note says how many are left out.
    max_items : int
        Rows of a table, transcripts of a run, and other items of a list.
    """

    max_messages: int = 200
    max_bytes: int = 300_000
    max_text: int = 10_000
    max_items: int = 50

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self.max_items == _UNBOUNDED


EVERYTHING = Limits(_UNBOUNDED, _UNBOUNDED, _UNBOUNDED, _UNBOUNDED)
"""Limits of files, which are always whole."""

_LEAST = {"max_messages": 2, "max_bytes": 20_000, "max_text": 100, "max_items": 1}
_NAMES = tuple(field.name for field in fields(Limits))


class Options:
    """Settings of what a notebook shows: `snb.options`, with the attributes of `Limits`.

    Files (`to_html`, `to_markdown`) are always whole.

    Raises
    ------
    InvalidInputError
        If a value cannot be used, or there is no such option.

    Examples
    --------
    >>> Options()
    Options(max_messages=200, max_bytes=300000, max_text=10000, max_items=50)
    """

    __slots__ = ("limits",)

    limits: Limits

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Restore the defaults."""
        object.__setattr__(self, "limits", Limits())

    def __getattr__(self, name: str) -> Any:
        if name not in _NAMES:
            raise UnknownNameError(f"There is no option {name!r}.{suggestion(name, _NAMES)} There are: {_LISTED}.")
        return getattr(self.limits, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _NAMES:
            raise InvalidInputError(f"There is no option {name!r}.{suggestion(name, _NAMES)} There are: {_LISTED}.")
        changed: dict[str, int] = {name: require_int(name, value, _LEAST[name])}
        object.__setattr__(self, "limits", replace(self.limits, **changed))

    def __dir__(self) -> list[str]:
        return [*_NAMES, "reset"]

    def __repr__(self) -> str:
        return f"Options({', '.join(f'{name}={getattr(self, name)}' for name in _NAMES)})"


_LISTED = ", ".join(_NAMES)

options = Options()
