import asyncio
import json
import logging
import shutil
from collections import Counter
from dataclasses import asdict

import pytest
import torch
from support import tiny as tiny_models
from support.kinds import ALONE
from support.sizes import size
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    RecurrentGemmaConfig,
    RecurrentGemmaForCausalLM,
)

from syndisco_nb import ChatMessage, Discussion, DiscussionExperiment, LLMActor, Request, Sampling, TransformersModel
from syndisco_nb.backend.model.request import Situation
from syndisco_nb.errors import InvalidInputError, ModelError, SyndiscoError, UnknownArgumentError
from syndisco_nb.loop import run_sync
from syndisco_nb.records import Participant

TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<{{ message.role }}>{{ message.content }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}" + TEMPLATE
DROPS_SYSTEM = TEMPLATE.replace("in messages %}", "in messages if message.role != 'system' %}")
TOKENS = 256


def save_tokenizer(folder, **settings):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate(["<s>", "</s>", *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    # Like Llama's: whoever tokenises text gets a BOS, wanted or not.
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])
    given = {"bos_token": "<s>", "eos_token": "</s>", "chat_template": TEMPLATE, **settings}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **given).save_pretrained(folder)
    return len(vocabulary)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "tiny-llama"
    size = save_tokenizer(path)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = LlamaForCausalLM(
            LlamaConfig(
                vocab_size=size,
                hidden_size=32,
                intermediate_size=64,
                num_hidden_layers=2,
                num_attention_heads=4,
                max_position_embeddings=TOKENS,
                bos_token_id=0,
                eos_token_id=1,
            )
        )
    model.save_pretrained(path)
    return path


@pytest.fixture
def variant(folder, tmp_path):
    """A copy of the model, to be changed."""
    return shutil.copytree(folder, tmp_path / "variant")


def tiny(path, **settings):
    return TransformersModel(path, **{"max_out_tokens": 12, "dtype": "float32", "device": "cpu", **settings})


def request(seed=1, text="Hello.", **sampling):
    return Request((ChatMessage("user", text),), seed, Sampling(**sampling) if sampling else None)


def ask(model, *requests, errors=False):
    async def asking():
        return await asyncio.gather(*(model.complete(one) for one in requests), return_exceptions=errors)

    return run_sync(asking())


def with_end(chance):
    """Return settings that end a reply early about so often, and leave the rest alone."""
    return {"generation_kwargs": {"sequence_bias": {(1,): chance}}}


# Prompts


def test_there_is_one_bos(folder):
    tokens = tiny(folder).encode([ChatMessage("system", "Be brief."), ChatMessage("user", "Hello.")])
    assert (tokens[0], tokens.count(0)) == (0, 1)


def test_the_chat_is_laid_out_by_the_template(folder):
    model = tiny(folder)
    tokens = model.encode([ChatMessage("system", "Be brief."), ChatMessage("user", "Größe\n\n&gt;?")])
    text = "<s><system>Be brief.</s><user>Größe\n\n&gt;?</s><assistant>"
    assert model._tokenizer.decode(tokens) == text


@pytest.mark.parametrize("template", [NO_SYSTEM, DROPS_SYSTEM], ids=["refuses", "drops"])
def test_a_template_without_system_role_has_it_in_the_users_message(folder, template):
    model = tiny(folder, tokenizer_kwargs={"chat_template": template})
    tokens = model.encode([ChatMessage("system", "Be brief."), ChatMessage("user", "Hello.")])
    assert model._tokenizer.decode(tokens) == "<s><user>Be brief.\n\nHello.</s><assistant>"


def test_a_prompt_that_is_too_long_says_what_to_do(folder):
    with pytest.raises(ModelError, match=r"A prompt of \d+ tokens with a reply of up to 12 .* 256 .*Lower the window"):
        ask(tiny(folder), request(text="x" * 300))


def test_a_prompt_that_just_fits_is_answered(folder):
    model = tiny(folder)
    room = TOKENS - 12 - len(model.encode([ChatMessage("user", "")]))
    assert ask(model, request(text="x" * room))[0].prompt_tokens == TOKENS - 12
    with pytest.raises(ModelError, match="does not fit"):
        ask(model, request(text="x" * (room + 1)))


