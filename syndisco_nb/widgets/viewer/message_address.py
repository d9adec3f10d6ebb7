"""Addresses of messages: the Python expressions that the viewer shows, read back from a search field."""

import re
from ast import literal_eval
from dataclasses import dataclass

_ADDRESS = re.compile(
    r"""\s* [^\W\d]\w*                                            # a variable of any name
    (?: \[ (?P<condition> '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" ) \] )?
    (?P<unfinished> \.unfinished )?
    (?: \[ (?P<discussion> -?\d{1,9} ) \] )?
    (?: (?: \.(?P<kind> comments|silences ) )? \[ (?P<message> -?\d{1,9} ) \] )? \s*""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class MessageAddress:
    """The places of a discussion and of a message in it, as named by ``study['a'][0].silences[1]``.

    Attributes
    ----------
    condition : str or None
    unfinished : bool
        Whether the discussion is one of ``run.unfinished``.
    discussion, message : int or None
        Places, from the end if negative.
    kind : {"comments", "silences"} or None
    """

    condition: str | None = None
    unfinished: bool = False
    discussion: int | None = None
    message: int | None = None
    kind: str | None = None


def parse_address(text: str) -> MessageAddress | None:
    """Return the address that an expression stands for, whatever its variable is called; None if it is none.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> parse_address("run[1].comments[2]")
    MessageAddress(condition=None, unfinished=False, discussion=1, message=2, kind='comments')
    >>> parse_address("cars [and bicycles]") is None
    True
    """
    found = _ADDRESS.fullmatch(text)
    if not found or (found["discussion"] is None and found["message"] is None):
        return None
    try:
        condition = found["condition"] and str(literal_eval(found["condition"]))
    except SyntaxError:  # such as '\x'
        return None
    discussion, message = (None if found[name] is None else int(found[name]) for name in ("discussion", "message"))
    return MessageAddress(condition, found["unfinished"] is not None, discussion, message, found["kind"])
