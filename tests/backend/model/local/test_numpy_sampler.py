import numpy as np
import pytest
import torch

from syndisco_nb import Sampling
from syndisco_nb.backend.model.base import ResolvedSampling
from syndisco_nb.backend.model.local.numpy_sampler import candidates, draw
from syndisco_nb.backend.model.local.torch_sampler import RowSampler

VOCABULARY = 3000
ENDS = (2, 5)
SETTINGS = [
    Sampling(temperature=0),
    Sampling(temperature=0, repetition_penalty=1.5, top_k=3),
    Sampling(),
    Sampling(top_k=40),
    Sampling(top_p=0.9),
    Sampling(top_p=0.3, temperature=3.0),
    Sampling(top_p=0.999, temperature=9.0),
    Sampling(top_p=0.9, top_k=40, temperature=0.6, repetition_penalty=1.1),
    Sampling(top_k=1),
    Sampling(top_k=5000, repetition_penalty=0.5),
]


def both(logits, seen, sampling, seed, step):
    """Draw by both rules."""
    drawing = ResolvedSampling.of(sampling, 9)
    ours = draw(logits, seen, ENDS, drawing, seed, step)
    sampler = RowSampler([sampling], [seed], ENDS, torch.device("cpu"))
    theirs = sampler(torch.tensor([seen]), torch.tensor(logits[None]), torch.tensor([step]))
    return ours, int(theirs)


@pytest.mark.parametrize("sampling", SETTINGS, ids=str)
@pytest.mark.parametrize("coarse", [False, True])
def test_it_draws_what_the_sampler_of_transformers_draws(sampling, coarse):
    random = np.random.default_rng(1)
    for number in range(30):
        logits = random.normal(0, 4, VOCABULARY).astype(np.float32)
        logits[random.choice(VOCABULARY, 50)] = -np.inf
        if coarse:  # as in bfloat16, many are equal
            logits = np.round(logits * 2) / 2
        seen = [*random.choice(VOCABULARY, 200).tolist(), *ENDS]
        ours, theirs = both(logits, seen, sampling, int(random.integers(1 << 62)) * 5 - 7, number)
        assert ours == theirs


def probabilities(logits, seen, **settings):
    scores, tokens = candidates(np.array(logits, np.float32), seen, ENDS, ResolvedSampling.of(Sampling(**settings), 9))
    weights = np.exp(scores - scores[0])
    return dict(zip(tokens.tolist(), (weights / weights.sum()).tolist(), strict=True))


def test_the_penalty_spares_the_tokens_that_end_a_reply():
    logits = np.log([0.1, 0.2, 0.3, 0.15, 0.1, 0.15])
    seen = [1, 2, 2, 2]
    fair, penalised = probabilities(logits, seen), probabilities(logits, seen, repetition_penalty=2.0)
    assert penalised[2] / penalised[0] == pytest.approx(fair[2] / fair[0])
    assert penalised[1] == pytest.approx(penalised[0] * 0.2**2 / 0.1)  # once, however often it stands there


def test_the_temperature_comes_before_what_is_cut_off():
    logits = np.log([0.5, 0.3, 0.1, 0.06, 0.04])
    assert len(probabilities(logits, [], top_p=0.75)) == 2
    assert len(probabilities(logits, [], top_p=0.75, temperature=0.4)) == 1


def test_top_k_comes_before_top_p():
    logits = np.log([0.5, 0.3, 0.1, 0.06, 0.04])
    assert len(probabilities(logits, [], top_p=0.6)) == 2
    assert len(probabilities(logits, [], top_p=0.6, top_k=2)) == 1  # 0.5 of the 0.8 that are left is enough
