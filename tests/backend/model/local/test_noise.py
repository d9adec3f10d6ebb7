import numpy as np
import torch

from syndisco_nb.backend.model.local import noise, numpy_sampler, torch_sampler

SPLITMIX64 = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F)
"""The first outputs of the published generator for the seed 0."""


def test_both_samplers_hash_as_splitmix64_does():
    states = [(step * noise.STEP) & noise.MASK for step in (1, 2, 3)]
    with np.errstate(over="ignore"):
        by_numpy = numpy_sampler._mix(np.array(states, np.uint64))
    by_torch = torch_sampler._mix(torch.tensor([torch_sampler._signed(state) for state in states]))
    assert tuple(map(int, by_numpy)) == SPLITMIX64
    assert tuple(int(key) & noise.MASK for key in by_torch) == SPLITMIX64


def test_a_tie_is_smaller_than_any_difference_between_logits():
    assert 0 < noise.TIE * 1_000_000 < np.spacing(np.float32(16))
