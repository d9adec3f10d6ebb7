"""Tiny Hugging Face models made on the spot: tokenizers of every kind, and a model whose words follow each other."""

import itertools

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

CHATML = (
    "{% for m in messages %}<|im_start|> {{ m['role'] }} {{ m['content'] }} <|im_end|> {% endfor %}"
    "{% if add_generation_prompt %}<|im_start|> assistant{% endif %}"
)
WORDS = "user system assistant Tax? I agree fully hm so no 1 2 3 final analysis"
SPECIAL = "<unk> <|im_start|> <|im_end|>"


def word_tokenizer(words=WORDS, special=SPECIAL, added="", eos="<|im_end|>", template=CHATML):
    """Return a tokenizer with a token per word; `added` tokens are recognised, but not special."""
    every = dict.fromkeys([*special.split(), *added.split(), *words.split()])
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(every)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return _fast(tokenizer, special, added, template, unk_token="<unk>", **({"eos_token": eos} if eos else {}))


def byte_tokenizer(template=CHATML, added="", special=SPECIAL):
    """Return a tokenizer with a token per byte, and none across spaces: byte-level BPE, as GPT-2's."""
    alphabet = [*special.split(), *added.split(), *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE({token: n for n, token in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return _fast(tokenizer, special, added, template, eos_token="<|im_end|>")


def piece_tokenizer(template=CHATML, added="", special=SPECIAL):
    """Return a tokenizer that puts a space before a text, as SentencePiece does for Llama 2."""
    letters = [chr(code) for code in range(33, 127)]
    pieces = [*special.split(), *added.split(), "▁", *letters, *(f"▁{one}" for one in letters)]
    pieces += [f"<0x{byte:02X}>" for byte in range(256)]
    merges = [("▁", one) for one in letters]
    vocabulary = {token: n for n, token in enumerate(pieces)}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return _fast(tokenizer, special, added, template, unk_token="<unk>", eos_token="<|im_end|>")


def chain(folder, tokenizer, text, eos=None):
    """Save a model whose words follow each other as in the text, whatever the prompt; return its folder."""
    size = len(tokenizer)
    config = LlamaConfig(
        vocab_size=size,
        hidden_size=-(-size // 8) * 8,
        intermediate_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        max_position_embeddings=512,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=None,
    )
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            weights.fill_(float("norm" in name))
        model.model.embed_tokens.weight[:, :size] = torch.eye(size)
        tokens = tokenizer.convert_tokens_to_ids(text.split())
        for one, following in itertools.pairwise(tokens):
            model.lm_head.weight[following, one] = 20.0
    if eos is not None:
        model.generation_config.eos_token_id = eos
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _fast(tokenizer, special, added, template, **settings):
    tokenizer.add_special_tokens(special.split())
    tokenizer.add_tokens([AddedToken(word, special=False) for word in added.split()])
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **settings)
    fast.chat_template = template
    return fast