def test_a_prompt_that_is_too_long_fails_alone(folder):
    model = tiny(folder)

    async def asking():
        requests = [request(1), request(text="x" * 300), request(2)]
        return await asyncio.gather(*(model.complete(one) for one in requests), return_exceptions=True)

    replies = run_sync(asking())
    assert [isinstance(reply, ModelError) for reply in replies] == [False, True, False]


# Replies


def test_equal_requests_get_equal_replies_and_others_do_not(folder):
    one, same, other = ask(tiny(folder), request(1), request(1), request(2))
    assert one.text == same.text != other.text


def test_a_batch_answers_as_single_requests_do(folder):
    requests = [
        request(seed, "Hello. " * (seed % 5 + 1), temperature=seed % 3 / 2, top_k=seed % 2 * 20, max_tokens=20)
        for seed in range(12)
    ]
    model = tiny(folder)
    together = ask(model, *requests)
    assert {reply.batch_size for reply in together} == {12}
    assert [ask(model, one)[0].text for one in requests] == [reply.text for reply in together]


def test_many_requests_with_settings_of_their_own_never_borrow_each_others(folder):
    many = size(1000, 300)
    asked = [
        request(n, temperature=n % 7 / 3, top_k=n % 11, top_p=1 - n / 5000, max_tokens=1 + n % 13) for n in range(many)
    ]
    assert len({one.sampling for one in asked}) == many
    replies = ask(tiny(folder), *asked)
    assert [reply.sampling for reply in replies] == [one.sampling for one in asked]
    assert all(reply.completion_tokens <= one.sampling.max_tokens for reply, one in zip(replies, asked, strict=True))
    others = ask(tiny(folder, batch_tokens=300), *reversed(asked))  # other neighbours, in other batches
    assert {reply.batch_size for reply in others}.isdisjoint({reply.batch_size for reply in replies})
    assert [reply.text for reply in reversed(others)] == [reply.text for reply in replies]


def test_several_models_live_in_one_experiment_each_with_its_own_batches(folder, tmp_path):
    models = [tiny(folder, name=name, sampling=Sampling(temperature=t)) for name, t in (("cold", 0.5), ("hot", 2))]
    users = [LLMActor(model, f"{model.name} {n}") for model in models for n in "ab"]
    run = DiscussionExperiment(["T"], users, num_turns=1, num_discussions=12, num_active_users=1, seed=1).begin(
        tmp_path
    )
    comments = [transcript.comments[1] for transcript in run]
    assert {comment.model for comment in comments} == {"cold", "hot"}
    for comment in comments:
        assert comment.name.startswith(comment.model)
        assert comment.generation.sampling.temperature == {"cold": 0.5, "hot": 2}[comment.model]
        assert comment.generation.batch_size == sum(other.model == comment.model for other in comments)


def test_each_request_has_its_own_longest_reply(folder):
    model = tiny(folder)
    replies = ask(model, *(request(seed, max_tokens=seed) for seed in (1, 5, 30)), request(1))
    assert [reply.completion_tokens for reply in replies] == [1, 5, 30, 12]
    assert {reply.finish_reason for reply in replies} == {"length"}
    assert {reply.batch_size for reply in replies} == {4}


def test_a_longer_limit_only_adds_to_the_reply(folder):
    model = tiny(folder)
    short, long = ask(model, request(4, max_tokens=6), request(4, max_tokens=24))
    assert long.text.startswith(short.text.rstrip("\ufffd"))


def test_a_reply_that_ends_stops_there(folder):
    (reply,) = ask(tiny(folder, **with_end(100.0)), request())
    assert (reply.text, reply.finish_reason, reply.completion_tokens) == ("", "stop", 1)


def test_no_repetition_penalty_keeps_a_reply_from_ending(folder):
    (reply,) = ask(tiny(folder, **with_end(100.0)), request(repetition_penalty=1e6, max_tokens=12))
    assert reply.finish_reason == "stop"


def test_replies_of_one_batch_end_apart(folder):
    model = tiny(folder, max_out_tokens=30, **with_end(3.0))
    replies = ask(model, *map(request, range(40)))
    reasons = Counter(reply.finish_reason for reply in replies)
    assert reasons["stop"] > 5
    for reply in replies:
        assert "</s>" not in reply.text
        assert (reply.completion_tokens == 30) or reply.finish_reason == "stop"
    alone = [ask(model, request(seed))[0] for seed in range(5)]
    assert [(one.text, one.completion_tokens) for one in alone] == [(r.text, r.completion_tokens) for r in replies[:5]]


