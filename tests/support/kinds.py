"""Small random models of many kinds of attention, and of other layers."""

import pytest
import torch
import transformers
from transformers import AutoModelForCausalLM

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
LINEAR = {
    "layer_types": ["linear_attention", "full_attention"],
    "linear_num_key_heads": 2,
    "linear_num_value_heads": 4,
    "linear_key_head_dim": 8,
    "linear_value_head_dim": 8,
}
MAMBA = {
    "mamba_d_state": 8,
    "mamba_n_heads": 4,
    "mamba_d_head": 16,
    "mamba_expand": 2,
    "mamba_n_groups": 1,
    "mamba_chunk_size": 16,
}
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
    "Olmo3Config": ATTENTION | WINDOW,
    "Exaone4Config": ATTENTION | WINDOW | {"sliding_window_pattern": 2},
    "MptConfig": {"d_model": 32, "n_heads": 4, "n_layers": 2, "expansion_ratio": 2, "max_seq_len": 512},
    "FalconConfig": {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "alibi": True},
    "OPTConfig": ATTENTION | {"ffn_dim": 48, "word_embed_proj_dim": 32},
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
    | LINEAR
    | {
        "num_experts": 4,
        "num_experts_per_tok": 2,
        "moe_intermediate_size": 16,
        "shared_expert_intermediate_size": 16,
    },
    "Lfm2Config": ATTENTION | {"layer_types": ["conv", "full_attention"]},
    "MambaConfig": {"hidden_size": 32, "num_hidden_layers": 2, "state_size": 4},
    "JambaConfig": ATTENTION | {"attn_layer_period": 2, "attn_layer_offset": 1, "num_experts": 2},
    "Mamba2Config": {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "state_size": 8,
        "num_heads": 4,
        "head_dim": 16,
        "n_groups": 1,
        "chunk_size": 16,
    },
    "FalconMambaConfig": {"hidden_size": 32, "num_hidden_layers": 2, "state_size": 4},
    "BambaConfig": ATTENTION | MAMBA | {"attn_layer_indices": [1]},
    "GraniteMoeHybridConfig": ATTENTION
    | MAMBA
    | {"layer_types": ["mamba", "attention"], "num_local_experts": 0, "shared_intermediate_size": 48},
    "FalconH1Config": ATTENTION | MAMBA | {"mamba_d_ssm": 64},
    "Zamba2Config": ATTENTION
    | {
        "num_key_value_heads": 4,
        "mamba_d_state": 8,
        "n_mamba_heads": 4,
        "mamba_headdim": 16,
        "mamba_ngroups": 1,
        "chunk_size": 16,
        "layers_block_type": ["mamba", "hybrid"],
        "num_mem_blocks": 1,
    },
    "Qwen3_5TextConfig": ATTENTION | LINEAR,
}
ALONE = {  # no cache that can be batched, but transformers.generate runs them
    "RwkvConfig": {"hidden_size": 32, "num_hidden_layers": 2},
    "RecurrentGemmaConfig": ATTENTION | {"num_hidden_layers": 3, "lru_width": 32, "attention_window_size": 8},
    "MiniMaxConfig": ATTENTION | {"layer_types": ["linear_attention", "full_attention"], "num_local_experts": 2},
    "OpenAIGPTConfig": {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 512},
    "DeepseekV4Config": ATTENTION
    | {
        "num_key_value_heads": 1,
        "q_lora_rank": 16,
        "o_lora_rank": 16,
        "o_groups": 1,
        "n_routed_experts": 4,
        "num_experts_per_tok": 2,
        "moe_intermediate_size": 16,
        "sliding_window": 8,
        "layer_types": ["heavily_compressed_attention", "compressed_sparse_attention"],
        "compress_rates": {"compressed_sparse_attention": 2, "heavily_compressed_attention": 4},
        "index_n_heads": 4,
        "index_head_dim": 8,
        "index_topk": 4,
        "hc_mult": 2,
    },
}
REFUSED = {  # not run by this transformers, or no models that continue a text token by token
    "xLSTMConfig": {"hidden_size": 32, "num_hidden_layers": 2, "num_heads": 4},
    "XLNetConfig": {"d_model": 32, "n_layer": 2, "n_head": 4, "d_inner": 48},
}
BY_LENGTH = {  # attention, but the longest row decides how the positions of all are told
    "Phi3Config": ATTENTION
    | {
        "original_max_position_embeddings": 32,
        "rope_parameters": {
            "rope_type": "longrope",
            "rope_theta": 10_000.0,
            "short_factor": [1.0] * 4,
            "long_factor": [4.0] * 4,
            "original_max_position_embeddings": 32,
        },
    },
}
RARE = {"Qwen3Config", "Gemma2Config", "Cohere2Config", "GPT2Config", "Olmo3Config", "Exaone4Config", "OPTConfig"}
RARE |= {"FalconMambaConfig", "BambaConfig", "FalconH1Config", "Zamba2Config", "Qwen3_5TextConfig", "Mamba2Config"}
RARE |= {"GraniteMoeHybridConfig"}


def kinds(*tables):
    """Return the names of all kinds as parameters; those much like another are left to `make test-long`."""
    names = [name for table in tables for name in table]
    return [pytest.param(name, marks=pytest.mark.long) if name in RARE else name for name in names]


def made(name):
    config = getattr(transformers, name)(
        vocab_size=VOCABULARY,
        eos_token_id=END,
        pad_token_id=0,
        bos_token_id=2,
        **(BUFFERED | OTHERS | ALONE | REFUSED | BY_LENGTH)[name],
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = AutoModelForCausalLM.from_config(config).eval().float()
    for weights in model.parameters():
        if weights.dim() > 1:
            weights.data.mul_(4)  # so that what is said depends on what was said before
    return model
