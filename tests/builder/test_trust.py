"""A design from a file: loading it does nothing, and running it does what its reader allowed, and no more."""

import json
import re
import socket
import threading
from pathlib import Path

import pytest

import syndisco_nb as snb
from syndisco_nb import ExperimentBuilder
from syndisco_nb.errors import InvalidInputError, TrustError

PEOPLE = "participants: [{username: Ana}, {username: Ben}]\ntopics: [Tax]\nturns: 2\ndiscussions: 1\n"
TALKER = snb.ScriptedModel(["I agree.", "Why?"], name="talker")
JUDGE = snb.LLMActor(snb.ScriptedModel(["yes", "no"], name="judge"), "judge", actor_type=snb.ActorType.ANNOTATOR)


def own_builder():
    people = [snb.LLMPersona(username=name) for name in ("Ana", "Ben")]
    return ExperimentBuilder(seed=1).model(TALKER).participants(people).topics(["Tax"]).turns(2).discussions(1)


def written(folder, model, more=""):
    """Return a design's file with this model."""
    file = Path(folder) / "study.yaml"
    file.write_text(f"model: {json.dumps(model)}\n{PEOPLE}{more}")
    return file


def transformers(**arguments):
    return {"type": "TransformersModel", "model_path": "org/name", **arguments}


# Refused, and allowed


def test_a_server_is_not_contacted_until_it_is_allowed(tmp_path):
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def listen():
            with listening.accept()[0] as one:
                heard.append(one.recv(9))

        threading.Thread(target=listen, daemon=True).start()
        model = {"type": "OpenAIModel", "model_name": "m", "base_url": f"http://127.0.0.1:{port}/v1"}
        study = ExperimentBuilder.load(written(tmp_path, {**model, "max_retries": 0, "patience_s": 0.1}))
        assert study.preview().speaker in ("Ana", "Ben")
        for act in (study.build, study.estimate, lambda: study.run(tmp_path / "run"), lambda: study.start(tmp_path)):
            with pytest.raises(TrustError) as caught:
                act()
        assert heard == []
    word = f"server:127.0.0.1:{port}"
    assert f'load it with trust=["{word}"]' in str(caught.value)
    assert "send requests to 127.0.0.1" in str(caught.value)
    assert not (tmp_path / "run").exists()
    assert list(ExperimentBuilder.load(tmp_path / "study.yaml", trust=[word]).build()) == ["all"]
    assert list(ExperimentBuilder.load(tmp_path / "study.yaml", trust=word).build()) == ["all"]


def test_the_error_has_all_words_and_they_suffice(tmp_path):
    model = transformers(model_path="/no/such/model", model_kwargs={"trust_remote_code": True})
    model = {"type": "CachedModel", "path": "/no/answers.jsonl", "model": {**model, "model_path": "org/name"}}
    judge = '{name: j, model: {type: OpenAIModel, model_name: g, base_url: "https://evil.example/v1"}}'
    file = written(tmp_path, model, f"annotators: [{judge}]\n")
    with pytest.raises(TrustError) as caught:
        ExperimentBuilder.load(file).build()
    said = str(caught.value)
    assert "trust_remote_code=True of 'org/name' (in model.model)" in said
    assert "/no/answers.jsonl (in model)" in said
    assert "evil.example (in annotators.0.model)" in said
    needed = json.loads(re.search(r"trust=(\[.*?\])", said)[1])
    assert sorted(needed) == ["code", "paths", "server:evil.example"]
    assert ExperimentBuilder.load(file, trust=needed).build()
    for word in needed:
        with pytest.raises(TrustError, match=re.escape(word)):
            ExperimentBuilder.load(file, trust=[other for other in needed if other != word]).build()


@pytest.mark.parametrize("word", ["all", "path", "Code", "server", 3, True])
def test_other_words_are_refused(tmp_path, word):
    with pytest.raises(InvalidInputError, match=r"trust (has|is) .*code, paths, server:HOST"):
        ExperimentBuilder.load(written(tmp_path, {"type": "ScriptedModel", "script": "a"}), trust=[word])


def test_a_misspelt_word_is_named():
    with pytest.raises(InvalidInputError, match="Did you mean 'paths'"):
        ExperimentBuilder.from_yaml("turns: 3", trust="path")


def test_steps_keep_the_guard_and_what_the_user_gives_needs_none(tmp_path):
    model = {"type": "OpenAIModel", "model_name": "m", "base_url": "http://evil.example/v1"}
    loaded = ExperimentBuilder.load(written(tmp_path, model))
    with pytest.raises(TrustError):
        loaded.turns(3).window(2).build()
    assert loaded.model(snb.OpenAIModel("mine", base_url="http://mine.example/v1")).build()
    assert loaded.model(snb.ScriptedModel("Yes.")).build()
    assert loaded.model(snb.OpenAIModel("m", base_url="http://evil.example/v1")).build()


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_text_is_as_little_trusted_as_a_file(form):
    model = snb.OpenAIModel("m", base_url="http://evil.example/v1")
    text = getattr(own_builder().model(model), f"to_{form}")()
    read = getattr(ExperimentBuilder, f"from_{form}")
    with pytest.raises(TrustError, match=r"The design in the text would send requests to evil\.example"):
        read(text).build()
    assert read(text, trust=["server:evil.example"]).build()


