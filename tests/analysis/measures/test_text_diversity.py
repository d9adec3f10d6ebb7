import math
import random
import time
from itertools import combinations

import pytest
from rouge_score.rouge_scorer import RougeScorer
from support.sizes import TIMED

from syndisco_nb.analysis.measures.text_diversity import distinct_n, diversity, rouge_l_rows, word_sequences
from syndisco_nb.analysis.words import words
from syndisco_nb.errors import InvalidInputError

ROUGE = RougeScorer(["rougeL"])
VOCABULARY = [
    "the",
    "a",
    "of",
    "cars",
    "city",
    "should",
    "be",
    "free",
    "don't",
    "I",
    "think",
    "we",
    "20",
    "no",
    "bikes,",
    "air",
]


def by_rouge_score(texts):
    scores = [ROUGE.score(one, other)["rougeL"].fmeasure for one, other in combinations(texts, 2)]
    return 1 - sum(scores) / len(scores)


def test_diversity_of_the_worked_example():
    texts = ["the cat sat on the mat", "the cat lay on the mat", "buses should be free"]
    assert diversity(texts) == pytest.approx(1 - (5 / 6) / 3, abs=1e-12)


def test_diversity_equals_that_of_rouge_score():
    draws = random.Random(2)
    for _ in range(150):
        texts = [" ".join(draws.choices(VOCABULARY, k=draws.randint(0, 25))) for _ in range(draws.randint(2, 7))]
        assert diversity(texts) == pytest.approx(by_rouge_score(texts), abs=1e-9)


def test_a_greek_text_is_like_itself():
    assert diversity(["Ναι, το πιστεύω.", "ναι το πιστεύω"]) == 0
    assert diversity(["Ναι, το πιστεύω.", "Όχι, κύριε."]) == 1
    assert 0 < diversity(["我同意你的看法", "我不同意你"]) < 1


def test_rows_are_the_similarities_with_all_texts():
    texts = [words(text) for text in ("a b c d", "", "b d", "x")]
    assert [row.tolist() for row in rouge_l_rows(texts)] == [[1, 0, 2 / 3, 0], [0] * 4, [2 / 3, 0, 1, 0], [0, 0, 0, 1]]


def test_diversity_of_fewer_than_two_texts_is_not_defined():
    assert math.isnan(diversity([]))
    assert math.isnan(diversity(["a"]))


def test_texts_without_words_share_nothing():
    assert diversity(["…", "…"]) == 1


@TIMED
def test_diversity_is_fast(timed):
    draws = random.Random(3)
    talks = [[" ".join(draws.choices(VOCABULARY, k=60)) for _ in range(14)] for _ in range(1000 if timed else 2)]
    began = time.perf_counter()
    assert all(0 < diversity(texts) < 1 for texts in talks)
    assert not timed or time.perf_counter() - began < 5


def test_distinct_n():
    assert distinct_n(["a b a b c"], 2) == 0.75
    assert distinct_n(["a b a b c"], 1) == 3 / 5
    assert distinct_n(["a b", "a b"]) == 0.5  # and no "b a" across the two
    assert math.isnan(distinct_n(["a", "b"], 2))


def test_word_sequences():
    assert list(word_sequences("abcd", 3)) == [("a", "b", "c"), ("b", "c", "d")]
    assert list(word_sequences("a", 2)) == []


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda: diversity("a text"), "Give [text]"),
        (lambda: diversity(["a", 3]), "A text is 3"),
        (lambda: distinct_n(["a"], 0), "n is 0"),
    ],
)
def test_wrong_input_is_refused(call, part):
    with pytest.raises(InvalidInputError) as caught:
        call()
    assert part in str(caught.value)
