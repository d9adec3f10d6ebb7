"""Make characters visible that would act on a terminal, a browser or the text around them."""

import re

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


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


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"‹U+{code:04X}›" if code < 0xD800 else "\ufffd"
