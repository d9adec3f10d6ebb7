"""Labels of small random models of many kinds against a plain forward pass over each prompt and label."""

import math

import pytest
import torch
from support.kinds import BUFFERED, BY_LENGTH, OTHERS, VOCABULARY, kinds, made

from syndisco_nb.backend.model.local.scoring import LabelTree, Question
from syndisco_nb.backend.model.local.transformers_scoring import TransformersScorer, transformers_scorer

ENDS = [1, 9]
TREES = [
    LabelTree.of(labels, ENDS)
    for labels in ([(5,), (6,), (7,)], [(5,), (5, 6), (5, 6, 8), (10,)], [(11, 12), (13, 14, 15), (16,)])
]
"""Scales of one token a label, nested, and of several tokens."""


def random(*lengths):
    generator = torch.Generator().manual_seed(1)
    return [tuple(torch.randint(20, VOCABULARY, (n,), generator=generator).tolist()) for n in lengths]


def questions():
    """Ask on three scales after prompts of several lengths, most longer than any window, some of which begin alike."""
    head, stem, *rest = random(20, 30, 3, 2, 9, 5, 70, 1)
    prompts = [head + rest[0], head + stem + rest[1], head + stem + rest[2], head + stem, *rest[3:], head + rest[0]]
    return [Question(prompt, tree) for prompt in prompts for tree in TREES]


def plain(model, question):
    """Return probabilities and mass by one pass per label, and end, without a cache."""
    sums = []
    for label in question.labels.tokens:
        ways = []
        for tokens in [(*label, end) for end in question.labels.ends] or [label]:
            with torch.inference_mode():
                logits = model(input_ids=torch.tensor([question.prompt + tokens]), use_cache=False).logits
            after = logits[0, len(question.prompt) - 1 :].double().log_softmax(-1)
            ways.append(sum(after[place, token] for place, token in enumerate(tokens)))
        sums.append(torch.stack(ways).logsumexp(0))
    return torch.stack(sums).softmax(0).tolist(), torch.stack(sums).exp().sum().item()


@pytest.mark.filterwarnings("ignore")  # of models without their fast kernels
@pytest.mark.parametrize("name", kinds(BUFFERED, OTHERS, BY_LENGTH))
def test_labels_alone_and_together_are_those_of_a_plain_pass(name):
    model = made(name)
    scorer = transformers_scorer(model)
    assert isinstance(scorer, TransformersScorer) == (name in BUFFERED)
    asked = questions()
    ((together, _),) = scorer.score(asked, 100_000)
    alone = [found[0] for one in asked for found, _ in scorer.score([one], 1)]
    for number, question in enumerate(asked):
        probabilities, mass = plain(model, question)
        for found in (together[number], alone[number]):
            assert found.probabilities == pytest.approx(probabilities, abs=1e-5)
            assert found.mass == pytest.approx(mass, abs=1e-5)
    assert len({round(one.probabilities[0], 3) for one in alone}) > len(asked) // 2  # it depends on the prompt


def test_prompts_that_begin_alike_are_fed_once():
    model, fed = made("MistralConfig"), []
    model.register_forward_pre_hook(lambda _, __, given: fed.append(given["input_ids"].numel()), with_kwargs=True)
    head, *tails = random(100, 4, 4, 4)
    ((_, _),) = transformers_scorer(model).score([Question(head + tail, TREES[0]) for tail in tails], 100_000)
    assert fed == [100, 3 * 4]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["LlamaConfig", "MistralConfig", "JambaConfig"])
def test_a_question_whose_numbers_overflow_leaves_the_others_alone(name):
    model, broken = made(name), 17
    model.get_input_embeddings().weight.data[broken] = torch.nan
    well = questions()
    bad = [Question((*well[0].prompt, broken, *random(40)[0]), tree) for tree in TREES]
    ((found, _),) = transformers_scorer(model).score([*bad, *well], 100_000)
    assert all(math.isnan(found[number].mass) for number in range(len(bad)))
    ((expected, _),) = transformers_scorer(model).score(well, 100_000)
    for number in range(len(well)):
        assert found[len(bad) + number].probabilities == pytest.approx(expected[number].probabilities, abs=1e-5)
