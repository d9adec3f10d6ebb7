"""Read the value on a scale out of a text in which an annotator answers several questions, a line each."""

import re

from syndisco_nb.backend.scale import Scale
from syndisco_nb.records import Value

_LINE = re.compile(r"[^\w\n]*([\w /-]+?)[^\w\n]*[=:]\s*(.*)")


def value_in(text: str, scale: Scale, *, alone: bool) -> Value | None:
    r"""Return the value on a scale; None if the text has none, or several.

    Parameters
    ----------
    text : str
    scale : Scale
    alone : bool
        Whether nothing else is asked, so that a value without the name of the scale is meant for it.

    Examples
    --------
    >>> from syndisco_nb import Likert
    >>> text = "Toxicity=3\nArgumentQuality: 2"
    >>> [value_in(text, Likert(name), alone=False) for name in ("toxicity", "argument quality", "civility")]
    [3, 2, None]
    """
    lines = [found for line in text.splitlines() if (found := _LINE.match(line))]
    values = {scale.parse(found[2]) for found in lines if _bare(found[1]) == _bare(scale.name)}
    if values:
        return values.pop() if len(values) == 1 else None
    return scale.parse(text) if alone else None


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
