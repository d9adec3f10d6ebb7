"""The code, files and servers outside a design that it would use."""

import pytest

import syndisco_nb as snb
from syndisco_nb import ExperimentBuilder
from syndisco_nb.backend.kinds import design_parameters, kinds_of
from syndisco_nb.builder import touches
from syndisco_nb.builder.parts import Part

PEOPLE = "participants: [{username: Ana}, {username: Ben}]\ntopics: [Tax]\n"


def transformers(**arguments):
    return {"type": "TransformersModel", "model_path": "org/name", **arguments}


def words(model, folder=None):
    """Return the words that a design with this model needs."""
    part = Part(type=model["type"], arguments={name: value for name, value in model.items() if name != "type"})
    return [touch.word for touch in touches.touches(part, folder, "model")]


@pytest.mark.parametrize(
    ("model", "needed"),
    [
        ({"type": "ScriptedModel", "script": ["Yes."]}, []),
        (
            {
                "type": "Replicas",
                "models": [
                    {"type": "OpenAIModel", "model_name": "m", "base_url": f"http://{host}/v1"} for host in "ab"
                ],
                "max_retries": 3,
            },
            ["server:a", "server:b"],
        ),
        ({"type": "bundled_model"}, []),
        ({"type": "HumanModel", "name": "Dana"}, []),
        (transformers(), []),
        (transformers(dtype="float32", model_kwargs={"attn_implementation": "sdpa", "revision": "main"}), []),
        (transformers(model_kwargs={"trust_remote_code": False}), []),
        (transformers(tokenizer_kwargs={"chat_template": "{{ messages }}"}), []),
        (transformers(model_kwargs={"trust_remote_code": True}), ["code"]),
        (transformers(tokenizer_kwargs={"trust_remote_code": True}), ["code"]),
        (transformers(model_kwargs={"trust_remote_code": "yes"}), ["code"]),
        (transformers(model_kwargs={"attn_implementation": "kernels-community/flash-attn"}), ["code"]),
        (transformers(model_kwargs={"use_safetensors": False}), ["code"]),
        (transformers(model_kwargs={"weights_only": False}), ["code"]),
        (transformers(model_kwargs={"cache_dir": "/home/x"}), ["code"]),
        (transformers(tokenizer_kwargs={"vocab_file": "/etc/passwd"}), ["code"]),
        (transformers(model_path="/models/llama"), ["paths"]),
        (transformers(model_path="../llama"), ["paths"]),
        (transformers(model_path="~/llama"), ["paths"]),
        (transformers(model_path="\\\\host\\share"), ["paths"]),
        ({"type": "OpenVINOModel", "model_path": "/models/a.gguf"}, ["paths"]),
        (
            {"type": "OpenAIModel", "model_name": "gpt", "base_url": "https://api.openai.com/v1"},
            ["server:api.openai.com"],
        ),
        ({"type": "OpenAIModel", "model_name": "m", "base_url": "http://LOCALHOST:80/v1"}, ["server:localhost:80"]),
        (
            {
                "type": "BatchModel",
                "model": {"type": "OpenAIModel", "model_name": "m", "base_url": "https://batch.er/v1"},
            },
            ["server:batch.er"],
        ),
        ({"type": "CachedModel", "path": "/x/a.jsonl", "model": transformers(model_path="/m/n/o")}, ["paths", "paths"]),
        ({"type": "CachedModel", "path": "a.jsonl", "model": {"type": "ScriptedModel", "script": "a"}}, ["paths"]),
    ],
)
def test_each_thing_that_a_model_would_touch_has_its_word(model, needed):
    assert sorted(words(model)) == sorted(needed)


def test_every_argument_that_a_model_takes_is_known_to_be_harmless_or_has_its_word():
    known = touches.HARMLESS | touches.PATHS | touches.SERVERS | touches.NESTED | set(touches.LOADING)
    taken = {
        parameter.name for kind in kinds_of(snb.Model).values() for parameter in design_parameters(kind.constructor())
    }
    assert taken <= known


def test_an_argument_that_is_not_known_counts_as_code():
    assert words({"type": "ScriptedModel", "plugin": "x"}) == ["code"]


def test_what_lies_beside_the_design_is_its_own_but_for_what_is_hidden(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "away").symlink_to("/")
    (tmp_path / "org" / "name").mkdir(parents=True)

    def cached(path):
        return {"type": "CachedModel", "path": path, "model": {"type": "ScriptedModel", "script": "a"}}

    for path in ("a.jsonl", "answers/a.jsonl", str(tmp_path / "a.jsonl")):
        assert words(cached(path), tmp_path) == [], path
    for path in ("../a.jsonl", "away/a.jsonl", ".ssh/a.jsonl", "\0", str(tmp_path.parent / "a.jsonl")):
        assert words(cached(path), tmp_path) == ["paths"], path
    assert words(transformers(model_path="org/name"), tmp_path) == []
    assert words(transformers(model_path="org/name"), tmp_path / "answers") == ["paths"]


def test_it_is_found_wherever_it_stands(tmp_path):
    text = """
model: {type: ScriptedModel, script: [Yes.]}
models: {Ana: {type: OpenAIModel, model_name: a, base_url: "http://a/v1"}}
vary: {model: {one: {type: OpenAIModel, model_name: b, base_url: "http://b/v1"}, two: {type: ScriptedModel, script: x}}}
annotators: [{name: judge, model: {type: OpenAIModel, model_name: c, base_url: "http://c/v1"}}]
"""
    design = ExperimentBuilder.from_yaml(text + PEOPLE).design
    found = {touch.where: touch.what for touch in touches.touches(design)}
    assert found == {"models.Ana": "a", "vary.model.one": "b", "annotators.0.model": "c"}
