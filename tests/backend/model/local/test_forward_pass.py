"""Forward passes of small random models of many kinds, in pieces and padded, against a plain one."""

import pytest
import torch
from support.kinds import ALONE, BUFFERED, OTHERS, VOCABULARY, kinds, made

from syndisco_nb.backend.model.local.forward_pass import ForwardPass

pytestmark = pytest.mark.filterwarnings("ignore")  # of models without their fast kernels


@pytest.mark.parametrize("name", kinds(BUFFERED, OTHERS))
def test_a_model_that_can_be_batched_is_recognised_by_its_layers(name):
    forward = ForwardPass(made(name))
    assert (forward.fills_cache(), forward.has_only_attention) == (True, name in BUFFERED)


@pytest.mark.parametrize("name", ALONE)
def test_so_is_one_that_cannot(name):
    forward = ForwardPass(made(name))
    assert (forward.fills_cache(), forward.has_only_attention) == (False, False)


@pytest.mark.parametrize("name", ["LlamaConfig", "GPT2Config", "MptConfig", "JambaConfig", "MambaConfig"])
def test_padded_rows_have_the_logits_of_a_plain_pass(name):
    forward = ForwardPass(made(name))
    generator = torch.Generator().manual_seed(1)
    short, long = (torch.randint(3, VOCABULARY, (n,), generator=generator).tolist() for n in (5, 20))
    ids = torch.tensor([[0] * 15 + short, long])
    positions = torch.stack([torch.arange(20) - 15, torch.arange(20)])
    cache = forward.new_cache()
    with torch.inference_mode():
        forward(ids[:, :19], positions[:, :19] >= 0, positions[:, :19].clamp_min(0), cache)
        logits = forward(ids[:, 19:], positions >= 0, positions[:, 19:], cache)
        plain = [forward.whole(torch.tensor([row]), 1)[0] for row in (short, long)]
    torch.testing.assert_close(logits, torch.stack(plain), atol=1e-4, rtol=1e-4)


def test_the_last_logits_are_those_that_were_asked_for():
    forward = ForwardPass(made("LlamaConfig"))
    ids = torch.tensor([[5, 6, 7, 8]])
    with torch.inference_mode():
        three, one = forward.whole(ids, 3), forward.whole(ids, 1)
        cached = forward(ids, torch.ones(1, 4, dtype=torch.bool), torch.arange(4)[None], forward.new_cache(), 3)
    assert three.shape == (1, 3, VOCABULARY)
    torch.testing.assert_close(three[:, -1:], one)
    torch.testing.assert_close(cached, three)


def test_a_model_that_leaves_the_cache_empty_is_not_batched(monkeypatch):
    model = made("LlamaConfig")
    monkeypatch.setattr(model.model.layers[0].self_attn, "forward", lambda hidden, *_, **__: (hidden, None))
    monkeypatch.setattr(model.model.layers[1].self_attn, "forward", lambda hidden, *_, **__: (hidden, None))
    assert not ForwardPass(model).fills_cache()


def test_a_model_that_raises_with_a_cache_of_ours_is_not_batched_and_the_reason_is_logged(caplog):
    model = made("LlamaConfig")
    model.register_forward_pre_hook(lambda *_: 1 / 0)
    with caplog.at_level("INFO", "syndisco_nb"):
        assert not ForwardPass(model).fills_cache()
    assert "LlamaForCausalLM cannot use a cache of ours: division by zero" in caplog.text