def test_a_design_of_ones_own_runs_where_it_was_saved(tmp_path):
    study = own_builder().model(snb.CachedModel(TALKER, tmp_path / "answers.jsonl"))
    done = ExperimentBuilder.load(study.save(tmp_path / "study.yaml")).run(tmp_path / "run")
    assert done.finished
    assert (tmp_path / "answers.jsonl").exists()


def test_a_cache_elsewhere_is_not_written(tmp_path):
    (tmp_path / "design").mkdir()
    model = {
        "type": "CachedModel",
        "path": str(tmp_path / "x.jsonl"),
        "model": {"type": "ScriptedModel", "script": "a"},
    }
    file = written(tmp_path / "design", model)
    with pytest.raises(TrustError, match="use files outside its folder"):
        ExperimentBuilder.load(file).run(tmp_path / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["design"]
    assert ExperimentBuilder.load(file, trust=["paths"]).run(tmp_path / "run").finished


def test_the_page_of_a_loaded_design_says_what_it_would_do(tmp_path):
    model = {"type": "OpenAIModel", "model_name": "m", "base_url": "http://evil.example/v1"}
    loaded = ExperimentBuilder.load(written(tmp_path, model))
    page = loaded._repr_mimebundle_()["text/html"]
    assert "send requests to evil.example" in page
    assert "First prompt" in page


# Files that a design reads


@pytest.mark.parametrize(
    "text",
    [
        "topics: {path}",
        "participants: {path}",
        "participants: {{people: {path}, quotas: []}}",
        "vary: {{topics: {{a: {path}, b: [Tax]}}}}",
        "vary: {{participants: {{a: {path}, b: [{{username: Ana}}]}}}}",
    ],
)
@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.txt", "~/secret.txt", "away/secret.txt", ".hidden"])
def test_no_file_elsewhere_is_read(tmp_path, text, path):
    folder = tmp_path / "design"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / ".hidden").write_text("secret")
    (folder / "away").symlink_to(tmp_path)
    file = folder / "study.yaml"
    file.write_text(text.format(path=path))
    for words in ((), ("paths", "code")):
        with pytest.raises(TrustError, match="a file outside the folder of the design") as caught:
            ExperimentBuilder.load(file, trust=words)
        assert "secret'" not in str(caught.value)
    with pytest.raises(TrustError, match=r"call \.(topics|participants)\(\.\.\.\) with the path"):
        ExperimentBuilder.from_yaml(file.read_text())


def test_files_beside_the_design_are_read_from_wherever_it_is_loaded(tmp_path):
    (tmp_path / "people.csv").write_text("username,age\nAna,30\nBen,40\n")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "topics.txt").write_text("Tax\nToll\n")
    (tmp_path / "study.yaml").write_text(
        "participants: people.csv\nvary: {topics: {a: lists/topics.txt, b: [Bread]}}\n"
    )
    design = ExperimentBuilder.load(tmp_path / "study.yaml").design
    assert [person.username for person in design.participants] == ["Ana", "Ben"]
    assert design.vary["topics"]["a"] == ("Tax", "Toll")


# Studies


def test_the_folder_of_a_study_is_read_freely_and_its_annotators_ask(tmp_path):
    study = own_builder().annotators(JUDGE, snb.Flag("sarcasm"))
    judge = snb.CachedModel(JUDGE.model, tmp_path / "elsewhere.jsonl")
    study = study.annotators([{"name": "judge", "model": judge}])
    done = study.run(tmp_path / "study")
    assert done.annotate().finished  # the builder that began it is the user's own
    opened = snb.Study(tmp_path / "study")
    assert opened.finished
    with pytest.raises(TrustError, match=r'open it with Study\(folder, trust=\["paths"\]\)'):
        opened.annotate()
    assert opened.annotate([JUDGE], folder=tmp_path / "own").finished
    assert snb.Study(tmp_path / "study", trust="paths").annotate().finished
    assert study.run(tmp_path / "study").finished


# Secrets


@pytest.mark.parametrize("where", ["model_kwargs", "tokenizer_kwargs"])
def test_tokens_are_refused_and_not_repeated(where):
    token = "hf_" + "a1b2c3d4" * 4
    for value in ({"token": token}, {"config": {"use_auth_token": token}}, {"revision": token}):
        with pytest.raises(InvalidInputError) as caught:
            snb.TransformersModel("org/name", **{where: value})
        assert token not in str(caught.value)
        with pytest.raises(InvalidInputError) as caught:
            ExperimentBuilder.from_yaml(f"model: {json.dumps(transformers(**{where: value}))}")
        assert token not in str(caught.value)
    assert where in str(caught.value)


def test_an_address_with_a_password_is_refused_and_not_repeated():
    text = json.dumps({"model": {"type": "OpenAIModel", "model_name": "m", "base_url": "http://me:pass-word@a/v1"}})
    with pytest.raises(InvalidInputError) as caught:
        ExperimentBuilder.from_json(text)
    assert "pass-word" not in str(caught.value)