def test_an_end_on_the_last_token_is_an_end(folder):
    model = tiny(folder, **with_end(3.0))
    whole = next(r for r in enumerate(ask(model, *map(request, range(40)))) if r[1].finish_reason == "stop")
    seed, reply = whole
    limits = (reply.completion_tokens, reply.completion_tokens - 1)
    given = [request(seed, **asdict(model.sampling) | {"max_tokens": max(1, limit)}) for limit in limits]
    assert reply.completion_tokens > 1
    assert [one.finish_reason for one in ask(model, *given)] == ["stop", "length"]


def test_a_completion_says_what_it_cost(folder):
    model = tiny(folder)
    (reply,) = ask(model, request())
    assert reply.prompt_tokens == len(model.encode([ChatMessage("user", "Hello.")]))
    assert (reply.sampling, reply.batch_size) == (model.sampling, 1)
    assert reply.seconds > 0


def test_sampling_is_really_asked_for(folder):
    greedy = ask(tiny(folder), *(request(seed, temperature=0.0, max_tokens=12) for seed in range(4)))
    drawn = ask(tiny(folder), *(request(seed, temperature=1.0, max_tokens=12) for seed in range(4)))
    assert len({reply.text for reply in greedy}) == 1
    assert len({reply.text for reply in drawn}) == 4


def test_the_models_own_generation_settings_do_not_leak_in(variant, folder):
    file = variant / "generation_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"do_sample": True, "temperature": 0.01, "top_k": 1}))
    assert ask(tiny(variant), request())[0].text == ask(tiny(folder), request())[0].text


def test_answering_is_quiet(folder, caplog, capsys):
    with caplog.at_level(logging.WARNING):
        ask(tiny(folder), request())
    assert caplog.records == []
    assert capsys.readouterr() == ("", "")


def test_a_cancelled_request_stops_the_batch(folder):
    model = tiny(folder, max_out_tokens=200)
    ask(model, request(max_tokens=1))

    async def scene():
        task = asyncio.create_task(model.complete(request()))
        await asyncio.sleep(0.03)
        task.cancel()
        (reply,) = await asyncio.gather(model.complete(request(max_tokens=1)))
        return reply

    assert run_sync(scene()).completion_tokens == 1


def test_a_request_joins_the_running_batch_and_leaves_before_it_ends(folder):
    model = tiny(folder)
    alone = [ask(model, one)[0].text for one in (request(1, max_tokens=200), request(2, max_tokens=2))]

    async def scene():
        long = asyncio.create_task(model.complete(request(1, max_tokens=200)))
        while not (model._decoder.rows and model._decoder.rows[0].reply):
            await asyncio.sleep(0.001)
        short = await model.complete(request(2, max_tokens=2))
        assert not long.done()
        return await long, short

    long, short = run_sync(scene())
    assert [long.text, short.text] == alone
    assert (long.batch_size, short.batch_size) == (2, 2)
    assert short.seconds < long.seconds


def test_rows_that_are_finished_cost_nothing(folder, monkeypatch):
    model = tiny(folder)
    run_sync(model.load())
    rows, forward = [], model._decoder._forward
    monkeypatch.setattr(model._decoder, "_forward", spy(forward, rows))
    ask(model, *(request(seed, max_tokens=limit) for seed, limit in enumerate((1, 3, 3, 6))))
    assert rows == [4, 3, 3, 1, 1, 1]


def test_a_batch_that_does_not_fit_into_memory_is_halved_and_goes_on_where_it_was(folder, monkeypatch, caplog):
    requests = [request(seed, max_tokens=12) for seed in range(10)]
    expected = [one.text for one in ask(tiny(folder), *requests)]
    model = tiny(folder)
    run_sync(model.load())
    rows = []
    monkeypatch.setattr(model._decoder, "_forward", spy(model._decoder._forward, rows, room=3))
    with caplog.at_level(logging.WARNING, "syndisco_nb"):
        assert [one.text for one in ask(model, *requests)] == expected
    assert "ran out of memory on a batch of 10; trying halves. Batches have up to" in caplog.messages[0]
    rows.clear()
    ask(model, *requests)
    assert max(rows) <= 3  # learnt


