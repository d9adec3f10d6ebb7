"""Build HTML that is safe at the leaf: a bare `str` is always escaped, only `Html` is not."""

import functools
import html
import re
from collections.abc import Iterable

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def clean(text: str) -> str:
    r"""Return the text with every character that would act, instead of being read, made visible.

    Control characters become their pictures (␛). Direction overrides, which would reverse the text after them, become
    their names (‹U+202E›). Characters that no encoding can carry become �. Line breaks become line feeds.

    Examples
    --------
    >>> clean("a\x1b[31mb\u202ec")
    'a␛[31mb‹U+202E›c'
    """
    if text.isprintable() or _UNSAFE.search(text) is None:  # fast for most texts
        return text
    return _UNSAFE.sub(_visible, text.replace("\r\n", "\n").replace("\r", "\n"))


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


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"‹U+{code:04X}›" if code < 0xD800 else "\ufffd"
