import pytest
import torch

from syndisco_nb.backend.model.local.logits_processors import ALLOWED, check_generation_kwargs, make_processors
from syndisco_nb.errors import InvalidInputError

VOCABULARY, END = 20, 1
VALUES = {
    "bad_words_ids": [[4]],
    "begin_suppress_tokens": [5],
    "exponential_decay_length_penalty": (1, 1.5),
    "min_new_tokens": 3,
    "no_repeat_ngram_size": 1,
    "sequence_bias": {(6,): 2.0},
    "suppress_tokens": [7],
}


def changed(given, reply, prompt=(3, 8)):
    """Return the tokens whose logits are changed for the next token of a reply, and how."""
    processors = make_processors(given, len(prompt), [END], "cpu")
    logits = processors(torch.tensor([[*prompt, *reply]]), torch.ones(1, VOCABULARY))[0]
    return {token: logit for token, logit in enumerate(logits.tolist()) if logit != 1}


NEVER = -float("inf")


@pytest.mark.parametrize(
    ("name", "reply", "expected"),
    [
        ("bad_words_ids", (), {4: NEVER}),
        ("begin_suppress_tokens", (), {5: NEVER}),
        ("begin_suppress_tokens", (9,), {}),
        ("exponential_decay_length_penalty", (9,), {}),
        ("exponential_decay_length_penalty", (9, 9, 9), {END: 1 + 1.5**2 - 1}),
        ("min_new_tokens", (9, 9), {END: NEVER}),
        ("min_new_tokens", (9, 9, 9), {}),
        ("no_repeat_ngram_size", (9,), {3: NEVER, 8: NEVER, 9: NEVER}),
        ("sequence_bias", (), {6: 3.0}),
        ("suppress_tokens", (9,), {7: NEVER}),
    ],
)
def test_each_setting_does_what_it_does_in_transformers(name, reply, expected):
    assert changed({name: VALUES[name]}, reply) == expected


def test_every_setting_that_is_allowed_can_be_made():
    check_generation_kwargs(VALUES)
    assert set(VALUES) == set(ALLOWED)
    assert len(make_processors(VALUES, 2, [END], "cpu")) == len(ALLOWED)
    assert len(make_processors({}, 2, [END], "cpu")) == 0


def test_the_order_given_does_not_matter():
    def order(names):
        return [type(one).__name__ for one in make_processors({name: VALUES[name] for name in names}, 2, [END], "cpu")]

    assert order(ALLOWED) == order(reversed(ALLOWED))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"temperature": 1}, r"generation_kwargs has \['temperature'\]\. Use sampling=Sampling"),
        ({"max_new_tokens": 1, "do_sample": True}, r"has \['do_sample', 'max_new_tokens'\]\. Use sampling"),
        ({"eos_token_id": 5}, r"has \['eos_token_id'\], which the model and its tokenizer decide"),
        ({"pad_token_id": 5}, r"has \['pad_token_id'\], which the model and its tokenizer decide"),
        ({"no_repeat_ngram_sise": 3}, r"'no_repeat_ngram_sise', but may only .* mean 'no_repeat_ngram_size'"),
        ({"num_beams": 3}, r"has 'num_beams', but may only have: bad_words_ids, .*_tokens\."),
        ({"min_p": 3}, "has 'min_p', but may only have: "),
        ({"guidance_scale": 3}, "has 'guidance_scale', but may only have: "),
        ({"stop_strings": 3}, "has 'stop_strings', but may only have: "),
    ],
)
def test_other_settings_are_refused_by_name(given, message):
    with pytest.raises(InvalidInputError, match=message):
        check_generation_kwargs(given)


def test_a_value_that_transformers_does_not_take_is_an_error():
    with pytest.raises(ValueError, match="positive integer"):
        make_processors({"no_repeat_ngram_size": -1}, 2, [END], "cpu")
