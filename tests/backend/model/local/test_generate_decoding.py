"""Models that the batching loop cannot feed, by transformers' own `generate`."""

import pytest
import torch
from support.kinds import ALONE, END, REFUSED, VOCABULARY, made
from support.rows import reply_settings

from syndisco_nb.backend.model.local.forward_pass import ForwardPass
from syndisco_nb.backend.model.local.generate_decoding import GenerateDecoder, _DrawsTokens
from syndisco_nb.backend.model.local.logits_processors import make_processors
from syndisco_nb.backend.model.local.transformers_decoding import PaddedRow, TransformersDecoder
from syndisco_nb.errors import ModelError

pytestmark = pytest.mark.filterwarnings("ignore")  # of models without their fast kernels


def prompts():
    generator = torch.Generator().manual_seed(1)
    return [torch.randint(3, VOCABULARY, (n,), generator=generator).tolist() for n in (5, 17, 30)]


def row(prompt, limit=6, seed=1, processors=None, **sampling):
    return PaddedRow(*reply_settings(prompt, limit, seed, **sampling), processors=processors)


def generated(model, prompt, **settings):
    """Return the greedy reply of transformers itself."""
    ids = torch.tensor([prompt])
    with torch.inference_mode():
        found = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=6,
            eos_token_id=END,
            pad_token_id=0,
            **settings,
        )
    return found[0, len(prompt) :].tolist()


def replies(decoder, *rows):
    for one in rows:
        assert decoder.step([one], 10_000) == [one]
    return [one.reply for one in rows]


@pytest.mark.parametrize("name", ALONE)
def test_the_loop_cannot_feed_it_and_generate_can(name):
    model = made(name)
    expected = [generated(model, prompt) for prompt in prompts()]
    assert len(set(map(tuple, expected))) == 3
    forward = ForwardPass(model)
    assert not forward.fills_cache()
    assert replies(GenerateDecoder(forward, [END]), *map(row, prompts())) == expected


@pytest.mark.parametrize("name", REFUSED)
def test_a_model_that_generate_cannot_run_either_is_refused(name):
    forward = ForwardPass(made(name))
    assert not forward.fills_cache()
    with pytest.raises(ModelError, match=r"(cannot generate replies|is no model that continues).*Take another model"):
        GenerateDecoder(forward, [END])


SAMPLING = {"temperature": 0.9, "top_p": 0.95, "top_k": 50, "repetition_penalty": 1.2}


def test_draws_are_those_of_the_batching_loop():
    model = made("LlamaConfig")
    given = [{"prompt": prompt, "seed": seed, "limit": 12, **SAMPLING} for seed, prompt in enumerate(prompts())]
    alone = replies(GenerateDecoder(ForwardPass(model), [END]), *(row(**one) for one in given))
    decoder, rows = TransformersDecoder(ForwardPass(model), [END]), [row(**one) for one in given]
    decoder.step(rows, 10_000)
    while decoder.rows:
        decoder.step([], 10_000)
    assert alone == [one.reply for one in rows]


def test_settings_of_the_models_own_do_not_leak_in():
    model = made("LlamaConfig")
    expected = [generated(model, prompt) for prompt in prompts()]
    model.generation_config.repetition_penalty = 9.0
    model.generation_config.do_sample, model.generation_config.temperature = True, 9.0
    assert [generated(model, prompt) for prompt in prompts()] != expected
    assert replies(GenerateDecoder(ForwardPass(model), [END]), *map(row, prompts())) == expected


def test_processors_see_the_row():
    model = made("LlamaConfig")
    given = {"no_repeat_ngram_size": 2, "suppress_tokens": [7, 8]}
    expected = [generated(model, prompt, **given) for prompt in prompts()]
    rows = [row(prompt, processors=make_processors(given, len(prompt), [END], "cpu")) for prompt in prompts()]
    assert replies(GenerateDecoder(ForwardPass(model), [END]), *rows) == expected


def test_one_reply_is_generated_at_a_time():
    decoder = GenerateDecoder(ForwardPass(made("LlamaConfig")), [END])
    assert (decoder.can_join(0), decoder.can_join(1)) == (True, False)


def test_an_abandoned_reply_stops():
    model = made("LlamaConfig")
    decoder, one = GenerateDecoder(ForwardPass(model), [END]), row(prompts()[0], limit=200)
    calls = []

    def look(*_):
        calls.append(len(one.reply))
        if len(one.reply) == 3:
            one.pending.reply.cancel()

    model.register_forward_pre_hook(look)
    assert decoder.step([one], 10_000) == []
    assert (decoder.rows, len(one.reply), max(calls)) == ([one], 4, 3)
    decoder.drop([one])
    assert decoder.can_join(0)


@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_no_token_is_drawn_where_there_are_no_probabilities(value):
    model = made("LlamaConfig")
    decoder = GenerateDecoder(ForwardPass(model), [END])
    model.lm_head.register_forward_hook(lambda _, __, logits: torch.full_like(logits, value))
    one = row([3, 4, 5])
    assert decoder.step([one], 10_000) == [one]
    assert (one.overflowed, one.reply) == (True, [])


def test_a_reply_goes_on_where_it_was_up_to_its_limit():
    model, calls = made("LlamaConfig"), []
    decoder = GenerateDecoder(ForwardPass(model), [END])
    (whole,) = replies(decoder, row(prompts()[1], **SAMPLING))
    assert len(whole) == 6
    again = row(prompts()[1], **SAMPLING)
    again.reply += whole[:2]
    model.register_forward_pre_hook(lambda *_: calls.append(len(again.reply)))
    assert replies(decoder, again) == [whole]
    assert calls == [2, 3, 4, 5]


def test_a_call_after_the_end_draws_nothing():
    """On a GPU, `generate` looks for the end one token late."""
    one = row([3, 4, 5], limit=1)
    draws, scores = _DrawsTokens(one, [END], torch.device("cpu")), torch.arange(9.0)[None]
    assert draws(torch.tensor([[3, 4, 5]]), scores).argmax() == 8
    assert torch.equal(draws(torch.tensor([[3, 4, 5, 8]]), scores), scores)
    assert one.reply == [8]
