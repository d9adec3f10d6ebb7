"""Length of a text in words."""

import re

_WORD = re.compile(r"\w+(?:['’]\w+)*")


def number_of_words(text: str) -> int:
    """Return the number of words: runs of letters and digits of any script, with apostrophes inside.

    Examples
    --------
    >>> number_of_words("Why don't we?"), number_of_words("Γιατί όχι;"), number_of_words("…")
    (3, 2, 0)
    """
    return sum(1 for _ in _WORD.finditer(text))
