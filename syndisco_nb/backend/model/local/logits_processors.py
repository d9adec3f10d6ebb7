"""Logits processors of transformers, as `generation_kwargs`: applied before a token is drawn, besides sampling.

The names are those of transformers' `GenerationConfig`. Its other settings are refused: they are part of `Sampling`, or
belong to another way of decoding (beams, assistants).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from syndisco_nb.errors import require, suggestion

_OURS = ("temperature", "top_p", "top_k", "repetition_penalty", "max_new_tokens", "max_length", "do_sample")
_MODELS = ("eos_token_id", "pad_token_id")

ALLOWED = (
    "bad_words_ids",
    "begin_suppress_tokens",
    "exponential_decay_length_penalty",
    "min_new_tokens",
    "no_repeat_ngram_size",
    "sequence_bias",
    "suppress_tokens",
)


def check_generation_kwargs(kwargs: Mapping[str, Any]) -> None:
    """Check the names of generation settings.

    Raises
    ------
    InvalidInputError
        If one is not allowed.
    """
    clash = sorted(set(kwargs) & set(_OURS))
    require(
        not clash, f"generation_kwargs has {clash}. Use sampling=Sampling(...) and max_out_tokens.", "generation_kwargs"
    )
    clash = sorted(set(kwargs) & set(_MODELS))
    require(
        not clash,
        f"generation_kwargs has {clash}, which the model and its tokenizer decide. Leave them out.",
        "generation_kwargs",
    )
    for name in kwargs:
        require(
            name in ALLOWED,
            f"generation_kwargs has {name!r}, but may only have: {', '.join(ALLOWED)}.{suggestion(name, ALLOWED)}",
            "generation_kwargs",
        )


def make_processors(kwargs: Mapping[str, Any], prompt_tokens: int, ends: Sequence[int], device: str) -> Any:
    """Return the processors of one reply, a `LogitsProcessorList`.

    Parameters
    ----------
    kwargs : mapping
        Settings by name.
    prompt_tokens : int
        The length of the prompt.
    ends : sequence of int
        The tokens that end a reply.
    device : str

    Raises
    ------
    ValueError
        If transformers does not accept a value.
    """
    import transformers as t

    end = list(ends)
    makers = {
        "bad_words_ids": lambda value: t.NoBadWordsLogitsProcessor(value, end),
        "begin_suppress_tokens": lambda value: t.SuppressTokensAtBeginLogitsProcessor(value, prompt_tokens, device),
        "exponential_decay_length_penalty": lambda value: t.ExponentialDecayLengthPenalty(value, end, prompt_tokens),
        "min_new_tokens": lambda value: t.MinNewTokensLengthLogitsProcessor(prompt_tokens, value, end, device),
        "no_repeat_ngram_size": t.NoRepeatNGramLogitsProcessor,
        "sequence_bias": t.SequenceBiasLogitsProcessor,
        "suppress_tokens": lambda value: t.SuppressTokensLogitsProcessor(value, device),
    }
    # In the order in which transformers applies them, not in that of the settings.
    return t.LogitsProcessorList(make(kwargs[name]) for name, make in makers.items() if name in kwargs)
