"""Words of a text in any language."""

import functools
import re
import unicodedata

_ASCII_WORD = re.compile("[a-z0-9]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_IDEOGRAPHS = ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA")
_UNSPACED = ("THAI", "LAO", "KHMER", "MYANMAR")
"""First words of the Unicode names of letters whose scripts put no spaces between words; signs may follow these."""


@functools.lru_cache(256)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text: lower-cased runs of letters and digits, with their accents and vowel signs.

    In scripts without spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese), each letter counts as a
    word. Of a text in plain ASCII, they are the tokens of the package ``rouge-score``, which knows no other letters.

    Examples
    --------
    >>> words("Don't ban cars!"), words("Ναι, το πιστεύω."), words("我同意")
    (('don', 't', 'ban', 'cars'), ('ναι', 'το', 'πιστεύω'), ('我', '同', '意'))
    """
    if text.isascii():
        return tuple(_ASCII_WORD.findall(text.lower()))
    return tuple(unicodedata.normalize("NFC", text).lower().translate(_SPACED).split())


def number_of_words(text: str) -> int:
    """Return the length of a text in words: as `words`, but "don't" is one.

    Examples
    --------
    >>> number_of_words("Why don't we?"), number_of_words("Γιατί όχι;"), number_of_words("…")
    (3, 2, 0)
    """
    return len(words(_APOSTROPHE.sub("", text)))


class _Spacing(dict[int, str]):
    """Spaces for all that is no part of a word, and spaces around letters that are words, by code point."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        category, script = unicodedata.category(letter)[0], unicodedata.name(letter, "").split(" ")[0]
        if category not in "LNM":
            spaced = " "
        elif category == "L" and script in _IDEOGRAPHS:
            spaced = f" {letter} "
        elif category == "L" and script in _UNSPACED:
            spaced = f" {letter}"
        else:
            spaced = letter
        self[code] = spaced
        return spaced


_SPACED = _Spacing()
