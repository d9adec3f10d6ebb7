import itertools
import shutil

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

import syndisco_nb as snb
from syndisco_nb import OpenVINOModel, TransformersModel
from syndisco_nb.backend.model.local import fingerprints
from syndisco_nb.backend.model.local.fingerprints import fingerprint, snapshot
from syndisco_nb.errors import ModelError, RunFolderError


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "model"
    made.mkdir()
    (made / "config.json").write_text('{"layers": 2}')
    (made / "chat_template.jinja").write_text("{{ messages }}")
    (made / "tokenizer.json").write_text("{}")
    (made / "model.safetensors").write_bytes(bytes(range(256)) * 9)
    return made


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["config.json", "chat_template.jinja", "tokenizer.json", "model.safetensors"])
def test_a_changed_byte_changes_it(folder, name):
    before = fingerprint(folder)
    flip(folder / name, -1)
    assert fingerprint(folder) != before


def test_a_file_more_or_less_or_of_another_name_changes_it(folder):
    found = {fingerprint(folder)}
    (folder / "generation_config.json").write_text("{}")
    found.add(fingerprint(folder))
    (folder / "generation_config.json").rename(folder / "other.json")
    found.add(fingerprint(folder))
    (folder / "tokenizer.json").unlink()
    found.add(fingerprint(folder))
    assert len(found) == 4


def test_place_time_and_other_files_do_not_count(folder, tmp_path):
    before = fingerprint(folder)
    copy = shutil.copytree(folder, tmp_path / "elsewhere", copy_function=shutil.copyfile)
    (copy / "README.md").write_text("Hello")
    (copy / "runs").mkdir()
    (copy / "runs" / "log.json").write_text("{}")
    assert fingerprint(copy) == before


def test_of_large_files_both_ends_and_what_is_between_count(folder, monkeypatch):
    monkeypatch.setattr(fingerprints, "_WHOLE", 2**20)
    file = folder / "model.safetensors"
    file.write_bytes(bytes(3 * 2**20))
    found = {fingerprint(folder)}
    for at in (0, -1, 3 * 2**19 // 12337 * 12337):
        flip(file, at)
        found.add(fingerprint(folder))
    file.write_bytes(file.read_bytes() + b"\0")
    found.add(fingerprint(folder))
    assert len(found) == 5


def test_nothing_is_read_twice_unless_it_was_written(folder, monkeypatch):
    before, read = fingerprint(folder), []
    monkeypatch.setattr(fingerprints, "_read", lambda *_: read.append(1))
    assert fingerprint(folder) == before
    assert not read
    flip(folder / "config.json", 0)
    fingerprint(folder)
    assert read


def test_a_file_has_one_of_its_own(folder, tmp_path):
    file = folder / "small.gguf"
    file.write_bytes(b"GGUF")
    before = fingerprint(file)
    assert fingerprint(shutil.copyfile(file, tmp_path / "other.gguf")) == before
    flip(file, 0)
    assert fingerprint(file) != before
    with pytest.raises(ModelError, match=r"nowhere\.gguf' cannot be read: No such file"):
        fingerprint(tmp_path / "nowhere.gguf")


def test_models_of_one_path_have_the_identity_of_their_weights(folder):
    before = TransformersModel(folder)
    identity, settings = before.identity(), before.settings()
    flip(folder / "model.safetensors", 5)
    after = TransformersModel(folder)
    assert after.identity() != identity
    assert {name for name, value in after.settings().items() if settings[name] != value} == {"weights"}
    assert before.identity() == identity  # of the weights that it has loaded, or would have
    assert TransformersModel(folder.rename(folder.with_name("moved"))).identity() == after.identity()


def test_openvinos_models_have_it_too(tmp_path):
    file = tmp_path / "small.gguf"
    file.write_bytes(b"GGUF 1")
    one = OpenVINOModel(file)
    identity, settings = one.identity(), one.settings()
    file.write_bytes(b"GGUF 2")
    assert OpenVINOModel(file).identity() != identity
    assert OpenVINOModel(file).settings()["weights"] != settings["weights"]


def test_a_model_from_the_hub_has_the_commit_of_its_copy_on_this_computer(tmp_path, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    repository = tmp_path / "models--org--small"
    (repository / "refs").mkdir(parents=True)
    commits = {"main": "a" * 40, "v2": "b" * 40}
    assert TransformersModel("org/small").identity()["commit"] is None
    for name, commit in commits.items():
        (repository / "refs" / name).write_text(commit)
        (repository / "snapshots" / commit).mkdir(parents=True)
        (repository / "snapshots" / commit / "config.json").write_text("{}")
    assert TransformersModel("org/small").identity()["commit"] == commits["main"]
    pinned = TransformersModel("org/small", model_kwargs={"revision": "v2"})
    assert pinned.identity()["commit"] == commits["v2"]
    assert pinned.identity()["model_kwargs"] == {"revision": "'v2'"}
    assert snapshot("no/such/name") is None


TEMPLATE = "{% for message in messages %}{{ message.content }} {% endfor %}say"
UNKNOWN, END = {"unk_token": "<unk>"}, {"eos_token": "<end>"}


def save_model(folder, says):
    """Save a model that says this, whatever it is asked."""
    words = ["<unk>", "<end>", "say", "agree", "doubt"]
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, **UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **UNKNOWN, **END)
    fast.chat_template = TEMPLATE
    size = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    config = LlamaConfig(vocab_size=len(words), max_position_embeddings=999, eos_token_id=1, bos_token_id=None, **size)
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            weights.fill_(float("norm" in name))
        model.model.embed_tokens.weight[:, : len(words)] = torch.eye(len(words))
        for one, other in itertools.pairwise(["say", says, "<end>"]):
            model.lm_head.weight[words.index(other), words.index(one)] = 20
    model.save_pretrained(folder)
    fast.save_pretrained(folder)


def talk(model, folder):
    users = [snb.LLMActor(model, name) for name in ("Ana", "Ben")]
    run = snb.DiscussionExperiment(["Tax?"], users, num_turns=1, seed=1).begin(folder)
    return run[0].comments[-1].text


def test_neither_a_cache_nor_a_run_outlives_the_weights(tmp_path):
    """The weights of a folder change; a copy of the old ones still has its answers."""

    def model(folder, mode=None):
        kept = TransformersModel(folder, name="m", dtype="float32", device="cpu", max_out_tokens=4)
        return snb.CachedModel(kept, tmp_path / "answers.jsonl", mode=mode)

    save_model(tmp_path / "weights", "agree")
    assert talk(model(tmp_path / "weights"), tmp_path / "first") == "agree"
    shutil.copytree(tmp_path / "weights", tmp_path / "copy")
    shutil.rmtree(tmp_path / "weights")
    save_model(tmp_path / "weights", "doubt")
    assert talk(model(tmp_path / "weights"), tmp_path / "second") == "doubt"
    replayed = model(tmp_path / "copy", mode="replay")
    assert talk(replayed, tmp_path / "third") == "agree"
    assert replayed.model._model is None
    with pytest.raises(RunFolderError, match=r"holds a different experiment \(.*weights.*\)"):
        talk(model(tmp_path / "weights"), tmp_path / "first")
