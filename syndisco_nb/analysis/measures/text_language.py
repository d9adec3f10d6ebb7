"""Measures of the language that comments are written in."""

import functools
import math
from collections import Counter
from typing import TYPE_CHECKING

from syndisco_nb.analysis.measures.measure_registry import measure
from syndisco_nb.records import Transcript

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

CONFIDENT = 0.9
"""Probability from which on a language counts."""
SHORT = 20
"""Texts with fewer letters could be in several languages ("No.", "Super!")."""
ENOUGH = 200
"""Number of characters that are read, since they tell as much as a longer text."""


@functools.lru_cache(256)
def language_of(text: str) -> str | None:
    """Return the language of a text; None if it is short, or may be in several.

    The package ``py3langid`` tells more than 100 languages apart, by the first 200 characters. Texts of fewer than 20
    letters are never decided, nor are those whose likeliest language has a probability below .9.

    Parameters
    ----------
    text : str

    Returns
    -------
    str or None
        A code of ISO 639, such as "en".

    Examples
    --------
    >>> language_of("I think that this would be good for our city."), language_of("No.")
    ('en', None)
    """
    if sum(map(str.isalpha, text)) < SHORT:
        return None
    language, _ = _identifier().classify(text[:ENOUGH])
    return None if language == "und" else str(language)


@measure(
    "language",
    "ISO 639 code",
    "Language of most comments that are long enough to tell, else of all together; none where it is uncertain",
    kind=str,
)
def _language(talk: Transcript) -> str | None:
    texts = [comment.text for comment in talk.comments]
    found = Counter(language for language in map(language_of, texts) if language)
    return found.most_common(1)[0][0] if found else language_of("\n".join(texts))


@measure(
    "other_language",
    "share of comments",
    "Comments in another language than most of the discussion, of those long enough to tell",
    per_comment=True,
)
def _other_language(talk: Transcript) -> list[float]:
    usual = _language(talk)
    found = [language_of(comment.text) for comment in talk.comments]
    return [float(one != usual) if one and usual else math.nan for one in found]


@functools.cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True, min_confidence=CONFIDENT)
