"""Prefilled rows against the cache of each prompt fed alone."""

import pytest
import torch
from support.kinds import VOCABULARY, made

from syndisco_nb.backend.model.local import prefill
from syndisco_nb.backend.model.local.forward_pass import ForwardPass
from syndisco_nb.backend.model.local.prefill import Prefiller


def random(*lengths):
    generator = torch.Generator().manual_seed(1)
    return [tuple(torch.randint(3, VOCABULARY, (n,), generator=generator).tolist()) for n in lengths]


HEAD, STEM, *TAILS = random(30, 20, 3, 1, 9, 40, 1, 2)
PROMPTS = dict(enumerate([HEAD + TAILS[0], HEAD + STEM + TAILS[1], HEAD + STEM + TAILS[2], HEAD + STEM, *TAILS[3:]]))


@pytest.fixture
def forward():
    return ForwardPass(made("MistralConfig"))


@pytest.fixture
def fed(forward):
    """The number of tokens of each forward pass, padding included."""
    counts = []
    forward.model.register_forward_pre_hook(
        lambda _, __, given: counts.append(given["input_ids"].numel()), with_kwargs=True
    )
    return counts


@torch.inference_mode()
def alone(forward, prompt):
    cache = forward.new_cache()
    forward(
        torch.tensor([prompt]), torch.ones(1, len(prompt), dtype=torch.bool), torch.arange(len(prompt))[None], cache
    )
    return cache


@torch.inference_mode()
def rows_of(prefiller, prompts, kept):
    """Return the keys and values of each prompt, layer by layer."""
    rows = {}
    for part in prefiller.feed(prompts, kept):
        for number, row, first in zip(part.numbers, part.rows, part.first, strict=True):
            end = first + len(prompts[number])
            rows[number] = [
                (layer.keys[row, :, first:end], layer.values[row, :, first:end]) for layer in part.cache.layers
            ]
    return rows


@pytest.mark.parametrize("kept", [0, 60, 10_000])
def test_each_prompt_is_finished_once_with_the_states_it_has_alone(forward, kept):
    prefiller = Prefiller(forward)
    for _ in range(2):  # the second time from kept prefixes
        rows = rows_of(prefiller, PROMPTS, kept)
        assert sorted(rows) == sorted(PROMPTS)
        for number, prompt in PROMPTS.items():
            window = 7  # a cache of transformers keeps no more of a window of 8
            for (keys, values), layer in zip(rows[number], alone(forward, prompt).layers, strict=True):
                torch.testing.assert_close(keys[:, -window:], layer.keys[0, :, -window:], atol=1e-4, rtol=1e-4)
                torch.testing.assert_close(values[:, -window:], layer.values[0, :, -window:], atol=1e-4, rtol=1e-4)


def test_a_shared_prefix_is_fed_once_and_kept(forward, fed):
    prefiller = Prefiller(forward)
    rows_of(prefiller, {0: (*HEAD, 5), 1: (*HEAD, 6)}, 1000)
    assert fed == [30, 2]
    rows_of(prefiller, {0: (*HEAD, 7)}, 1000)
    assert fed == [30, 2, 1]
    prefiller.forget()
    rows_of(prefiller, {0: (*HEAD, 7)}, 1000)
    assert fed == [30, 2, 1, 31]


def test_the_prefix_used_least_recently_is_dropped_first(forward, fed):
    first, second, third = random(30, 31, 32)
    prefiller = Prefiller(forward)

    def cost(prefix):
        fed.clear()
        rows_of(prefiller, {0: (*prefix, 5), 1: (*prefix, 6)}, 65)
        return sum(fed)

    assert [cost(first), cost(second), cost(first)] == [32, 33, 2]
    assert cost(third) == 34  # there is room for two: the second goes
    assert [cost(first), cost(second)] == [2, 33]


def test_a_forward_pass_has_a_largest_size(forward, fed, monkeypatch):
    monkeypatch.setattr(prefill, "_MAX_TOKENS", 50)
    prompts = dict(enumerate(random(20, 19, 18, 70, 1)))
    assert sorted(rows_of(Prefiller(forward), prompts, 0)) == list(prompts)
    assert sum(fed) >= 128
    assert all(count <= 50 or count == 70 for count in fed)
