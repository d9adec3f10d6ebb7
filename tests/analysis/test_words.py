import random
import string

import pytest
from rouge_score.tokenize import tokenize

from syndisco_nb.analysis.words import number_of_words, words


def test_words_of_ascii_texts_are_those_of_rouge_score():
    draws = random.Random(1)
    texts = ["".join(draws.choices(string.printable, k=60)) for _ in range(500)]
    assert [list(words(text)) for text in texts] == [tokenize(text, None) for text in texts]


def test_words_of_english_with_typographic_signs_are_those_of_rouge_score():
    text = "“Well” – it’s 3.5 €… isn’t it? ¡No! 😀"
    assert list(words(text)) == tokenize(text, None) == ["well", "it", "s", "3", "5", "isn", "t", "it", "no"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ναι, το ΠΙΣΤΕΥΩ!", ["ναι", "το", "πιστευω"]),
        ("Größe, naïve", ["größe", "naïve"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("我同意AI，真的", ["我", "同", "意", "ai", "真", "的"]),
        ("AI我", ["ai", "我"]),
        ("コーヒー", ["コ", "ー", "ヒ", "ー"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("한국어 단어", ["한국어", "단어"]),
        ("été_2", ["été", "2"]),
        ("👍 …", []),
    ],
)
def test_words_of_other_scripts(text, expected):
    assert list(words(text)) == expected


def test_composed_and_decomposed_letters_are_the_same_word():
    assert words("cafe\u0301") == words("café")


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 0), ("…!", 0), ("one", 1), ("don't stop", 2), ("it’s 3 o'clock", 3), ("L’été, 'quoted'", 2), ("我同意", 3)],
)
def test_a_word_with_an_apostrophe_is_one_word(text, number):
    assert number_of_words(text) == number
