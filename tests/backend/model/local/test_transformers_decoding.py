"""The decoding loop against transformers' own `generate`, on small random models of many kinds."""

import pytest
import torch
from support.kinds import BUFFERED, END, OTHERS, VOCABULARY, kinds, made
from support.rows import reply_settings

from syndisco_nb.backend.model.local.forward_pass import ForwardPass
from syndisco_nb.backend.model.local.logits_processors import make_processors
from syndisco_nb.backend.model.local.transformers_decoding import PaddedRow, TransformersDecoder

LIMITS = (12, 5, 30, 20, 9, 14)
PROCESSORS = {"no_repeat_ngram_size": 2, "min_new_tokens": 4, "suppress_tokens": [7, 8], "sequence_bias": {(END,): 5.0}}


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
    return PaddedRow(*reply_settings(prompt, limit), processors=processors)


def running(model):
    return TransformersDecoder(ForwardPass(model), [END])


def decoded(model, given=None):
    """Return replies of rows that join two by two, every second step, as far as the model lets them."""
    decoder = running(model)
    rows = [
        greedy(prompt, limit, make_processors(given or {}, len(prompt), [END], "cpu"))
        for prompt, limit in zip(prompts(), LIMITS, strict=True)
    ]
    waiting, steps = list(rows), 0
    while waiting or decoder.rows:
        joins = not decoder.rows or (decoder.can_join(0) and steps % 2 == 0)
        joining, waiting = (waiting[:2], waiting[2:]) if joins else ([], waiting)
        decoder.step(joining, 10_000)
        steps += 1
    return [row.reply for row in rows], max(row.pending.largest_batch for row in rows)


@pytest.mark.filterwarnings("ignore")  # of models without their fast kernels
@pytest.mark.parametrize("name", kinds(BUFFERED, OTHERS))
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
    decoder, fed = running(model), []
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


BROKEN = 150  # a token whose weights are no numbers


def broken(name):
    model = made(name)
    model.get_input_embeddings().weight.data[BROKEN] = torch.nan
    return model


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["LlamaConfig", "MistralConfig", "JambaConfig"])
def test_a_row_whose_numbers_overflow_cannot_go_on_and_leaves_its_neighbours_alone(name):
    model = broken(name)
    well = [[token for token in prompt if token != BROKEN] for prompt in prompts()]
    expected = [generated(model, prompt, 12) for prompt in well]
    decoder = running(model)
    first = [greedy(well[0], 12), greedy([5, BROKEN, 6, 7] + well[5], 12), greedy(well[1], 12)]
    rest = [greedy(prompt, 12) for prompt in well[2:]]  # one of them takes the place of the broken one
    (bad,) = decoder.step(first, 10_000)
    assert (bad, bad.overflowed, bad.reply) == (first[1], True, [])
    waiting = list(rest)
    while waiting or decoder.rows:
        joining, waiting = (waiting, []) if decoder.can_join(0) else ([], waiting)
        decoder.step(joining, 10_000)
    assert [row.reply for row in (first[0], first[2], *rest)] == expected


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
def test_no_token_is_drawn_where_there_are_no_probabilities(value):
    model = made("LlamaConfig")
    model.lm_head.register_forward_hook(lambda _, __, logits: torch.full_like(logits, value))
    (row,) = running(model).step([greedy([3, 4, 5], 9)], 10_000)
    assert (row.overflowed, row.reply) == (True, [])


def test_a_token_that_is_never_said_is_no_overflow():
    model = made("LlamaConfig")
    model.lm_head.register_forward_hook(lambda _, __, logits: logits.index_fill(-1, torch.arange(100), -torch.inf))
    (row,) = running(model).step([greedy([3, 4, 5], 1)], 10_000)
    assert not row.overflowed
    assert row.reply[0] >= 100
