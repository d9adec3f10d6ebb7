import asyncio
import datetime
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.stats import fisher_exact, ks_2samp
from support.sizes import size

import syndisco_nb as snb
from syndisco_nb import ChatMessage, OpenVINOModel, Request, Sampling
from syndisco_nb.backend.model.base import ResolvedSampling
from syndisco_nb.backend.model.local.bundled import SAMPLING, converted_gguf, gguf_path
from syndisco_nb.backend.model.local.numpy_sampler import candidates
from syndisco_nb.backend.model.local.openvino_decoding import OpenVINODecoder
from syndisco_nb.backend.model.local.openvino_graph import Chunk, graph_folder
from syndisco_nb.backend.model.local.torch_sampler import RowSampler
from syndisco_nb.errors import InvalidInputError, MissingDependencyError, ModelError, UnknownArgumentError
from syndisco_nb.loop import run_sync

pytestmark = pytest.mark.model

DAY = datetime.datetime(2026, 1, 1)
CHAT = (ChatMessage("system", "You are Ana. Be brief."), ChatMessage("user", "Größe &gt; Zahl?\n\nTea or coffee?"))


@pytest.fixture(scope="module")
def model():
    loaded = OpenVINOModel(converted_gguf(), name="small", max_out_tokens=16, cache_gb=1)
    run_sync(loaded.load())
    return loaded


def request(seed=1, text="Tea or coffee?", **sampling):
    settings = {"temperature": 0.8, "top_k": 40, "max_tokens": 12, **sampling}
    return Request((ChatMessage("user", text),), seed, Sampling(**settings))


def ask(model, *requests):
    async def asking():
        return await asyncio.gather(*(model.complete(one) for one in requests), return_exceptions=True)

    return run_sync(asking())


def test_what_the_template_is_told_is_on_record():
    model = OpenVINOModel(converted_gguf(), thinking=False, date="2025-12-24", chat_template_kwargs={"mood": "calm"})
    told = {"thinking": False, "date": "2025-12-24", "chat_template_kwargs": {"mood": "'calm'"}}
    assert told.items() <= model.settings().items()
    assert told.items() <= model.identity().items()


def test_stop_rules_are_those_of_transformers(model, bundled):
    short = Request((ChatMessage("user", "Reply with the word yes alone."),), 1, Sampling(temperature=0, max_tokens=40))
    cut = Request((ChatMessage("user", "Tell a long story."),), 1, Sampling(temperature=0, max_tokens=5))
    for request in (short, cut):
        ours, theirs = ask(model, request)[0], ask(bundled, request)[0]
        assert ours.finish_reason == theirs.finish_reason
        assert "<|im_end|>" not in ours.text
    assert (ours.finish_reason, ours.completion_tokens) == ("length", 5)


def test_greedy_replies_are_nearly_those_of_transformers(model, bundled):
    """Equal weights, other kernels: the first words agree, though not every near-tie later on."""
    questions = ["What is two plus two?", "Name the capital of France.", "Who wrote Hamlet?", "Is the sky blue?"]
    asked = [request(text=question, temperature=0, max_tokens=4) for question in questions]
    agree = sum(a.text == b.text for a, b in zip(ask(model, *asked), ask(bundled, *asked), strict=True))
    assert agree >= 3


def test_equal_requests_get_equal_replies_and_other_seeds_others(model):
    texts = [ask(model, request(seed))[0].text for seed in (1, 1, 2, 3)]
    assert texts[0] == texts[1]
    assert len(set(texts)) >= 2


def test_many_requests_with_settings_of_their_own_never_borrow_each_others(model):
    many = size(1000, 200)
    lengths = [1 + n % 9 for n in range(many)]
    greedy = [n % 2 == 0 for n in range(many)]
    asked = [
        request(n, temperature=0 if sure else 1.0, top_p=1 - n / 5000, max_tokens=length)
        for n, (length, sure) in enumerate(zip(lengths, greedy, strict=True))
    ]
    assert len({one.sampling for one in asked}) == many
    replies = ask(model, *asked)
    assert [reply.sampling for reply in replies] == [one.sampling for one in asked]
    assert all(reply.completion_tokens <= length for reply, length in zip(replies, lengths, strict=True))
    sure = [reply.text for reply, is_sure in zip(replies, greedy, strict=True) if is_sure]
    longest = max(sure, key=len)
    assert all(longest.startswith(text) for text in sure)


def test_requests_run_together_and_say_so(model):
    replies = ask(model, *(request(n, max_tokens=16) for n in range(8)))
    assert max(reply.batch_size for reply in replies) == 8
    assert all(reply.prompt_tokens > 0 and reply.seconds > 0 for reply in replies)


async def until_it_writes(model):
    """Wait for the first token of the only reply, and return its row."""
    while not (model._decoder.rows and model._decoder.rows[0].reply):
        await asyncio.sleep(0.001)
    return model._decoder.rows[0]


