"""Diversity of texts: how little they share with each other, and how seldom word sequences come again."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from syndisco_nb.analysis.words import words
from syndisco_nb.errors import InvalidInputError, require, require_int, short_repr

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def diversity(texts: Iterable[str]) -> float:
    """Return the diversity of some texts: 1 minus the mean ROUGE-L F1 of all pairs of them.

    ROUGE-L F1 (Lin, 2004, *ROUGE: A Package for Automatic Evaluation of Summaries*) of two texts is twice the length
    of their longest common subsequence of words, divided by the number of words in both. 1 means that no two texts
    share a word, 0 that all are the same. No word is stemmed. A text without words shares nothing with any.

    Parameters
    ----------
    texts : iterable of str
        The comments of a discussion, for example.

    Returns
    -------
    float
        From 0 to 1; NaN if there are fewer than two texts.

    Examples
    --------
    >>> round(diversity(["the cat sat on the mat", "the cat lay on the mat", "buses should be free"]), 4)
    0.7222
    """
    listed = text_list(texts)
    pairs = len(listed) * (len(listed) - 1) // 2
    if not pairs:
        return float("nan")
    shared = sum(float(row[:number].sum()) for number, row in enumerate(rouge_l_rows([words(text) for text in listed])))
    return 1 - shared / pairs


def distinct_n(texts: Iterable[str], n: int = 2) -> float:
    """Return distinct-n: the number of different sequences of n words, divided by the number of all of them.

    It is from Li et al. (2016), *A Diversity-Promoting Objective Function for Neural Conversation Models*. A sequence
    never goes from one text into the next. Longer texts repeat more, so compare texts of similar length.

    Parameters
    ----------
    texts : iterable of str
    n : int
        Length of the sequences, in words.

    Returns
    -------
    float
        Above 0, at most 1; NaN if no text has n words.

    Examples
    --------
    >>> distinct_n(["a b a b c"], 2)
    0.75
    """
    require_int("n", n, 1)
    sequences = [sequence for text in text_list(texts) for sequence in word_sequences(words(text), n)]
    return len(set(sequences)) / len(sequences) if sequences else float("nan")


def word_sequences(text: Sequence[str], n: int) -> Iterator[tuple[str, ...]]:
    """Return all sequences of n successive words.

    Parameters
    ----------
    text : sequence of str
        Words.
    n : int
    """
    return zip(*(text[start:] for start in range(n)), strict=False)


def rouge_l_rows(texts: Sequence[Sequence[str]]) -> "Iterator[npt.NDArray[np.float64]]":
    """Yield, for each text, its ROUGE-L F1 with every text, itself included: shape (texts,), from 0 to 1.

    All longest common subsequences of a text are computed at once, a bit per word (Hyyrö, 2004, *Bit-Parallel
    LCS-length Computation Revisited*): the texts stand one after the other in one long integer, with an unused bit
    between them that takes up carries.
    """
    import numpy as np

    lengths = np.array([len(text) for text in texts])
    ends = [0, *np.cumsum(lengths + 1).tolist()]
    unused = sum(1 << (end - 1) for end in ends[1:])
    in_use = (1 << ends[-1]) - 1 - unused
    places: dict[str, int] = {}
    for text, start in zip(texts, ends, strict=False):
        for place, word in enumerate(text, start):
            places[word] = places.get(word, 0) | 1 << place
    for text in texts:
        rest = in_use  # a bit is cleared for each word of a common subsequence
        for word in text:
            found = rest & places[word]
            rest = ((rest + found) | (rest - found)) & in_use
        octets = np.frombuffer(rest.to_bytes(ends[-1] // 8 + 1, "little"), np.uint8)
        left = np.add.reduceat(np.unpackbits(octets, bitorder="little"), ends[:-1], dtype=np.int64)
        yield 2 * (lengths - left) / np.maximum(lengths + len(text), 1)


def text_list(texts: Any) -> list[str]:
    """Return the texts as a list, or raise `InvalidInputError` if these are no texts."""
    if isinstance(texts, str):
        raise InvalidInputError(
            f"texts is {short_repr(texts)}, but must be a list of texts. Give [text].", field="texts"
        )
    listed = list(texts)
    for text in listed:
        require(isinstance(text, str), f"A text is {short_repr(text)}, but must be a str.", "texts")
    return listed