def test_a_request_that_does_not_fit_alone_fails_with_a_remedy(folder, monkeypatch):
    model = tiny(folder)
    run_sync(model.load())
    with monkeypatch.context() as patch:
        patch.setattr(model._decoder, "_forward", spy(model._decoder._forward, [], room=0))
        with pytest.raises(ModelError, match=r"on a single request \(CUDA out of memory.\). Lower the window"):
            ask(model, request())
    assert ask(model, request())[0].completion_tokens == 12


def spy(forward, rows, room=1000):
    """Return the forward pass, which notes the rows of every step and has memory for so many."""

    class Spy:
        device, new_cache = forward.device, forward.new_cache

        def __call__(self, ids, *rest):
            rows.append(len(ids))
            if len(ids) > room:
                raise torch.OutOfMemoryError("CUDA out of memory.")
            return forward(ids, *rest)

    return Spy()


def test_a_quantisation_reaches_the_loading_and_is_on_record(folder, monkeypatch):
    from transformers import AutoModelForCausalLM, QuantoConfig

    given, load = {}, AutoModelForCausalLM.from_pretrained
    quantisation = QuantoConfig(weights="int8")

    def loading(source, quantization_config=None, **rest):
        given["config"] = quantization_config
        return load(source, **rest)

    monkeypatch.setattr(AutoModelForCausalLM, "from_pretrained", loading)
    model = tiny(folder, model_kwargs={"quantization_config": quantisation})
    assert ask(model, request())[0].completion_tokens == 12
    assert given["config"] is quantisation
    assert "'weights': 'int8'" in json.loads(json.dumps(model.settings()))["model_kwargs"]["quantization_config"]


def test_a_discussion_is_held_on_real_weights(folder, tmp_path):
    users = [LLMActor(model=tiny(folder), name=name) for name in ("A", "B")]
    settings = {"topics": ["T"], "users": users, "num_turns": 2, "num_discussions": 2, "seed": 1}
    one, same = (DiscussionExperiment(**settings, window=1).begin(tmp_path / name) for name in "ab")
    assert (len(one.failures), len(one)) == (0, 2)
    assert [m.text for t in one for m in t.messages] == [m.text for t in same for m in t.messages]
    assert one[0].comments[1].generation.sampling == users[0].model.sampling


# Templates, and replies with thoughts


def saying(
    tmp_path, text, words=tiny_models.WORDS, template=tiny_models.CHATML, eos="<|im_end|>", model_eos=None, **settings
):
    """Return a model that says this text, whatever it is asked, with tokens for thoughts."""
    tokenizer = tiny_models.word_tokenizer(words, added="<think> </think>", template=template, eos=eos)
    return tiny(tiny_models.chain(tmp_path, tokenizer, text, model_eos), sampling=Sampling(temperature=0), **settings)


THINKS = "assistant <think> hm so </think> I agree <|im_end|>"


def test_thoughts_are_kept_and_heard_by_nobody(tmp_path):
    model = saying(tmp_path, THINKS)
    discussion = Discussion([LLMActor(model, "Ana"), LLMActor(model, "Ben")], topic="Tax?", num_turns=3, seed=1).run()
    for message in discussion.comments[1:]:
        assert message.text == "I agree"
        assert (message.generation.reasoning, message.generation.reasoning_tokens) == ("hm so", 4)
        assert (message.generation.completion_tokens, message.generation.raw) == (7, None)
        assert not any("hm so" in sent.content for sent in message.generation.prompt)


@pytest.mark.parametrize("limit", [1, 3, 4])
def test_a_reply_that_is_cut_before_its_answer_is_an_error_and_fails_alone(tmp_path, limit):
    model = saying(tmp_path, THINKS)

    async def asking():
        requests = [request(temperature=0, max_tokens=limit), request(temperature=0, max_tokens=12)]
        return await asyncio.gather(*(model.complete(one) for one in requests), return_exceptions=True)

    cut, whole = run_sync(asking())
    assert isinstance(cut, ModelError)
    assert f"used up all {limit} tokens for reasoning" in str(cut)
    assert whole.text == "I agree"


@pytest.mark.parametrize("words", ["<think> hm <|im_end|>", "<think> hm </think> <|im_end|>"])
def test_a_reply_that_ends_with_its_reasoning_is_an_error(tmp_path, words):
    with pytest.raises(ModelError, match="ended its reply with its reasoning, so it has no answer"):
        ask(saying(tmp_path, f"assistant {words}"), request(temperature=0))