def test_a_request_joins_the_running_batch(model):
    async def asking():
        long = asyncio.create_task(model.complete(request(1, "Tell a story.", max_tokens=60, temperature=0)))
        await until_it_writes(model)
        short = await model.complete(request(2, max_tokens=1))
        return short, long.done(), await long

    short, long_was_done, long = run_sync(asking())
    assert (short.completion_tokens, long_was_done) == (1, False)
    assert long.completion_tokens > 1
    assert long.batch_size == 2


def test_an_abandoned_request_leaves_the_batch(model):
    async def asking():
        task = asyncio.create_task(model.complete(request(1, "Tell a story.", max_tokens=2000, temperature=0)))
        row = await until_it_writes(model)
        task.cancel()
        await model.complete(request(2, max_tokens=1))
        return row

    row = run_sync(asking())
    assert row not in model._decoder.rows
    assert row.reply[-1] not in model._chat.ends
    assert len(row.reply) < 2000


def test_a_prompt_that_does_not_fit_fails_alone(model):
    ok, bad = ask(model, request(max_tokens=3), request(text="tea " * 60_000, max_tokens=3))
    assert ok.completion_tokens
    assert isinstance(bad, ModelError)
    assert "does not fit into the 8192 tokens that 'small' takes. Lower the window" in str(bad)


