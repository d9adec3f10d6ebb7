"""Labels on a graph whose logits are a hash of the row, against the definition."""

import itertools

import numpy as np
import pytest
from support.paged import HashGraph, logits_after

from syndisco_nb.backend.model.local.openvino_scoring import OpenVINOScorer
from syndisco_nb.backend.model.local.scoring import LabelTree, Question

TREES = [
    LabelTree.of(labels, [1, 2])
    for labels in ([(5,), (6,), (7,)], [(5,), (5, 6), (5, 6, 8), (10,)], [(11, 12), (13, 14, 15), (16,)])
]
HEAD = tuple(range(10, 40))
PROMPTS = [(*HEAD, 3), (*HEAD, 4, 4), HEAD, (3, 4, 5), (*HEAD, 41, 42, 43, 44, 45)]


def defined(question):
    """Return probabilities and mass by the definition, label by label."""
    sums = []
    for label in question.labels.tokens:
        ways = [(*label, end) for end in question.labels.ends] or [label]
        sums.append(sum(np.exp(sum(log(question.prompt + way[:n], way[n]) for n in range(len(way)))) for way in ways))
    return np.array(sums) / sum(sums), sum(sums)


def log(tokens, following):
    logits = logits_after(tokens).astype(float)
    return logits[following] - np.log(np.exp(logits).sum())


@pytest.mark.parametrize("block", [4, 7, 64])
def test_labels_have_the_probability_of_their_tokens(block):
    questions = [Question(prompt, tree) for prompt, tree in itertools.product(PROMPTS, TREES)]
    scorer = OpenVINOScorer(HashGraph(block))
    ((together, _),) = scorer.score(questions, 100_000)
    for number, question in enumerate(questions):
        probabilities, mass = defined(question)
        assert together[number].probabilities == pytest.approx(probabilities, abs=1e-5)
        assert together[number].mass == pytest.approx(mass, abs=1e-5)
    assert max(scorer._cache.fed) < sum(map(len, PROMPTS)) + sum(len(one.labels.branches) * 3 for one in questions)


def test_a_second_batch_begins_anew():
    scorer, question = OpenVINOScorer(HashGraph()), Question(PROMPTS[0], TREES[1])
    ((first, _),) = scorer.score([question], 100)
    ((again, _),) = scorer.score([question], 100)
    assert first == again