def test_who_looks_on_sees_only_the_answer(tmp_path):
    model = saying(tmp_path, THINKS)
    situation = Situation(Participant("Ana", "user", "m"), 0, 1, ())
    seen = []
    run_sync(model.load())
    step = model._decoder.step

    def look(*given):
        finished = step(*given)
        seen.append(situation.draft.read())
        return finished

    model._decoder.step = look
    ask(model, Request((ChatMessage("user", "Tax?"),), 1, situation=situation))
    assert seen == ["", "", "", "", "I", "I agree", "I agree"]


def test_labels_are_scored_as_the_answer_and_it_is_on_record(tmp_path):
    opens = tiny_models.CHATML.replace("<|im_start|> assistant", "<|im_start|> assistant <think>")
    model = saying(tmp_path, "</think> 2 <|im_end|>", template=opens)
    asked = Request((ChatMessage("user", "Tax?"),), 1, labels=("1", "2", "3"))
    (answer,) = ask(model, asked)
    assert answer.text == "2"
    assert answer.probabilities["2"] > 0.9
    assert answer.notes == ("Labelled without thinking: a label is scored as the whole answer.",)


def test_a_switch_that_is_none_is_on_record(tmp_path):
    (answer,) = ask(saying(tmp_path, "assistant I agree <|im_end|>", thinking=False), request(temperature=0))
    assert (answer.text, len(answer.notes)) == ("I agree", 1)


def test_a_reply_ends_where_the_template_ends_a_turn_whatever_the_model_says(tmp_path):
    model = saying(tmp_path, "assistant I agree <|im_end|> <|im_start|> user hm", model_eos=0)
    (answer,) = ask(model, request(temperature=0))
    assert (answer.text, answer.finish_reason) == ("I agree", "stop")


def test_a_model_whose_replies_never_end_is_refused_at_loading(tmp_path):
    with pytest.raises(ModelError, match=r'names no token that ends a reply.*Give .*"eos_token": "<\|im_end\|>"'):
        run_sync(saying(tmp_path, "assistant I agree", eos=None).load())


def test_the_date_is_fixed_and_on_record(tmp_path):
    numbers = " ".join(f"{day:02d}" for day in range(32))
    template = "{{ strftime_now('%d') }} " + tiny_models.CHATML
    model = saying(tmp_path, "assistant I", words=f"{tiny_models.WORDS} {numbers}", template=template)
    other = tiny(model.model_path, date="2025-12-24")
    starts = [
        one._tokenizer.decode(one.encode([ChatMessage("user", "Tax?")])[:1]) for one in (loaded(model), loaded(other))
    ]
    assert starts == ["01", "24"]
    assert model.settings()["date"] == "2026-01-01"
    assert model.identity() != other.identity()


def loaded(model):
    run_sync(model.load())
    return model


def test_what_the_template_is_told_is_part_of_the_identity(folder):
    given = [{}, {"thinking": True}, {"thinking": False}, {"thinking": 5}, {"chat_template_kwargs": {"a": 1}}]
    identities = [json.dumps(tiny(folder, **one).identity()) for one in given]
    assert len(set(identities)) == len(given)


def test_a_request_without_a_limit_has_that_of_the_model(folder):
    model = tiny(folder, max_out_tokens=5)
    (reply,) = ask(model, request(temperature=0.5, max_tokens=None))
    assert (reply.completion_tokens, reply.sampling.max_tokens) == (5, 5)


# Models that cannot be batched


@pytest.fixture(scope="module")
def recurrent(tmp_path_factory):
    """RecurrentGemma, which keeps its states to itself."""
    path = tmp_path_factory.mktemp("models") / "tiny-recurrent"
    size = save_tokenizer(path)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        settings = ALONE["RecurrentGemmaConfig"] | {"vocab_size": size, "bos_token_id": 0, "eos_token_id": 1}
        RecurrentGemmaForCausalLM(RecurrentGemmaConfig(**settings)).save_pretrained(path)
    return path


