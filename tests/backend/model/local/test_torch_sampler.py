from itertools import pairwise

import pytest
import torch
from scipy.stats import chisquare

from syndisco_nb import Sampling
from syndisco_nb.backend.model.base import ResolvedSampling
from syndisco_nb.backend.model.local.torch_sampler import RowSampler

CPU = torch.device("cpu")
LOGITS = torch.tensor([2.0, 1.5, 1.5, 0.3, 0.0, -0.4, -1.0, -2.5])


def draw(logits, samplings, seeds, seen=None, steps=0, exempt=()):
    """Return each row's token."""
    seen = torch.zeros((len(seeds), 1), dtype=torch.int64) if seen is None else torch.tensor(seen)
    steps = torch.as_tensor(steps).expand(len(seeds))
    drawings = [ResolvedSampling.of(one, 500) for one in samplings]
    return RowSampler(drawings, seeds, exempt, CPU)(seen, torch.as_tensor(logits), steps).tolist()


def draw_alike(logits, sampling, seeds, step=0):
    return draw(logits.expand(len(seeds), -1), [sampling] * len(seeds), seeds, steps=step)


def mixed_rows(rows=48, tokens=300):
    logits = torch.randn(rows, tokens, generator=torch.Generator().manual_seed(1)) * 2
    kinds = [Sampling(), Sampling(temperature=0.5, top_k=5), Sampling(top_p=0.6), Sampling(temperature=0)]
    return logits, [kinds[row % len(kinds)] for row in range(rows)], [row * 7919 for row in range(rows)]


def test_a_row_draws_the_same_alone_among_others_and_in_another_order():
    logits, samplings, seeds = mixed_rows()
    together = draw(logits, samplings, seeds)
    alone = [draw(logits[[row]], [samplings[row]], [seeds[row]])[0] for row in range(len(seeds))]
    order = list(reversed(range(len(seeds))))
    turned = draw(logits[order], [samplings[row] for row in order], [seeds[row] for row in order])
    assert alone == together
    assert turned == together[::-1]


@pytest.mark.parametrize(
    "sampling", [Sampling(top_k=5), Sampling(top_p=0.4, top_k=30), Sampling(temperature=0, top_k=5)]
)
def test_ties_fall_the_same_way_alone_and_among_others(sampling):
    # Logits of bfloat16 models are often exactly equal.
    logits = torch.randn(200, 500, generator=torch.Generator().manual_seed(2)).mul(2).round().div(2)
    alone = [draw(logits[[row]], [sampling], [row])[0] for row in range(200)]
    beside = [draw(logits[[row, 0]], [sampling, Sampling()], [row, 1])[0] for row in range(200)]
    assert alone == beside


def test_a_row_draws_the_same_whatever_the_steps_of_the_others():
    logits, samplings, seeds = mixed_rows()
    steps = [row % 7 for row in range(len(seeds))]
    alone = [draw(logits[[n]], [samplings[n]], [seeds[n]], steps=steps[n])[0] for n in range(len(seeds))]
    assert draw(logits, samplings, seeds, steps=steps) == alone
    assert draw(logits, samplings, seeds) != alone


def test_padding_by_what_was_seen_anyway_changes_nothing():
    logits = torch.tensor([[4.0, 3.9, 3.8, 3.7]] * 8)
    samplings = [Sampling(temperature=0, repetition_penalty=1 + n / 100) for n in range(8)]
    short = draw(logits, samplings, range(8), seen=[[0, 1]] * 8)
    assert draw(logits, samplings, range(8), seen=[[0] * 9 + [1]] * 8) == short
    assert draw(logits, samplings, range(8), seen=[[3, 3]] * 8) != short


def warped(sampling):
    """Return the probabilities that transformers' own warpers leave."""
    from transformers.generation.logits_process import (
        TemperatureLogitsWarper,
        TopKLogitsWarper,
        TopPLogitsWarper,
    )

    scores = TemperatureLogitsWarper(sampling.temperature)(None, LOGITS[None])
    if sampling.top_k:
        scores = TopKLogitsWarper(sampling.top_k)(None, scores)
    if sampling.top_p < 1:
        scores = TopPLogitsWarper(sampling.top_p)(None, scores)
    return scores.softmax(dim=1)[0]


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(),
        Sampling(temperature=0.5),
        Sampling(temperature=2.0),
        Sampling(top_k=1),
        Sampling(top_k=4),
        Sampling(top_k=100),
        Sampling(top_p=0.3),
        Sampling(top_p=0.75),
        Sampling(top_p=0.95),
        Sampling(temperature=1.5, top_k=6, top_p=0.8),
    ],
    ids=str,
)
@pytest.mark.parametrize("step", [0, 3])
def test_tokens_come_as_often_as_transformers_says(sampling, step):
    count = 6000
    drawn = draw_alike(LOGITS, sampling, range(count), step)
    observed = torch.bincount(torch.tensor(drawn), minlength=len(LOGITS))
    expected = warped(sampling).double()
    support = expected > 0
    assert observed[~support].sum() == 0
    if support.sum() > 1:
        shares = expected[support] / expected[support].sum()
        assert chisquare(observed[support], count * shares).pvalue > 1e-4


