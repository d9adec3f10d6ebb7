"""The decoding loop against transformers' own `generate`, on small random models of many kinds."""

import pytest
import torch
import transformers
from transformers import AutoModelForCausalLM

from syndisco_nb import Sampling
from syndisco_nb.backend.model.base import Drawing
from syndisco_nb.backend.model.decoding import Decoder, Row
from syndisco_nb.backend.model.processors import make_processors

VOCABULARY = 200
END = 1
ATTENTION = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 512,
}
WINDOW = {"sliding_window": 8, "layer_types": ["sliding_attention", "full_attention"]}
BUFFERED = {
    "LlamaConfig": ATTENTION,
    "Qwen3Config": ATTENTION,
    "MistralConfig": ATTENTION | {"sliding_window": 8},
    "Gemma2Config": ATTENTION | WINDOW,
    "Gemma3TextConfig": ATTENTION | WINDOW,
    "Cohere2Config": ATTENTION | WINDOW,
    "GptOssConfig": ATTENTION | WINDOW | {"num_local_experts": 4, "num_experts_per_tok": 2},
    "GPT2Config": {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 512},
    "BloomConfig": {"hidden_size": 32, "n_layer": 2, "n_head": 4},
    "Gemma3nTextConfig": ATTENTION
    | {
        "num_hidden_layers": 4,
        "num_kv_shared_layers": 2,
        "sliding_window": 8,
        "layer_types": ["sliding_attention", "full_attention"] * 2,
        "activation_sparsity_pattern": [0.0] * 4,
        "hidden_size_per_layer_input": 8,
        "vocab_size_per_layer_input": VOCABULARY,
    },
    "Llama4TextConfig": ATTENTION
    | {
        "attention_chunk_size": 8,
        "num_local_experts": 2,
        "intermediate_size_mlp": 48,
        "layer_types": ["chunked_attention", "full_attention"],
        "no_rope_layers": [1, 0],
        "moe_layers": [],
    },
    "DeepseekV3Config": ATTENTION
    | {
        "num_key_value_heads": 4,
        "head_dim": 4,
        "q_lora_rank": 16,
        "kv_lora_rank": 16,
        "qk_rope_head_dim": 4,
        "qk_nope_head_dim": 8,
        "v_head_dim": 12,
        "first_k_dense_replace": 2,
    },
}
OTHERS = {
    "Qwen3NextConfig": ATTENTION
    | {
        "layer_types": ["linear_attention", "full_attention"],
        "linear_num_key_heads": 2,
        "linear_num_value_heads": 4,
        "linear_key_head_dim": 8,
        "linear_value_head_dim": 8,
        "num_experts": 4,
        "num_experts_per_tok": 2,
        "moe_intermediate_size": 16,
        "shared_expert_intermediate_size": 16,
    },
    "Lfm2Config": ATTENTION | {"layer_types": ["conv", "full_attention"]},
    "MambaConfig": {"hidden_size": 32, "num_hidden_layers": 2, "state_size": 4},
    "JambaConfig": ATTENTION | {"attn_layer_period": 2, "attn_layer_offset": 1, "num_experts": 2},
}
LIMITS = (12, 5, 30, 20, 9, 14)
PROCESSORS = {"no_repeat_ngram_size": 2, "min_new_tokens": 4, "suppress_tokens": [7, 8], "sequence_bias": {(END,): 5.0}}


class Asking:
    """Somebody who waits."""

    def __init__(self):
        self.beside = 1


def made(name):
    config = getattr(transformers, name)(
        vocab_size=VOCABULARY, eos_token_id=END, pad_token_id=0, bos_token_id=2, **(BUFFERED | OTHERS)[name]
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = AutoModelForCausalLM.from_config(config).eval().float()
    for weights in model.parameters():
        if weights.dim() > 1:
            weights.data.mul_(4)  # so that what is said depends on what was said before
    return model


def prompts():
    """Return prompts of several lengths, some of which begin alike."""
    generator = torch.Generator().manual_seed(1)
    head, *rest = (torch.randint(3, VOCABULARY, (n,), generator=generator).tolist() for n in (20, 3, 17, 9, 1, 5, 40))
    return [head + tail for tail in rest[:4]] + rest[4:]


def generated(model, prompt, limit, **settings):
    ids = torch.tensor([prompt])
    with torch.inference_mode():
        found = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=limit,
            eos_token_id=END,
            pad_token_id=0,
            **settings,
        )
    return found[0, len(prompt) :].tolist()


def greedy(prompt, limit, processors=None):
    sampling = Sampling(0, max_tokens=limit)
    return Row(Asking(), prompt, sampling, Drawing.of(sampling, 500), 1, processors)


def decoded(model, given=None):
    """Return replies of rows that join two by two, every second step, as far as the model lets them."""
    decoder = Decoder(model, [END])
    rows = [
        greedy(prompt, limit, make_processors(given or {}, len(prompt), [END], "cpu"))
        for prompt, limit in zip(prompts(), LIMITS, strict=True)
    ]
    waiting, steps = list(rows), 0
    while waiting or decoder.rows:
        joins = not decoder.rows or (decoder.takes_more and steps % 2 == 0)
        joining, waiting = (waiting[:2], waiting[2:]) if joins else ([], waiting)
        decoder.step(joining, 10_000)
        steps += 1
    return [row.reply for row in rows], max(row.waiting.beside for row in rows)


@pytest.mark.filterwarnings("ignore")  # of models without their fast kernels
@pytest.mark.parametrize("name", [*BUFFERED, *OTHERS])
def test_replies_are_those_of_generate_whatever_kind_of_model(name):
    model = made(name)
    expected = [generated(model, prompt, limit) for prompt, limit in zip(prompts(), LIMITS, strict=True)]
    assert len(set(map(tuple, expected))) == len(LIMITS)
    replies, beside = decoded(model)
    assert replies == expected
    assert (beside > 2) == (name in BUFFERED)  # the others join when the batch is finished


def test_each_rows_processors_see_that_row_alone():
    model = made("LlamaConfig")
    expected = [generated(model, prompt, limit, **PROCESSORS) for prompt, limit in zip(prompts(), LIMITS, strict=True)]
    plain, _ = decoded(model)
    assert decoded(model, PROCESSORS)[0] == expected != plain


def test_what_prompts_share_is_fed_once_and_kept_for_those_to_come():
    model = made("LlamaConfig")
    decoder, fed = Decoder(model, [END]), []
    model.register_forward_pre_hook(lambda _, args, given: fed.append(given["input_ids"].numel()), with_kwargs=True)

    def say(*tails):
        rows = [greedy([*range(3, 103), *tail], 1) for tail in tails]
        fed.clear()
        decoder.step(rows, 10_000)
        return sum(fed), [row.reply for row in rows]

    count, together = say((5, 6, 7), (8, 9, 10))
    assert count == 100 + 2 * 2 + 2
    count, again = say((5, 6, 7))
    assert count == 2 + 1
    assert again == together[:1] == [generated(model, [*range(3, 103), 5, 6, 7], 1)]