def test_a_model_that_cannot_be_batched_answers_one_request_after_the_other(recurrent, caplog):
    model = tiny(recurrent)
    requests = [
        request(seed, "Hello. " * (seed + 1), temperature=seed % 3 / 2, max_tokens=4 + seed) for seed in range(5)
    ]
    together = ask(model, *requests)
    assert "'tiny-recurrent' answers one request at a time" in caplog.text
    assert {reply.batch_size for reply in together} == {1}
    assert [reply.completion_tokens for reply in together] == [4, 5, 6, 7, 8]
    assert len({reply.text for reply in together}) == 5
    alone = [ask(tiny(recurrent), one)[0].text for one in reversed(requests)]
    assert alone[::-1] == [reply.text for reply in together]


def test_its_labels_are_those_of_a_plain_pass(recurrent):
    model, labels = tiny(recurrent), ("1", "2", "3")
    (answer,) = ask(model, Request((ChatMessage("user", "Hello."),), 1, labels=labels))
    with torch.inference_mode():
        prompt = torch.tensor([model.encode([ChatMessage("user", "Hello.")])])
        after = model._model(prompt, use_cache=False).logits[0, -1].softmax(0)
    expected = [after[model._label(label)[0]].item() for label in labels]
    assert answer.mass == pytest.approx(sum(expected), abs=1e-5)
    assert list(answer.probabilities.values()) == pytest.approx([one / sum(expected) for one in expected], abs=1e-5)


def test_an_abandoned_request_of_it_stops_and_the_next_is_answered(recurrent):
    model = tiny(recurrent, max_out_tokens=200)
    run_sync(model.load())

    async def scene():
        long = asyncio.create_task(model.complete(request()))
        while not (model._decoder.rows and model._decoder.rows[0].reply):
            await asyncio.sleep(0.001)
        row = model._decoder.rows[0]
        long.cancel()
        return row, await model.complete(request(max_tokens=1))

    row, reply = run_sync(scene())
    assert len(row.reply) < 200
    assert (reply.completion_tokens, model._decoder.rows) == (1, [])


# Settings


def test_settings_are_all_there_and_plain(folder):
    sampling = Sampling(temperature=0.3, top_p=0.5, top_k=7, repetition_penalty=1.2, max_tokens=999)
    model = tiny(folder, name="tiny", sampling=sampling, tokenizer_kwargs={"chat_template": "x"})
    settings = json.loads(json.dumps(model.settings()))
    assert (settings["type"], settings["name"], settings["model_path"]) == ("TransformersModel", "tiny", str(folder))
    assert settings["sampling"] == {**asdict(sampling), "max_tokens": 12}
    assert (settings["dtype"], settings["device"]) == ("float32", "cpu")
    assert settings["tokenizer_kwargs"] == {"chat_template": "'x'"}


def test_the_guides_arguments_and_defaults(folder):
    model = TransformersModel(model_path=str(folder), name="llm", max_out_tokens=100)
    assert (model.name, model.sampling.max_tokens) == ("llm", 100)
    assert TransformersModel(folder).name == "tiny-llama"
    assert TransformersModel(folder).sampling.temperature == 1.0
    assert repr(model) == f"TransformersModel({str(folder)!r}, name='llm', max_out_tokens=100)"


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_dtype_is_the_one_asked_for(folder, dtype):
    model = tiny(folder, dtype=dtype)
    ask(model, request(max_tokens=1))
    assert str(model._model.dtype) == f"torch.{dtype}"


def test_weights_are_loaded_at_first_need_and_once(folder, monkeypatch):
    model = tiny(folder)
    assert model._model is None
    ask(model, request(max_tokens=1))
    monkeypatch.setattr("transformers.AutoModelForCausalLM.from_pretrained", None)
    run_sync(model.load())
    ask(model, request(max_tokens=1))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"model_path": "./nowhere"}, "model_path is './nowhere', but there is no such folder. Give a folder that"),
        ({"model_path": "/no/where"}, "model_path is '/no/where', but there is no such folder."),
        ({"model_path": " "}, "model_path is ' ', but must be a folder or a hub id."),
        ({"max_out_tokens": 0}, "max_out_tokens is 0, but must be a whole number of 1 or more."),
        ({"batch_tokens": 0}, "batch_tokens is 0, but must be a whole number of 1 or more."),
        ({"generation_kwargs": {"temperature": 1}}, "generation_kwargs has ['temperature']. Use sampling=Sampling("),
    ],
)
def test_bad_input_is_refused_with_the_remedy(given, message, tmp_path):
    with pytest.raises(InvalidInputError) as caught:
        TransformersModel(**{"model_path": tmp_path, **given})
    assert message in str(caught.value)