def test_steps_of_one_seed_are_independent_draws():
    drawn = [draw_alike(LOGITS, Sampling(), [5], step)[0] for step in range(2000)]
    observed = torch.bincount(torch.tensor(drawn), minlength=len(LOGITS))
    assert chisquare(observed, 2000 * LOGITS.double().softmax(0)).pvalue > 1e-4
    repeats = sum(a == b for a, b in pairwise(drawn)) / 1999
    assert repeats == pytest.approx(float((LOGITS.softmax(0) ** 2).sum()), abs=0.04)


def test_huge_seeds_differ_too():
    drawn = draw_alike(torch.zeros(1000), Sampling(), [2**53 - 1 - n for n in range(50)] + [2**63 + 1, 2**64 - 1])
    assert len(set(drawn)) > 45


def test_neighbouring_seeds_and_steps_do_not_share_draws():
    flat = torch.zeros(10_000)
    drawn = [draw_alike(flat, Sampling(), range(20), step) for step in range(20)]
    assert len({token for row in drawn for token in row}) > 380


def test_temperature_zero_takes_the_likeliest():
    logits = torch.randn(100, 50, generator=torch.Generator().manual_seed(3))
    for sampling in (Sampling(temperature=0), Sampling(temperature=0, top_p=0.1, top_k=3)):
        assert draw(logits, [sampling] * 100, range(100)) == logits.argmax(dim=1).tolist()


def test_temperature_zero_beside_sampling_rows_is_unmoved():
    rows = LOGITS.expand(200, -1)
    drawn = draw(rows, [Sampling(temperature=n % 2 * 5.0) for n in range(200)], range(200))
    assert set(drawn[::2]) == {0}
    assert len(set(drawn[1::2])) > 4


def penalise(logits, penalty, seen, exempt=()):
    """Return the greedy choice after a penalty on the tokens seen."""
    sampling = Sampling(temperature=0, repetition_penalty=penalty)
    return draw([logits], [sampling], [1], seen=[seen], exempt=exempt)[0]


@pytest.mark.parametrize(
    ("logits", "penalty", "choice"),
    [
        ([2.0, 1.0], 1.0, 0),
        ([2.0, 1.0], 1.9, 0),  # 2 / 1.9 > 1
        ([2.0, 1.0], 2.1, 1),  # 2 / 2.1 < 1
        ([-1.0, -2.0], 1.9, 0),  # −1 · 1.9 > −2
        ([-1.0, -2.0], 2.1, 1),  # −1 · 2.1 < −2
        ([1.0, 1.5], 0.5, 0),  # a reward: 1 / 0.5 > 1.5
    ],
)
def test_the_repetition_penalty_is_that_of_ctrl(logits, penalty, choice):
    assert penalise(logits, penalty, [0, 0, 0]) == choice


def test_the_penalty_shifts_frequencies_as_transformers_does():
    from transformers.generation.logits_process import RepetitionPenaltyLogitsProcessor

    ids = torch.tensor([[0, 3, 6, 0]])
    expected = RepetitionPenaltyLogitsProcessor(1.4)(ids, LOGITS[None].clone()).softmax(1)[0].double()
    sampling = Sampling(repetition_penalty=1.4)
    drawn = draw(LOGITS.expand(6000, -1), [sampling] * 6000, range(6000), seen=ids.expand(6000, -1).tolist())
    observed = torch.bincount(torch.tensor(drawn), minlength=len(LOGITS))
    assert chisquare(observed, 6000 * expected / expected.sum()).pvalue > 1e-4


def test_exempt_tokens_are_left_alone():
    assert penalise([2.0, 1.0, 0.0], 9.0, [0]) == 1
    assert penalise([2.0, 1.0, 0.0], 9.0, [0], exempt=[0]) == 0


def test_each_row_has_its_own_penalty():
    samplings = [Sampling(temperature=0, repetition_penalty=penalty) for penalty in (1.0, 3.0)]
    assert draw([[2.0, 1.0]] * 2, samplings, [1, 1], seen=[[0], [0]]) == [0, 1]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_logits_are_drawn_from_in_full(dtype):
    logits = LOGITS.to(dtype)
    assert draw_alike(logits, Sampling(), range(500)) == draw_alike(logits.float(), Sampling(), range(500))


def test_a_forbidden_token_is_never_drawn():
    logits = LOGITS.clone()
    logits[0] = -torch.inf
    drawn = draw_alike(logits, Sampling(temperature=3.0, repetition_penalty=1.2), range(1000))
    assert 0 not in drawn
    assert set(drawn) == set(range(1, 8))


def test_no_global_generator_is_touched():
    before = torch.get_rng_state()
    draw_alike(LOGITS, Sampling(), range(10))
    assert torch.equal(torch.get_rng_state(), before)
