"""Build HTML that is safe at the leaf: a bare `str` is always escaped, only `Html` is not."""

import functools
import html
from collections.abc import Iterable

from syndisco_nb.display.writers.clean_text import clean


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *children: str | None, **attributes: str | int | None) -> Html:
    """Return an element; children that are not `Html` are escaped, and so are all attributes.

    Parameters
    ----------
    name : str
        The element's name.
    *children : str or None
        Its content; None is left out.
    **attributes : str, int or None
        ``class_`` is class, and ``data_i`` is data-i; None is left out.

    Examples
    --------
    >>> tag("b", "1 < 2", class_="x")
    '<b class="x">1 &lt; 2</b>'
    """
    inner = "".join([child if type(child) is Html else _escaped(child) for child in children if child is not None])
    return Html(f"{_opening(name, **attributes)}{inner}</{name}>")


def join(parts: Iterable[str], between: str = "") -> Html:
    """Return the parts joined, escaped unless they are `Html`.

    Parameters
    ----------
    parts : iterable of str
    between : str
        HTML between two parts; not escaped.
    """
    return Html(between.join([part if type(part) is Html else _escaped(part) for part in parts]))


def escape(text: str) -> Html:
    """Return text as HTML that shows just this text."""
    return Html(_escaped(text))


@functools.lru_cache(256)
def _opening(name: str, /, **attributes: str | int | None) -> str:
    """Return an opening tag; cached, since a page has thousands of a few kinds."""
    written = [
        f' {key.rstrip("_").replace("_", "-")}="{_escaped(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    ]
    return f"<{name}{''.join(written)}>"


def _escaped(text: str) -> str:
    return html.escape(clean(text))