@pytest.mark.parametrize("given", [{"dtype": "float33"}, {"device": "gpu"}])
def test_a_dtype_or_device_that_does_not_exist_is_refused_by_name(folder, given):
    with pytest.raises(SyndiscoError, match=next(iter(given.values()))):
        ask(tiny(folder, **given), request())


def test_a_misspelt_keyword_is_named(folder):
    with pytest.raises(UnknownArgumentError, match="Did you mean 'max_out_tokens'"):
        TransformersModel(folder, max_out_token=3)


# Loading


def test_a_folder_that_is_not_a_model_is_refused_at_loading(tmp_path):
    with pytest.raises(
        ModelError, match=r"cannot be loaded: .*Give a folder that holds a model in Hugging Face format"
    ):
        run_sync(tiny(tmp_path).load())


def test_cut_weights_are_refused_at_loading(variant):
    weights = variant / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        run_sync(tiny(variant).load())


def test_missing_weights_are_refused_at_loading(variant):
    (variant / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="cannot be loaded"):
        run_sync(tiny(variant).load())


def test_a_hub_id_out_of_reach_is_refused_at_loading():
    with pytest.raises(ModelError, match=r"'org/name' cannot be loaded: .*or a hub id, with the hub in reach"):
        run_sync(tiny("org/name").load())


def test_a_model_without_chat_template_is_refused_with_the_remedy(variant):
    (variant / "chat_template.jinja").unlink()
    with pytest.raises(ModelError, match=r'has no chat template.*"instruct" or "chat" variant, or give tokenizer_kw'):
        run_sync(tiny(variant).load())
    run_sync(tiny(variant, tokenizer_kwargs={"chat_template": TEMPLATE}).load())


def test_an_experiment_on_a_model_that_cannot_be_loaded_stops_at_once(tmp_path):
    users = [LLMActor(model=tiny(tmp_path), name=name) for name in ("A", "B")]
    with pytest.raises(ModelError, match="cannot be loaded"):
        DiscussionExperiment(topics=["T"], users=users).begin(tmp_path / "run")


def test_generation_kwargs_with_a_value_that_cannot_be_are_refused_at_loading(folder):
    with pytest.raises(ModelError, match=r"'no_repeat_ngram_size': -1\}, which cannot be used: .*positive integer"):
        run_sync(tiny(folder, generation_kwargs={"no_repeat_ngram_size": -1}).load())


def test_generation_kwargs_reach_the_model(folder):
    plain, changed = (
        ask(tiny(folder, generation_kwargs=given), request(max_tokens=12))[0].text
        for given in ({}, {"suppress_tokens": list(range(4, 60))})
    )
    assert plain != changed


def test_torch_running_out_of_memory_is_recognised(folder):
    model = tiny(folder)
    with pytest.raises(RuntimeError) as caught:
        torch.empty(10**15)
    assert model._out_of_memory(caught.value)
    assert model._out_of_memory(torch.OutOfMemoryError("CUDA out of memory."))
    assert not model._out_of_memory(RuntimeError("shapes differ"))


def test_numbers_that_overflow_are_an_error_of_the_request_with_the_remedy(folder):
    model = tiny(folder)
    run_sync(model.load())
    model._model.get_input_embeddings().weight.data[model._label("!")[0]] = torch.nan
    labelled = Request((ChatMessage("user", "Oh!"),), 1, labels=("1", "2"))
    for bad in (request(text="Oh!"), labelled):
        remedy = "'tiny-llama' computed no probabilities: its numbers overflowed. Load it with dtype='float32' or 'bf"
        with pytest.raises(ModelError, match=remedy):
            ask(model, bad)
    good, *bad = ask(model, request(), request(text="Oh!"), labelled, errors=True)
    assert [type(one) for one in bad] == [ModelError, ModelError]
    assert good.text == ask(model, request())[0].text


def test_settings_that_are_left_out_change_nothing_in_a_draw(folder):
    plain, bare = (
        ask(tiny(folder), request(temperature=given, top_p=given, repetition_penalty=given, top_k=k, max_tokens=12))[0]
        for given, k in ((1.0, 0), (None, None))
    )
    assert bare.text == plain.text
    assert (bare.sampling.temperature, bare.sampling.top_k) == (None, None)
    assert ask(tiny(folder, max_out_tokens=3), request(max_tokens=None))[0].completion_tokens <= 3