def test_it_needs_no_torch():
    import subprocess

    code = (
        "import sys, syndisco_nb as snb\n"
        "llm = snb.bundled_model(max_out_tokens=4, engine='openvino')\n"
        "snb.Discussion([snb.LLMActor(llm, n) for n in 'AB'], topic='Tea?', num_turns=1).run()\n"
        "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("path", ["nowhere.gguf", "."])
def test_a_path_without_a_model_is_refused(path):
    with pytest.raises(InvalidInputError, match=r"no such \.gguf file, and no folder with an openvino_model\.xml"):
        OpenVINOModel(path)


def test_a_broken_file_is_refused_at_loading(tmp_path):
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(ModelError, match=r"broken\.gguf' cannot be loaded"):
        run_sync(OpenVINOModel(file).load())


def test_a_missing_engine_is_named_with_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino_genai", None)
    with pytest.raises(MissingDependencyError, match=r'Run: pip install "syndisco-nb\[cpu\]"'):
        run_sync(OpenVINOModel(gguf_path()).load())


def test_a_misspelt_keyword_is_named():
    with pytest.raises(UnknownArgumentError, match="Did you mean 'max_out_tokens'"):
        OpenVINOModel(gguf_path(), max_out_token=3)


def test_discussions_are_held_on_it(model):
    users = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
    transcript = snb.Discussion(users, topic="Tea or coffee?", num_turns=2, seed=1).run()
    assert all(comment.generation.completion_tokens > 0 for comment in transcript.comments[1:])


class Exact(OpenVINOModel):
    """All in float32, as far as OpenVINO lets one choose."""

    _properties = OpenVINOModel._properties | {"INFERENCE_PRECISION_HINT": "f32", "KV_CACHE_PRECISION": "f32"}


@pytest.fixture(scope="module")
def exact(float32):
    """The same weights on both engines, in float32."""
    ours = Exact(converted_gguf())
    run_sync(ours.load())
    run_sync(float32.load())
    return ours, float32


def openvino_distribution(model, tokens, sampling):
    cache = model._graph.new_cache()
    blocks = range(-(-len(tokens) // model._graph.block))
    cache.grow(len(blocks))
    (logits,) = cache.feed([Chunk(tokens, 0, blocks)])
    scores, found = candidates(logits[0], tokens, model._chat.ends, ResolvedSampling.of(sampling, 1))
    return dict(zip(found.tolist(), np.exp(scores) / np.exp(scores).sum(), strict=True))


def transformers_distribution(model, tokens, sampling):
    ids = torch.tensor([tokens])
    with torch.inference_mode():
        logits = model._model(ids).logits[:, -1]
    sampler = RowSampler([sampling], [1], model._chat.ends, ids.device)
    scores, found = sampler._best(sampler._penalise(ids, logits))
    weights = sampler._truncate(scores / sampling.temperature).softmax(dim=1)
    return {token: p for token, p in zip(found[0].tolist(), weights[0].tolist(), strict=True) if p > 0}


@pytest.mark.parametrize("said", ["", "I like tea.", "Paris", "I would rather have coffee, since"])
@pytest.mark.parametrize("sampling", [replace(SAMPLING, repetition_penalty=1.5), Sampling(repetition_penalty=1.3)])
def test_the_next_token_has_the_probability_that_it_has_with_transformers(exact, said, sampling):
    """That which ends the reply, above all: it stands in every prompt, and the penalty spares it."""
    ours, theirs = exact
    tokens = ours.encode(CHAT) + ours._label(said)
    (end,) = ours._chat.ends
    assert end in tokens
    one, other = openvino_distribution(ours, tokens, sampling), transformers_distribution(theirs, tokens, sampling)
    assert one.get(end, 0) == pytest.approx(other.get(end, 0), abs=2e-4)
    assert sum(abs(one.get(token, 0) - other.get(token, 0)) for token in {*one, *other}) < 2e-3


TOPICS = ["Should cities close their centres to cars?", "Is tea better than coffee?", "Should voting be a duty?"]
PEOPLE = ["Maya, 41, a bus driver", "Tomas, 23, a cheerful courier", "Ines, 67, a retired judge", "Cem, 35, a nurse"]


def comments(many, **sampling):
    """Return requests for comments, of many persons, on many topics."""
    return [
        Request(
            (
                ChatMessage("system", f"You are {PEOPLE[n % 4]}. Say what you think in one or two sentences."),
                ChatMessage("user", f"Ana: {TOPICS[n % 3]}"),
            ),
            seed=n,
            sampling=replace(SAMPLING, **sampling),
        )
        for n in range(many)
    ]


def test_both_engines_draw_the_same_replies(exact):
    """The noise is the same, so in float32 replies differ only where two tokens are nearly tied."""
    asked = comments(size(24, 12), max_tokens=size(24, 12))
    ours, theirs = (ask(model, *asked) for model in exact)
    assert sum(a.text == b.text for a, b in zip(ours, theirs, strict=True)) >= 5 / 6 * len(asked)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_lengths_and_cut_offs_are_those_of_transformers(exact):
    asked = comments(120)
    ours, theirs = (ask(model, *asked) for model in exact)
    lengths = [[one.completion_tokens for one in replies] for replies in (ours, theirs)]
    cut = [sum(one.finish_reason == "length" for one in replies) for replies in (ours, theirs)]
    same = sum(a.text == b.text for a, b in zip(ours, theirs, strict=True))
    assert ks_2samp(*lengths).pvalue > 0.05
    assert fisher_exact([[some, 120 - some] for some in cut]).pvalue > 0.05
    assert same >= 100


def test_a_reply_is_the_same_alone_and_beside_others(exact):
    """Whatever they share, and in whatever pieces they were fed."""
    ours, _ = exact
    story = "Once upon a time there was a town by the sea. " * 15
    texts = [story + end for end in ("Why?", "Who?", "")] + ["Hi!", story * 7, "Why?"]
    asked = [
        Request((ChatMessage("user", text),), seed, Sampling(top_p=0.9, max_tokens=8))
        for seed, text in enumerate(texts)
    ]
    together = ask(ours, *asked)
    assert together[0].batch_size > 1
    ours._decoder.clear()
    assert [ask(ours, one)[0].text for one in asked] == [reply.text for reply in together]


def test_a_cache_of_small_numbers_is_laid_out_as_the_kernels_expect(exact):
    """Quantised, the blocks of the keys have rows for their scales, too, and are no larger for that."""

    class Quantised(OpenVINOModel):
        _properties = OpenVINOModel._properties | {"KV_CACHE_PRECISION": "u8"}

    small = Quantised(converted_gguf())
    run_sync(small.load())
    tokens = exact[0].encode((*CHAT[:1], ChatMessage("user", "Ana likes tea. " * 60 + "What does Ana like?")))
    one, other = (openvino_distribution(model, tokens, Sampling(top_k=5)) for model in (small, exact[0]))
    assert sum(abs(one.get(token, 0) - other.get(token, 0)) for token in {*one, *other}) < 0.3


def test_a_folder_with_the_graph_is_as_good_as_the_file(model):
    folder = OpenVINOModel(graph_folder(converted_gguf()), max_out_tokens=16)
    assert ask(folder, request())[0].text == ask(model, request())[0].text


def test_settings_left_out_change_nothing(model):
    bare = Sampling(temperature=None, top_p=None, top_k=None, repetition_penalty=None, max_tokens=None)
    (reply,) = ask(model, Request(CHAT, 1, bare))
    assert (reply.sampling, reply.completion_tokens <= 16) == (replace(bare, max_tokens=16), True)
    assert reply.text == ask(model, Request(CHAT, 1, Sampling(max_tokens=16)))[0].text


def test_a_small_cache_lets_requests_wait_and_refuses_what_never_fits(model, monkeypatch):
    block = model._graph.block_bytes
    decoder = OpenVINODecoder(model._graph, model._chat.ends, 4 * block)
    monkeypatch.setattr(model, "_decoder", decoder)
    replies = ask(model, *(request(n, max_tokens=8) for n in range(6)), request(text="tea " * 500, max_tokens=8))
    assert all(reply.completion_tokens for reply in replies[:-1])
    assert max(reply.batch_size for reply in replies[:-1]) < 6
    assert "does not fit into the 1 GB attention cache" in str(replies[-1])


def test_numbers_that_overflow_fail_that_reply_alone(model, monkeypatch):
    feed = model._decoder._cache.feed

    def feeding(pieces):
        found = feed(pieces)
        for piece, logits in zip(pieces, found, strict=True):
            if piece.past > 80:
                logits[:] = np.nan
        return found

    monkeypatch.setattr(model._decoder._cache, "feed", feeding)
    bad, ok = ask(model, request(text="tea " * 100, max_tokens=3), request(max_tokens=3))
    assert ok.completion_tokens == 3
    assert isinstance(bad, ModelError)
    assert "its numbers overflowed" in str(bad)
